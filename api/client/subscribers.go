package client

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// Subscriber is somebody outside who asked to be told.
type Subscriber struct {
	ID int64 `json:"id"`
	incident.Subscription
	State       string     `json:"state"` // pending, active, bounced
	AskedAt     time.Time  `json:"asked_at"`
	ConfirmedAt *time.Time `json:"confirmed_at"`
	Reason      string     `json:"reason"`
}

// Subscribers lists the newest of those whose address holds query.
func (c *Client) Subscribers(ctx context.Context, query string) (Page[Subscriber], error) {
	return get[Page[Subscriber]](ctx, c, "/subscribers", url.Values{"q": {query}})
}

// RemoveSubscriber erases one.
func (c *Client) RemoveSubscriber(ctx context.Context, id int64) error {
	return c.remove(ctx, fmt.Sprintf("/subscribers/%d", id), "")
}

// Delivery is how it went to tell one subscriber. One that is unknown waits for a person to decide.
type Delivery struct {
	ID      int64                   `json:"id"`
	Kind    incident.SubscriberKind `json:"kind"`
	State   string                  `json:"state"` // queued, sending, delivered, failed, unknown, left, cancelled
	Tries   int                     `json:"tries"`
	DueAt   time.Time               `json:"due_at"`
	At      time.Time               `json:"at"`
	Reason  string                  `json:"reason"`
	Address string                  `json:"address"`
}

func deliveriesPath(n incident.Number, message string) string {
	return partPath(n, incident.Messages, message) + "/deliveries"
}

// Deliveries lists what became of a message, those first that a person is to decide.
func (c *Client) Deliveries(ctx context.Context, n incident.Number, message string) (Page[Delivery], error) {
	return get[Page[Delivery]](ctx, c, deliveriesPath(n, message), nil)
}

// Decide sends unknown deliveries again, or leaves them, and tells how many those were.
func (c *Client) Decide(ctx context.Context, n incident.Number, message string, again bool, ids ...int64) (done int, err error) {
	answer, err := post[struct {
		Done int `json:"done"`
	}](ctx, c, deliveriesPath(n, message), map[string]any{"again": again, "ids": ids})
	return answer.Done, err
}
