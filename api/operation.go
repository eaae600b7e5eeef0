package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/debriefhq/debrief/incident"
)

// The most that a body may hold.
const (
	maxBody    = 1 << 20            // bytes
	maxImport  = 64 << 20           // bytes
	maxReadOut = maxImport + 16<<20 // bytes, of bodies that were refused
	bodyTime   = time.Minute
)

// operation is one row of the table: what it is called, where it stands, who
// may do it, and how. In holds its parameters and body, Out its headers and
// answer, both as huma reads them from struct tags.
type operation[In, Out any] struct {
	id      string
	method  string
	path    string
	summary string
	about   string        // more, for the reference; "" when the summary says it all
	deed    incident.Deed // what the actor's role must allow; "" when being signed in is enough
	do      func(context.Context, incident.Actor, *In) (*Out, error)
	adjust  func(*huma.Operation) // what In and Out cannot say; nil as a rule
}

// row is an operation of any type.
type row interface {
	register(a *API) *huma.Operation
}

// register tells huma of the operation: the route, and its place in OpenAPI.
func (o operation[In, Out]) register(a *API) *huma.Operation {
	op := o.describe()
	huma.Register(a.huma, *op, func(ctx context.Context, in *In) (*Out, error) {
		out, err := o.run(ctx, in)
		if err != nil {
			return nil, problem(ctx, err)
		}
		return out, nil
	})
	registered := find(a.huma.OpenAPI(), o.id)
	if o.method == http.MethodPost {
		answer := registered.Responses[strconv.Itoa(registered.DefaultStatus)]
		if answer.Headers == nil {
			answer.Headers = map[string]*huma.Param{}
		}
		answer.Headers[replayed] = &huma.Param{Description: "true when the Idempotency-Key was used for this request before.", Schema: &huma.Schema{Type: "boolean"}}
	}
	examples()[o.id].show(registered)
	if o.method == http.MethodPatch {
		content := registered.RequestBody.Content
		content[mergePatchType] = content["application/json"]
	}
	return registered
}

// run is what happens between huma and the handler, the same for all: may the
// actor, is the body well-formed, was it sent before.
func (o operation[In, Out]) run(ctx context.Context, in *In) (*Out, error) {
	from := requestOf(ctx)
	by := from.by
	if o.deed != "" && !by.Role.May(o.deed) {
		return nil, incident.Refuse(incident.Forbidden, "", "your role here is "+string(by.Role)+", which may not do this")
	}
	if b, ok := any(in).(interface{ decode() error }); ok {
		if err := b.decode(); err != nil {
			return nil, err
		}
	}
	if k, ok := any(in).(interface {
		once(*request) (incident.Once, error)
	}); ok {
		once, err := k.once(from)
		if err != nil {
			return nil, err
		}
		by.Once = once
	}
	out, err := o.do(ctx, by, in)
	if err == nil && from.repeated {
		from.answer.Set(replayed, "true")
	}
	return out, err
}

// replayed is the header of an answer that tells again what was done before.
const replayed = "Idempotent-Replayed"

// describe is the operation in OpenAPI's words, as far as its types don't say it.
func (o operation[In, Out]) describe() *huma.Operation {
	op := &huma.Operation{
		OperationID: o.id, Method: o.method, Path: o.path, Summary: o.summary, Description: o.about,
		Tags:             []string{strings.Split(o.path, "/")[1]},
		Responses:        map[string]*huma.Response{},
		MaxBodyBytes:     maxBody + 1, // huma refuses a body of exactly the limit
		BodyReadTimeout:  bodyTime,
		SkipValidateBody: true, // our decoder is stricter, and says what to do
	}
	for _, t := range tellings {
		if t.Kind != notAllowed && o.method != http.MethodGet || slices.Contains(toReaders, t.Status) {
			op.Responses[strconv.Itoa(t.Status)] = &huma.Response{Ref: "#/components/responses/Problem"}
		}
	}
	if o.method == http.MethodPost {
		op.DefaultStatus = http.StatusCreated
	}
	if o.deed != "" {
		op.Description = strings.TrimSpace(op.Description + "\n\nNeeds a role that may " + string(o.deed) + ".")
	}
	if o.adjust != nil {
		o.adjust(op)
	}
	return op
}

// toReaders are the problems that an operation which only reads may have.
var toReaders = []int{400, 401, 403, 404, 412, 429, 500, 503}

// find looks an operation up by its id; huma copies what it registers.
func find(doc *huma.OpenAPI, id string) *huma.Operation {
	for _, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Patch, item.Delete} {
			if op != nil && op.OperationID == id {
				return op
			}
		}
	}
	panic("api: " + id + " was not registered")
}
