package incidenttest_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

// shapes are the values that were seen of each field of a record, by its
// pointer with 0 for every place in a list: words of a closed set as they are,
// of everything else whether it was absent, present or several.
type shapes map[string]map[string]bool

func (s shapes) saw(at, what string) {
	if s[at] == nil {
		s[at] = map[string]bool{}
	}
	s[at][what] = true
}

func (s shapes) look(at string, v reflect.Value, choices string) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time](), v.Kind() == reflect.Pointer && v.IsNil():
		s.presence(at, v)
	case v.Kind() == reflect.Pointer:
		s.presence(at, v)
		if v.Elem().Kind() == reflect.Struct {
			s.look(at, v.Elem(), "")
		}
	case v.Kind() == reflect.Slice:
		s.saw(at, []string{"absent", "present", "several"}[min(v.Len(), 2)])
		for i := range v.Len() {
			s.look(at+"/0", v.Index(i), "")
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			inside := at
			if !f.Anonymous {
				key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				inside += "/" + key
			}
			s.look(inside, v.Field(i), choicesOf(f))
		}
	case choices != "":
		s.saw(at, v.String())
	default:
		s.presence(at, v)
	}
}

func (s shapes) presence(at string, v reflect.Value) {
	if v.IsZero() {
		s.saw(at, "absent")
	} else {
		s.saw(at, "present")
	}
}

// choicesOf are the words of a closed set, "" for any other field.
func choicesOf(f reflect.StructField) string {
	if f.Type != reflect.TypeFor[incident.Precision]() {
		return f.Tag.Get("enum")
	}
	var words []string
	for _, p := range incident.Precisions {
		words = append(words, string(p))
	}
	return strings.Join(words, ",")
}

// want lists what should be seen of every field of a struct.
func (s shapes) want(at string, t reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		inside, of := at+"/"+key, f.Type
		if f.Anonymous {
			s.want(at, of)
			continue
		}
		switch choices := choicesOf(f); {
		case choices != "":
			for _, word := range strings.Split(choices, ",") {
				s.saw(inside, word)
			}
			continue
		case of.Kind() != reflect.Struct || of == reflect.TypeFor[time.Time]():
			s.saw(inside, "present")
			if f.Tag.Get("required") == "" || of.Kind() == reflect.Float64 {
				s.saw(inside, "absent")
			}
		}
		if of.Kind() == reflect.Slice {
			s.saw(inside, "several")
			inside += "/0"
		}
		for of.Kind() == reflect.Slice || of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		if of.Kind() == reflect.Struct && of != reflect.TypeFor[time.Time]() {
			s.want(inside, of)
		}
	}
}

// TestRecordsHaveEveryShape: what rests on Records rests on their variety.
func TestRecordsHaveEveryShape(t *testing.T) {
	t.Parallel()
	seen, want := shapes{}, shapes{}
	var longTexts, longLists, fullTitles int
	for seed := range 1500 {
		in := incidenttest.Records().Example(seed)
		seen.look("", reflect.ValueOf(in).Elem(), "")
		longTexts += len(in.Summary) / 5000
		longLists += len(in.Timeline) / 20
		fullTitles += len([]rune(in.Title)) / 200
	}
	if longTexts == 0 || longLists == 0 || fullTitles == 0 {
		t.Errorf("Records made %d long texts, %d long timelines, %d titles of full length; want some of each", longTexts, longLists, fullTitles)
	}
	want.want("", reflect.TypeFor[incident.Incident]())
	for at, values := range want {
		for value := range values {
			if !seen[at][value] && !excused(at, value) {
				t.Errorf("no record has %s %q", at, value)
			}
		}
	}
}

// excused are the shapes that Records leaves out by its contract, and what no
// record in normal form lacks.
func excused(at, value string) bool {
	for _, left := range []string{"/comments", "/measures", "/warnings"} {
		if strings.HasPrefix(at, left) {
			return true
		}
	}
	needed := []string{"/zone", "/position", "/approvals/0/by", "/approvals/0/version", "/approvals/0/at"}
	return value == "absent" && slices.ContainsFunc(needed, func(end string) bool { return strings.HasSuffix(at, end) })
}
