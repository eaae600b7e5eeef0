package store_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// counts lists the filters of every figure with how many incidents it says there are.
func counts(f *incident.Insights) map[string]int64 {
	all := map[string]int64{}
	add := func(c incident.InsightCount) { all[c.List] = c.N }
	add(f.Incidents)
	for _, p := range f.Curve {
		add(p.Incidents)
	}
	for _, m := range f.Measures {
		all[m.List] = m.Spread.N
	}
	add(f.Telling.Told)
	add(f.Telling.Untold)
	for _, n := range append(f.Categories, f.Components...) {
		add(n.Of)
	}
	for _, h := range f.Starts.Hours {
		add(h.Of)
	}
	return all
}

func TestEveryFigureLeadsToItsIncidents(t *testing.T) {
	t.Parallel()
	l := newLife(t, 7)
	people := []incident.Actor{storetest.Person(t, l.Store, "Ada", incident.Admin), storetest.Person(t, l.Store, "Bob", incident.Admin)}
	for range 120 {
		l.deed(t, people[l.pick.IntN(2)])
	}
	list := func(by incident.Actor, address string) []incident.Heading {
		q := must(url.ParseQuery(address))
		from, to := must(time.Parse(time.DateOnly, q.Get("from"))), must(time.Parse(time.DateOnly, q.Get("to")))
		page := must(l.Incidents(t.Context(), by, store.Filter{Kind: q.Get("kind"), Severity: q.Get("severity"), Component: q.Get("component"),
			Insight: q.Get("insight"), Sort: q.Get("sort"), From: &from, To: &to, Limit: 200}))
		return page.Items
	}
	looked := 0
	for _, by := range people {
		for _, f := range []store.InsightFilter{{From: "2012-01", To: "2014-12"}, {From: "2013-01", To: "2013-12", Component: "billing"}, {From: "2013-01", To: "2014-01", Severity: "sev1"}} {
			got := must(l.Insights(t.Context(), by, f))
			for address, n := range counts(got) {
				if found := list(by, address); int64(len(found)) != n {
					t.Errorf("%s lists %d to %s, and the figure is %d", address, len(found), by.Name, n)
				}
				looked += int(n)
			}
			if m := got.Measures[3]; m.Slowest != "" {
				for _, h := range list(by, m.Slowest) {
					if v := must(l.Incident(t.Context(), by, h.Number)).Measures.TimeToResolve; *v < *m.Spread.P90 {
						t.Errorf("%s is among those that took as long as p90, and took %d", h.Number, *v)
					}
				}
			}
			has := func(name string, n int64, address string) {
				if (n > 0) != (len(list(by, address)) > 0) {
					t.Errorf("%s: %d, and %s lists %d", name, n, address, len(list(by, address)))
				}
			}
			g, u := got.Telling, got.FollowUps
			has("kept", g.Kept.N, g.Kept.List)
			has("late", g.Late.N, g.Late.List)
			has("broken", g.Broken.N, g.Broken.List)
			has("open", g.Open.N, g.Open.List)
			for _, of := range append(append(u.Kinds, u.Owners...), u.All) {
				has(of.Name, of.Open+of.InTime+of.Late+of.Done+of.NotDoing, of.List)
			}
			has("to do", u.All.Open, u.Ages[0].List)
			has("overdue", u.All.Overdue, strings.Replace(u.All.List, "insight=follow_ups", "insight=overdue", 1))
		}
	}
	if looked < 500 {
		t.Errorf("figures led to %d incidents in all: this test is not looking", looked)
	}
	_, err := l.Incidents(t.Context(), people[0], store.Filter{Insight: "nothing"})
	refused(t, "a filter that leads to no figure", err, incident.Malformed)
}
