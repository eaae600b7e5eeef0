package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// A worker that came too late for a delivery made the webhook count as busy, until a lease of minutes was over.
func TestAWebhookThatNobodyCallsIsNotBusy(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	hooked(t, s, ada)
	must(s.File(ctx, ada, outage()))
	must(s.File(ctx, ada, outage()))
	late, gate := must(pgx.Connect(ctx, url)), must(pgx.Connect(ctx, url))
	defer func() { _, _ = late.Close(ctx), gate.Close(ctx) }() // the database goes with the test
	must(gate.Exec(ctx, `select pg_advisory_lock(1)`))
	came := make(chan error)
	go func() { // it has seen what is due, and goes on when another worker is done with that
		const due = "where  w.state = 'active'"
		_, err := late.Exec(ctx, strings.Replace(store.Statements()["claimHook"], due, due+" and (select pg_advisory_lock(1)) is not null", 1),
			time.Now(), "late", time.Now().Add(time.Hour))
		came <- err
	}()
	for waits := false; !waits; {
		ok(t, "look for who waits", gate.QueryRow(ctx, `
			select exists (
				select from pg_locks l join pg_database d on d.oid = l.database
				where  d.datname = current_database() and l.locktype = 'advisory' and not l.granted)`).Scan(&waits))
	}
	ok(t, "EndHook", s.EndHook(ctx, call(t, s), store.HookOutcome{State: store.Delivered}))
	must(gate.Exec(ctx, `select pg_advisory_unlock(1)`))
	ok(t, "a claim that comes late", <-came)
	if c := call(t, s); c == nil {
		t.Error("nobody calls the webhook, an event is due, and it is not given out")
	}
}
