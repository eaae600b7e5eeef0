package client

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// NewWebhook is a webhook with its secret, which is shown once.
type NewWebhook struct {
	incident.Webhook
	Secret string `json:"secret"`
}

func webhookPath(id string) string { return "/webhooks/" + url.PathEscape(id) }

// Webhooks lists the team's own, the oldest first.
func (c *Client) Webhooks(ctx context.Context) ([]incident.Webhook, error) {
	page, err := get[Page[incident.Webhook]](ctx, c, "/webhooks", nil)
	return page.Items, err
}

// Webhook reads one.
func (c *Client) Webhook(ctx context.Context, id string) (incident.Webhook, error) {
	return get[incident.Webhook](ctx, c, webhookPath(id), nil)
}

// AddWebhook adds one; only its URL is needed.
func (c *Client) AddWebhook(ctx context.Context, new incident.Webhook) (NewWebhook, error) {
	return post[NewWebhook](ctx, c, "/webhooks", map[string]any{"url": new.URL, "description": new.Description, "events": new.Events})
}

// ChangeWebhook changes one by a merge patch. Revision 0 is whatever it is now.
func (c *Client) ChangeWebhook(ctx context.Context, id string, revision int64, changes map[string]any) (incident.Webhook, error) {
	return patch[incident.Webhook](ctx, c, webhookPath(id), tag(revision), changes)
}

// RemoveWebhook removes one.
func (c *Client) RemoveWebhook(ctx context.Context, id string) error {
	return c.remove(ctx, webhookPath(id), "")
}

// RotateWebhook gives one another secret; unless at once, the one before is good for a day.
func (c *Client) RotateWebhook(ctx context.Context, id string, atOnce bool) (NewWebhook, error) {
	return post[NewWebhook](ctx, c, webhookPath(id)+"/rotate", map[string]any{"at_once": atOnce})
}

// TestWebhook queues a test event.
func (c *Client) TestWebhook(ctx context.Context, id string) (d incident.WebhookDelivery, err error) {
	_, err = c.do(ctx, call{method: http.MethodPost, path: webhookPath(id) + "/test", into: &d})
	return d, err
}

// WebhookDeliveries lists the log of one, the newest first: of a state alone, unless that is "".
func (c *Client) WebhookDeliveries(ctx context.Context, id, state string, p Paging) (Page[incident.WebhookDelivery], error) {
	query := p.query()
	if state != "" {
		query.Set("state", state)
	}
	return get[Page[incident.WebhookDelivery]](ctx, c, webhookPath(id)+"/deliveries", query)
}

// Redelivery says what is sent again: those of the ids, or all of a span, of a state alone unless that is "".
type Redelivery struct {
	IDs   []int64    `json:"ids"`
	From  *time.Time `json:"from"`  // of when the events happened
	Until *time.Time `json:"until"` // nil is now
	State string     `json:"state"` // failed or delivered
}

// Redeliver sends deliveries again, and tells how many.
func (c *Client) Redeliver(ctx context.Context, id string, r Redelivery) (done int, err error) {
	answer, err := post[struct {
		Done int `json:"done"`
	}](ctx, c, webhookPath(id)+"/redeliver", r)
	return answer.Done, err
}
