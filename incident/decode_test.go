package incident_test

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// undecodable is JSON that Decode refuses, and what it says of which place.
var undecodable = []struct {
	name    string
	json    string
	want    incident.Kind
	pointer string
	says    string
}{
	{"an unknown key", `{"titel":"x"}`, incident.Invalid, "/titel", `did you mean "title"?`},
	{"keys have their case", `{"Title":"x"}`, incident.Invalid, "/Title", `did you mean "title"?`},
	{"an unknown key inside", `{"timeline":[{"text":"a"},{"txt":"x"}]}`, incident.Invalid, "/timeline/1/txt", `"text"`},
	{"also in a moment", `{"milestones":{"started":{"time":1}}}`, incident.Invalid, "/milestones/started/time", "no key"},
	{"a key like no other", `{"people":[{"a/b~c":1}]}`, incident.Invalid, "/people/0/a~1b~0c", "the keys are from, name, role, until"},
	{"a text where a list belongs", `{"tags":"a"}`, incident.Invalid, "/tags", "a list belongs here"},
	{"a number where a text belongs", `{"title":5}`, incident.Invalid, "/title", "a text belongs here"},
	{"an object where a list belongs", `{"timeline":{}}`, incident.Invalid, "/timeline", "a list belongs here"},
	{"a list where an object belongs", `[]`, incident.Invalid, "", "an object belongs here"},
	{"half a number", `{"timeline":[{"position":1.5}]}`, incident.Invalid, "/timeline/0/position", "a whole number"},
	{"a text for true", `{"actions":[{"due":true}]}`, incident.Invalid, "/actions/0/due", "a text belongs here"},
	{"a time that is none", `{"milestones":{"started":"yesterday"}}`, incident.Invalid, "/milestones/started", "RFC 3339"},
	{"also in the long form", `{"milestones":{"started":{"at":"2013-02-30T00:00:00Z"}}}`, incident.Invalid, "/milestones/started/at", ""},
	{"in words of our own", `{"milestones":{"started":{"at":"10000-01-01T00:00:00Z"}}}`, incident.Invalid, "/milestones/started/at", "a time such as"},
	{"a number for a time", `{"created_at":5}`, incident.Invalid, "/created_at", "here stands 5, but a time such as"},
	{"a number beyond all", `{"impacts":[{"figures":[{"value":1e400}]}]}`, incident.Invalid, "/impacts/0/figures/0/value", "a number nearer to zero"},
	{"a whole one too", `{"timeline":[{"position":99999999999999999999}]}`, incident.Invalid, "/timeline/0/position", "a whole number nearer to zero"},
	{"a figure without its number", `{"impacts":[{"figures":[{"measure":"x"}]}]}`, incident.Invalid, "/impacts/0/figures/0/value", "is missing"},
	{"or with nothing for it", `{"impacts":[{"figures":[{"measure":"x","value":null}]}]}`, incident.Invalid, "/impacts/0/figures/0/value", "is missing"},
	{"a number that names nothing", `{"duplicate_of":"INC-X"}`, incident.Invalid, "/duplicate_of", "write 42 or INC-42"},
	{"a NUL", `{"timeline":[{"text":"a\u0000b"}]}`, incident.Invalid, "/timeline/0/text", "NUL"},
	{"a key twice", `{"analysis":{"whys":[],"whys":[]}}`, incident.Malformed, "/analysis/whys", "twice"},
	{"something after the end", `{"title":"x"} {}`, incident.Malformed, "", "more after"},
	{"nothing", ``, incident.Malformed, "", "ends too early"},
	{"half an object", `{"title":`, incident.Malformed, "", "ends too early"},
	{"broken syntax", "{\n \"title\": x}", incident.Malformed, "", "line 2"},
	{"bytes that are no text", "{\"title\":\"\xff\"}", incident.Malformed, "", "UTF-8"},
	{"half a surrogate pair", `{"title":"\ud83d"}`, incident.Malformed, "", "UTF-8"},
	{"the other half", `{"title":"\ude00"}`, incident.Malformed, "", "UTF-8"},
	{"a half beside a whole", `{"title":"\ud83d\u0041"}`, incident.Malformed, "", "UTF-8"},
}

