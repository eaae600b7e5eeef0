package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestOddWebhooksAreRefused(t *testing.T) {
	t.Parallel()
	s, _, _ := telling(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	for _, tt := range []struct{ address, pointer string }{
		{"", "/url"}, {"http://example.com/", "/url"}, {"https://ada:secret@example.com/", "/url"}, {"https://10.0.0.1/", "/url"}, {"https://localhost/", "/url"},
		{"https://example.com:25/", "/url"}, {"ftp://example.com/", "/url"}, {"https://example.com/" + strings.Repeat("x", 2000), "/url"}, {"https://example.com/\r\nX: y", "/url"},
	} {
		_, _, err := s.AddWebhook(ctx, ada, incident.Webhook{URL: tt.address})
		var refusal *incident.Error
		if !errors.As(err, &refusal) || refusal.Kind != incident.Invalid || refusal.Fields[tt.pointer] == "" {
			t.Errorf("AddWebhook(%.40q) = %v", tt.address, err)
		}
	}
	_, _, err := s.AddWebhook(ctx, ada, incident.Webhook{URL: receiver, Events: []incident.WebhookEvent{"incident.exploded"}})
	refused(t, "AddWebhook with an event that there is not", err, incident.Invalid)
	_, _, err = s.AddWebhook(ctx, ada, incident.Webhook{URL: receiver, State: "asleep"})
	refused(t, "AddWebhook in a state that there is not", err, incident.Invalid)
	bob := storetest.Person(t, s, "Bob", incident.Reviewer)
	_, err = s.Webhooks(ctx, bob)
	refused(t, "Webhooks by a reviewer", err, incident.Forbidden)
	_, err = s.WebhookDeliveries(ctx, bob, "aaaaaaaaaaaa", store.WebhookFilter{})
	refused(t, "WebhookDeliveries by a reviewer", err, incident.Forbidden)
	_, err = s.Webhook(ctx, ada, "nonsense")
	refused(t, "Webhook that there is not", err, incident.NotFound)
	refused(t, "RemoveWebhook that there is not", s.RemoveWebhook(ctx, ada, "nonsense"), incident.NotFound)
	w, _ := hooked(t, s, ada)
	_, err = s.ChangeWebhook(ctx, ada, w.ID, 7, func(*incident.Webhook) error { return nil })
	refused(t, "ChangeWebhook at another revision", err, incident.Stale)
	_, err = s.Redeliver(ctx, ada, w.ID, store.Redelivery{})
	refused(t, "Redeliver of nothing", err, incident.Invalid)
	if all := must(s.Webhooks(ctx, ada)); len(all) != 1 || all[0].URL != receiver {
		t.Errorf("the webhooks are %+v", all)
	}
}

func TestOneMoreThanAHundredWebhooksIsRefused(t *testing.T) {
	t.Parallel()
	s, _, _ := telling(t)
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	for range 100 {
		hooked(t, s, ada)
	}
	for range 3 {
		_, _, err := s.AddWebhook(t.Context(), ada, incident.Webhook{URL: receiver})
		refused(t, "AddWebhook beyond the hundredth", err, incident.Conflict)
	}
	must(s.File(t.Context(), ada, outage()))
	if got := calls(t, s); len(got) != 100 {
		t.Errorf("%d of a hundred are told", len(got))
	}
}

func TestWhatWentOutIsSentAgainWhenSomebodyAsks(t *testing.T) {
	t.Parallel()
	s, _, now := telling(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	w, _ := hooked(t, s, ada)
	began := *now
	for range 3 {
		must(s.File(ctx, ada, outage()))
		*now = now.Add(time.Hour)
	}
	calls(t, s)
	test := must(s.TestWebhook(ctx, ada, w.ID))
	if test.Type != incident.EventTest || test.State != "queued" || test.Incident != 0 {
		t.Errorf("TestWebhook = %+v", test)
	}
	c := call(t, s)
	ok(t, "EndHook", s.EndHook(ctx, c, store.HookOutcome{State: store.Failed, Status: 500, Reason: "broke", Request: "{}", Answer: "no\x00\nyes"}))
	log := logOf(t, s, ada, w.ID)
	if len(log) != 4 || log[0].Status != 500 || log[0].Answer != "no  yes" || log[0].EventID != test.EventID || log[0].Request != "{}" {
		t.Fatalf("the log is %+v", log)
	}
	if failed := must(s.WebhookDeliveries(ctx, ada, w.ID, store.WebhookFilter{State: store.Failed})); len(failed.Items) != 1 || failed.Items[0].ID != test.ID {
		t.Errorf("those that failed are %+v", failed.Items)
	}
	until := began.Add(2 * time.Hour)
	for _, tt := range []struct {
		name string
		r    store.Redelivery
		want int
	}{
		{"the one that failed, and one that is none", store.Redelivery{IDs: []int64{test.ID, 999}}, 1},
		{"those of a span that failed", store.Redelivery{From: &began, State: store.Failed}, 0},
		{"all of a span", store.Redelivery{From: &began, Until: &until}, 2},
	} {
		if done, err := s.Redeliver(ctx, ada, w.ID, tt.r); err != nil || done != tt.want {
			t.Errorf("Redeliver %s = %d, %v, want %d", tt.name, done, err, tt.want)
		}
	}
	if got := calls(t, s); !slices.Equal(got, []string{"incident.filed", "incident.filed", "webhook.test"}) {
		t.Errorf("what is sent again is %v", got)
	}
	first := must(s.WebhookDeliveries(ctx, ada, w.ID, store.WebhookFilter{Limit: 3}))
	second := must(s.WebhookDeliveries(ctx, ada, w.ID, store.WebhookFilter{Limit: 3, Cursor: first.Next}))
	if len(first.Items) != 3 || len(second.Items) != 1 || second.Next != "" {
		t.Errorf("the pages have %d and %d", len(first.Items), len(second.Items))
	}
	*now = now.Add(31 * 24 * time.Hour)
	ok(t, "Sweep", s.Sweep(ctx))
	if log := logOf(t, s, ada, w.ID); len(log) != 0 {
		t.Errorf("after a month the log has %d rows", len(log))
	}
}

func TestNoWriterFailsBecauseAWebhookIsRemoved(t *testing.T) {
	t.Parallel()
	s, _, _ := telling(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	in := must(s.File(ctx, ada, outage()))
	for _, err := range race(8, func(i int) error {
		for range 5 {
			if i%2 == 0 {
				if _, err := s.Append(ctx, ada, in.Number, []incident.Part{&incident.Entry{Text: "x", Kind: "action"}}); err != nil {
					return err
				}
				continue
			}
			w, _, err := s.AddWebhook(ctx, ada, incident.Webhook{URL: receiver})
			if err == nil {
				err = s.RemoveWebhook(ctx, ada, w.ID)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	if c := call(t, s); c != nil {
		t.Errorf("a webhook that was removed is sent %+v", c)
	}
}

// What is done for each write, each delivery and each minute costs the same however long the logs are.
func TestTheQueueOfWebhooksIsReadByItsIndexes(t *testing.T) {
	t.Parallel()
	conn := must(pgx.Connect(t.Context(), storetest.URL(t)))
	defer func() { _ = conn.Close(t.Context()) }() // the database goes with the test
	for _, statement := range []string{
		`insert into webhooks (id, revision, url, description, events, state, created_at)
		select 'aaaaaaaaaaa' || n, 1, 'x', '', '{}', 'active', now() from generate_series(0, 9) n`,
		`insert into webhook_deliveries (webhook, type, version, happened_at, state, due_at, at)
		select w.id, 'x', 1, now(), case when n > 1900 then 'queued' when n % 9 = 0 then 'failed' else 'delivered' end, now(), now() from webhooks w, generate_series(1, 2000) n`,
		`analyze`,
		`set plan_cache_mode = force_generic_plan`, `set enable_seqscan = off`, // unless there is no other way
	} {
		_ = must(conn.Exec(t.Context(), statement))
	}
	for _, tt := range []struct{ name, args, reads, never string }{
		{"queueHooks", `('[{"type": "incident.filed", "incident": 1, "version": 1}]', now())`, "incidents_pkey", "Seq Scan on incidents"},
		{"claimHook", `(now(), 'w', now())`, "webhook_deliveries_queued", "Seq Scan on webhook_deliveries"},
		{"lapseHooks", `(now())`, "webhook_deliveries_sending", "Seq Scan"},
		{"nextHook", ``, "webhook_deliveries_queued", "Seq Scan on webhook_deliveries"},
		{"dropOldHooks", `(now())`, "webhook_deliveries_pkey", "Seq Scan on"},
		{"redeliverSpan", `('a', now(), now(), '{failed}', 9, now())`, "webhook_deliveries_", "Seq Scan on webhook_deliveries"},
		{"redeliverThese", `('a', '{1}', now())`, "webhook_deliveries_", "Seq Scan on webhook_deliveries"},
		{"listHookDeliveries", `('a', 'failed', 9, 9)`, "webhook_deliveries_", "Seq Scan"},
	} {
		_ = must(conn.Exec(t.Context(), `deallocate all; prepare x as `+store.Statements()[tt.name]))
		rows, err := conn.Query(t.Context(), `explain (costs off) execute x`+tt.args, pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		plan := strings.Join(must(pgx.CollectRows(rows, pgx.RowTo[string])), "\n")
		if !strings.Contains(plan, tt.reads) || strings.Contains(plan, tt.never) {
			t.Errorf("%s%s does not read %s alone:\n%s", tt.name, tt.args, tt.reads, plan)
		}
	}
}
