package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

const eventsOfWebhooks = `Each change of an incident that everybody signed in may know of is an event: an event is posted as
{"type", "timestamp", "data"}, and data says which incident, its version after that change, and where it can be read.
What is in it is read there, by who may. It is signed after the Standard Webhooks specification with the secret that is
shown once. Anything but 2xx is tried again, ten times within three days; 410 Gone disables the webhook, and so do five
days without success.`

// webhookTable is about the team's own webhooks.
func (a *API) webhookTable() []row {
	const all, one, log = "/webhooks", "/webhooks/{id}", "/webhooks/{id}/deliveries"
	return []row{
		operation[asking, list[incident.Webhook]]{id: "listWebhooks", method: http.MethodGet, path: all, summary: "List the team's webhooks", deed: incident.Administer, do: a.webhooks},
		operation[addingWebhook, webhookMade]{id: "addWebhook", method: http.MethodPost, path: all, summary: "Have events posted to an address", about: eventsOfWebhooks, deed: incident.Administer, do: a.addWebhook},
		operation[OfWebhook, webhook]{id: "getWebhook", method: http.MethodGet, path: one, summary: "Read a webhook", deed: incident.Administer, do: a.webhook},
		operation[changingWebhook, webhook]{id: "patchWebhook", method: http.MethodPatch, path: one, summary: "Change a webhook, disable it or enable it",
			about: mergePatchAbout + " What happens while it is disabled is not queued for it.", deed: incident.Administer, do: a.changeWebhook},
		operation[OfWebhook, nothing]{id: "removeWebhook", method: http.MethodDelete, path: one, summary: "Remove a webhook: nothing more is sent to it", deed: incident.Administer, do: a.removeWebhook},
		operation[rotatingWebhook, webhookMade]{id: "rotateWebhook", method: http.MethodPost, path: one + "/rotate", summary: "Give a webhook another secret",
			about: "For a day all is signed with both, unless at_once says otherwise.", deed: incident.Administer, do: a.rotateWebhook, adjust: answersOK},
		operation[testingWebhook, webhookDelivery]{id: "testWebhook", method: http.MethodPost, path: one + "/test", summary: "Send a test event, of the type webhook.test",
			about: "It is queued; the log tells how it went.", deed: incident.Administer, do: a.testWebhook, adjust: answersOK},
		operation[listingWebhookLog, list[incident.WebhookDelivery]]{id: "listWebhookDeliveries", method: http.MethodGet, path: log, summary: "What was sent to a webhook, and what it answered, newest first",
			about: "Kept for 30 days.", deed: incident.Administer, do: a.webhookLog},
		operation[redelivering, decided]{id: "redeliverWebhook", method: http.MethodPost, path: one + "/redeliver", summary: "Send deliveries again: one, or all of a span",
			about: "Those that failed or went well, at most 10,000 of a span, the oldest first. They keep the id of their event.", deed: incident.Administer, do: a.redeliver, adjust: answersOK},
	}
}

func (a *API) webhooks(ctx context.Context, by incident.Actor, _ *asking) (*list[incident.Webhook], error) {
	found, err := a.store.Webhooks(ctx, by)
	return all(ctx, found, err)
}

// OfWebhook is embedded by requests about one webhook.
type OfWebhook struct {
	ID string `path:"id" maxLength:"60"`
}

type webhook struct {
	ETag string `header:"ETag" doc:"The webhook's revision."`
	Body incident.Webhook
}

func webhookTag(w incident.Webhook) string { return fmt.Sprintf(`"%d"`, w.Revision) }

func answerWebhook(w incident.Webhook, err error) (*webhook, error) {
	if err != nil {
		return nil, err
	}
	return &webhook{webhookTag(w), w}, nil
}

func (a *API) webhook(ctx context.Context, by incident.Actor, req *OfWebhook) (*webhook, error) {
	return answerWebhook(a.store.Webhook(ctx, by, req.ID))
}

// NewWebhook is a webhook with its secret, which is shown this once.
type NewWebhook struct {
	incident.Webhook
	Secret string `json:"secret" doc:"What signatures are checked with. It is not shown again."`
}

type webhookMade struct {
	ETag         string `header:"ETag" doc:"The webhook's revision."`
	Location     string `header:"Location" doc:"Where the webhook stands."`
	CacheControl string `header:"Cache-Control"`
	Body         NewWebhook
}

func answerSecret(w incident.Webhook, secret string, err error) (*webhookMade, error) {
	if err != nil {
		return nil, err
	}
	return &webhookMade{webhookTag(w), "/api/v1/webhooks/" + w.ID, "no-store", NewWebhook{w, secret}}, nil
}

type addingWebhook struct{ Posts[incident.Webhook] }

