package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/debriefhq/debrief/incident"
)

// Problem is a refusal or a fault as RFC 9457 tells it. A fault's detail is
// always the same sentence: what broke is in the log, under the same instance.
type Problem struct {
	Type     string         `json:"type" required:"true" format:"uri-reference" doc:"Says which kind of problem, and links to its explanation."`
	Title    string         `json:"title" required:"true"`
	Status   int            `json:"status" required:"true"`
	Detail   string         `json:"detail" required:"true" doc:"What is wrong with this request."`
	Instance string         `json:"instance,omitempty" doc:"The request's id, as in the header X-Request-Id and in the server's log."`
	Next     string         `json:"next" required:"true" doc:"What to do next."`
	Errors   []ProblemField `json:"errors,omitempty" doc:"Every field at fault."`
}

// ProblemField says what is wrong with one field of the body, named by Pointer,
// or with one parameter of the address or headers, named by Parameter.
type ProblemField struct {
	Pointer   string `json:"pointer,omitempty" doc:"JSON pointer into the body (RFC 6901)."`
	Parameter string `json:"parameter,omitempty" doc:"Name of a path, query or header parameter."`
	Detail    string `json:"detail" required:"true"`
}

// Error makes a problem travel through huma as an error.
func (p *Problem) Error() string { return p.Detail }

// GetStatus tells huma which status to answer.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType tells huma that a problem is not plain JSON.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// telling is how one kind of problem is told over HTTP.
type telling struct {
	Kind   incident.Kind
	Status int
	Title  string
	Next   string
}

// tellings is the one table from kinds to statuses; the client reads it the
// other way round. The last two are faults of ours and have no kind in incident.
var tellings = []telling{
	{incident.Malformed, 400, "The request is malformed", "Correct the request as the detail says, and send it again."},
	{incident.SignIn, 401, "Sign in", "Send a valid token: Authorization: Bearer TOKEN. An admin makes tokens with POST /api/v1/tokens."},
	{incident.Forbidden, 403, "Not allowed", "Ask an admin for a role or a token that may do this."},
	{incident.NotFound, 404, "Not found", "Check the address, or find the incident with GET /api/v1/incidents."},
	{notAllowed, 405, "No such method here", "Use one of the methods in the Allow header; /api/v1/docs lists them."},
	{tooSlow, 408, "The body came too slowly", "Send the request again."},
	{incident.Conflict, 409, "Not possible in this state", "Read the record again, and do what its state allows."},
	{incident.Stale, 412, "Changed meanwhile", "GET it again, repeat your change on what you got, and send its ETag as If-Match."},
	{incident.TooLarge, 413, "Too large", "Send less in one request."},
	{incident.Unsupported, 415, "Unsupported form", "Send JSON with Content-Type: application/json, or a format that the detail names."},
	{incident.Invalid, 422, "Breaks a rule", "Correct every field under errors, and send it again: nothing was written."},
	{incident.NeedRevision, 428, "If-Match is required", "GET it, and send the ETag you got as If-Match."},
	{incident.TooMany, 429, "Too many requests", "Wait as many seconds as Retry-After says, and go on slower."},
	{fault, 500, "Something broke on our side", "Try again; if it happens again, give the administrator the instance."},
	{unready, 503, "Not ready", "Try again in a few seconds."},
}

// Kinds that only HTTP knows.
const (
	notAllowed incident.Kind = "method_not_allowed"
	tooSlow    incident.Kind = "too_slow"
	fault      incident.Kind = "fault"
	unready    incident.Kind = "not_ready"
)

// tell makes the problem of a kind; an unknown kind is a fault.
func tell(kind incident.Kind, detail string) *Problem {
	i := slices.IndexFunc(tellings, func(t telling) bool { return t.Kind == kind })
	if i < 0 || kind == fault {
		i = slices.IndexFunc(tellings, func(t telling) bool { return t.Kind == fault })
		detail = "the request could not be completed; nothing more is known to you on purpose"
	}
	t := tellings[i]
	return &Problem{Type: "/api/v1/docs#" + string(t.Kind), Title: t.Title, Status: t.Status, Detail: detail, Next: t.Next}
}

