package store_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestViewsAreKeptAndForgotten(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	ada, bob := storetest.Person(t, s, "Ada", incident.Reviewer), storetest.Person(t, s, "Bob", incident.Viewer)
	shared := must(s.KeepView(ctx, ada, store.View{Name: "Worst", Query: "severity=sev1", Shared: true}))
	own := must(s.KeepView(ctx, bob, store.View{Name: " Worst ", Query: "q=x"}))
	must(s.KeepView(ctx, ada, store.View{Name: "Adas", Query: "q=y"}))
	if got := fmt.Sprint(must(s.Views(ctx, bob))); got != fmt.Sprint([]store.View{shared, own}) {
		t.Errorf("Bob's views are %s, want the shared one and his", got)
	}
	for name, refused := range map[string]error{
		"somebody without a role": incident.SignIn, "a viewer for everybody": incident.Forbidden, "a name that is taken": incident.Conflict,
		"no name": incident.Invalid, "no query": incident.Invalid,
	} {
		by, v := ada, store.View{Name: "Another", Query: "q=z", Shared: true}
		switch name {
		case "somebody without a role":
			by = incident.Actor{}
		case "a viewer for everybody":
			by = bob
		case "a name that is taken":
			v.Name = "WORST"
		case "no name":
			v.Name = " "
		case "no query":
			v.Query = ""
		}
		if _, err := s.KeepView(ctx, by, v); !errors.Is(err, refused) {
			t.Errorf("KeepView of %s = %v, want %v", name, err, refused)
		}
	}
	if err := s.DropView(ctx, bob, shared.ID); !errors.Is(err, incident.Forbidden) {
		t.Errorf("a viewer forgets a shared view: %v", err)
	}
	if err := s.DropView(ctx, ada, own.ID); !errors.Is(err, incident.NotFound) {
		t.Errorf("somebody else's view is %v, want NotFound", err)
	}
	if err := errors.Join(s.DropView(ctx, ada, shared.ID), s.DropView(ctx, bob, own.ID)); err != nil {
		t.Error(err)
	}
	wantTrue(t, s)
}

func TestViewsAreFew(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Viewer)
	for i := range 50 {
		must(s.KeepView(t.Context(), ada, store.View{Name: fmt.Sprint("View ", i), Query: "q=x"}))
	}
	if _, err := s.KeepView(t.Context(), ada, store.View{Name: "One more", Query: "q=x"}); !errors.Is(err, incident.Conflict) {
		t.Errorf("view 51 is kept: %v", err)
	}
}
