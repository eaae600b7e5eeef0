package incident_test

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

// record reads the record that the contract shows.
func record(t *testing.T) (*incident.Incident, []byte) {
	t.Helper()
	data, err := os.ReadFile("testdata/record.json")
	if err != nil {
		t.Fatal(err)
	}
	var in incident.Incident
	if err := incident.Decode(data, &in); err != nil {
		t.Fatalf("Decode(record.json) = %v %v", err, fields(err))
	}
	return in.Draft(), data
}

func TestTheRecordOfTheContractBreaksNoRule(t *testing.T) {
	t.Parallel()
	in, _ := record(t)
	if err := in.Check(); err != nil {
		t.Errorf("Check(record.json) = %v", err)
	}
	for _, w := range incident.Odd(in) {
		if w.Rule != "impact_without_end" { // it is resolved, and nobody said when the impacts ended
			t.Errorf("Odd(record.json) has %v", w)
		}
	}
}

func TestEveryPostedKeyComesBackEqual(t *testing.T) {
	t.Parallel()
	in, data := record(t)
	given, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var posted, got any
	for data, into := range map[string]*any{string(data): &posted, string(given): &got} {
		if err := json.Unmarshal([]byte(data), into); err != nil {
			t.Fatal(err)
		}
	}
	same(t, "", posted, got)
}

// same compares every key of what was posted with what came back.
func same(t *testing.T, at string, posted, got any) {
	t.Helper()
	switch want := posted.(type) {
	case map[string]any:
		have, _ := got.(map[string]any)
		for key := range want {
			if _, ok := have[key]; !ok {
				t.Errorf("%s/%s is gone", at, key)
			}
			same(t, at+"/"+key, want[key], have[key])
		}
	case []any:
		have, _ := got.([]any)
		if len(have) != len(want) {
			t.Fatalf("%s has %d items, want %d", at, len(have), len(want))
		}
		for i := range want {
			same(t, at, want[i], have[i])
		}
	default:
		if !reflect.DeepEqual(posted, got) {
			t.Errorf("%s = %v, want %v", at, got, posted)
		}
	}
}
