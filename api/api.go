// Package api is the JSON contract: the operations under /api/v1 with their
// OpenAPI and reference page, problem documents, conditional requests, bearer
// tokens, and what operators ask of a process (/healthz, /readyz, /metrics).
// Rules live in incident, SQL in store; cookies and pages in web.
package api

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/debriefhq/debrief/api/edition"
	"github.com/debriefhq/debrief/api/stream"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// prefix is where the contract stands.
const prefix = "/api/v1"

// Options says what the API works with.
type Options struct {
	Store   *store.Store
	Log     *slog.Logger // where faults go; nil is slog.Default
	Version string       // of the program, for metrics and document tags
	Rate    Rate
	Streams *stream.Streams // nil is one of its own
	Outward Outward
	Deploys Deploys
}

// API serves the operations; New makes it.
type API struct {
	store   *store.Store
	log     *slog.Logger
	limits  limits
	streams *stream.Streams
	outward Outward
	deploys Deploys
	shelf   edition.Shelf     // of what outsiders are told
	table   []*huma.Operation // what was registered, in its order
	measure *metrics
	huma    huma.API
}

// New serves everything of ours under /api/v1, and /healthz, /readyz and
// /metrics. It expects full paths: give it to a router with Handle, not Mount.
// The response header X-Request-Id, when set before, becomes the instance of
// problems.
func New(o Options) http.Handler {
	takeOverHuma()
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Streams == nil {
		o.Streams = stream.New(stream.Options{})
	}
	a := &API{store: o.Store, streams: o.Streams, outward: o.Outward, deploys: o.Deploys, log: o.Log, limits: newLimits(o.Rate), measure: newMetrics(o)}
	root := chi.NewRouter()
	root.Use(readOut, a.remember, a.measure.count, catch, cleanAddress, middleware.GetHead)
	root.NotFound(notFound)
	root.MethodNotAllowed(methodNotAllowed(root))
	root.Get("/healthz", a.healthz)
	root.Get("/readyz", a.readyz)
	root.Method(http.MethodGet, "/metrics", a.measure.handler())
	root.Route("/api/v2", a.statuspageRoutes)
	root.Route(prefix, func(r chi.Router) {
		r.Group(func(signed chi.Router) {
			signed.Use(a.limits.slowDown, a.signIn)
			a.register(signed)
		})
		for _, f := range forges {
			r.With(a.limits.slowDown).Post("/deployments/"+f.name, a.receive(f))
		}
		r.Get("/openapi.json", a.contract())
		r.Get("/docs", a.reference())
	})
	return root
}

// register gives every row of the table its route and its place in OpenAPI.
func (a *API) register(r chi.Router) {
	a.huma = humachi.New(r, config())
	a.huma.UseMiddleware(checkBody)
	for _, row := range a.operations() {
		a.table = append(a.table, row.register(a))
	}
}

// config leaves out what huma would add on its own: pages that load scripts
// from elsewhere, and $schema links in every body.
func config() huma.Config {
	registry := newRegistry()
	c := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title:       "Debrief",
				Version:     "1",
				Description: "Records an outage so that a team can tell it truthfully, learn from it and show it to customers.",
				License:     &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
			},
			Servers: []*huma.Server{{URL: prefix}},
			Components: &huma.Components{Schemas: registry, SecuritySchemes: schemes(), Responses: map[string]*huma.Response{"Problem": {
				Description: "What is wrong, and what to do next",
				Content:     map[string]*huma.MediaType{problemType: {Schema: registry.Schema(reflect.TypeFor[Problem](), true, "")}},
			}}},
			Security: []map[string][]string{{"token": {}}},
		},
		Formats:       map[string]huma.Format{"application/json": jsonForm, "json": jsonForm},
		DefaultFormat: "application/json",

		RejectUnknownQueryParameters: true,
	}
	c.FieldsOptionalByDefault = true
	return c
}

// schemes says how to sign in.
func schemes() map[string]*huma.SecurityScheme {
	return map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "A token made with POST /tokens, or with debrief admin token."},
	}
}

// takeOverHuma replaces what huma keeps in global variables: its errors, which
// would show inner texts, and arrays that may be null, which ours never are.
var takeOverHuma = sync.OnceFunc(func() {
	huma.NewErrorWithContext = humaProblem
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return tell(kindOf(status), "")
	}
	huma.DefaultArrayNullable = false
})

// jsonForm writes answers; it reads bodies by handing the bytes to our decoder.
var jsonForm = huma.Format{
	Marshal: writeJSON,
	Unmarshal: func(data []byte, v any) error {
		v.(interface{ take(data []byte) }).take(data)
		return nil
	},
}

// writeJSON writes v as one line, whole or not at all. That the caller hung up
// is no error of ours.
func writeJSON(w io.Writer, v any) error {
	out := buffers.get()
	defer buffers.put(out)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write an answer: %w", err)
	}
	_, _ = w.Write(out.Bytes())
	return nil
}

// notFound answers an address that nothing stands at.
func notFound(w http.ResponseWriter, r *http.Request) {
	refuse(w, r, tell(incident.NotFound, "there is nothing at this address"))
}

// methodNotAllowed answers 405 with the methods that there are, or 404 to a
// method that chi knows nowhere.
func methodNotAllowed(root chi.Router) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var possible []string
		for _, m := range []string{"GET", "POST", "PATCH", "DELETE"} {
			if !root.Match(chi.NewRouteContext(), m, r.URL.Path) {
				continue
			}
			possible = append(possible, m)
			if m == "GET" {
				possible = append(possible, "HEAD")
			}
		}
		if possible == nil {
			notFound(w, r)
			return
		}
		w.Header().Set("Allow", strings.Join(possible, ", "))
		refuse(w, r, tell(notAllowed, r.Method+" is not possible here"))
	}
}
