package document

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
)

func onDay(text string) *string { return &text }

func digested() *incident.Digest {
	at := time.Date(2013, 7, 18, 9, 42, 0, 0, time.UTC)
	minutes := func(n int64) *int64 { n *= 60; return &n }
	return &incident.Digest{
		Period: "2013-07", From: time.Date(2013, 7, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2013, 8, 1, 0, 0, 0, 0, time.UTC),
		Incidents: []incident.Retold{{
			Number: 42, Title: "Cards charged *again*", Kind: incident.KindIncident, Severity: incident.SEV1, Status: incident.Resolved, Zone: "America/Los_Angeles",
			Started:    &incident.Moment{At: &at, Zone: "America/Los_Angeles", Precision: incident.Minute},
			Components: []string{"Payments", "Auto-recharge"}, Measures: &incident.Measures{TimeToMitigate: minutes(152), TimeToTell: minutes(45)},
			Summary:        "Redis replicas lost their master.\n\n# Not a heading\n\n<script>alert(1)</script>" + strings.Repeat(" and so on", 100),
			TechnicalCause: "A restart loaded the wrong configuration.", ProcessCause: "Nobody tried a restart.",
			Lessons: []incident.Lesson{{Kind: incident.Lucky, Text: "A customer called."}, {Kind: incident.WentWell, Text: "Voice and SMS went on."}},
			Review:  incident.InReview, Pending: 1,
		}, {
			Number: 43, Title: "A disk nearly full", Kind: incident.NearMiss, Status: incident.Investigating, Review: incident.ReviewDraft, Components: []string{},
		}},
		Owed: []incident.Owed{
			{Incident: 42, Title: "Test restarts", Owner: "Noor Haddad", Due: onDay("2013-07-25"), State: incident.Open, Overdue: true},
			{Incident: 7, Title: "Write a | runbook", State: incident.InProgress},
		}, MoreOwed: true,
	}
}

func TestADigestReadsLikeALetter(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := WriteDigest(&out, digested(), func(n incident.Number) string { return fmt.Sprintf("/incidents/%d", n) }); err != nil {
		t.Fatal(err)
	}
	golden(t, "digest.md", out.Bytes())
}

func TestADigestOfAQuietMonthSaysSo(t *testing.T) {
	t.Parallel()
	d := digested()
	d.Incidents, d.Owed, d.MoreOwed = nil, nil, false
	var out bytes.Buffer
	if err := WriteDigest(&out, d, nil); err != nil {
		t.Fatal(err)
	}
	const want = "# July 2013\n\nNo incident is on record that started in this time.\n\n## What is still owed\n\nNo follow-up is open.\n"
	if out.String() != want {
		t.Errorf("it is\n%s\nwant\n%s", out.String(), want)
	}
}
