package incidenttest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

func TestFillPutsAWordIntoEveryText(t *testing.T) {
	t.Parallel()
	words := map[string]string{}
	in := incidenttest.Fill(func(pointer string) string {
		words[pointer] = "word" + strings.NewReplacer("/", "-", "_", "-").Replace(pointer) + "-end"
		return words[pointer]
	})
	if err := in.Check(); err != nil {
		t.Errorf("Check(Fill) = %v", err)
	}
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if len(words) < 60 {
		t.Errorf("Fill asked for %d words, want one for every text of a record", len(words))
	}
	for pointer, word := range words {
		if !strings.Contains(string(data), word) {
			t.Errorf("the word of %s is not in the record", pointer)
		}
	}
	for _, key := range []string{`:null`, `:""`, `:[]`} {
		if i := strings.Index(string(data), key); i >= 0 && !strings.Contains(string(data[max(0, i-30):i]), "resolution") &&
			!strings.Contains(string(data[max(0, i-30):i]), "published_at") {
			t.Errorf("Fill leaves something empty: …%s", data[max(0, i-40):i+10])
		}
	}
	for _, k := range incident.PartKinds {
		if len(in.Parts(k)) != 1 {
			t.Errorf("Fill makes %d %s, want 1", len(in.Parts(k)), k)
		}
	}
}
