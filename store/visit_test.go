package store_test

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestVisitorsSeeEachOtherFromEveryProcess(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	here, there := storetest.Open(t, url), storetest.Open(t, url)
	ada, bo := storetest.Person(t, here, "Ada", incident.Responder), storetest.Person(t, here, "Bo", incident.Viewer)
	in := must(here.File(t.Context(), ada, titled("Looked at"))).Number
	a := must(here.Visit(t.Context(), ada, in))
	if others := must(a.Others(t.Context())); len(others) != 0 {
		t.Errorf("Ada alone sees %v", others)
	}
	w := here.WatchIncident(in)
	defer w.Close()
	quiet(w)
	b, again := must(there.Visit(t.Context(), bo, in)), must(there.Visit(t.Context(), bo, in))
	wantWoken(t, "when Bo comes", w)
	if others := must(a.Others(t.Context())); !slices.Equal(others, []string{"Bo"}) {
		t.Errorf("with Bo, who has it open twice, Ada sees %v", others)
	}
	if others := must(b.Others(t.Context())); !slices.Equal(others, []string{"Ada"}) {
		t.Errorf("Bo sees %v", others)
	}
	quiet(w)
	if err := b.Leave(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantWoken(t, "when Bo goes", w)
	if others := must(a.Others(t.Context())); !slices.Equal(others, []string{"Bo"}) {
		t.Errorf("Bo has it open still, Ada sees %v", others)
	}
	if err := again.Leave(t.Context()); err != nil {
		t.Fatal(err)
	}
	if others := must(a.Others(t.Context())); len(others) != 0 {
		t.Errorf("after Bo went, Ada sees %v", others)
	}
}

func TestWhoGivesNoSignHasGone(t *testing.T) {
	t.Parallel()
	var now atomic.Int64
	s := must(store.Open(t.Context(), store.Options{URL: storetest.URL(t), Key: storetest.Key, Now: func() time.Time {
		return time.Date(2026, 1, 1, 10, 0, int(now.Load()), 0, time.UTC)
	}}))
	t.Cleanup(s.Close)
	ada, bo := storetest.Person(t, s, "Ada", incident.Responder), storetest.Person(t, s, "Bo", incident.Viewer)
	in := must(s.File(t.Context(), ada, titled("Left in a hurry"))).Number
	a, b := must(s.Visit(t.Context(), ada, in)), must(s.Visit(t.Context(), bo, in))
	sees := func(second int64, want int) {
		t.Helper()
		now.Store(second)
		if others := must(a.Others(t.Context())); len(others) != want {
			t.Errorf("after %d seconds Ada sees %v, want %d", second, others, want)
		}
	}
	sees(30, 1)
	if err := b.Stay(t.Context()); err != nil {
		t.Fatal(err)
	}
	sees(60, 1)
	sees(120, 0)
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestAPrivateIncidentHidesItsVisitors(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada, bo, cy := storetest.Person(t, s, "Ada", incident.Responder), storetest.Person(t, s, "Bo", incident.Admin), storetest.Person(t, s, "Cy", incident.Viewer)
	secret := titled("Secret")
	secret.Visibility, secret.People = incident.VisiblePrivate, []incident.Person{{Role: "author", Name: "Ada"}, {Role: "scribe", Name: "Cy"}}
	in := must(s.File(t.Context(), ada, secret)).Number
	a, b, c := must(s.Visit(t.Context(), ada, in)), must(s.Visit(t.Context(), bo, in)), must(s.Visit(t.Context(), cy, in))
	if others := must(a.Others(t.Context())); !slices.Equal(others, []string{"Cy"}) {
		t.Errorf("Ada sees %v, want Cy alone: Bo may not know of it", others)
	}
	if others := must(b.Others(t.Context())); len(others) != 0 {
		t.Errorf("Bo, who may not know of it, sees %v", others)
	}
	must(s.Change(t.Context(), ada, in, 0, func(in *incident.Incident) error {
		in.People = in.People[:1]
		return nil
	}))
	if others := must(c.Others(t.Context())); len(others) != 0 {
		t.Errorf("Cy, who was taken off, sees %v", others)
	}
	if others := must(a.Others(t.Context())); len(others) != 0 {
		t.Errorf("Ada sees %v, who was taken off", others)
	}
}
