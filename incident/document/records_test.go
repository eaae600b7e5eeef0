package document

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

// twilio is the billing incident of 18 July 2013, as the API takes it.
func twilio(t testing.TB) *incident.Incident {
	t.Helper()
	file, err := os.Open("testdata/twilio.json")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	got, err := ReadJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	return got.Incident
}

// nearlyNothing is a record with a title.
func nearlyNothing() *incident.Incident {
	in := &incident.Incident{Heading: incident.Heading{Title: "Something broke"}}
	in.Normalize()
	return in
}

func at(text string) *incident.Moment {
	when, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	m := incident.Exactly(when, "Europe/Berlin", incident.Minute)
	return &m
}

// open is an incident that is not over, across midnight and a change of clocks.
func open() *incident.Incident {
	in := &incident.Incident{
		Heading: incident.Heading{
			Number: 12, ID: "k3v9q0a1b2c3", Revision: 4, Version: 9, Title: "Search answers slowly", Severity: incident.SEV2,
			Status: incident.Identified, Zone: "Europe/Berlin", Tags: []string{"search"}, CreatedBy: "Ana",
			CreatedAt: at("2025-10-25T22:10:00Z").At.UTC(), UpdatedAt: at("2025-10-26T01:45:00Z").At.UTC(),
			Milestones: incident.Milestones{Started: at("2025-10-25T21:50:00Z"), Detected: at("2025-10-25T22:05:00Z")},
		},
		PublicTitle: "Slow search", PublicSummary: "Searching takes longer than usual. We are working on it.",
		People: []incident.Person{
			{Role: "commander", Name: "Ana", Until: at("2025-10-25T23:00:00Z")},
			{Role: "commander", Name: "Ben", From: at("2025-10-25T23:00:00Z")},
		},
		Impacts: []incident.Impact{{Component: "Search", Kind: incident.Performance, Level: incident.DegradedPerformance,
			From: at("2025-10-25T21:50:00Z"), Audience: incident.AudiencePublic}},
		Messages: []incident.Message{{Channel: incident.StatusPage, Author: "Ana", Role: "support", Status: "identified",
			At: at("2025-10-25T22:20:00Z"), NextUpdateAt: at("2025-10-25T23:20:00Z"), Audience: incident.AudiencePublic,
			Body: "Searching is slow.\n\nWe know why, and add machines."}},
		Actions: []incident.Action{{Title: "Alert on the queue's length", Kind: incident.Detect, Owner: "Ben", State: incident.InProgress}},
	}
	for _, e := range []struct{ at, text string }{
		{"2025-10-25T21:50:00Z", "The nightly import starts an hour early."},
		{"2025-10-25T22:05:00Z", "An alert on slow answers | p99 over 2 s."},
		{"2025-10-26T00:30:00Z", "Machines added.\nThe queue shrinks:\n\n- 40,000 at 02:10\n- 9,000 at 02:30"},
		{"2025-10-26T01:30:00Z", "Clocks were set back; it is 02:30 again."},
	} {
		in.Timeline = append(in.Timeline, incident.Entry{At: at(e.at), Text: e.text, Audience: incident.AudiencePublic})
	}
	in.Normalize()
	return in
}

// everything has something in every field, with texts that try to break out.
func everything() *incident.Incident {
	in := incidenttest.Fill(func(pointer string) string { return strings.ReplaceAll(strings.TrimPrefix(pointer, "/"), "/", "-") })
	incidenttest.SetAudience(in, incident.AudiencePublic)
	in.Messages[0].State = incident.Recorded
	in.Comments, in.Measures, in.Warnings = nil, nil, nil
	in.Background = hostile
	in.Timeline[0].Text = hostile
	in.Impacts[0].Text = "A text with <b>HTML</b>, a | and a `pipe | in code`.\n\n![Errors <b>by</b> the minute](images/k3v9x1m7q2ab.png)"
	in.Analysis.Factors[0].Text = "The pool was full: ![connections in use](images/k3v9x1m7q2ab.png)"
	in.Messages[0].Body = "title: not a title\n\n## Timeline\n\nsee [this](javascript:alert(1)) and ![that](https://example.org/x.png)"
	in.Analysis.Lessons[0].Text = "first line\n- second\n\n  third {public}"
	in.Analysis.Whys[0].Why = "Why\nBecause: of this?"
	in.Normalize()
	return in
}

const hostile = "# A heading\n\n## Timeline\n\n| Time | Kind |\n| --- | --- |\n| 02:42 | x |\n\n---\n\n```\n## in code\n<script>alert(1)</script>\n```\n\n" +
	"<script>alert(2)</script>\n\n<!-- hint: gone? -->\n\n- [ ] open\n- [x] done\n\n\\## kept\n\n~~~\nnever closed 👩‍🚒"

// samples are the records that golden files show.
func samples(t testing.TB) map[string]*incident.Incident {
	return map[string]*incident.Incident{"twilio": twilio(t), "open": open(), "everything": everything(), "nothing": nearlyNothing()}
}
