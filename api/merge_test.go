package api

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

// The examples of RFC 7396, appendix A, of patches that are objects.
func TestMergeDoesWhatTheRFCSays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ target, patch, want string }{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`{"e":null}`, `{"a":1}`, `{"e":null,"a":1}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
	} {
		if got := merge(object(t, tt.target), object(t, tt.patch)); !reflect.DeepEqual(got, object(t, tt.want)) {
			t.Errorf("merge(%s, %s) = %v, want %s", tt.target, tt.patch, got, tt.want)
		}
	}
}

func object(t testing.TB, text string) map[string]any {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestAPatchLeavesPartsAndWhatWeAssignAlone(t *testing.T) {
	t.Parallel()
	in := incident.Incident{Heading: incident.Heading{Number: 7, Revision: 3, Version: 9, Title: "before", Status: incident.Identified, Tags: []string{"redis"}}}
	in.Timeline = []incident.Entry{{Text: "stays"}}
	in.Analysis.Whys = []incident.Why{{Why: "stays"}}
	in.Analysis.Trigger = &incident.Statement{Text: "goes"}
	p := recordPatch{object(t, `{"title":"after","tags":null,"analysis":{"trigger":null},"summary":"new"}`)}
	if err := p.apply(&in); err != nil {
		t.Fatal(err)
	}
	if in.Title != "after" || in.Summary != "new" || in.Tags != nil || in.Analysis.Trigger != nil {
		t.Errorf("the patch was not applied: %+v", in)
	}
	if in.Number != 7 || in.Revision != 3 || in.Version != 9 || in.Status != incident.Identified {
		t.Errorf("the patch changed what it may not: %+v", in.Heading)
	}
	if len(in.Timeline) != 1 || len(in.Analysis.Whys) != 1 {
		t.Errorf("parts were lost: %+v", in)
	}
}

func TestAPatchSaysWhereElseToChangeThings(t *testing.T) {
	t.Parallel()
	for key, patch := range map[string]string{
		"/status":           `{"status":"resolved"}`,
		"/review":           `{"review":{}}`,
		"/timeline":         `{"timeline":[]}`,
		"/analysis/lessons": `{"analysis":{"lessons":null}}`,
		"/number":           `{"number":1}`,
		"/revision":         `{"revision":1}`,
		"/created_by":       `{"created_by":"me"}`,
	} {
		in := incident.Incident{Heading: incident.Heading{Title: "before", Review: incident.Review{State: incident.InReview}}}
		in.Timeline, in.Analysis.Lessons = []incident.Entry{{Text: "stays"}}, []incident.Lesson{{Text: "stays"}}
		err := recordPatch{object(t, patch)}.apply(&in)
		var e *incident.Error
		if !errors.As(err, &e) || e.Kind != incident.Invalid || e.Fields[key] == "" {
			t.Errorf("patch %s = %v, want it refused at %s", patch, err, key)
		}
		if in.Title != "before" {
			t.Errorf("patch %s changed the record", patch)
		}
	}
}

func FuzzPatch(f *testing.F) {
	for _, seed := range []string{
		`{"title":"x"}`, `{"title":null}`, `{"milestones":{"started":"2013-07-18T09:42:00Z"}}`, `{"analysis":{"trigger":{"text":"t"}}}`,
		`{"people":[{"role":"author","name":"n"}]}`, `{"tags":[null]}`, `{"a":{"b":{"c":[1e400]}}}`, `{"TITLE":"x"}`, `{"status":"resolved"}`, `[]`, `nul`, `{"title":"a","title":"b"}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		in := incident.Incident{Heading: incident.Heading{Number: 7, Revision: 3, ID: "abcdefghijkl", Title: "before", Status: incident.Identified}}
		in.Timeline = []incident.Entry{{Text: "stays"}}
		var p recordPatch
		if p.decode([]byte(text)) != nil {
			return
		}
		err := p.apply(&in)
		var e *incident.Error
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("patch %q: a fault, not a refusal: %v", text, err)
		}
		if err != nil && in.Title != "before" {
			t.Fatalf("patch %q was refused and applied", text)
		}
		if in.Number != 7 || in.Revision != 3 || in.ID != "abcdefghijkl" || in.Status != incident.Identified || len(in.Timeline) != 1 {
			t.Fatalf("patch %q changed what it may not: %+v", text, in)
		}
	})
}
