package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// life is an installation whose days pass, and what nobody but history knows of it.
type life struct {
	*store.Store
	url  string
	day  atomic.Int64
	done map[string]string // of follow-ups by number and id: the day they were written, and the day they became done
	pick *rand.Rand
}

func newLife(t *testing.T, seed uint64) *life {
	t.Helper()
	l := &life{url: storetest.URL(t), done: map[string]string{}, pick: rand.New(rand.NewPCG(seed, 1))}
	l.Store = must(store.Open(t.Context(), store.Options{URL: l.url, Key: storetest.Key, Now: l.now}))
	t.Cleanup(l.Close)
	return l
}

func (l *life) now() time.Time {
	return time.Date(2013, 6, 20, 9, 0, 0, 0, time.UTC).AddDate(0, 0, int(l.day.Load()))
}

// visible are all records that by may know of, as they are read.
func (l *life) visible(t *testing.T, by incident.Actor) (all []*incident.Incident) {
	t.Helper()
	for f := (store.Filter{Limit: 200}); ; {
		page := must(l.Incidents(t.Context(), by, f))
		for _, h := range page.Items {
			all = append(all, must(l.Incident(t.Context(), by, h.Number)))
		}
		if f.Cursor = page.Next; f.Cursor == "" {
			return all
		}
	}
}

func (l *life) deployments(t *testing.T, by incident.Actor) (all []incident.Deployment) {
	t.Helper()
	for f := (store.DeploymentFilter{Limit: 200}); ; {
		page := must(l.Deployments(t.Context(), by, f))
		all = append(all, page.Items...)
		if f.Cursor = page.Next; f.Cursor == "" {
			return all
		}
	}
}

func some[T any](l *life, of ...T) T { return of[l.pick.IntN(len(of))] }

// draft is a random record, more alike than chance makes them.
func (l *life) draft() *incident.Incident {
	in := incidenttest.Drafts().Example(l.pick.Int())
	in.Related, in.RecurrenceOf, in.DuplicateOf, in.Resolution = nil, nil, nil, ""
	for i := range in.Actions {
		in.Actions[i].AlsoFor, in.Actions[i].Owner = nil, some(l, "", "Ada", "ADA ", "Bob")
	}
	for i := range in.Impacts {
		in.Impacts[i].Component = some(l, "Billing", "billing", "API", in.Impacts[i].Component)
	}
	for i := range in.Analysis.Factors {
		in.Analysis.Factors[i].Category = some(l, "capacity", " Capacity", "process", "")
	}
	for i := range in.Messages {
		if i > 0 {
			in.Messages[i].Audience, in.Messages[i].Corrects = incident.AudiencePublic, ""
		}
	}
	if s := in.Milestones.Started; s.Known() && s.At.Year() == 2013 {
		at := l.now().AddDate(0, -l.pick.IntN(14), -l.pick.IntN(28)).Truncate(time.Hour).Add(time.Duration(l.pick.IntN(100_000)) * time.Second)
		apart := at.Sub(*s.At)
		for _, m := range incident.Moments(in) {
			if m.Known() && m.At.Year() == 2013 {
				moved := m.At.Add(apart)
				m.At = &moved
			}
		}
	}
	in.Kind = some(l, in.Kind, incident.KindIncident)
	if in.Kind != incident.Maintenance && !slices.Contains(incident.Course(in.Kind), in.Status) {
		in.Status = incident.Resolved
	}
	in.Normalize()
	return in
}

