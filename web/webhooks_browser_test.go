package web

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestWebhookPagesInABrowser(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	root := storetest.Person(t, in.store, "Root", incident.Admin)
	b.enters(in, "Root")
	b.look("webhooks-none", in.url+"/webhooks")
	b.do(chromedp.SetValue("#webhook-url", "https://hooks.example.com/services/T0C5Q9/debrief?team=payments"), chromedp.SetValue("#webhook-description", "the war room’s bot"),
		chromedp.Submit("#webhook-url"), chromedp.WaitVisible(".secret"))
	b.picture("webhook-secret.png")
	hooks, err := in.store.Webhooks(t.Context(), root)
	if err != nil || len(hooks) != 1 {
		t.Fatalf("Webhooks = %+v, %v", hooks, err)
	}
	for i, o := range []store.HookOutcome{
		{State: store.Delivered, Status: 204}, {State: store.Failed, Status: 500, Reason: "given up after 10 tries: the receiver answered 500 Internal Server Error", Answer: "<h1>Oops</h1>\nthe queue is full"},
		{State: store.Queued, Again: 5 * time.Minute, Reason: "the receiver did not answer: context deadline exceeded"},
	} {
		if _, err := in.store.File(t.Context(), root, &incident.Incident{Heading: incident.Heading{Title: fmt.Sprint("Outage ", i), Zone: "UTC"}}); err != nil {
			t.Fatal(err)
		}
		c, err := in.store.ClaimHook(t.Context(), time.Minute)
		if err != nil || c == nil {
			t.Fatalf("ClaimHook = %+v, %v", c, err)
		}
		o.Request = `{"type":"incident.filed","timestamp":"2026-11-25T15:59:19.557Z","data":{"incident":16,"name":"INC-16","version":1,"api_url":"https://debrief.example.com/api/v1/incidents/16","page_url":"https://debrief.example.com/incidents/16"}}`
		if err := in.store.EndHook(t.Context(), c, o); err != nil {
			t.Fatal(err)
		}
		if i == 1 { // it rests after that
			_, err = in.store.TestWebhook(t.Context(), root, hooks[0].ID)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	b.look("webhook", in.url+"/webhooks/"+hooks[0].ID)
	b.do(chromedp.Click(".lines summary"))
	b.picture("webhook-open.png")
	if _, err := in.store.ChangeWebhook(t.Context(), root, hooks[0].ID, 0, func(w *incident.Webhook) error {
		w.State, w.Events = incident.WebhookDisabled, []incident.WebhookEvent{"incident.filed", "incident.moved"}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	b.look("webhook-disabled", in.url+"/webhooks/"+hooks[0].ID)
	b.look("webhooks", in.url+"/webhooks")
}
