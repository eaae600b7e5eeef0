package client

import (
	"context"
	"net/url"

	"github.com/debriefhq/debrief/incident"
)

// Digest tells what happened in a month or a quarter of UTC, 2013-07 or 2013-Q3, what was learned and what is owed.
func (c *Client) Digest(ctx context.Context, period string) (*incident.Digest, error) {
	return get[*incident.Digest](ctx, c, "/digests/"+url.PathEscape(period), nil)
}