// deed does something that anybody might, and may be refused.
func (l *life) deed(t *testing.T, by incident.Actor) {
	t.Helper()
	ctx := t.Context()
	n := incident.Number(1 + l.pick.IntN(40))
	before, _ := l.Incident(ctx, by, n)
	var err error
	switch l.pick.IntN(15) {
	case 0, 1, 2, 3:
		_, err = l.FileAll(ctx, by, []*incident.Incident{l.draft(), l.draft()})
		if err != nil {
			t.Logf("filing is refused: %v", err)
		}
		return
	case 4:
		l.day.Add(int64(l.pick.IntN(40)))
		return
	case 5:
		err = l.AddUpInsights(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return
	case 6:
		_, err = l.Change(ctx, by, n, 0, func(in *incident.Incident) error { in.Severity = some(l, incident.SEV1, incident.SEV3); return nil })
	case 7:
		_, err = l.Change(ctx, by, n, 0, func(in *incident.Incident) error {
			in.Visibility = some(l, incident.VisiblePrivate, incident.VisibleInternal)
			return nil
		})
	case 8:
		at := incident.Exactly(l.now().AddDate(0, -l.pick.IntN(9), 0), "Asia/Kolkata", incident.Minute)
		_, err = l.Change(ctx, by, n, 0, func(in *incident.Incident) error { in.Milestones.Started = &at; return nil })
	case 9:
		_, err = l.Move(ctx, by, n, 0, incident.StatusMove{To: some(l, incident.Resolved, incident.Investigating), Reason: "So.", Resolution: some(l, "", incident.FalseAlarm)})
	case 10:
		part := some[incident.Part](l, &incident.Impact{Component: "API"}, &incident.Action{Title: "Do", Kind: incident.Detect, State: some(l, incident.Open, incident.Done)},
			&incident.Factor{Text: "It", Category: "process"}, &incident.Message{Channel: incident.Blog, Audience: incident.AudiencePublic, Body: "So.", At: on(l.now())})
		_, err = l.Append(ctx, by, n, []incident.Part{part})
	case 11, 12:
		if before != nil && len(before.Actions) > 0 {
			a := before.Actions[l.pick.IntN(len(before.Actions))]
			_, err = l.ChangePart(ctx, by, n, incident.Actions, a.ID, 0, func(p incident.Part) error {
				p.(*incident.Action).State = some(l, incident.Done, incident.Open)
				p.(*incident.Action).Audience = some(l, a.Audience, incident.AudienceInternal)
				return nil
			})
		}
	case 14:
		l.deploy(t, by)
		return
	case 13:
		if l.pick.IntN(4) == 0 {
			err = l.Archive(ctx, by, n, 0)
		}
	}
	if err == nil && before != nil {
		l.note(must(l.Incident(ctx, by, n)), before)
	}
}

// deploy tells of a deployment.
func (l *life) deploy(t *testing.T, by incident.Actor) {
	t.Helper()
	at := l.now().AddDate(0, -l.pick.IntN(20), -l.pick.IntN(3))
	must(l.AddDeployment(t.Context(), by, incident.Deployment{
		Component: some(l, "Billing", "billing", "API", "Search"), Version: "1", At: on(at), State: some(l, incident.Succeeded, incident.Succeeded, incident.Failed),
	}))
}

func on(at time.Time) *incident.Moment {
	m := incident.Exactly(at, "UTC", incident.Minute)
	return &m
}

// note remembers when follow-ups were written and became done. Of those that were private nobody counts the time before.
func (l *life) note(after, before *incident.Incident) {
	was := map[string]incident.Action{}
	for _, a := range before.Actions {
		was[a.ID] = a
	}
	today := l.now().Format(time.DateOnly)
	for _, a := range after.Actions {
		key := fmt.Sprint(after.Number, a.ID)
		old, had := was[a.ID]
		added, done, _ := strings.Cut(l.done[key], " ")
		switch {
		case !had || old.Audience == incident.AudiencePrivate && a.Audience != incident.AudiencePrivate:
			added, done = today, ""
		case added == "":
			added = before.CreatedAt.Format(time.DateOnly)
		}
		switch {
		case a.State != incident.Done:
			done = ""
		case had && old.State != incident.Done && old.Audience != incident.AudiencePrivate:
			done = today
		}
		l.done[key] = added + " " + done
	}
}

// agree compares what by is told with a plain recount of what by may read.
func (l *life) agree(t *testing.T, when string, by incident.Actor) (told int64) {
	t.Helper()
	records, deployed := l.visible(t, by), l.deployments(t, by)
	for _, f := range []store.InsightFilter{
		{}, {From: "2013-07", To: "2013-07"}, {From: "2013-01", To: "2014-12", Severity: "sev1"}, {From: "1990-01", To: "2014-12", Component: "BILLING"},
		{From: "1990-02", To: "2014-12"}, {Kind: incident.NearMiss, From: "2013-01"}, {Kind: incident.Maintenance, From: "1980-01", To: "2015-12", Severity: "sev3", Component: "api"},
	} {
		got := must(l.Insights(t.Context(), by, f))
		f.Kind = got.Kind
		c := recount{from: must(time.Parse("2006-01", got.From)), to: must(time.Parse("2006-01", got.To)).AddDate(0, 1, 0), f: f, done: l.done, now: l.now(), deployed: deployed}
		want, is := c.lines(t, records), linesOf(got, c.monthsBetween() <= 13)
		for i := range max(len(want), len(is)) {
			if i >= len(want) || i >= len(is) || is[i] != want[i] {
				t.Fatalf("%s, %s is told of %+v\n%s\nand the records say\n%s", when, by.Name, f, strings.Join(is[min(i, len(is)):min(i+3, len(is))], "\n"), strings.Join(want[min(i, len(want)):min(i+3, len(want))], "\n"))
			}
		}
		if told += got.Incidents.N; got.Incomplete {
			t.Errorf("%s, the figures are incomplete", when)
		}
	}
	return told
}

func TestInsightsAreWhatAPlainRecountOfTheRecordsGives(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		l := newLife(t, seed)
		people := []incident.Actor{storetest.Person(t, l.Store, "Ada", incident.Admin), storetest.Person(t, l.Store, "Bob", incident.Admin), storetest.Person(t, l.Store, "Carol", incident.Viewer)}
		told := int64(0)
		for i := range 120 {
			l.deed(t, people[l.pick.IntN(2)])
			if i%15 == 14 {
				for _, by := range people {
					told += l.agree(t, fmt.Sprintf("seed %d, after %d deeds", seed, i+1), by)
				}
			}
		}
		if err := l.AddUpInsights(t.Context()); err != nil {
			t.Fatal(err)
		}
		if left := ask[int](t, l.url, `select count(*) from fact_marks`); left != 0 {
			t.Errorf("after adding up %d marks are left", left)
		}
		for _, by := range people {
			told += l.agree(t, "added up", by)
		}
		wantTrue(t, l.Store)
		if told < 300 {
			t.Errorf("only %d incidents were counted in all: this test is not looking", told)
		}
	}
}

