package client

import (
	"context"
	"net/url"

	"github.com/debriefhq/debrief/incident"
)

// InsightFilter says what figures are about. Empty fields don't narrow; without months they are the last twelve.
type InsightFilter struct {
	From, To                  string // months, as 2013-07
	Kind, Severity, Component string // without a kind: incidents
}

func (f InsightFilter) query() url.Values {
	q := url.Values{}
	for key, value := range map[string]string{"from": f.From, "to": f.To, "kind": f.Kind, "severity": f.Severity, "component": f.Component} {
		set(q, key, value)
	}
	return q
}

// Insights gives figures about incidents of some months.
func (c *Client) Insights(ctx context.Context, f InsightFilter) (*incident.Insights, error) {
	return get[*incident.Insights](ctx, c, "/insights", f.query())
}

// InsightTable gives one table of them as CSV, times in seconds; "" is measures.
func (c *Client) InsightTable(ctx context.Context, f InsightFilter, table string) ([]byte, error) {
	q := f.query()
	q.Set("format", "csv")
	set(q, "table", table)
	return get[[]byte](ctx, c, "/insights", q)
}
