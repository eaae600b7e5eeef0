package web

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// viewFrames are the list with what may be said of views.
func viewFrames(page store.Page[incident.Heading]) []frame {
	kept := []store.View{{ID: 1, Name: hostile, Query: "q=redis", Shared: true}, {ID: 2, Name: "Mine", Query: "severity=sev1"}}
	var all []frame
	for _, asked := range []url.Values{{"q": {"redis"}}, {"tag": {hostile}}} {
		l := newList(asked, false, page, nil, today)
		l.Views = newViews(kept, asked, reader)
		l.Views.Problem, l.Views.Name, l.Views.Shared = hostile, hostile, true
		all = append(all, frame{Name: "list", By: reader, Page: l})
	}
	return all
}

func TestAViewOfTheListIsKept(t *testing.T) {
	t.Parallel()
	in := installed(t)
	noor, lena, ines := in.as(t, "Noor Haddad"), in.as(t, "Lena Falk"), in.as(t, "Ines Duarte")
	keep := func(v visitor, name, query, shared string) (reply, string) {
		t.Helper()
		return v.post("/incidents/views", url.Values{"do": {"keep"}, "name": {name}, "query": {query}, "shared": {shared}}, nil)
	}
	if res, _ := keep(lena, "Worst of all", "severity=sev1&cursor=x", "yes"); res.StatusCode != 303 || res.Header.Get("Location") != "/incidents?severity=sev1" {
		t.Errorf("keeping a view = %d to %q, want the list it shows, without its cursor", res.StatusCode, res.Header.Get("Location"))
	}
	if res, _ := keep(ines, "About Redis", "q=redis", ""); res.StatusCode != 303 {
		t.Errorf("a viewer's own view = %d, want it kept", res.StatusCode)
	}
	if res, _ := keep(noor, "For all", "q=redis", "yes"); res.StatusCode != 403 {
		t.Errorf("a responder's view for everybody = %d, want 403", res.StatusCode)
	}
	for _, tt := range []struct {
		who         visitor
		name        string
		shared, own bool
	}{{ines, "Ines", true, true}, {noor, "Noor", true, false}} {
		_, body := tt.who.get("/incidents")
		if strings.Contains(body, "Worst of all") != tt.shared || strings.Contains(body, "About Redis") != tt.own {
			t.Errorf("%s sees the shared view: %t, and that of Ines: %t", tt.name, strings.Contains(body, "Worst of all"), strings.Contains(body, "About Redis"))
		}
	}
	for name, want := range map[string]int{"worst of ALL": 409, " ": 422, strings.Repeat("x", 101): 422} {
		if res, body := keep(lena, name, "tag=redis", "yes"); res.StatusCode != want || !strings.Contains(body, `id="view-says"`) || !strings.Contains(body, "Redis master") {
			t.Errorf("keeping a view named %.20q = %d, want %d with the reason above the list", name, res.StatusCode, want)
		}
	}
	if res, _ := keep(lena, "Broken", "severity=sev9", ""); res.StatusCode != 400 {
		t.Errorf("keeping a list that can't be shown = %d, want 400", res.StatusCode)
	}
	forget := url.Values{"do": {"forget"}, "id": {"1"}, "query": {"severity=sev1"}}
	if res, _ := noor.post("/incidents/views", forget, nil); res.StatusCode != 403 {
		t.Errorf("a responder forgets a shared view: %d, want 403", res.StatusCode)
	}
	if res, _ := noor.post("/incidents/views", url.Values{"do": {"forget"}, "id": {"2"}}, nil); res.StatusCode != 404 {
		t.Errorf("forgetting somebody else's view = %d, want 404", res.StatusCode)
	}
	res, _ := lena.post("/incidents/views", forget, nil)
	if _, body := ines.get("/incidents"); res.StatusCode != 303 || strings.Contains(body, "Worst of all") {
		t.Errorf("forgetting a shared view = %d, and it is still there", res.StatusCode)
	}
}

func TestAViewIsKeptByKeyboard(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	b.enters(in, "Lena Falk")
	b.prefers("light", 1280)
	b.do(chromedp.Navigate(in.url+"/incidents?severity=sev1"), chromedp.Focus(chromedp.CSS(".views summary")))
	b.presses(kb.Enter, 0)
	b.do(chromedp.Focus(chromedp.CSS(".views input[name=name]")), chromedp.KeyEvent("Worst of all"))
	b.presses(kb.Tab, 0)
	b.presses(" ", 0)
	b.presses(kb.Tab, 0)
	b.presses(kb.Enter, 0)
	b.until("it is kept and shown", `document.querySelector(".sift[aria-current]")?.innerText.includes("Worst of all") === true`)
	b.look("list-view", in.url+"/incidents?severity=sev1")
	b.look("list-keep", in.url+"/incidents?tag=redis")
}
