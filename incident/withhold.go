package incident

import (
	"reflect"
	"strconv"
	"strings"
)

// withheld stands where outsiders would read a credential.
const withheld = "[withheld]"

// Withhold is the text without the credentials that let does not let through.
func Withhold(text string, let func(key string) bool) string {
	found := Secrets(text)
	if len(found) == 0 {
		return text
	}
	var b strings.Builder
	from := 0
	for _, s := range found {
		if let(s.Key) {
			continue
		}
		b.WriteString(text[from:s.Start])
		b.WriteString(withheld)
		from = s.End
	}
	b.WriteString(text[from:])
	return b.String()
}

// lets tells whether a person has decided that a credential is harmless.
func (in *Incident) lets(key string) bool { return in.Silences(secretRule, key) }

// withhold takes credentials out of every text of what v holds, as long as
// nobody has decided that they are harmless.
func (in *Incident) withhold(v reflect.Value) {
	walk := texts{visit: func(_ *texts, text reflect.Value) bool {
		if said := text.String(); len(Secrets(said)) > 0 {
			text.SetString(Withhold(said, in.lets))
		}
		return true
	}}
	walk.value(v)
}

// secrets warns of credentials, without showing them.
func (o *oddities) secrets(in *Incident) {
	walk := texts{visit: func(at *texts, text reflect.Value) bool {
		for _, s := range Secrets(text.String()) {
			if !in.lets(s.Key) {
				o.add(at.pointer(), secretRule, "this looks like a credential (%s): revoke it, then take it out. Outsiders' versions withhold it; "+
					"if it is harmless, silence the rule secret for the key %s and say why", s.Kind, s.Key)
			}
		}
		return len(*o) < mostWarnings
	}}
	walk.value(reflect.ValueOf(in).Elem())
}

// texts walks the texts that people wrote and that are long enough to hold a
// credential, and knows where it is.
type texts struct {
	visit func(at *texts, text reflect.Value) bool // false: no more
	steps []step
}

// step is a key, or a place in a list.
type step struct {
	key   string
	index int
}

// pointer is the JSON pointer of where the walk is.
func (w *texts) pointer() string {
	var b strings.Builder
	for _, s := range w.steps {
		b.WriteByte('/')
		if s.key == "" {
			s.key = strconv.Itoa(s.index)
		}
		b.WriteString(s.key)
	}
	return b.String()
}

func (w *texts) into(s step, v reflect.Value) bool {
	w.steps = append(w.steps, s)
	more := w.value(v)
	w.steps = w.steps[:len(w.steps)-1]
	return more
}

// value is false once visit wants no more.
func (w *texts) value(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		return v.Len() < shortestSecret || w.visit(w, v)
	case reflect.Pointer:
		return v.IsNil() || w.value(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			if !w.into(step{index: i}, v.Index(i)) {
				return false
			}
		}
	case reflect.Struct:
		return w.object(v)
	}
	return true
}

// object leaves out times, zones and closed sets of words, which Check holds to
// their forms, and what is derived.
func (w *texts) object(v reflect.Value) bool {
	switch t := v.Type(); t {
	case timeType, measuresType:
		return true
	case momentType:
		if written := &v.Addr().Interface().(*Moment).AsWritten; len(*written) >= shortestSecret {
			return w.into(step{key: "as_written"}, reflect.ValueOf(written).Elem())
		}
		return true
	}
	for i, f := range fieldsOf(v.Type()) {
		if f.choices != nil || f.pattern != nil || f.key == "warnings" {
			continue
		}
		if inside := v.Field(i); f.key == "" && !w.value(inside) || f.key != "" && !w.into(step{key: f.key}, inside) {
			return false
		}
	}
	return true
}

var measuresType = reflect.TypeFor[Measures]()
