package incident_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

// fields are what a refusal names, for messages of tests.
func fields(err error) map[string]string {
	var refused *incident.Error
	errors.As(err, &refused)
	if refused == nil {
		return nil
	}
	return refused.Fields
}

func TestEveryRecordMadeForTestsBreaksNoRule(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := incidenttest.Records().Draw(t, "record")
		if err := in.Check(); err != nil {
			t.Fatalf("Check = %v: %v", err, fields(err))
		}
	})
}

func TestNormalizingTwiceChangesNothingMore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		once := incidenttest.Records().Draw(t, "record")
		twice := once.Clone()
		twice.Normalize()
		if !reflect.DeepEqual(once, twice) {
			t.Fatalf("Normalize twice = %+v, want %+v", twice, once)
		}
	})
}

func TestARecordComesThroughJSONUnchanged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := incidenttest.Records().Draw(t, "record")
		data, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		var got incident.Incident
		if err := incident.Decode(data, &got); err != nil {
			t.Fatalf("Decode = %v: %v", err, fields(err))
		}
		if got.Normalize(); !reflect.DeepEqual(in, &got) {
			t.Fatalf("after JSON = %+v, want %+v", &got, in)
		}
	})
}
