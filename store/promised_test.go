package store_test

import (
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestListsAwaitWhatTheRecordAwaits(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	clock := func(hour int) *incident.Moment {
		m := incident.Exactly(time.Date(2026, 3, 2, hour, 0, 0, 0, time.UTC), "UTC", incident.Minute)
		return &m
	}
	var numbers []incident.Number
	want := map[incident.Number]*incident.Moment{}
	for _, then := range []*incident.Message{nil, {}, {Corrects: "first"}, {Corrects: "first", NextUpdateAt: clock(14)}} {
		in := must(s.File(t.Context(), ada, titled("Cards are charged twice")))
		first := &incident.Message{Audience: incident.AudiencePublic, State: incident.Recorded, Channel: incident.StatusPage, Body: "We look.", At: clock(10), NextUpdateAt: clock(11)}
		said := must(s.Append(t.Context(), ada, in.Number, []incident.Part{first}))
		if then != nil {
			then.Audience, then.State, then.Channel, then.Body, then.At = first.Audience, first.State, first.Channel, "We see.", clock(12)
			if then.Corrects != "" {
				then.Corrects = said[0].Head().ID
			}
			must(s.Append(t.Context(), ada, in.Number, []incident.Part{then}))
		}
		numbers = append(numbers, in.Number)
		if due := must(s.Incident(t.Context(), ada, in.Number)).Awaited(); due != nil {
			want[in.Number] = due
		}
	}
	if len(want) != 3 {
		t.Fatalf("%d records await something, want all but the one that was answered", len(want))
	}
	wantSame(t, "Awaited", must(s.Awaited(t.Context(), ada, numbers)), want)
}
