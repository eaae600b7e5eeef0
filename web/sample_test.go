package web

import (
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// today is when the tests look at the pages.
var today = time.Date(2013, 8, 20, 9, 30, 0, 0, time.UTC)

// billing is a rich record: every part, precision, audience and state that a
// page must show.
func billing(t testing.TB) *incident.Incident {
	t.Helper()
	text, err := os.ReadFile("testdata/billing.json")
	if err != nil {
		t.Fatal(err)
	}
	in := new(incident.Incident)
	if err := json.Unmarshal(text, in); err != nil {
		t.Fatalf("read testdata/billing.json: %v", err)
	}
	in.Normalize()
	return in
}

// filed is the record as the store would give it back.
func filed(t testing.TB) *incident.Incident {
	t.Helper()
	in := billing(t)
	in.Number, in.CreatedBy = 42, "Noor Haddad"
	in.CreatedAt, in.UpdatedAt = today.Add(-700*time.Hour), today.Add(-30*time.Hour)
	in.Review = incident.Review{
		State: incident.InReview, Reviewers: []string{"Lena Falk"},
		Approvals: []incident.Approval{{By: "Lena Falk", Public: true, Version: 3, At: today}},
	}
	in.Comments = []incident.Comment{
		{PartHead: incident.PartHead{ID: "comment00001"}, On: "decision0001", Author: "Lena Falk", At: today, Text: "Who decided this? *The customer's balance ran out.*"},
		{PartHead: incident.PartHead{ID: "comment00002"}, On: "summary", Author: "Tomás Reyes", At: today, Text: "Fine now.", Resolved: true},
	}
	in.Related = []incident.Number{7}
	in.Warnings = []incident.Warning{{Pointer: "/messages/1/at", Rule: "message_before_start", Detail: "people were told before users began to be hurt"}}
	return in
}

// filled is the rich record with text in every place that takes any.
func filled(t testing.TB, text string) *incident.Incident {
	t.Helper()
	in := billing(t)
	kept := regexp.MustCompile(`/(ID|Zone|Due|Corrects)$|/Evidence/|/Tags/`) // have a form of their own
	texts("", reflect.ValueOf(in), func(path string, v reflect.Value) {
		if v.Type() == reflect.TypeFor[string]() && !kept.MatchString(path) {
			v.SetString(text)
		}
	})
	return in
}
