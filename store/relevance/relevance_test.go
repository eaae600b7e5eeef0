package relevance_test

import (
	"os"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/relevance"
	"github.com/debriefhq/debrief/store/storetest"
)

// atLeast is the mean reciprocal rank below which search is not worth much.
const atLeast = 0.85

func TestWhatPeopleHalfRememberIsFoundFirst(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := storetest.Person(t, s, "Ada", incident.Admin)
	report, err := relevance.Measure(t.Context(), s, by, os.DirFS("testdata"))
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + report.String())
	if len(report.Questions) < 40 || report.Records < 200 {
		t.Fatalf("%d questions about %d records, want all of them", len(report.Questions), report.Records)
	}
	for _, held := range []bool{false, true} {
		if mean := report.Mean(held); mean < atLeast {
			t.Errorf("mean reciprocal rank, held aside %v, is %.3f, want %v", held, mean, atLeast)
		}
	}
}
