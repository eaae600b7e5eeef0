package store_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestADeliveryThatNobodyAnswersForIsNeverSentAgainByItself(t *testing.T) {
	t.Parallel()
	s, _, now := telling(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	subscribed(t, s, mailbox("bob@example.com"))
	in := sentOutage(t, s, ada)
	n, message := in.Number, in.Messages[0].ID
	d := claim(t, s, true)
	*now = now.Add(time.Minute - time.Second)
	if lapsed := must(s.Lapse(ctx)); lapsed != 0 {
		t.Errorf("%d lapsed while somebody answers for them", lapsed)
	}
	*now = now.Add(2 * time.Second)
	if lapsed := must(s.Lapse(ctx)); lapsed != 1 {
		t.Errorf("%d lapsed, want 1", lapsed)
	}
	if again := claim(t, s, true); again != nil {
		t.Fatalf("it is sent again: %+v", again)
	}
	page := must(s.DeliveriesPage(ctx, ada, n, message, store.DeliveryFilter{}))
	if len(page.Items) != 1 || page.Items[0].State != store.Unknown || page.Items[0].Address != "bob@example.com" {
		t.Fatalf("deliveries are %+v, want one that is unknown", page.Items)
	}
	if u := must(s.Undecided(ctx, ada)); len(u) != 1 || u[0] != (store.Undecided{Incident: n, Message: message, Count: 1}) {
		t.Errorf("Undecided = %+v", u)
	}
	id := page.Items[0].ID
	_, err := s.Decide(ctx, storetest.Person(t, s, "Eve", incident.Reviewer), n, message, store.Decision{Again: true, IDs: []int64{id}})
	refused(t, "Decide by a reviewer", err, incident.Forbidden)
	if done := must(s.Decide(ctx, ada, n, message, store.Decision{Again: true, IDs: []int64{id, 99}})); done != 1 {
		t.Errorf("Decide = %d, want the one", done)
	}
	second := claim(t, s, true)
	if second == nil || second.Tries != 2 {
		t.Fatalf("after a person said so what is due is %+v", second)
	}
	ok(t, "End by the first worker", s.End(ctx, d, store.Outcome{State: store.Delivered}))
	*now = now.Add(2 * time.Minute)
	must(s.Lapse(ctx))
	if done := must(s.Decide(ctx, ada, n, message, store.Decision{IDs: []int64{id}})); done != 1 {
		t.Errorf("Decide to leave = %d", done)
	}
	if tallies := must(s.DeliveryTallies(ctx, ada, n, message)); len(tallies) != 1 || tallies[0] != (store.DeliveryTally{State: store.Left, Count: 1}) {
		t.Errorf("DeliveryTallies = %+v, want one that was left", tallies)
	}
	if report := must(s.Verify(ctx)); len(report.Findings) != 0 {
		t.Errorf("Verify finds %v", report.Findings)
	}
}

func TestTheWorkerThatWasThoughtDeadStillKnowsHowItWent(t *testing.T) {
	t.Parallel()
	s, _, now := telling(t)
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	subscribed(t, s, mailbox("bob@example.com"))
	in := sentOutage(t, s, ada)
	d := claim(t, s, true)
	*now = now.Add(time.Hour)
	must(s.Lapse(t.Context()))
	ok(t, "End", s.End(t.Context(), d, store.Outcome{State: store.Delivered}))
	if tallies := must(s.DeliveryTallies(t.Context(), ada, in.Number, in.Messages[0].ID)); len(tallies) != 1 || tallies[0].State != store.Delivered {
		t.Errorf("DeliveryTallies = %+v, want it delivered", tallies)
	}
}

// River may find what our statement wrote as if River had written it.
func TestOurJobIsTheOneThatRiverWouldInsert(t *testing.T) {
	t.Parallel()
	s, url, _ := telling(t)
	ok(t, "Subscribe", s.Subscribe(t.Context(), mailbox("bob@example.com"), somewhere))
	jobs := must(s.Jobs(river.Config{}))
	must(jobs.Insert(t.Context(), store.Deliver{Mail: true}, &river.InsertOpts{Queue: store.MailQueue}))
	rows := ask[[]string](t, url, `
		select array_agg((to_jsonb(j) - '{id,created_at,scheduled_at}'::text[])::text order by id) from river_job j`)
	if len(rows) != 2 || rows[0] != rows[1] {
		t.Errorf("our job and River's differ:\n%s", strings.Join(rows, "\n"))
	}
}

func TestAMessageToTenThousandSubscribersIsQueuedAtOnce(t *testing.T) {
	t.Parallel()
	s, url, _ := telling(t)
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	execute(t, url, `
		insert into subscribers (kind, address, folded, state, components, wanted, asked_at, confirmed_at)
		select 'email', a, a, 'active', '{}', '{}', now(), now() from (select 's' || g || '@example.com' as a from generate_series(1, 10000) g) x`)
	in := must(s.File(t.Context(), ada, outage()))
	start := time.Now()
	must(s.Send(t.Context(), ada, in.Number, in.Messages[0].ID, 0))
	t.Logf("10000 deliveries were queued in %s", time.Since(start))
	if queued := ask[int](t, url, `select count(*)::integer from deliveries where state = 'queued'`); queued != 10000 {
		t.Errorf("%d are queued, want 10000", queued)
	}
	if jobs := ask[int](t, url, `select count(*)::integer from river_job`); jobs != 1 {
		t.Errorf("%d jobs were asked for, want 1", jobs)
	}
}

// A statement of the queue that fails must leave nothing, and a message that was not sent tells nobody.
func TestNothingIsQueuedWhenSendingIsRefused(t *testing.T) {
	t.Parallel()
	s, url, _ := telling(t)
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	subscribed(t, s, mailbox("bob@example.com"))
	in := sentOutage(t, s, ada)
	_, err := s.Send(t.Context(), ada, in.Number, in.Messages[0].ID, 0)
	refused(t, "Send twice", err, incident.Conflict)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	draft := must(s.File(t.Context(), ada, outage()))
	if _, err := s.Send(gone, ada, draft.Number, draft.Messages[0].ID, 0); err == nil {
		t.Error("Send for a caller who has gone is told to be done")
	}
	must(s.Change(t.Context(), ada, draft.Number, 0, func(in *incident.Incident) error {
		in.Messages[0].State = incident.Sent // which editing never does
		return nil
	}))
	if queued := ask[int](t, url, `select count(*)::integer from deliveries where incident is not null`); queued != 1 {
		t.Errorf("%d deliveries are queued, want that of the one message sent", queued)
	}
}