func TestPrivateIncidentsAreInNobodyElsesInsights(t *testing.T) {
	t.Parallel()
	l := newLife(t, 1)
	ada, bob := storetest.Person(t, l.Store, "Ada", incident.Admin), storetest.Person(t, l.Store, "Bob", incident.Admin)
	in := incidenttest.Fill(func(string) string { return "canary" })
	in.Visibility, in.Related, in.RecurrenceOf, in.Actions[0].AlsoFor = incident.VisiblePrivate, nil, nil, nil
	secret := incidenttest.Fill(func(string) string { return "canary" })
	secret.Related, secret.RecurrenceOf, secret.Actions[0].AlsoFor, secret.Title = nil, nil, nil, "An open one"
	incidenttest.SetAudience(secret, incident.AudiencePrivate)
	must(l.FileAll(t.Context(), ada, []*incident.Incident{in, secret}))
	for range 2 {
		f := store.InsightFilter{From: "2013-07", To: "2013-07"}
		his, hers := must(l.Insights(t.Context(), bob, f)), must(l.Insights(t.Context(), ada, f))
		if his.Incidents.N != 1 || strings.Contains(fmt.Sprintf("%+v", his), "canary") {
			t.Errorf("he who is not named is told %+v", his)
		}
		if hers.Incidents.N != 2 || len(hers.Components) != 1 || hers.FollowUps.All.Open != 1 {
			t.Errorf("she who is named is told %+v", hers)
		}
		f.Component = "canary"
		if n := must(l.Insights(t.Context(), bob, f)).Incidents.N; n != 0 {
			t.Errorf("of the private component he is told %d incidents", n)
		}
		if err := l.AddUpInsights(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := ask[int](t, l.url, `select count(*) from sheets where position('canary'::bytea in sheet) > 0 or component = 'canary'`); n != 0 {
			t.Errorf("%d sheets name what is private", n)
		}
	}
}

func TestTenWritersBesideTheChoreKeepInsightsExact(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := storetest.Person(t, s, "Ada", incident.Admin)
	for _, err := range race(12, func(i int) error {
		for range 15 {
			if i >= 10 {
				if err := s.AddUpInsights(t.Context()); err != nil {
					return err
				}
				continue
			}
			in, err := s.File(t.Context(), by, titled("One of many"))
			if err != nil {
				return err
			}
			if _, err := s.Change(t.Context(), by, in.Number, 0, func(in *incident.Incident) error { in.Severity = incident.SEV2; return nil }); err != nil {
				return err
			}
		}
		return nil
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	for range 2 {
		got := must(s.Insights(t.Context(), by, store.InsightFilter{}))
		if n := got.Curve[11].Severities["sev2"]; got.Incidents.N != 150 || n != 150 {
			t.Errorf("of 150 incidents of sev2 insights tell %d and %d", got.Incidents.N, n)
		}
		wantTrue(t, s)
		if err := s.AddUpInsights(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func TestIncidentsFromBeforeFactsWereKeptAreCounted(t *testing.T) {
	t.Parallel()
	l := newLife(t, 2)
	ada := storetest.Person(t, l.Store, "Ada", incident.Admin)
	for range 30 {
		_, _ = l.File(t.Context(), ada, l.draft())
	}
	goDown(t, l.url, 25)
	if err := store.Migrate(context.Background(), l.url); err != nil {
		t.Fatal(err)
	}
	if !must(l.Insights(t.Context(), ada, store.InsightFilter{})).Incomplete {
		t.Error("nothing says that facts are still to be made")
	}
	must(l.Change(t.Context(), ada, 1, 0, func(in *incident.Incident) error { in.Severity = incident.SEV4; return nil }))
	wantTrue(t, l.Store)
	for range 2 {
		if err := l.AddUpInsights(t.Context()); err != nil {
			t.Fatal(err)
		}
		l.agree(t, "after the migration", ada)
	}
	wantTrue(t, l.Store)
}

func TestVerifyFindsInsightsThatWereChanged(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, statement, found string }{
		{"facts of an incident", `update facts set body = jsonb_set(body, '{severity}', '"sev1"')`, "not what the record says"},
		{"the month of it", `update facts set month = 200001`, "not what the record says"},
		{"who may know", `update facts set reader = 'bob'`, "not kept for those who may know"},
		{"facts that are gone", `delete from facts`, "not kept for those who may know"},
		{"a sheet", `update sheets s set sheet = (select sheet from sheets o where o.severity <> s.severity limit 1)`, "not what the incidents add up to"},
		{"values", `update sheets set "values" = ''`, "not what the incidents add up to"},
		{"sheets that are gone", `delete from sheets where period > 9999`, "lack"},
		{"the year", `delete from sheets where period < 9999`, "lack"},
	} {
		l := newLife(t, 3)
		ada := storetest.Person(t, l.Store, "Ada", incident.Admin)
		in := titled("One")
		in.Milestones.Started, in.Milestones.Detected = on(l.now()), on(l.now().Add(time.Hour))
		must(l.FileAll(t.Context(), ada, []*incident.Incident{in, {Heading: incident.Heading{Title: "Another", Severity: incident.SEV2}}}))
		if err := l.AddUpInsights(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantTrue(t, l.Store)
		execute(t, l.url, tt.statement)
		if r := must(l.Verify(t.Context())); !strings.Contains(fmt.Sprint(r.Findings), tt.found) {
			t.Errorf("%s: Verify finds %v, want %q", tt.name, r.Findings, tt.found)
		}
	}
}
