package api

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/debriefhq/debrief/incident"
)

// body is a JSON body of one T. huma reads the bytes and describes T; our own
// decoder understands them, because huma's would take duplicate keys and tell
// values back.
type body[T any] struct {
	value T // unexported, so that huma sets no defaults in it
	raw   []byte
}

// Schema describes T.
func (*body[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[T](), true, "")
}

// take copies the bytes: huma uses its buffer again.
func (b *body[T]) take(raw []byte) { b.raw = bytes.Clone(raw) }

// Carries is embedded by requests with a JSON body.
type Carries[T any] struct {
	Body body[T] `required:"true"`
}

// decode reads the body, all of it, strictly.
func (c *Carries[T]) decode() error {
	if own, ok := any(&c.Body.value).(interface{ decode(raw []byte) error }); ok {
		return own.decode(c.Body.raw)
	}
	return incident.Decode(c.Body.raw, &c.Body.value)
}

// digest is a hash of all that was sent.
func (c *Carries[T]) digest(from *request) []byte {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%s %s?%s\n%s", from.method, from.path, from.query.Encode(), c.Body.raw) // a hash never fails
	return h.Sum(nil)
}

// Posts is embedded by requests that POST a JSON body.
type Posts[T any] struct {
	Carries[T]
	Key string `header:"Idempotency-Key" maxLength:"255" doc:"Any text of yours, new for every new request. Sent again with the same key and body, the request does nothing twice: what it made is answered as it is now, with Idempotent-Replayed."`
}

// once is the key and what it stands for; the zero Once when none was sent.
func (p *Posts[T]) once(from *request) (incident.Once, error) {
	return from.once(p.Key, func() []byte { return p.digest(from) })
}

// PostsNothing is embedded by requests that POST no body: the address says all.
type PostsNothing struct {
	Key string `header:"Idempotency-Key" maxLength:"255" doc:"As for every POST."`
}

// once is the key and what it stands for.
func (p *PostsNothing) once(from *request) (incident.Once, error) {
	return from.once(p.Key, func() []byte { return (&Carries[struct{}]{}).digest(from) })
}

// once checks a key: at most 255 bytes of printable ASCII.
func (r *request) once(key string, digest func() []byte) (incident.Once, error) {
	if key == "" {
		return incident.Once{}, nil
	}
	for _, c := range []byte(key) {
		if c < ' ' || c > '~' || len(key) > 255 {
			return incident.Once{}, incident.Refuse(incident.Malformed, "Idempotency-Key", "an Idempotency-Key is at most 255 printable ASCII characters: use a UUID")
		}
	}
	return incident.Once{Key: key, Hash: digest(), Repeated: &r.repeated}, nil
}

// tooLarge refuses a body over limit bytes.
func tooLarge(limit int64) error {
	what := fmt.Sprintf("a body here holds at most %d MiB: send less in one request", limit>>20)
	if limit < maxImport {
		what += ", or a whole record to POST /imports?format=json"
	}
	return incident.Refuse(incident.TooLarge, "", what)
}

// maxParts is how many parts one call may append.
const maxParts = 10_000

// oneOrMany is a body that is one P or an array of them.
type oneOrMany[P any] struct {
	items []P
	many  bool // it was an array, so the answer is one
}

// Schema says so.
func (oneOrMany[P]) Schema(r huma.Registry) *huma.Schema {
	one := r.Schema(reflect.TypeFor[P](), true, "")
	least, most := 1, maxParts
	return &huma.Schema{OneOf: []*huma.Schema{one, {Type: "array", Items: one, MinItems: &least, MaxItems: &most}}}
}

// decode looks at the first byte: only an array begins with a bracket.
func (o *oneOrMany[P]) decode(raw []byte) error {
	if text := bytes.TrimLeft(raw, " \t\r\n"); len(text) == 0 || text[0] != '[' {
		o.items = make([]P, 1)
		return incident.Decode(raw, &o.items[0])
	}
	o.many = true
	if err := incident.Decode(raw, &o.items); err != nil {
		return err
	}
	switch n := len(o.items); {
	case n == 0:
		return incident.Refuse(incident.Invalid, "", "the array is empty: send at least one")
	case n > maxParts:
		return incident.Refuse(incident.Invalid, fmt.Sprintf("/%d", maxParts), fmt.Sprintf("one call takes at most %d: send the rest in another", maxParts))
	}
	return nil
}

// place puts the pointers of a refusal where the only part of an array stands:
// whom we ask knows no arrays of one.
func (o *oneOrMany[P]) place(err error) error {
	var refusal *incident.Error
	if !o.many || len(o.items) != 1 || !errors.As(err, &refusal) {
		return err
	}
	moved := *refusal
	moved.Fields = map[string]string{}
	for pointer, wrong := range refusal.Fields {
		moved.Fields["/0"+pointer] = wrong
	}
	return &moved
}