func (a *API) addWebhook(ctx context.Context, by incident.Actor, req *addingWebhook) (*webhookMade, error) {
	return answerSecret(a.store.AddWebhook(ctx, by, req.Body.value))
}

// rotation says how a secret is rotated.
type rotation struct {
	AtOnce bool `json:"at_once" doc:"true ends the secret before it now, as when somebody else has seen it."`
}

type rotatingWebhook struct {
	OfWebhook
	Posts[rotation]
}

func (a *API) rotateWebhook(ctx context.Context, by incident.Actor, req *rotatingWebhook) (*webhookMade, error) {
	return answerSecret(a.store.RotateWebhook(ctx, by, req.ID, req.Body.value.AtOnce))
}

// webhookPatch changes what a person may.
type webhookPatch struct{ mergePatch[incident.Webhook] }

// Schema is a webhook's with every key optional.
func (webhookPatch) Schema(r huma.Registry) *huma.Schema {
	return named(r, "WebhookPatch", func() *huma.Schema {
		return patchOf(r, incident.Webhook{}, func(string) bool { return false })
	})
}

// settledOfWebhooks lists what a patch leaves as it is.
var settledOfWebhooks = []settled[incident.Webhook]{
	{"/id", "is assigned by Debrief: leave it out", func(w *incident.Webhook) any { return w.ID }},
	{"/revision", "is counted by Debrief: leave it out", func(w *incident.Webhook) any { return w.Revision }},
	{"/reason", "is Debrief's own: leave it out", func(w *incident.Webhook) any { return w.Reason }},
	{"/failing_since", "follows from the log: leave it out", func(w *incident.Webhook) any { return momentOf(w.FailingSince) }},
	{"/old_secret_until", "follows from the last rotation: leave it out", func(w *incident.Webhook) any { return momentOf(w.OldSecretUntil) }},
	{"/created_at", "is assigned by Debrief: leave it out", func(w *incident.Webhook) any { return w.CreatedAt.UTC() }},
}

// momentOf is an instant that can be compared, the zero one for nil.
func momentOf(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return at.UTC()
}

type changingWebhook struct {
	OfWebhook
	MustMatch
	Carries[webhookPatch]
}

func (a *API) changeWebhook(ctx context.Context, by incident.Actor, req *changingWebhook) (*webhook, error) {
	revision, err := req.ofPart()
	if err != nil {
		return nil, err
	}
	before, err := a.store.Webhook(ctx, by, req.ID)
	if err != nil {
		return nil, err
	}
	patch := req.Body.value
	said, err := patch.alone()
	if err != nil {
		return nil, err
	}
	if err := patch.refuse(settledOfWebhooks, &before, said); err != nil {
		return nil, err
	}
	return answerWebhook(a.store.ChangeWebhook(ctx, by, req.ID, revision, func(w *incident.Webhook) error {
		var after incident.Webhook
		if err := patch.patched(w, &after); err != nil {
			return err
		}
		*w = after
		return nil
	}))
}

func (a *API) removeWebhook(ctx context.Context, by incident.Actor, req *OfWebhook) (*nothing, error) {
	return done(a.store.RemoveWebhook(ctx, by, req.ID))
}

type testingWebhook struct {
	OfWebhook
	Key string `header:"Idempotency-Key" maxLength:"255" doc:"As for every POST."`
}

// once is the key and what it stands for: there is no body.
func (t *testingWebhook) once(from *request) (incident.Once, error) {
	return from.once(t.Key, func() []byte { return (&Carries[struct{}]{}).digest(from) })
}

type webhookDelivery struct{ Body incident.WebhookDelivery }

func (a *API) testWebhook(ctx context.Context, by incident.Actor, req *testingWebhook) (*webhookDelivery, error) {
	d, err := a.store.TestWebhook(ctx, by, req.ID)
	if err != nil {
		return nil, err
	}
	return &webhookDelivery{d}, nil
}

type listingWebhookLog struct {
	OfWebhook
	State store.DeliveryState `query:"state" enum:"queued,sending,delivered,failed,cancelled"`
	Paging
}

func (a *API) webhookLog(ctx context.Context, by incident.Actor, req *listingWebhookLog) (*list[incident.WebhookDelivery], error) {
	page, err := a.store.WebhookDeliveries(ctx, by, req.ID, store.WebhookFilter{State: req.State, Limit: req.Limit, Cursor: req.Cursor})
	return listed(ctx, page, err)
}

type redelivering struct {
	OfWebhook
	Posts[store.Redelivery]
}

func (a *API) redeliver(ctx context.Context, by incident.Actor, req *redelivering) (*decided, error) {
	done, err := a.store.Redeliver(ctx, by, req.ID, req.Body.value)
	if err != nil {
		return nil, err
	}
	out := &decided{}
	out.Body.Done = done
	return out, nil
}
