package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/storetest"
)

// asksStatuspage prints all that the npm package statuspage.io makes of us, as a person would read it.
const asksStatuspage = `
const {Statuspage} = require("statuspage.io");
const page = new Statuspage("x");
page.setApiUrl(process.argv[1]);
const told = list => list.map(i => [i.name, i.status, i.impact, ...i.incident_updates.map(u => u.status + ": " + u.body)].join(" | "));
(async () => {
  const {api} = page;
  const summary = await api.getSummary();
  console.log(JSON.stringify({
    name: summary.page.name, url: summary.page.url,
    status: (await api.getStatus()).status.description, summary: summary.status.description, indicator: summary.status.indicator,
    open: told(summary.incidents), unresolved: told((await api.incidents.getUnresolved()).incidents), all: told((await api.incidents.getAll()).incidents),
    components: (await api.getComponents()).components.map(c => c.name + " " + c.status),
    planned: told(summary.scheduled_maintenances), upcoming: told((await api.scheduledMaintenances.getUpcoming()).scheduled_maintenances),
    active: (await api.scheduledMaintenances.getActive()).scheduled_maintenances.length, maintenances: (await api.scheduledMaintenances.getAll()).scheduled_maintenances.length,
  }));
})();`

// toldStatuspage is what asksStatuspage prints.
type toldStatuspage struct {
	Name, URL                  string
	Status, Summary, Indicator string
	Open, Unresolved, All      []string
	Components                 []string
	Planned, Upcoming          []string
	Active, Maintenances       int // that package asks for the ones to come, whichever of them one asks it for
}

func TestTheClientOfStatuspageTellsWhatGoesOn(t *testing.T) {
	t.Parallel()
	programs(t)
	o := newTrouble(t)
	o.plan()
	for _, stage := range []struct {
		name          string
		move          func()
		status, level string
		incident      string
		goesOn        bool
	}{
		{"while it goes on", func() {}, "Partial System Outage", "partial_outage", troubleTitle + " | investigating | major | investigating: " + firstSaid, true},
		{"after a correction", o.correct, "Partial System Outage", "partial_outage", troubleTitle + " | investigating | major | investigating: " + correctSaid, true},
		{"when it is over", o.resolve, "All Systems Operational", "operational", troubleTitle + " | resolved | major | resolved: " + lastSaid + " | investigating: " + correctSaid, false},
	} {
		stage.move()
		var got toldStatuspage
		runNode(t, asksStatuspage, o.url, &got)
		if got.Status != stage.status || got.Summary != stage.status || got.Name != "Status" || got.URL != o.url {
			t.Errorf("%s it reads the status %q and %q of %q at %q, want %q", stage.name, got.Status, got.Summary, got.Name, got.URL, stage.status)
		}
		open := []string{}
		if stage.goesOn {
			open = []string{stage.incident}
		}
		if !slices.Equal(got.Open, open) || !slices.Equal(got.Unresolved, open) || !slices.Equal(got.All, []string{stage.incident}) {
			t.Errorf("%s it reads %q, unresolved %q, all %q; want %q", stage.name, got.Open, got.Unresolved, got.All, stage.incident)
		}
		if want := []string{"Product " + stage.level, "Billing " + stage.level, "Voice operational"}; !slices.Equal(got.Components, want) {
			t.Errorf("%s it reads the components %q, want %q", stage.name, got.Components, want)
		}
		if want := []string{"Maintenance of billing | scheduled | maintenance | scheduled: We move in July."}; !slices.Equal(got.Planned, want) || !slices.Equal(got.Upcoming, want) {
			t.Errorf("%s it reads the maintenance %q and %q, want %q", stage.name, got.Planned, got.Upcoming, want)
		}
	}
}

// readsFeed prints what the npm package rss-parser makes of a feed.
const readsFeed = `
const Parser = require("rss-parser");
new Parser().parseURL(process.argv[1]).then(f => console.log(JSON.stringify({
  title: f.title, self: f.feedUrl, items: f.items.map(i => ({id: i.id || i.guid, title: i.title, link: i.link, date: i.isoDate, text: i.contentSnippet})),
})));`

func TestAFeedReaderTellsWhatGoesOn(t *testing.T) {
	t.Parallel()
	programs(t)
	o := newTrouble(t)
	ids := map[string]string{}
	stages := []struct {
		name     string
		move     func()
		has, not []string
	}{
		{"while it goes on", func() {}, []string{"Investigating", firstSaid}, []string{"Corrected"}},
		{"after a correction", o.correct, []string{correctSaid, "Corrected"}, []string{firstSaid}},
		{"when it is over", o.resolve, []string{"Resolved", lastSaid, "Investigating", correctSaid}, []string{firstSaid}},
	}
	for _, stage := range stages {
		stage.move()
		for _, path := range []string{"/status/history.atom", "/status/history.rss"} {
			var got struct {
				Title string
				Items []struct{ ID, Title, Link, Date, Text string }
			}
			runNode(t, readsFeed, o.url+path, &got)
			if got.Title != "Status: history" || len(got.Items) != 1 || got.Items[0].Title != troubleTitle || !strings.HasPrefix(got.Items[0].Link, o.url+"/status/incidents/") || got.Items[0].Date == "" {
				t.Fatalf("%s %s reads %+v", stage.name, path, got)
			}
			one := got.Items[0]
			if known, has := ids[path]; has && known != one.ID || one.ID == "" {
				t.Errorf("%s %s gives the incident the id %q, before %q: a reader shows it again", stage.name, path, one.ID, known)
			}
			ids[path] = one.ID
			for _, text := range stage.has {
				if strings.Count(one.Text, text) != 1 {
					t.Errorf("%s %s tells %q, want %q once", stage.name, path, one.Text, text)
				}
			}
			for _, text := range stage.not {
				if strings.Contains(one.Text, text) {
					t.Errorf("%s %s tells %q, and still %q", stage.name, path, one.Text, text)
				}
			}
		}
	}
}

