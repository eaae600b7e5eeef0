package api_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// visitWebhooks does everything with a webhook.
func visitWebhooks(t *testing.T, h *house, ada *person) {
	t.Helper()
	ctx := t.Context()
	must := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	made, err := ada.AddWebhook(ctx, incident.Webhook{URL: "https://hooks.example.com/x", Events: []incident.WebhookEvent{"incident.filed"}})
	if err != nil || !strings.HasPrefix(made.Secret, "whsec_") || made.ID == "" {
		t.Fatalf("AddWebhook = %+v, %v", made, err)
	}
	if all, err := ada.Webhooks(ctx); err != nil || len(all) != 1 || all[0].URL != made.URL {
		t.Errorf("Webhooks = %+v, %v", all, err)
	}
	changed, err := ada.ChangeWebhook(ctx, made.ID, made.Revision, map[string]any{"description": "the bot", "events": nil})
	if err != nil || changed.Description != "the bot" || len(changed.Events) != 0 {
		t.Errorf("ChangeWebhook = %+v, %v", changed, err)
	}
	rotated, err := ada.RotateWebhook(ctx, made.ID, false)
	if err != nil || rotated.Secret == made.Secret || rotated.OldSecretUntil == nil {
		t.Errorf("RotateWebhook = %+v, %v", rotated, err)
	}
	test, err := ada.TestWebhook(ctx, made.ID)
	if err != nil || test.Type != incident.EventTest {
		t.Errorf("TestWebhook = %+v, %v", test, err)
	}
	c, err := h.store.ClaimHook(ctx, time.Minute)
	must("ClaimHook", err)
	must("EndHook", h.store.EndHook(ctx, c, store.HookOutcome{State: store.Failed, Reason: "broke", Status: 500}))
	log, err := ada.WebhookDeliveries(ctx, made.ID, "failed", client.Paging{})
	if err != nil || len(log.Items) != 1 || log.Items[0].Status != 500 {
		t.Errorf("WebhookDeliveries = %+v, %v", log, err)
	}
	from := test.Happened.Add(-time.Hour)
	if done, err := ada.Redeliver(ctx, made.ID, client.Redelivery{From: &from, State: "failed"}); err != nil || done != 1 {
		t.Errorf("Redeliver = %d, %v", done, err)
	}
	if one, err := ada.Webhook(ctx, made.ID); err != nil || one.State != incident.WebhookActive {
		t.Errorf("Webhook = %+v, %v", one, err)
	}
	must("RemoveWebhook", ada.RemoveWebhook(ctx, made.ID))
}

func TestOnlyAdminsHaveToDoWithWebhooks(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada, bo := h.as("Ada", incident.Admin), h.as("Bo", incident.Reviewer)
	made, err := ada.AddWebhook(t.Context(), incident.Webhook{URL: "https://hooks.example.com/x"})
	if err != nil {
		t.Fatal(err)
	}
	_, errs := bo.Webhooks(t.Context())
	for what, err := range map[string]error{
		"list": errs, "remove": bo.RemoveWebhook(t.Context(), made.ID),
		"change": func() error { _, err := bo.ChangeWebhook(t.Context(), made.ID, 0, nil); return err }(),
		"test":   func() error { _, err := bo.TestWebhook(t.Context(), made.ID); return err }(),
		"log":    func() error { _, err := bo.WebhookDeliveries(t.Context(), made.ID, "", client.Paging{}); return err }(),
	} {
		if !errors.Is(err, incident.Forbidden) {
			t.Errorf("a reviewer may %s: %v", what, err)
		}
	}
}

func TestAWebhookThatMakesNoSenseIsRefusedWithThePlace(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada := h.as("Ada", incident.Admin)
	for _, tt := range []struct {
		url     string
		event   incident.WebhookEvent
		pointer string
	}{
		{"https://ada:secret@hooks.example.com/", "incident.filed", "/url"},
		{"http://hooks.example.com/", "incident.filed", "/url"},
		{"https://169.254.169.254/latest", "incident.filed", "/url"},
		{"https://hooks.example.com/", "incident.exploded", "/events/0"},
	} {
		_, err := ada.AddWebhook(t.Context(), incident.Webhook{URL: tt.url, Events: []incident.WebhookEvent{tt.event}})
		var refusal *incident.Error
		if !errors.As(err, &refusal) || refusal.Kind != incident.Invalid || refusal.Fields[tt.pointer] == "" || strings.Contains(err.Error(), "secret@") {
			t.Errorf("AddWebhook(%s, %s) = %v, want a refusal of %s", tt.url, tt.event, err, tt.pointer)
		}
	}
	made, err := ada.AddWebhook(t.Context(), incident.Webhook{URL: "https://hooks.example.com/"})
	if err != nil {
		t.Fatal(err)
	}
	for _, patch := range []map[string]any{{"id": "other"}, {"reason": "x"}, {"url": "x"}, {"state": "asleep"}, {"failing_since": "2026-01-01T00:00:00Z"}} {
		if _, err := ada.ChangeWebhook(t.Context(), made.ID, 0, patch); !errors.Is(err, incident.Invalid) {
			t.Errorf("ChangeWebhook(%v) = %v", patch, err)
		}
	}
	if _, err := ada.ChangeWebhook(t.Context(), made.ID, 7, map[string]any{"description": "x"}); !errors.Is(err, incident.Stale) {
		t.Errorf("ChangeWebhook of a revision that never was = %v", err)
	}
}
