package web

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/storetest"
)

// leaves signs out.
func (b *browser) leaves() {
	b.t.Helper()
	if _, err := chromedp.RunResponse(b.ctx, chromedp.Click(chromedp.CSS("#sign-out button"))); err != nil {
		b.t.Fatal(err)
	}
}

// drafting is Kai Bloom, who has typed into the summary of the billing incident and not sent it.
func drafting(t *testing.T) (b *browser, in installation, form string) {
	t.Helper()
	b, in = newBrowser(t), installed(t)
	storetest.Person(t, in.store, "Kai Bloom", incident.Responder)
	b.enters(in, "Kai Bloom")
	form = fmt.Sprintf("%s/incidents/%d/fields/overview", in.url, in.billing)
	b.do(chromedp.Navigate(form))
	b.types("#form-overview-summary", "Typed by Kai. ")
	b.until("the draft is kept", `Object.values(localStorage).some(v => v.includes("Typed by Kai"))`)
	return b, in, form
}

const summaryTyped = `document.querySelector("#form-overview-summary").value`

func TestADraftIsShownToNobodyElse(t *testing.T) {
	t.Parallel()
	b, in, form := drafting(t)
	b.leaves()
	storetest.Person(t, in.store, "Ada Park", incident.Responder)
	b.enters(in, "Ada Park")
	b.do(chromedp.Navigate(form))
	if text := asks[string](b, summaryTyped); strings.Contains(text, "Typed by Kai") || asks[bool](b, `!!document.querySelector(".given")`) {
		t.Errorf("on the same computer Ada is shown what Kai typed: %q", text)
	}
	b.leaves()
	b.enters(in, "Kai Bloom")
	b.do(chromedp.Navigate(form))
	if text := asks[string](b, summaryTyped); !strings.Contains(text, "Typed by Kai") {
		t.Errorf("what Kai typed is gone after somebody else was there: %q", text)
	}
}

func TestADraftOfAnOlderTextClashes(t *testing.T) {
	t.Parallel()
	b, in, form := drafting(t)
	ada := storetest.Person(t, in.store, "Ada Park", incident.Responder)
	change(t, in, ada, func(in *incident.Incident) { in.Summary = "Ada saved this meanwhile." })
	b.do(chromedp.Navigate(form))
	if text := asks[string](b, summaryTyped); !strings.Contains(text, "Typed by Kai") {
		t.Fatalf("the draft is not given back: %q", text)
	}
	b.do(chromedp.Click(chromedp.CSS("#form-overview button[value=save]")))
	b.until("both texts are shown", `document.querySelector(".theirs")?.innerText.includes("Ada saved this meanwhile.") === true`)
	if text := asks[string](b, summaryTyped); !strings.Contains(text, "Typed by Kai") {
		t.Errorf("beside Ada's text stands %q", text)
	}
}

func change(t *testing.T, in installation, by incident.Actor, edit func(*incident.Incident)) {
	t.Helper()
	_, err := in.store.Change(context.Background(), by, in.billing, 0, func(in *incident.Incident) error { edit(in); return nil })
	if err != nil {
		t.Fatal(err)
	}
}

func TestADraftIsKeptWhereTheSaveFailed(t *testing.T) {
	t.Parallel()
	b, in, _ := drafting(t)
	ada := storetest.Person(t, in.store, "Ada Park", incident.Responder)
	change(t, in, ada, func(in *incident.Incident) {
		in.Visibility, in.People = incident.VisiblePrivate, []incident.Person{{Role: "scribe", Name: "Ada Park"}}
	})
	b.do(chromedp.Click(chromedp.CSS("#form-overview button[value=save]")))
	b.until("the failure is said", `document.querySelector("h1")?.innerText === "Nothing is here"`)
	if !asks[bool](b, `Object.values(localStorage).some(v => v.includes("Typed by Kai"))`) {
		t.Error("the draft is dropped, and was not saved")
	}
}

func TestALineThatOpensTheWholeFormSurvivesAReload(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	b.enters(in, "Noor Haddad")
	page := fmt.Sprintf("%s/incidents/%d", in.url, in.billing)
	b.do(chromedp.Navigate(page))
	b.until("the page is awake", `document.getElementById("quick")?.hasAttribute("data-htmx-powered")`)
	b.types("#quick-line", "somebody restarted it\r")
	b.until("the whole form is open", `document.querySelector("#form-timeline-new-text")?.value === "somebody restarted it"`)
	b.do(chromedp.Navigate(page), chromedp.Click(chromedp.CSS(`#record a[href$="/parts/timeline"]`)))
	b.until("the line is back", `document.querySelector("#form-timeline-new-text")?.value === "somebody restarted it"`)
}

func TestALineThatNeedsTheWholeFormLeavesAnOpenOneAlone(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	b.enters(in, "Noor Haddad")
	b.do(chromedp.Navigate(fmt.Sprintf("%s/incidents/%d", in.url, in.billing)))
	b.until("the page is awake", `document.getElementById("quick")?.hasAttribute("data-htmx-powered")`)
	b.do(chromedp.Click(chromedp.CSS(`#record a[href$="/parts/timeline"]`)))
	b.types("#form-timeline-new-text", "Half an entry")
	b.types("#quick-line", "somebody restarted it\r")
	b.until("it is said why not", `document.getElementById("quick-read").innerText.includes("save that one first")`)
	if text := asks[string](b, `document.getElementById("form-timeline-new-text").value + "|" + document.getElementById("quick-line").value`); text != "Half an entry|somebody restarted it" {
		t.Errorf("the open form and the line hold %q", text)
	}
}

func TestALineTypedWhileAnotherIsSavedStays(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	b.enters(in, "Noor Haddad")
	b.do(chromedp.Navigate(fmt.Sprintf("%s/incidents/%d", in.url, in.billing)))
	b.until("the page is awake", `document.getElementById("quick")?.hasAttribute("data-htmx-powered")`)
	b.types("#quick-line", "05:10 the first line")
	asks[bool](b, `document.addEventListener("htmx:before:swap", e => { if (e.detail.ctx.sourceElement.id === "quick") document.getElementById("quick-line").value = "05:11 the next line" });
		document.addEventListener("htmx:after:swap", e => { if (e.detail.ctx.sourceElement.id === "quick") document.body.dataset.saved = "yes" });
		document.getElementById("quick").requestSubmit(); true`)
	b.until("the first is saved", `document.body.dataset.saved === "yes"`) // news of it may have come before
	if text := asks[string](b, `document.getElementById("quick-line").value`); text != "05:11 the next line" {
		t.Errorf("of the line that was typed meanwhile %q is left", text)
	}
}

func TestWhatIsSentAfterASessionEndedIsNotLost(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Noor Haddad")
	v.setCookies(nil)
	v = in.visitor(t)
	at := fmt.Sprintf("/incidents/%d", in.billing)
	for path, wanted := range map[string]string{
		at + "/quick": at, at + "/review/silence": at + "/review", at + "/comments/x": at, "/incidents/views": "/incidents",
		at + "/parts/comments?on=summary": at + "/parts/comments?on=summary",
	} {
		res, body := v.post(path, url.Values{"text": {"typed"}}, nil)
		if res.StatusCode != 401 || !strings.Contains(body, "load this one again") {
			t.Errorf("POST %s signed out = %d, and does not say how to send it again", path, res.StatusCode)
		}
		if !strings.Contains(body, `name="next" value="`+wanted+`"`) {
			t.Errorf("signing in after POST %s does not lead to %s:\n%s", path, wanted, body)
		}
	}
}