func TestDecodeRefusesWithThePlace(t *testing.T) {
	t.Parallel()
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, tt := range undecodable {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var in incident.Incident
			err := incident.Decode([]byte(tt.json), &in)
			if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) {
				t.Fatalf("Decode(%s) = %v, want %s: %s", tt.json, err, tt.want, tt.says)
			}
			if got := fields(err); tt.pointer != "" && got[tt.pointer] == "" {
				t.Errorf("Decode(%s) names %q, want %s", tt.json, got, tt.pointer)
			}
			if !reflect.DeepEqual(in, incident.Incident{}) {
				t.Errorf("Decode(%s) refused, yet left %+v", tt.json, in)
			}
		})
	}
	var free any
	if err := incident.Decode([]byte(deep(40)), &free); !errors.Is(err, incident.Malformed) {
		t.Errorf("Decode of 40 levels = %v, want Malformed", err)
	}
	if err := incident.Decode([]byte(deep(32)), &free); err != nil {
		t.Errorf("Decode of 32 levels = %v, want nil", err)
	}
}

func TestDecodeTakes(t *testing.T) {
	t.Parallel()
	var in incident.Incident
	err := incident.Decode([]byte(`{"title": "\ud83d\ude00 \\ud83d", "duplicate_of": "INC-42", "related": [1, "2"], "tags": null,
		"milestones": {"started": "2013-07-18T02:39:00-07:00", "detected": {"at": "2013-07-18T09:42:00Z", "zone": "UTC", "precision": "minute"}}}`), &in)
	if err != nil {
		t.Fatalf("Decode = %v %q", err, fields(err))
	}
	started := in.Milestones.Started
	if in.Title != `😀 \ud83d` || *in.DuplicateOf != 42 || !reflect.DeepEqual(in.Related, []incident.Number{1, 2}) {
		t.Errorf("Decode = %q, %v, %v", in.Title, *in.DuplicateOf, in.Related)
	}
	if !started.At.Equal(time.Date(2013, 7, 18, 9, 39, 0, 0, time.UTC)) || started.Zone != "-07:00" || started.Precision != incident.Minute {
		t.Errorf("started = %+v, want 09:39 UTC as told at -07:00, to the minute", started)
	}
	type patch struct {
		Raw  json.RawMessage `json:"raw"`
		Free map[string]any  `json:"free"`
	}
	var p patch
	if err := incident.Decode([]byte(`{"raw":{"a":[1]},"free":{"b":null}}`), &p); err != nil || string(p.Raw) != `{"a":[1]}` || len(p.Free) != 1 {
		t.Errorf("Decode of free forms = %v, %+v", err, p)
	}
	if err := incident.Decode([]byte(`{}`), p); err == nil || errors.As(err, new(*incident.Error)) {
		t.Errorf("Decode into what is no pointer = %v, want a fault of ours", err)
	}
}

// FuzzDecode finds input that panics, is refused without a kind, or is taken
// though encoding/json, told to be strict, would not take it.
func FuzzDecode(f *testing.F) {
	data, err := os.ReadFile("testdata/record.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	for _, seed := range []string{`{"title":"x","milestones":{"started":"2013-07-18T02:39:00-07:00"}}`, `{"related":["INC-7",8]}`,
		`{"a":{"a":1,"a":2}}`, `{"title":"\ud83d\ude00"}`, `[[[[`, `{"impacts":[{"figures":[{"value":1e999}]}]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var in, again incident.Incident
		if err := incident.Decode(data, &in); err != nil {
			var refused *incident.Error
			if !errors.As(err, &refused) || refused.Kind != incident.Malformed && refused.Kind != incident.Invalid || refused.Detail == "" {
				t.Fatalf("Decode = %#v, want Malformed or Invalid with words", err)
			}
			return
		}
		dec := json.NewDecoder(strings.NewReader(string(data)))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&again); err != nil {
			t.Fatalf("Decode took what encoding/json refuses: %v", err)
		}
		in.Normalize()
		_ = in.Check() // must not panic, whatever was decoded
		_ = incident.Odd(&in)
		_ = in.Public()
		out, err := json.Marshal(in.Draft())
		if err != nil {
			return // a time out of JSON's range, which Check refuses
		}
		if err := incident.Decode(out, &again); err != nil {
			t.Fatalf("Decode of what we wrote = %v: %s", err, out)
		}
	})
}
