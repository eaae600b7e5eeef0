package web

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestWordsAreFoundWithWhereTheyStand(t *testing.T) {
	t.Parallel()
	in := installed(t)
	storetest.Person(t, in.store, "Seeker", incident.Responder)
	noor := in.as(t, "Seeker")
	_, body := noor.get("/incidents?q=redis+master")
	for _, want := range []string{`<ol class="hits">`, "<mark>", `#`, "What can be searched for", `severity:sev1,sev2`} {
		if !strings.Contains(body, want) {
			t.Errorf("the hits lack %q", want)
		}
	}
	_, body = noor.get("/incidents?q=redis+severity:sev9")
	if !strings.Contains(body, "severity:sev9 is not known") {
		t.Error("what was not understood is not said")
	}
	if _, body := noor.get("/incidents?q=redis&sort=-number"); strings.Contains(body, `class="hits"`) || !strings.Contains(body, `<table class="list">`) {
		t.Error("an order that was asked for is not the table's")
	}
	if _, body := noor.get("/incidents?q=severity:sev1"); strings.Contains(body, `class="hits"`) {
		t.Error("filters alone are not shown as the list")
	}
}

func TestHitsInABrowser(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	storetest.Person(t, in.store, "Seeker", incident.Responder)
	b.do(chromedp.Navigate(in.url + "/sign-in?key=" + url.QueryEscape(in.link(t, "Seeker"))))
	if _, err := chromedp.RunResponse(b.ctx, chromedp.Click(chromedp.CSS("main button"))); err != nil {
		t.Fatal(err)
	}
	b.look("hits", in.url+"/incidents?q=redis+master+card+elephant")
	b.look("hits-hint", in.url+"/incidents?q=redis+severity:sev9+severty:sev1")
	b.look("hits-palette", in.url+"/palette?q=redis+master")
	b.do(chromedp.Navigate(in.url+"/incidents?q=redis"), chromedp.Click(chromedp.CSS(".syntax summary")))
	b.prefers("light", 1280)
	b.picture("hits-syntax-light-1280.png")
	b.prefers("dark", 390)
	if over := asks[int](b, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
		t.Errorf("the syntax is %d pixels too wide", over)
	}
	b.picture("hits-syntax-dark-390.png")
}
