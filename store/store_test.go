package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
	"github.com/debriefhq/debrief/store/storetest"
)

// must panics on a fault of a test's preparation.
func must[T any](value T, err error) T {
	if err != nil {
		var refusal *incident.Error
		if errors.As(err, &refusal) {
			panic(fmt.Sprintf("%v %v", err, refusal.Fields))
		}
		panic(err)
	}
	return value
}

// titled is the least record that can be filed.
func titled(title string) *incident.Incident {
	return &incident.Incident{Heading: incident.Heading{Title: title}}
}

// entries are entries of the timeline, one for each text.
func entries(texts ...string) []incident.Part {
	parts := make([]incident.Part, len(texts))
	for i, text := range texts {
		parts[i] = &incident.Entry{Text: text}
	}
	return parts
}

// wantSame compares two values as the API would show them.
func wantSame(t interface{ Fatalf(string, ...any) }, what string, got, want any) {
	g, w := must(json.MarshalIndent(got, "", " ")), must(json.MarshalIndent(want, "", " "))
	if string(g) != string(w) {
		t.Fatalf("%s =\n%s\nwant\n%s", what, g, w)
	}
}

// refused checks the kind of a refusal.
func refused(t testing.TB, what string, err error, want incident.Kind) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want a refusal of the kind %s", what, err, want)
	}
}

// nameOnly makes a record name these incidents instead of those of another installation.
func nameOnly(in *incident.Incident, others []incident.Number) {
	of := func(n incident.Number) incident.Number { return others[int(n)%len(others)] }
	each := func(list []incident.Number) []incident.Number {
		all := []incident.Number{}
		for _, n := range list {
			if !slices.Contains(all, of(n)) {
				all = append(all, of(n))
			}
		}
		return all
	}
	in.Related = each(in.Related)
	for _, n := range []*incident.Number{in.RecurrenceOf, in.DuplicateOf} {
		if n != nil {
			*n = of(*n)
		}
	}
	for i := range in.Actions {
		in.Actions[i].AlsoFor = each(in.Actions[i].AlsoFor)
	}
}

func TestARecordComesBackAsItWasFiled(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := storetest.Person(t, s, "Ada", incident.Responder)
	var others []incident.Number
	for _, in := range must(s.FileAll(t.Context(), by, slices.Repeat([]*incident.Incident{titled("Another")}, 5))) {
		others = append(others, in.Number)
	}
	rapid.Check(t, func(rt *rapid.T) {
		in := incidenttest.Records().Draw(rt, "record")
		nameOnly(in, others)
		filed, err := s.File(t.Context(), by, in)
		if err != nil {
			rt.Fatalf("File: %v", err)
		}
		read, err := s.Incident(t.Context(), by, filed.Number)
		if err != nil {
			rt.Fatalf("Incident: %v", err)
		}
		draft, back := in.Draft(), read.Draft()
		filed.Warnings, read.Warnings, draft.Warnings, back.Warnings = nil, nil, nil, nil // filing tells more
		wantSame(rt, "Incident after File", read, filed)
		for _, k := range incident.PartKinds { // ids are assigned where there were none
			for i, p := range draft.Parts(k) {
				if p.Head().ID == "" {
					p.Head().ID = back.Parts(k)[i].Head().ID
				}
			}
		}
		wantSame(rt, "the filed record", back, draft)
	})
	wantTrue(t, s)
}

func TestChangeWritesWhatWasEdited(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := storetest.Person(t, s, "Ada", incident.Responder)
	in := must(s.File(t.Context(), by, titled("Redis is down")))
	changed, err := s.Change(t.Context(), by, in.Number, in.Revision, func(in *incident.Incident) error {
		in.Title, in.Tags = "Redis lost its master", []string{"redis"}
		in.Timeline = append(in.Timeline, incident.Entry{Text: "The master restarts."})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if changed.Revision != 2 || changed.Version != 2 || changed.Title != "Redis lost its master" || len(changed.Timeline) != 1 {
		t.Errorf("Change = revision %d, version %d, %q, %d entries", changed.Revision, changed.Version, changed.Title, len(changed.Timeline))
	}
	wantSame(t, "Incident after Change", must(s.Incident(t.Context(), by, in.Number)), changed)
	_, err = s.Change(t.Context(), by, in.Number, 1, func(*incident.Incident) error { return nil })
	refused(t, "Change at an old revision", err, incident.Stale)
}

func TestAPoolerByTransactionIsServedWithoutPreparedStatements(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url+"&default_query_exec_mode=cache_describe")
	by := shelf(t, s)
	if found := must(s.Search(t.Context(), by, "replicas", 0, "")).Items; len(found) != 1 {
		t.Errorf("Search finds %d incidents, want 1", len(found))
	}
	wantTrue(t, s)
	for _, mode := range []string{"simple_protocol", "exec", "describe_exec"} {
		if err := openError(t, url+"&default_query_exec_mode="+mode); err == nil || !strings.Contains(err.Error(), "cache_describe") {
			t.Errorf("Open in the mode %s = %v, want to be told another", mode, err)
		}
	}
}
