package client

import (
	"context"
	"fmt"
	"net/url"
	"strconv"

	"github.com/debriefhq/debrief/incident"
)

// Relative is an incident that may be of the same sort as another, with why, in words.
type Relative struct {
	incident.Heading
	Reasons []string `json:"reasons"`
}

// Similar lists likely relatives of an incident, at most limit.
func (c *Client) Similar(ctx context.Context, n incident.Number, limit int) ([]Relative, error) {
	page, err := get[Page[Relative]](ctx, c, path(n)+"/similar", url.Values{"limit": {strconv.Itoa(limit)}})
	return page.Items, err
}

// Draft is what is known of an incident that is not filed yet.
type Draft struct {
	Title      string   `json:"title"`
	Summary    string   `json:"summary"`
	Components []string `json:"components,omitempty"`
	Tags       []string `json:"tags,omitempty"`
}

// SimilarToDraft lists likely relatives of what is about to be filed.
func (c *Client) SimilarToDraft(ctx context.Context, d Draft) ([]Relative, error) {
	page, err := post[Page[Relative]](ctx, c, "/similar", d)
	return page.Items, err
}

// Relate says what two incidents are to each other: related, recurrence_of, or no_relative.
func (c *Client) Relate(ctx context.Context, n, other incident.Number, as string) error {
	_, err := post[struct{}](ctx, c, path(n)+"/similar", map[string]any{"incident": other, "as": as})
	return err
}

// TakeBack forgets that two incidents were said to be no relatives.
func (c *Client) TakeBack(ctx context.Context, n, other incident.Number) error {
	return c.remove(ctx, fmt.Sprintf("%s/similar/%d", path(n), other), "")
}

// KnownBefore is an older relative, with those of its follow-ups that were not done when an incident started.
type KnownBefore struct {
	Incident incident.Number `json:"incident"`
	Title    string          `json:"title"`
	As       string          `json:"as"`
	Actions  int             `json:"actions"`
	Left     []LeftAction    `json:"left"`
}

// LeftAction is a follow-up with how it stood then.
type LeftAction struct {
	incident.Action
	Then incident.ActionState `json:"then"`
}

// KnownBefore lists what was left of the follow-ups of older relatives.
func (c *Client) KnownBefore(ctx context.Context, n incident.Number) ([]KnownBefore, error) {
	page, err := get[Page[KnownBefore]](ctx, c, path(n)+"/known-before", nil)
	return page.Items, err
}

// Recurrence is an incident that happened again, with what was left of the one before.
type Recurrence struct {
	incident.Heading
	Before []KnownBefore `json:"before"`
}

// Recurrences lists the newest incidents of some months, as 2013-07, that happened again.
func (c *Client) Recurrences(ctx context.Context, from, to string) ([]Recurrence, error) {
	q := url.Values{}
	set(q, "from", from)
	set(q, "to", to)
	page, err := get[Page[Recurrence]](ctx, c, "/insights/recurrences", q)
	return page.Items, err
}
