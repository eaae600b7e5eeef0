package client

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/debriefhq/debrief/incident"
)

func componentPath(id string) string { return "/components/" + url.PathEscape(id) }

// Components lists the parts of the product, with how each does now.
func (c *Client) Components(ctx context.Context) ([]incident.Component, error) {
	page, err := get[Page[incident.Component]](ctx, c, "/components", nil)
	return page.Items, err
}

// Component reads one.
func (c *Client) Component(ctx context.Context, id string) (incident.Component, error) {
	return get[incident.Component](ctx, c, componentPath(id), nil)
}

// AddComponent adds one; only its name is needed.
func (c *Client) AddComponent(ctx context.Context, new incident.Component) (incident.Component, error) {
	return post[incident.Component](ctx, c, "/components", new)
}

// ChangeComponent changes one by a merge patch. Revision 0 is whatever it is now.
func (c *Client) ChangeComponent(ctx context.Context, id string, revision int64, changes map[string]any) (incident.Component, error) {
	return patch[incident.Component](ctx, c, componentPath(id), tag(revision), changes)
}

// Send sends a message that is a draft to customers. Revision is the message's own; 0 is whatever it is now.
func (c *Client) Send(ctx context.Context, n incident.Number, id string, revision int64) (*incident.Message, error) {
	var text json.RawMessage
	q := call{method: http.MethodPost, path: partPath(n, incident.Messages, id) + "/send", header: http.Header{}, into: &text}
	if match := tag(revision); match != "" {
		q.header.Set("If-Match", match)
	}
	if _, err := c.do(ctx, q); err != nil {
		return nil, err
	}
	p, err := readPart(incident.Messages, text)
	if err != nil {
		return nil, err
	}
	return p.(*incident.Message), nil
}

// Recipients are how many subscribers would get a message, by kind, and why some would not.
type Recipients struct {
	Email   int64  `json:"email"`
	Webhook int64  `json:"webhook"`
	Slack   int64  `json:"slack"`
	Teams   int64  `json:"teams"`
	NoMail  string `json:"no_mail"` // why no mail is sent; "" when it is
}

// Recipients counts who would get a message if it were sent now.
func (c *Client) Recipients(ctx context.Context, n incident.Number, id string) (Recipients, error) {
	return get[Recipients](ctx, c, partPath(n, incident.Messages, id)+"/recipients", nil)
}
