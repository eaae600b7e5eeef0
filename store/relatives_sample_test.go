package store_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// sampled files the postmortems of testdata, and gives their numbers by the names of the files.
func sampled(t testing.TB, s *store.Store, by incident.Actor) map[string]incident.Number {
	t.Helper()
	archive := must(txtar.ParseFile("testdata/samples.txtar"))
	var names []string
	var all []*incident.Incident
	for _, f := range archive.Files {
		reading, err := document.ReadMarkdown(strings.NewReader(string(f.Data)))
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		names, all = append(names, f.Name), append(all, reading.Incident.Draft())
	}
	numbers := map[string]incident.Number{}
	for i, in := range must(s.FileAll(t.Context(), by, all)) {
		numbers[names[i]] = in.Number
	}
	if err := s.FoldWords(t.Context()); err != nil {
		t.Fatal(err)
	}
	return numbers
}

// groups are the incidents of testdata that have a cause in common, by what that is.
func groups(t testing.TB) (all [][]string) {
	t.Helper()
	text, err := os.ReadFile("testdata/relatives.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if _, files, is := strings.Cut(strings.TrimSpace(line), ": "); is && !strings.HasPrefix(line, "#") {
			all = append(all, strings.Split(files, " | "))
		}
	}
	return all
}

// leastFound is how many of a hundred incidents must have a true relative among the first three.
const leastFound = 70

// Run with -v, it reports each incident that has none.
func TestATrueRelativeIsAmongTheFirstThree(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	numbers := sampled(t, s, ada)
	found, asked := 0, 0
	all := groups(t)
	if len(all) < 10 {
		t.Fatalf("there are %d groups: this test is not looking at them", len(all))
	}
	for _, group := range all {
		for _, name := range group {
			n, known := numbers[name]
			if !known {
				t.Fatalf("there is no sample %s", name)
			}
			relatives := must(s.Similar(t.Context(), ada, must(s.Incident(t.Context(), ada, n)), 3))
			asked++
			if slices.ContainsFunc(relatives, func(r store.Relative) bool {
				return slices.ContainsFunc(group, func(other string) bool { return numbers[other] == r.Number })
			}) {
				found++
				continue
			}
			var got []string
			for _, r := range relatives {
				got = append(got, r.Title+" ("+strings.Join(r.Reasons, "; ")+")")
			}
			t.Logf("no true relative of %s:\n\t%s", name, strings.Join(got, "\n\t"))
		}
	}
	t.Logf("%d of %d incidents in %d groups have a true relative among the first three: %d%%", found, asked, len(all), 100*found/asked)
	if 100*found < leastFound*asked {
		t.Errorf("that is less than %d%%", leastFound)
	}
}

func BenchmarkSimilar(b *testing.B) {
	s := storetest.New(b)
	numbers := sampled(b, s, store.System())
	in := must(s.Incident(b.Context(), store.System(), numbers["posthog/2025-10-21-feature-flags-recurring-outages.md"]))
	for b.Loop() {
		must(s.Similar(b.Context(), store.System(), in, 3))
	}
}
