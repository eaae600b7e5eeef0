package web

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/storetest"
)

// enters signs somebody in.
func (b *browser) enters(in installation, name string) {
	b.t.Helper()
	b.do(chromedp.Navigate(in.url + "/sign-in?key=" + url.QueryEscape(in.link(b.t, name))))
	if _, err := chromedp.RunResponse(b.ctx, chromedp.Click(chromedp.CSS("main button"))); err != nil {
		b.t.Fatal(err)
	}
}

// until waits for a script to say true.
func (b *browser) until(what, script string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	for {
		done, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](script))
		switch {
		case err != nil && !strings.Contains(err.Error(), "Inspected target navigated"): // else the page is just being left
			b.t.Fatalf("%s: %v", script, err)
		case done:
			return
		}
		select {
		case <-ctx.Done():
			b.t.Fatalf("%s: not within 20 s; in focus is %s; the page says %s", what,
				asks[string](b, "`${document.activeElement?.localName} ${document.activeElement?.id} ${document.activeElement?.value}`"), asks[string](b, "document.body.innerText.slice(0, 2000)"))
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// types writes into a control as a person does.
func (b *browser) types(selector, text string) {
	b.t.Helper()
	b.do(chromedp.WaitVisible(chromedp.CSS(selector)), chromedp.Focus(chromedp.CSS(selector)), chromedp.KeyEvent(text))
}

func TestAPartIsEditedWhereItStands(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	b.enters(in, "Noor Haddad")
	page := fmt.Sprintf("%s/incidents/%d", in.url, in.billing)
	b.do(chromedp.Navigate(page), chromedp.Click(chromedp.CSS(`a[href$="/parts/timeline"]`)))
	b.types("#form-timeline-new-at", "18 July 2013 05:10")
	b.until("the time is understood", `document.querySelector("#form-timeline-new-at-read").innerText.includes("12:10 UTC")`)
	b.types("#form-timeline-new-text", "Somebody brings coffee")
	b.do(chromedp.Click(chromedp.CSS("#form-timeline-new button[value=save]")))
	b.until("the entry is there", `document.querySelector(".timeline").innerText.includes("Somebody brings coffee") && !document.querySelector(".form")`)
	if at := asks[string](b, "location.pathname"); at != fmt.Sprintf("/incidents/%d", in.billing) {
		t.Errorf("saving in place leads to %s", at)
	}

	b.prefers("light", 1280)
	b.do(chromedp.Click(chromedp.CSS(`a[href$="/fields/overview"]`)))
	b.types("#form-overview-title", " ")
	if below := asks[int](b, `Math.round(document.querySelector("#form-overview").getBoundingClientRect().top - document.querySelector("h1").getBoundingClientRect().bottom)`); below < 0 || below > 300 {
		t.Errorf("the form for the title opens %d pixels below it", below)
	}
	asks[bool](b, `document.querySelector("#form-overview-title").value = ""; document.querySelector("#form-overview-title").required = false; true`)
	b.do(chromedp.Click(chromedp.CSS("#form-overview button[value=save]")))
	b.until("the refusal is said at its field", `document.querySelector(".control.wrong .fault") !== null`)
	b.types("#form-overview-title", "Cards were charged again")
	b.do(chromedp.Click(chromedp.CSS("#form-overview button[value=save]")))
	b.until("the title is changed", `document.querySelector("h1").innerText === "Cards were charged again"`)
}

func TestWhatIsTypedSurvivesAReload(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	b.enters(in, "Noor Haddad")
	page := fmt.Sprintf("%s/incidents/%d", in.url, in.billing)
	form := page + "/fields/overview"
	b.do(chromedp.Navigate(form))
	asks[bool](b, `document.querySelector("#form-overview-summary").value = ""; true`)
	b.types("#form-overview-summary", "Typed before the tab was closed")
	b.until("the draft is kept", `Object.keys(localStorage).some(k => localStorage[k].includes("Typed before"))`)
	b.do(chromedp.Navigate(page), chromedp.Navigate(form))
	if text := asks[string](b, `document.querySelector("#form-overview-summary").value`); !strings.Contains(text, "Typed before the tab was closed") {
		t.Errorf("after a reload the summary is %q", text)
	}
	b.do(chromedp.Click(chromedp.CSS("#form-overview button[value=save]")), chromedp.WaitVisible(chromedp.CSS("#record")))
	b.until("the summary is saved", `document.querySelector(".lede").innerText.includes("Typed before")`)
	if n := asks[int](b, "localStorage.length"); n != 0 {
		t.Errorf("%d drafts are left after saving", n)
	}
	b.do(chromedp.Navigate(form))
	if asks[bool](b, `document.querySelector(".given") !== null`) {
		t.Error("what was saved comes back as a draft")
	}
}

// pluggable runs a second server beside the installation's, which can be
// pulled out and put back at the same address.
func pluggable(t *testing.T, in *installation) (pull, plug func()) {
	t.Helper()
	address := "127.0.0.1:0"
	var server *httptest.Server
	plug = func() {
		l, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		address = l.Addr().String()
		server = &httptest.Server{Listener: l, Config: &http.Server{
			Handler: New(Options{Store: in.store, Now: func() time.Time { return today }}), ReadHeaderTimeout: time.Minute,
		}}
		server.Start()
	}
	pull = func() {
		server.CloseClientConnections()
		server.Close()
	}
	plug()
	t.Cleanup(func() { pull() })
	in.url = server.URL
	return pull, plug
}

// slowed puts a slow network between a browser and the installation.
func slowed(t *testing.T, in *installation, wait time.Duration) {
	t.Helper()
	pages := New(Options{Store: in.store, Now: func() time.Time { return today }})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/static/") && !strings.HasSuffix(r.URL.Path, "/live") {
			time.Sleep(wait)
		}
		pages.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	t.Cleanup(server.CloseClientConnections) // streams are open
	in.url = server.URL
}

