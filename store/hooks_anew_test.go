package store_test

import (
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestAWebhookWithAnotherAddressBeginsAnew(t *testing.T) {
	t.Parallel()
	s, _, now := telling(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	w, _ := hooked(t, s, ada)
	must(s.File(ctx, ada, outage()))
	for range 9 { // one more would disable it, after five days
		c := call(t, s)
		ok(t, "EndHook", s.EndHook(ctx, c, store.HookOutcome{State: store.Queued, Reason: "there is nobody"}))
		*now = now.Add(time.Hour)
	}
	*now = now.Add(5 * 24 * time.Hour)
	c := call(t, s)
	ok(t, "EndHook", s.EndHook(ctx, c, store.HookOutcome{State: store.Cancelled}))
	must(s.Append(ctx, ada, 1, []incident.Part{&incident.Entry{Text: "Restarted.", Kind: "action"}}))
	must(s.ChangeWebhook(ctx, ada, w.ID, 0, func(w *incident.Webhook) error { w.Description = "bot"; return nil }))
	if w := must(s.Webhook(ctx, ada, w.ID)); w.FailingSince == nil {
		t.Error("another description ends that it is failing")
	}
	must(s.ChangeWebhook(ctx, ada, w.ID, 0, func(w *incident.Webhook) error { w.URL = "https://moved.example.com/"; return nil }))
	if w := must(s.Webhook(ctx, ada, w.ID)); w.FailingSince != nil {
		t.Errorf("with another address, to which nothing was sent yet, it is failing since %v", w.FailingSince)
	}
	ok(t, "EndHook", s.EndHook(ctx, call(t, s), store.HookOutcome{State: store.Queued, Reason: "it starts"}))
	if w := must(s.Webhook(ctx, ada, w.ID)); w.State != incident.WebhookActive {
		t.Errorf("the first try of another address that fails disables it: %s", w.Reason)
	}
}

func TestWhatNobodyIsSentAnyMoreDoesNotWait(t *testing.T) {
	t.Parallel()
	s, _, _ := telling(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	removed, _ := hooked(t, s, ada)
	hooked(t, s, ada)
	must(s.File(ctx, ada, outage()))
	if got := queueOf(t, s, ada, store.HookQueue).Deliveries; got != 2 {
		t.Fatalf("with two webhooks %d are to be delivered, want 2", got)
	}
	ok(t, "RemoveWebhook", s.RemoveWebhook(ctx, ada, removed.ID))
	if got := queueOf(t, s, ada, store.HookQueue).Deliveries; got != 1 {
		t.Errorf("after one webhook is removed %d are to be delivered, want 1", got)
	}
}