// slow is the problem of a body that did not come in its time.
func slow() *Problem {
	return tell(tooSlow, "the body did not come in the time that it has: send it again, over a better line or in pieces")
}

// kindOf is the kind that a status stands for; fault when none does.
func kindOf(status int) incident.Kind {
	for _, t := range tellings {
		if t.Status == status {
			return t.Kind
		}
	}
	return fault
}

// problem turns any error into what the caller may know. A fault is logged
// here, once, and nowhere else.
func problem(ctx context.Context, err error) *Problem {
	from := requestOf(ctx)
	var p *Problem
	var refusal *incident.Error
	switch {
	case errors.As(err, &p):
	case errors.As(err, &refusal):
		p = tell(refusal.Kind, refusal.Detail)
		p.Errors = fields(refusal.Fields)
	case errors.Is(err, context.Canceled) && ctx.Err() != nil: // the caller hung up: nobody's fault, and nobody listens
		p = tell(fault, "")
	default:
		p = tell(fault, "")
		from.log.LogAttrs(ctx, slog.LevelError, "request failed", slog.String("request_id", from.id),
			slog.String("method", from.method), slog.String("path", from.path), slog.Any("error", err))
	}
	p.Instance = from.id
	return p
}

// fields lists what is wrong, in the order of the pointers.
func fields(wrong map[string]string) []ProblemField {
	var all []ProblemField
	for pointer, detail := range wrong {
		if strings.HasPrefix(pointer, "/") {
			all = append(all, ProblemField{Pointer: pointer, Detail: detail})
		} else {
			all = append(all, ProblemField{Parameter: pointer, Detail: detail})
		}
	}
	slices.SortFunc(all, func(a, b ProblemField) int {
		return strings.Compare(a.Pointer+a.Parameter, b.Pointer+b.Parameter)
	})
	return all
}

// humaProblem is what huma makes its own errors with: parameters that it could
// not read, bodies that it could not take. It never repeats a value that was
// sent, and an inner error's text never leaves: huma would write both.
func humaProblem(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
	kind := kindOf(status)
	refusal := &incident.Error{Kind: kind, Detail: msg, Fields: map[string]string{}}
	for _, err := range errs {
		var d *huma.ErrorDetail
		if !errors.As(err, &d) {
			kind = fault
			continue
		}
		name := d.Location[strings.IndexByte(d.Location, '.')+1:]
		refusal.Fields[name] = strings.TrimPrefix(d.Message, "invalid value: ")
	}
	if kind == fault {
		return problem(ctx.Context(), errors.Join(append(errs, errors.New(msg))...))
	}
	switch {
	case len(refusal.Fields) > 0: // only parameters come this way: bodies are read by decode
		first := slices.Sorted(maps.Keys(refusal.Fields))[0]
		refusal.Kind, refusal.Detail = incident.Malformed, first+": "+refusal.Fields[first]
	case kind == incident.TooLarge:
		return problem(ctx.Context(), tooLarge(maxBody))
	case kind == tooSlow:
		return problem(ctx.Context(), slow())
	}
	return problem(ctx.Context(), refusal)
}

// catch answers a panic as what it is, a fault: the edge, which catches all that
// is left, knows no problems.
func catch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			p := recover()
			switch {
			case p == nil:
			case p == http.ErrAbortHandler || seen.Status() != 0: // half an answer must not look like a whole one
				panic(p)
			default:
				refuse(seen, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			}
		}()
		next.ServeHTTP(seen, r)
	})
}

// refuse answers a plain HTTP request with a problem.
func refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := problem(r.Context(), err)
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", challenge)
	}
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	if r.Method != http.MethodHead {
		_ = writeJSON(w, p)
	}
}
