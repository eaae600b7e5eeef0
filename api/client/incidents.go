package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/debriefhq/debrief/incident"
)

func path(n incident.Number) string { return fmt.Sprintf("/incidents/%d", int64(n)) }

// File makes a new incident of in; only its title is required.
func (c *Client) File(ctx context.Context, in *incident.Incident) (*incident.Incident, error) {
	return post[*incident.Incident](ctx, c, "/incidents", in)
}

// Incident reads a whole record.
func (c *Client) Incident(ctx context.Context, n incident.Number) (*incident.Incident, error) {
	return get[*incident.Incident](ctx, c, path(n), nil)
}

// Newer reads a whole record unless it is still as the caller has it; then it is nil.
func (c *Client) Newer(ctx context.Context, have *incident.Incident) (*incident.Incident, error) {
	var in *incident.Incident
	header := http.Header{"If-None-Match": {fmt.Sprintf(`"%d.%d"`, have.Revision, have.Version)}}
	_, err := c.do(ctx, call{method: http.MethodGet, path: path(have.Number), header: header, into: &in})
	return in, err
}

// Patch changes an incident's own fields by a merge patch (RFC 7396). Revision
// is the one read; 0 is whatever it is now.
func (c *Client) Patch(ctx context.Context, n incident.Number, revision int64, changes map[string]any) (*incident.Incident, error) {
	return patch[*incident.Incident](ctx, c, path(n), tag(revision), changes)
}

// Archive takes an incident out of the lists; it is kept.
func (c *Client) Archive(ctx context.Context, n incident.Number, revision int64) error {
	return c.remove(ctx, path(n), tag(revision))
}

// Move changes the status. Without At it happened now.
func (c *Client) Move(ctx context.Context, n incident.Number, m incident.StatusMove) (*incident.Incident, error) {
	return post[*incident.Incident](ctx, c, path(n)+"/status", m)
}

// ReviewStep is a step of review as a person asks for it.
type ReviewStep struct {
	Move      incident.ReviewMove `json:"move"`
	Reason    string              `json:"reason,omitempty"`
	Reviewers []string            `json:"reviewers,omitempty"` // names, with submit
}

// Review takes a step of review.
func (c *Client) Review(ctx context.Context, n incident.Number, step ReviewStep) (*incident.Incident, error) {
	return post[*incident.Incident](ctx, c, path(n)+"/review", step)
}

// Lint gives what the postmortem still lacks, as the caller may see it.
func (c *Client) Lint(ctx context.Context, n incident.Number) (incident.Findings, error) {
	return get[incident.Findings](ctx, c, path(n)+"/lint", nil)
}

// Page is one page of a list. Next asks for the one after it and is empty on the last.
type Page[T any] struct {
	Items   []T      `json:"items"`
	Next    string   `json:"next"`
	Hints   []string `json:"hints,omitempty"`   // what of a query was not understood as it may have been meant
	Partial bool     `json:"partial,omitempty"` // looking took too long: there may be more, and better ones
	Newest  int      `json:"newest,omitempty"`  // so many of the newest were compared, where there are more
}

// Paging asks for one page; the zero value is the first of 50.
type Paging struct {
	Limit  int // 1–200
	Cursor string
}

func (p Paging) query() url.Values {
	q := url.Values{}
	if p.Limit != 0 {
		q.Set("limit", strconv.Itoa(p.Limit))
	}
	set(q, "cursor", p.Cursor)
	return q
}

// set leaves out what is empty.
func set(q url.Values, key, value string) {
	if value != "" {
		q.Set(key, value)
	}
}

// Filter says which incidents to list. Empty fields don't narrow.
type Filter struct {
	Query, Status, Severity, Component, Tag, Review, Kind string
	Insight                                               string // incidents of a figure, as insights name it

	From, To *time.Time // started in [From, To); when nobody said, filed in it
	Sort     string     // number, started, updated, each also with "-" for descending; "" is -number
	Paging
}

// Incidents lists.
func (c *Client) Incidents(ctx context.Context, f Filter) (Page[incident.Heading], error) {
	q := f.query()
	for key, value := range map[string]string{
		"q": f.Query, "status": f.Status, "severity": f.Severity, "component": f.Component, "tag": f.Tag,
		"review": f.Review, "kind": f.Kind, "insight": f.Insight, "sort": f.Sort,
	} {
		set(q, key, value)
	}
	for key, at := range map[string]*time.Time{"from": f.From, "to": f.To} {
		if at != nil {
			q.Set(key, at.UTC().Format(time.RFC3339))
		}
	}
	return get[Page[incident.Heading]](ctx, c, "/incidents", q)
}

// Document is an export as it was sent.
type Document struct {
	Name      string // of a file to keep it in
	MediaType string
	Text      []byte
}

// Form says how to write a record. Empty fields are the server's defaults:
// markdown, for the public, in the incident's zone, the whole record.
type Form struct {
	Format   string
	Audience incident.Audience
	Zone     string
	Only     string   // "timeline"
	Front    []string // key=value, for the front matter of a blog's post
}

// Export writes the record as a document.
func (c *Client) Export(ctx context.Context, n incident.Number, f Form) (Document, error) {
	q, doc := url.Values{"front": f.Front}, Document{}
	set(q, "format", f.Format)
	set(q, "audience", string(f.Audience))
	set(q, "zone", f.Zone)
	set(q, "only", f.Only)
	header, err := c.do(ctx, call{method: http.MethodGet, path: path(n) + "/export", query: q, into: &doc.Text})
	if err != nil {
		return doc, err
	}
	doc.Name, doc.MediaType = fileName(header.Get("Content-Disposition")), header.Get("Content-Type")
	return doc, nil
}
