package web

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// twice files an incident and one like it, and gives their numbers.
func (in installation) twice(t testing.TB) (old, again string) {
	t.Helper()
	file := func(title string) string {
		kept, err := in.store.File(context.Background(), store.System(), &incident.Incident{Heading: incident.Heading{Title: title}, Actions: []incident.Action{{Title: "Watch certificates"}}})
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimPrefix(kept.Number.String(), "INC-")
	}
	return file("The certificate of the mail server expired"), file("Expired certificate on the mail server")
}

func TestRelativesAreConfirmedDismissedAndTakenBackWithoutScripts(t *testing.T) {
	t.Parallel()
	in := installed(t)
	old, again := in.twice(t)
	v := in.as(t, "Lena Falk")
	page := "/incidents/" + again + "/similar"
	if _, body := v.get("/incidents/" + again); !strings.Contains(body, `href="`+page+`"`) {
		t.Error("a record does not lead to its relatives")
	}
	listed := func() string {
		t.Helper()
		_, body := v.get(page)
		_, likely, _ := strings.Cut(body, `id="likely"`)
		likely, _, _ = strings.Cut(likely, "</section>")
		return plain("<" + likely)
	}
	say := func(as string) {
		t.Helper()
		res, body := v.post(page, url.Values{"incident": {old}, "as": {as}}, nil)
		if res.StatusCode != 303 || res.Header.Get("Location") != page+"?done="+as {
			t.Fatalf("saying %s = %d to %s\n%s", as, res.StatusCode, res.Header.Get("Location"), body)
		}
	}
	if text := listed(); !strings.Contains(text, "INC-"+old) || !strings.Contains(text, "same kind of cause: certificate") {
		t.Errorf("relatives: %s", text)
	}
	say("no_relative")
	if text := listed(); strings.Contains(text, "INC-"+old) {
		t.Errorf("after it was dismissed: %s", text)
	}
	if _, body := v.get(page); !strings.Contains(body, "Take back") {
		t.Error("what was dismissed cannot be taken back")
	}
	say("take_back")
	if text := listed(); !strings.Contains(text, "INC-"+old) {
		t.Errorf("after that was taken back: %s", text)
	}
	say("recurrence_of")
	_, body := v.get("/incidents/" + again)
	if text := plain(body); !strings.Contains(text, "recurrence of INC-"+old) || !strings.Contains(text, "1 of its 1 follow-ups was still open when this one started") {
		t.Errorf("after it was confirmed the record says: %s", text)
	}
	if res, _ := v.post(page, url.Values{"incident": {"x"}, "as": {"related"}}, nil); res.StatusCode != 400 {
		t.Errorf("a button that is none of ours = %d", res.StatusCode)
	}
}

func TestRelativesOfWhatIsBeingFiledComeWithoutScriptsToo(t *testing.T) {
	t.Parallel()
	in := installed(t)
	old, _ := in.twice(t)
	v := in.as(t, "Lena Falk")
	res, body := v.post("/incidents/new", url.Values{"title": {"Certificate expired"}, "summary": {"The mail server refuses mail."}, "do": {"similar"}, "once": {"1"}}, nil)
	if res.StatusCode != 200 || !strings.Contains(body, "INC-"+old) || !strings.Contains(body, `value="Certificate expired"`) {
		t.Errorf("asking for relatives = %d, want them beside what was typed\n%s", res.StatusCode, body)
	}
	if res, body := v.post("/incidents/similar", url.Values{"title": {"Certificate expired"}}, nil); res.StatusCode != 200 || !strings.Contains(body, "INC-"+old) || strings.Contains(body, "<html") {
		t.Errorf("what a script asks for = %d %s", res.StatusCode, body)
	}
	if _, body := v.post("/incidents/similar", url.Values{"title": {"canarytitle canaryentry"}}, nil); strings.Contains(body, "canary") {
		t.Errorf("a private incident is suggested: %s", body)
	}
}

func TestRelativesComeWhileOneTypes(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	old, again := in.twice(t)
	b.enters(in, "Lena Falk")
	b.do(chromedp.Navigate(in.url + "/incidents/new"))
	b.types("#form-file-title", "Expired certificate")
	b.until("relatives come", `document.querySelector("#likely")?.innerText.includes("INC-`+old+`")`)
	b.do(chromedp.Navigate(in.url + "/incidents/" + again))
	b.until("relatives stand on the record", `document.querySelector("#seen-before")?.innerText.includes("INC-`+old+`")`)
}
