package incident

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// mostFaults bounds how many faults one refusal names.
const mostFaults = 100

// The instants that a record may hold: from earliest, before latest.
var (
	earliest = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2201, 1, 1, 0, 0, 0, 0, time.UTC)
)

// kept tells whether a record may hold the instant.
func kept(at time.Time) bool { return !at.Before(earliest) && at.Before(latest) }

const outOfRange = "is out of range: write a time from 1970 to 2200"

var numberType = reflect.TypeFor[Number]()

// checker collects what breaks a rule. The zero checker is not ready: see newChecker.
type checker struct {
	faults map[string]string // JSON pointer → what is wrong and what to do
	zones  map[string]string // zone → what is wrong with it; remembered, as loading is slow
}

func newChecker() *checker {
	return &checker{faults: map[string]string{}, zones: map[string]string{}}
}

// place is the pointer of an element of a list.
func place(list string, i int) string { return list + "/" + strconv.Itoa(i) }

// fault notes the first thing that is wrong at a pointer. What reads as a
// sentence after it: "is empty: write it".
func (c *checker) fault(pointer, what string) {
	if _, told := c.faults[pointer]; !told && len(c.faults) < mostFaults {
		c.faults[pointer] = what
	}
}

// refusal is nil when nothing is wrong.
func (c *checker) refusal() error { return RefuseFields(c.faults) }

// fields checks what the tags of a struct say, and of everything in it.
func (c *checker) fields(at string, pointer any) {
	c.value(at, reflect.ValueOf(pointer).Elem(), field{})
}

func (c *checker) value(at string, v reflect.Value, f field) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			c.value(at, v.Elem(), f)
		}
	case reflect.Slice:
		c.list(at, v, f)
	case reflect.Struct:
		c.object(at, v)
	case reflect.String:
		c.text(at, v.String(), f)
	case reflect.Float64:
		if n := v.Float(); math.IsNaN(n) || math.IsInf(n, 0) {
			c.fault(at, "is not a number: write a finite one")
		}
	case reflect.Int64:
		c.integer(at, v, f)
	}
}

func (c *checker) object(at string, v reflect.Value) {
	switch part := v.Addr().Interface().(type) {
	case *Moment:
		c.moment(at, part)
		return
	case *time.Time: // the zero one is not assigned yet
		if !part.IsZero() && !kept(*part) {
			c.fault(at, outOfRange)
		}
		return
	case *Measures:
		return
	}
	for i, f := range fieldsOf(v.Type()) {
		inside := at
		if f.key != "" {
			inside += "/" + f.key
		}
		if v.Type() == incidentType && f.key == "warnings" {
			continue // derived, never stored
		}
		c.value(inside, v.Field(i), f)
	}
}

var incidentType = reflect.TypeFor[Incident]()

func (c *checker) list(at string, v reflect.Value, f field) {
	if f.items > 0 && v.Len() > f.items {
		c.fault(at, fmt.Sprintf("has %d items, at most %d are kept: split the record or drop some", v.Len(), f.items))
		return
	}
	for i := range v.Len() {
		c.value(place(at, i), v.Index(i), field{length: longestItem[f.key], required: true})
	}
}

// longestItem bounds the texts in lists; others have lineLength.
var longestItem = map[string]int{"tags": 60, "sources": 2000}

func (c *checker) integer(at string, v reflect.Value, f field) {
	n := v.Int()
	switch {
	case f.bounded && (n < f.low || n > f.high):
		c.fault(at, fmt.Sprintf("is %d: write a number from %d to %d, or leave it out", n, f.low, f.high))
	case v.Type() == numberType && n < 1 && at != "/number":
		c.fault(at, fmt.Sprintf("is %d: numbers of incidents start at 1", n))
	}
}

func (c *checker) text(at, s string, f field) {
	blank := strings.TrimSpace(s) == ""
	switch length := f.length; {
	case f.choices != nil && !slices.Contains(f.choices, s):
		c.fault(at, choose(s, f.choices))
	case f.required && blank:
		c.fault(at, "is empty: write it")
	case !utf8.ValidString(s):
		c.fault(at, "is not valid UTF-8: send the text as UTF-8")
	case strings.ContainsFunc(s, unwritable(f.longest == longText)):
		c.fault(at, controlText(f.longest == longText))
	case s != "" && f.pattern != nil && !f.pattern.MatchString(s):
		c.fault(at, "does not have the form "+f.pattern.String()+": "+cmp.Or(formed[f.key], "leave it out to get one"))
	case utf8.RuneCountInString(s) > or0(length, lineLength):
		c.fault(at, fmt.Sprintf("has %d characters, at most %d are kept: shorten it", utf8.RuneCountInString(s), or0(length, lineLength)))
	}
}

// formed says what to do about a field that lacks its form, where leaving it out is no answer.
var formed = map[string]string{"rule": "write the id of a rule as lint shows it", "key": "write it as the finding shows it, or leave it out",
	"on": "write the id of a part, or the key of a field such as summary or technical_cause"}

// or0 is n, or otherwise where n is 0.
func or0(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// choose says which words a closed set has.
func choose(got string, choices []string) string {
	words := strings.Join(slices.DeleteFunc(slices.Clone(choices), func(s string) bool { return s == "" }), ", ")
	if got == "" {
		return "is missing: write one of " + words
	}
	return fmt.Sprintf("is %.40q: write one of %s", strings.ToValidUTF8(got, "?"), words)
}

// unwritable finds control characters; only texts have line ends and tabs.
func unwritable(isText bool) func(rune) bool {
	return func(r rune) bool { return unicode.IsControl(r) && (!isText || r != '\n' && r != '\t') }
}

func controlText(isText bool) string {
	if isText {
		return "holds a control character other than a line end or a tab: remove it"
	}
	return "holds a line end, a tab or another control character: write it on one line"
}