func TestStatuspagesWidgetShowsTheStatusOnAnotherSite(t *testing.T) {
	t.Parallel()
	from := programs(t)
	o := newTrouble(t)
	mux := http.NewServeMux()
	mux.Handle("/modules/", http.StripPrefix("/modules/", http.FileServer(http.Dir(from))))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprintf(w, `<!doctype html><title>Shop</title><statuspage-widget src="%s"></statuspage-widget>
<statuspage-widget src="%[1]s" appearance="badge" title="Our state"></statuspage-widget>
<script src="/modules/@webcomponents/webcomponentsjs/webcomponents-bundle.js"></script><script src="/modules/@statuspage/status-widget/dist/index.js"></script>`, o.url)
	})
	shop := httptest.NewServer(mux)
	t.Cleanup(shop.Close)
	program, err := (&app{config: environment()}).browser()
	needs(t, err)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.Flag("disable-component-update", true))
	ctx, end := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(end)
	ctx, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(closeTab)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil { // the browser lives as long as what started it
		t.Fatal(err)
	}
	// The text that a person sees, once both are drawn, and the colour of the dot.
	const shown = `new Promise(done => { const look = () => {
		const all = [...document.querySelectorAll("statuspage-widget")].map(w => ((w.shadowRoot || w).querySelector(".status-container") || {innerText: ""}).innerText.replace(/\s+/g, " ").trim());
		if (all.every(t => t)) { const dot = (document.querySelector("statuspage-widget").shadowRoot || document).querySelector(".status-indicator");
			done([...all, getComputedStyle(dot).backgroundColor].join(" | ")) } else setTimeout(look, 50) }; look() })`
	for _, stage := range []struct {
		name string
		move func()
		want string
	}{
		{"while it goes on", func() {}, "Partial System Outage | Our state partial system outage | rgb(230, 126, 34)"},
		{"after a correction", o.correct, "Partial System Outage | Our state partial system outage | rgb(230, 126, 34)"},
		{"when it is over", o.resolve, "All Systems Operational | Our state all systems operational | rgb(46, 204, 113)"},
	} {
		stage.move()
		one, cancel := context.WithTimeout(ctx, time.Minute)
		if err := chromedp.Do(one, chromedp.Navigate(shop.URL)); err != nil {
			t.Fatal(err)
		}
		got, err := chromedp.Run(one, chromedp.Evaluate[string](shown, chromedp.EvalAwaitPromise))
		cancel()
		if err != nil || got != stage.want {
			t.Errorf("%s the widget shows %q (%v), want %q", stage.name, got, err, stage.want)
		}
	}
}

// poller asks now and then whether something changed, as Grafana and Alertmanager's tools do, and reads it only then.
type poller struct {
	t         *testing.T
	url, held string
}

// changed asks once.
func (p *poller) changed() bool {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodHead, p.url, http.NoBody)
	if err != nil {
		p.t.Fatal(err)
	}
	if p.held != "" {
		req.Header.Set("If-None-Match", p.held)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	_ = res.Body.Close()
	switch res.StatusCode {
	case http.StatusNotModified:
		return false
	case http.StatusOK:
		p.held = res.Header.Get("ETag")
		return true
	}
	p.t.Fatalf("HEAD %s = %d", p.url, res.StatusCode)
	return false
}

func TestAPollerHearsOfAChangeAtOnce(t *testing.T) {
	t.Parallel()
	database := storetest.URL(t)
	st := storetest.Open(t, database)
	o := troubleOn(t, st, listen(t, st))
	other := listen(t, storetest.Open(t, database)) // a process beside, which did not write
	for _, path := range []string{"/api/v2/summary.json", "/status", "/status/history.atom", "/status/history.rss"} {
		here, beside := &poller{t: t, url: o.url + path}, &poller{t: t, url: other + path}
		if !here.changed() || !beside.changed() || here.changed() || beside.changed() {
			t.Errorf("%s changes though nothing was said", path)
		}
		o.say(incident.Message{Body: "We know more of " + path})
		began := time.Now()
		if !here.changed() {
			t.Errorf("what was sent is not at %s at once", path)
		}
		for asked := 0; !beside.changed(); asked++ {
			if asked == 1000 {
				t.Fatalf("the process beside does not tell at %s what was sent", path)
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Logf("%s: the process beside tells it after %s", path, time.Since(began).Round(time.Millisecond))
	}
}
