package store_test

import (
	"reflect"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestASilenceIsKeptWithItsReasonAndOnRecord(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx, ada := t.Context(), storetest.Person(t, s, "Ada", incident.Responder)
	in := titled("Quiet")
	in.Silenced = []incident.Silence{{Rule: "no_severity", Reason: "we have no levels"}}
	n := must(s.File(ctx, ada, in)).Number
	more := append(in.Silenced, incident.Silence{Rule: "secret", Key: "0123456789ab", Reason: "an example"})
	must(s.Change(ctx, ada, n, 0, func(in *incident.Incident) error { in.Silenced = more; return nil }))
	if got := must(s.Incident(ctx, ada, n)).Silenced; !reflect.DeepEqual(got, more) {
		t.Errorf("Silenced = %+v, want %+v", got, more)
	}
	if did := must(s.History(ctx, ada, n, 1, "")).Items[0].Changes; len(did) != 1 || did[0].Path != "/silenced" {
		t.Errorf("the change is on record as %+v, want one of /silenced", did)
	}
	_, err := s.Change(ctx, ada, n, 0, func(in *incident.Incident) error { in.Silenced[0].Reason = " "; return nil })
	refused(t, "a silence without a reason", err, incident.Invalid)
	must(s.Change(ctx, ada, n, 0, func(in *incident.Incident) error { in.Silenced = nil; return nil }))
	if got := must(s.Incident(ctx, ada, n)).Silenced; got != nil {
		t.Errorf("after taking them away Silenced = %+v", got)
	}
	wantTrue(t, s)
}

func TestAComponentIsNotNamedAfterACredential(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := must(store.Open(t.Context(), store.Options{URL: url, Key: storetest.Key}))
	t.Cleanup(s.Close)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	in := titled("Pasted into the wrong field")
	in.Impacts = []incident.Impact{{Component: "Billing"}, {Component: "password=hunter2hunter2"}}
	must(s.File(t.Context(), ada, in))
	if got := ask[int](t, url, `select count(*) from components`); got != 1 {
		t.Errorf("there are %d components, want Billing alone", got)
	}
}
