package client

import (
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// Hit is a heading with what was found of it.
type Hit struct {
	incident.Heading
	Snippet string   `json:"snippet"` // of the first of Where, else ""
	Where   []Place  `json:"where"`   // the most telling first
	Lacks   []string `json:"lacks"`   // what was looked for and it does not have
}

// Place is where in a record something was found.
type Place struct {
	Part    string           `json:"part"` // key of the record, such as timeline or summary
	ID      string           `json:"id"`   // of the part, where there are several
	At      *incident.Moment `json:"at"`
	Snippet string           `json:"snippet"` // what was found stands between ** and **
}

// Search finds incidents by what is written in the search box: words, "phrases", -without, beginnings* and filters
// such as severity:sev1, the best first.
func (c *Client) Search(ctx context.Context, words string, p Paging) (Page[Hit], error) {
	q := p.query()
	q.Set("q", words)
	return get[Page[Hit]](ctx, c, "/search", q)
}

// Change is one write: what one person did to one incident.
type Change struct {
	Number   incident.Number `json:"number"`
	Version  int64           `json:"version"`
	Revision int64           `json:"revision"`
	At       time.Time       `json:"at"`
	By       string          `json:"by"`
	Did      string          `json:"did"`
	Changes  []Diff          `json:"changes"`
}

// Diff is one value before and after.
type Diff struct {
	Op     string          `json:"op"`   // add, replace, remove
	Path   string          `json:"path"` // JSON pointer; parts are named by their id
	Value  json.RawMessage `json:"value,omitempty"`
	Old    json.RawMessage `json:"old,omitempty"`
	Erased bool            `json:"erased,omitempty"` // the values were erased on request
}

// History lists the changes of one incident, newest first.
func (c *Client) History(ctx context.Context, n incident.Number, p Paging) (Page[Change], error) {
	return get[Page[Change]](ctx, c, path(n)+"/history", p.query())
}

// Changes follows all changes in the order of their commit, oldest first.
func (c *Client) Changes(ctx context.Context, p Paging) (Page[Change], error) {
	return get[Page[Change]](ctx, c, "/changes", p.query())
}

// NumberedAction is a follow-up with the incident it belongs to.
type NumberedAction struct {
	Incident incident.Number `json:"incident"`
	Heading  string          `json:"incident_title"`
	incident.Action
}

// ActionFilter says which follow-ups to list. Empty fields don't narrow.
type ActionFilter struct {
	Owner   string
	State   incident.ActionState
	Overdue bool
	Paging
}

// Actions lists follow-ups of all incidents.
func (c *Client) Actions(ctx context.Context, f ActionFilter) (Page[NumberedAction], error) {
	q := f.query()
	set(q, "owner", f.Owner)
	set(q, "state", string(f.State))
	if f.Overdue {
		q.Set("overdue", "true")
	}
	return get[Page[NumberedAction]](ctx, c, "/actions", q)
}

// NumberedMessage is a message with the incident it belongs to.
type NumberedMessage struct {
	Incident incident.Number `json:"incident"`
	Heading  string          `json:"incident_title"`
	incident.Message
}

// MessageFilter says which messages to list. Empty fields don't narrow.
type MessageFilter struct {
	Channel incident.Channel
	State   incident.MessageState
	Paging
}

// Messages lists messages of all incidents.
func (c *Client) Messages(ctx context.Context, f MessageFilter) (Page[NumberedMessage], error) {
	q := f.query()
	set(q, "channel", string(f.Channel))
	set(q, "state", string(f.State))
	return get[Page[NumberedMessage]](ctx, c, "/messages", q)
}

// Imported is what came in, and what of the document was kept only as text.
type Imported struct {
	Incidents []*incident.Incident `json:"incidents"`
	Report    []Loss               `json:"report"`
}

// Loss names something that a document said and the record holds only as text.
type Loss struct {
	Line int    `json:"line"` // from 1; 0 when it is about the whole document
	Text string `json:"text"`
	Why  string `json:"why"`
}

// Import brings in a document, all of it or nothing. A dry run writes nothing.
func (c *Client) Import(ctx context.Context, format string, dryRun bool, document io.Reader) (Imported, error) {
	var into Imported
	raw, err := io.ReadAll(document)
	if err != nil {
		return into, err
	}
	q := url.Values{"format": {format}}
	if dryRun {
		q.Set("dry_run", "true")
	}
	header := http.Header{"Content-Type": {"application/octet-stream"}}
	_, err = c.do(ctx, call{method: http.MethodPost, path: "/imports", query: q, header: header, body: raw, into: &into})
	return into, err
}

// fileName reads the name out of a Content-Disposition; "" when there is none.
func fileName(disposition string) string {
	_, params, err := mime.ParseMediaType(disposition)
	if err != nil {
		return ""
	}
	return params["filename"]
}
