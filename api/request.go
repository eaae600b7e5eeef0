package api

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"github.com/debriefhq/debrief/incident"
)

// request is what the edge knows of a request and operations need beside their
// own parameters: it goes into the context once, and no further than api.
type request struct {
	id     string // X-Request-Id
	method string
	path   string
	query  url.Values
	body   io.Reader                                     // for operations that read a stream
	by     incident.Actor                                // nobody, until signIn
	again  func(context.Context) (incident.Actor, error) // finds out anew who asks, in answers that last
	answer http.Header                                   // of the answer that is being made

	repeated bool // its Idempotency-Key was used for it before
	log      *slog.Logger
}

type requestKey struct{}

// requestOf finds the request that remember put into the context.
func requestOf(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{log: slog.Default()}
}

// remember is the outermost middleware.
func (a *API) remember(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := &request{id: w.Header().Get("X-Request-Id"), method: r.Method, path: r.URL.Path, query: r.URL.Query(), body: r.Body, answer: w.Header(), log: a.log}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestKey{}, from)))
	})
}

// readOut reads what an operation left of the body: a caller who still sends
// would find the connection closed, and never see why he was refused. Who asks
// before he sends is told in time.
func readOut(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body == nil || r.Body == http.NoBody {
			next.ServeHTTP(w, r)
			return
		}
		kept := r.WithContext(r.Context())
		kept.Body = io.NopCloser(r.Body) // huma closes what it refuses
		next.ServeHTTP(w, kept)
		if r.Header.Get("Expect") == "" {
			_, _ = io.CopyN(io.Discard, r.Body, maxReadOut) // the answer is made: nothing is done with the rest
		}
	})
}

// cleanAddress refuses text in the path and the query that no database could
// hold, invalid UTF-8 and NUL, and a query that can be understood in two ways.
// What need not be percent-encoded in a path is the same when it is.
func cleanAddress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := checkAddress(r.URL); err != nil {
			refuse(w, r, err)
			return
		}
		if r.URL.RawPath != "" && !strings.Contains(strings.ToLower(r.URL.RawPath), "%2f") {
			plain, address := *r, *r.URL
			address.RawPath = ""
			plain.URL = &address
			r = &plain
		}
		next.ServeHTTP(w, r)
	})
}

// repeated are the parameters that may be given more than once.
var repeated = map[string]bool{"front": true}

func checkAddress(address *url.URL) error {
	query, err := url.ParseQuery(address.RawQuery)
	if err != nil {
		return incident.Refuse(incident.Malformed, "", "the query cannot be read: join parameters by &, and percent-encode ; and % in values")
	}
	whole := clean(address.Path)
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if len(query[name]) > 1 && !repeated[name] {
			return incident.Refuse(incident.Malformed, name, fmt.Sprintf("%.40q stands %d times in the query: give it once", name, len(query[name])))
		}
		whole = whole && clean(name) && !slices.ContainsFunc(query[name], func(value string) bool { return !clean(value) })
	}
	if !whole {
		return incident.Refuse(incident.Malformed, "", "the address holds bytes that are not UTF-8 text: write it percent-encoded, without NUL")
	}
	return nil
}

// clean tells whether text can be stored.
func clean(text string) bool {
	return utf8.ValidString(text) && strings.IndexByte(text, 0) < 0
}

// checkBody refuses a body that its operation would not understand, before it
// is read: another content type, packed, or said to be too long.
func checkBody(ctx huma.Context, next func(huma.Context)) {
	r, w := humachi.Unwrap(ctx)
	op := ctx.Operation()
	if op.RequestBody == nil {
		next(ctx)
		return
	}
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	_, known := op.RequestBody.Content[kind]
	_, any := op.RequestBody.Content["*/*"]
	packed := strings.TrimSpace(r.Header.Get("Content-Encoding"))
	switch {
	case !known && !any && kind != "":
		accept := "Accept"
		if r.Method == http.MethodPatch {
			accept = "Accept-Patch"
		}
		w.Header().Set(accept, strings.Join(slices.Sorted(maps.Keys(op.RequestBody.Content)), ", "))
		refuse(w, r, incident.Refuse(incident.Unsupported, "", "this operation reads JSON: send it with Content-Type: application/json"))
	case packed != "" && !strings.EqualFold(packed, "identity"):
		w.Header().Set("Accept-Encoding", "identity")
		refuse(w, r, incident.Refuse(incident.Unsupported, "", "packed bodies are not read: send it without Content-Encoding"))
	case r.ContentLength >= op.MaxBodyBytes:
		refuse(w, r, tooLarge(op.MaxBodyBytes))
	default:
		if known {
			r.Header.Set("Content-Type", kind) // huma knows types in lower case only
		}
		next(ctx)
	}
}

// buffers keeps the memory of answers for the next ones.
var buffers bufferPool

type bufferPool struct{ pool sync.Pool }

func (p *bufferPool) get() *bytes.Buffer {
	if b, ok := p.pool.Get().(*bytes.Buffer); ok {
		return b
	}
	return new(bytes.Buffer)
}

// put forgets buffers that grew beyond what most answers need.
func (p *bufferPool) put(b *bytes.Buffer) {
	if b.Cap() <= 1<<18 {
		b.Reset()
		p.pool.Put(b)
	}
}
