package web

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestAFilterIsTakenOutByItsChip(t *testing.T) {
	t.Parallel()
	in := installed(t)
	_, body := in.as(t, "Lena Falk").get("/incidents?q=redis&severity=sev1&sort=-started")
	for label, want := range map[string]string{
		"words: redis": "/incidents?severity=sev1&amp;sort=-started", "severity: SEV1": "/incidents?q=redis&amp;sort=-started", "order: started last": "/incidents?q=redis&amp;severity=sev1",
	} {
		if !strings.Contains(body, `<a class="sift" href="`+want+`" aria-label="Take out `+label+`">`) {
			t.Errorf("the list lacks a chip %q that leads to %s", label, want)
		}
	}
}

func TestManyIncidentsAreTaggedAtOnce(t *testing.T) {
	t.Parallel()
	in := installed(t)
	filer := storetest.Person(t, in.store, "Filer", incident.Responder)
	other := in.file(t, filer, &incident.Incident{Heading: incident.Heading{Title: "Another", Tags: []string{"dns"}}})
	v := in.as(t, "Lena Falk")
	chosen := []string{fmt.Sprint(in.billing), other.String()}
	post := func(do, tag string, n ...string) (reply, string) {
		t.Helper()
		return v.post("/incidents/tags", url.Values{"n": n, "tag": {tag}, "do": {do}, "back": {"/incidents?sort=number"}}, nil)
	}
	shown := func(tag string) (n int) {
		_, body := v.get("/incidents?tag=" + tag)
		return strings.Count(body, `<th scope="row">`)
	}
	if res, _ := post("add", "dns", chosen...); res.StatusCode != 303 || res.Header.Get("Location") != "/incidents?sort=number" || shown("dns") != 2 {
		t.Errorf("adding a tag = %d to %q, and %d have it, want 2", res.StatusCode, res.Header.Get("Location"), shown("dns"))
	}
	before := rowsOf(t, in, other)
	if res, _ := post("add", "dns", other.String()); res.StatusCode != 303 || rowsOf(t, in, other) != before {
		t.Errorf("adding a tag that is there = %d, and history has a row of it", res.StatusCode)
	}
	if res, _ := post("remove", "dns", chosen...); res.StatusCode != 303 || shown("dns") != 0 {
		t.Errorf("taking a tag out = %d, and %d have it still", res.StatusCode, shown("dns"))
	}
	res, body := post("add", "billing2", fmt.Sprint(in.private), other.String(), "INC-999")
	if res.StatusCode != 422 || strings.Contains(body, "canary") || !strings.Contains(body, fmt.Sprintf("there is no INC-%d, or you may not see it", in.private)[1:]) || shown("billing2") != 1 {
		t.Errorf("tagging a private incident among others = %d, and %d are tagged, want a page that lists what was refused and 1", res.StatusCode, shown("billing2"))
	}
	for _, tt := range []struct {
		tag string
		n   []string
	}{{"two words", chosen}, {"", chosen}, {"x", nil}, {"x", make([]string, perPage+1)}} {
		if res, _ := post("add", tt.tag, tt.n...); res.StatusCode != 422 {
			t.Errorf("tagging %d incidents %q = %d, want 422", len(tt.n), tt.tag, res.StatusCode)
		}
	}
	if _, body := in.as(t, "Ines Duarte").get("/incidents"); strings.Contains(body, `class="choose"`) {
		t.Error("a viewer is offered to tag")
	}
}

// rowsOf is how many rows an incident's history has.
func rowsOf(t testing.TB, in installation, n incident.Number) int {
	t.Helper()
	page, err := in.store.History(t.Context(), incident.Actor{PersonID: 1, Name: "Filer", Role: incident.Responder}, n, 0, "")
	if err != nil {
		t.Fatal(err)
	}
	return len(page.Items)
}

func TestTheListByKeyboard(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	b.enters(in, "Noor Haddad")
	b.look("list-filtered", in.url+"/incidents?severity=sev1&sort=-started&q=redis")
	b.prefers("light", 1280)
	b.do(chromedp.Navigate(in.url+"/incidents"), chromedp.Focus(chromedp.CSS(fmt.Sprintf(`.choose[value="%d"]`, in.billing))))
	b.presses(" ", 0)
	b.until("the tag is asked", `getComputedStyle(document.getElementById("bulk")).display === "flex"`)
	b.shots("list-chosen")
	b.do(chromedp.Focus(chromedp.CSS("#bulk input[name=tag]")), chromedp.KeyEvent("keyboard"))
	b.presses(kb.Enter, 0)
	b.until("it has the tag", `[...document.querySelectorAll(".tag")].some(t => t.innerText === "keyboard")`)
}
