package incident

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Kind says what went wrong in terms a caller can act on.
type Kind string

// The kinds of refusal, and the HTTP status each becomes.
const (
	Malformed    Kind = "malformed"     // 400: not readable at all
	SignIn       Kind = "sign_in"       // 401: nobody is signed in, or the token is unknown or expired
	Forbidden    Kind = "forbidden"     // 403: signed in, but this role may not
	NotFound     Kind = "not_found"     // 404: no such thing, or nothing the caller may know of
	Conflict     Kind = "conflict"      // 409: the move is not possible in this state
	Stale        Kind = "stale"         // 412: the revision read is not the one stored
	TooLarge     Kind = "too_large"     // 413
	Unsupported  Kind = "unsupported"   // 415: a media type or format we do not know
	Invalid      Kind = "invalid"       // 422: readable, but breaks a rule; Fields says where
	NeedRevision Kind = "need_revision" // 428: send If-Match
	TooMany      Kind = "too_many"      // 429
)

func (k Kind) Error() string { return string(k) }

// Error is a refusal: our answer to the caller, safe to show. Detail says what
// is wrong and what to do next, and holds no secrets.
type Error struct {
	Kind   Kind
	Detail string
	Fields map[string]string // JSON pointer → what is wrong; with Invalid
}

func (e *Error) Error() string { return e.Detail }

// Unwrap lets errors.Is(err, incident.Conflict) work.
func (e *Error) Unwrap() error { return e.Kind }

// Refuse makes a refusal. A pointer other than "" names the field at fault.
func Refuse(kind Kind, pointer, detail string) *Error {
	e := &Error{Kind: kind, Detail: detail}
	if pointer != "" {
		e.Fields = map[string]string{pointer: detail}
	}
	return e
}

// RefuseFields makes one refusal of all that breaks a rule: JSON pointer → what
// is wrong, as Check finds it. The detail tells the first. It is nil when
// nothing is wrong.
func RefuseFields(faults map[string]string) error {
	if len(faults) == 0 {
		return nil
	}
	first := slices.Min(slices.Collect(maps.Keys(faults)))
	detail := strings.TrimSpace(first + " " + faults[first])
	if more := len(faults) - 1; more > 0 {
		detail = fmt.Sprintf("%s; and %d more", detail, more)
	}
	return &Error{Kind: Invalid, Detail: detail, Fields: faults}
}
