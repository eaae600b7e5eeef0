package web

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestWhatIsWrittenOfSomethingRemovedMeanwhileIsKept(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Noor Haddad")
	first := entryOf(t, in, 0)
	at := fmt.Sprintf("/incidents/%d", in.billing)
	form := at + "/parts/timeline/" + first.ID
	sent := url.Values{"text": {"Typed while it was removed"}, "was.text": {first.Text}, "kind": {"action"}, "was.kind": {"observation"}, "at": {"02:50"}, "was.at": {"02:42"}}
	if err := in.store.RemovePart(context.Background(), storetest.Person(t, in.store, "Ada Park", incident.Responder), in.billing, incident.Timeline, first.ID, 0); err != nil {
		t.Fatal(err)
	}
	res, body := v.post(form, sent, nil)
	if res.StatusCode != 409 || !strings.Contains(body, "Typed while it was removed") || !strings.Contains(body, "removed this while you wrote") {
		t.Fatalf("POST %s = %d, want 409 with what was typed and what happened:\n%s", form, res.StatusCode, body)
	}
	if strings.Contains(body, `name="was.`) || !strings.Contains(body, `action="`+at+`/parts/timeline"`) {
		t.Errorf("the form does not add it anew:\n%s", body)
	}
	if res, _ := v.post(form, url.Values{"do": {"remove"}, "was.text": {first.Text}}, nil); res.StatusCode != 303 {
		t.Errorf("removing what is removed = %d, want 303", res.StatusCode)
	}
}

// entryOf is an entry of the billing incident.
func entryOf(t *testing.T, in installation, i int) incident.Entry {
	t.Helper()
	record, err := in.store.Incident(context.Background(), store.System(), in.billing)
	if err != nil {
		t.Fatal(err)
	}
	return record.Timeline[i]
}

func TestWhoMayNotWriteAnyMoreKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Ines Duarte") // a viewer by now
	at := fmt.Sprintf("/incidents/%d", in.billing)
	for _, path := range []string{at + "/parts/timeline", at + "/fields/overview", "/incidents/new"} {
		res, body := v.post(path, url.Values{"text": {"typed text"}, "summary": {"typed text"}, "title": {"typed title"}, "kind": {"action"}}, nil)
		if res.StatusCode != 403 || !strings.Contains(body, "typed text") || !strings.Contains(body, `role="alert"`) {
			t.Errorf("POST %s by a viewer = %d, want 403 with what was typed:\n%s", path, res.StatusCode, body)
		}
	}
	if res, body := v.post("/incidents/new", url.Values{"document": {"# typed text"}}, nil); res.StatusCode != 403 || !strings.Contains(body, "# typed text") {
		t.Errorf("a document by a viewer = %d, want 403 with the document:\n%s", res.StatusCode, body)
	}
}

func TestAFormStaysOpenWhenWhatItEditsIsRemoved(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	ada := storetest.Person(t, in.store, "Ada Park", incident.Responder)
	first := entryOf(t, in, 0)
	b.enters(in, "Noor Haddad")
	b.do(chromedp.Navigate(fmt.Sprintf("%s/incidents/%d", in.url, in.billing)))
	b.until("the page is awake", `document.querySelector('a[href$="/parts/timeline/`+first.ID+`"]')?.hasAttribute("data-htmx-powered")`)
	b.do(chromedp.Click(chromedp.CSS(`a[href$="/parts/timeline/` + first.ID + `"]`)))
	b.types("#form-"+first.ID+"-text", "Typed by Noor. ")
	if err := in.store.RemovePart(context.Background(), ada, in.billing, incident.Timeline, first.ID, 0); err != nil {
		t.Fatal(err)
	}
	change(t, in, ada, func(in *incident.Incident) { in.Summary = "Ada removed an entry." })
	b.until("the page is drawn anew", `document.querySelector(".lede").innerText.includes("Ada removed an entry.")`)
	if text := asks[string](b, `document.querySelector("[id^=form-][id$=-text]")?.value ?? ""`); !strings.Contains(text, "Typed by Noor.") {
		t.Fatalf("the form is gone with what was typed: %q", text)
	}
	b.do(chromedp.Click(chromedp.CSS(".form button[value=save]")))
	b.until("the server says that it was removed", `document.querySelector("form.form")?.innerText.includes("What you wrote is here") === true`)
	b.do(chromedp.Click(chromedp.CSS(".form button[value=save]")))
	b.until("it is there anew", `document.querySelector(".timeline")?.innerText.includes("Typed by Noor.") === true && !document.querySelector("form.form")`)
}