func TestALostConnectionLosesNothing(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	pull, plug := pluggable(t, &in)
	b.enters(in, "Noor Haddad")
	page := fmt.Sprintf("%s/incidents/%d", in.url, in.billing)
	b.do(chromedp.Navigate(page), chromedp.Click(chromedp.CSS(`a[href$="/parts/timeline"]`)))
	b.types("#form-timeline-new-text", "Written on a train")
	pull()
	asks[bool](b, `document.addEventListener("htmx:before:request", () => { window.took = !document.querySelector("#form-timeline-new-text").readOnly }); true`)
	b.do(chromedp.Click(chromedp.CSS("#form-timeline-new button[value=save]")))
	b.until("the loss is said", `document.querySelector("#form-timeline-new .lost")?.innerText.includes("no connection") === true`)
	plug()
	if asks[bool](b, `window.took || document.querySelector("#form-timeline-new-text").readOnly`) {
		t.Error("the form takes text while it is being sent, or none when that failed")
	}
	if text := asks[string](b, `document.querySelector("#form-timeline-new-text").value`); text != "Written on a train" {
		t.Errorf("the form holds %q", text)
	}
	b.do(chromedp.Click(chromedp.CSS("#form-timeline-new button[value=save]")))
	b.until("the entry is there", `document.querySelector(".timeline").innerText.includes("Written on a train") && !document.querySelector(".form")`)
}

func TestAClashShowsBothTexts(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	b.enters(in, "Noor Haddad")
	ada := storetest.Person(t, in.store, "Ada Park", incident.Responder)
	b.do(chromedp.Navigate(fmt.Sprintf("%s/incidents/%d", in.url, in.billing)), chromedp.Click(chromedp.CSS(`a[href$="/fields/overview"]`)))
	b.types("#form-overview-summary", "Mine. ")
	_, err := in.store.Change(context.Background(), ada, in.billing, 0, func(in *incident.Incident) error {
		in.Summary = "Ada was faster."
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Click(chromedp.CSS("#form-overview button[value=save]")))
	b.until("both texts are shown", `document.querySelector(".theirs")?.innerText.includes("Ada was faster.") === true && document.querySelector("#form-overview-summary").value.includes("Mine.")`)
	b.do(chromedp.Click(chromedp.CSS("#form-overview button[value=save]")))
	b.until("mine is kept on purpose", `document.querySelector(".lede").innerText.includes("Mine.")`)
}

func TestFormsInABrowser(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	b.enters(in, "Noor Haddad")
	page := fmt.Sprintf("%s/incidents/%d", in.url, in.billing)
	b.look("file", in.url+"/incidents/new")
	b.look("record-writable", page)
	for _, path := range []string{"/parts/timeline", "/parts/impacts", "/parts/whys", "/fields/overview", "/fields/times", "/fields/people", "/status"} {
		b.look("form"+strings.ReplaceAll(path, "/", "-"), page+path)
	}
	b.prefers("light", 1280)
	b.do(chromedp.Navigate(page), chromedp.Click(chromedp.CSS(`a[href$="/fields/people"]`)))
	b.types("#form-people .row input", " ")
	b.shots("record-people")
}
