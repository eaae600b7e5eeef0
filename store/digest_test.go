package store_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/storetest"
)

// startedOn is an incident of that day.
func startedOn(day string, severity incident.Severity) *incident.Incident {
	in := titled("On " + day)
	at := must(time.Parse(time.RFC3339, day+"T12:00:00Z"))
	m := incident.Exactly(at, "UTC", incident.Minute)
	in.Severity, in.Milestones.Started = severity, &m
	return in
}

func TestADigestTellsOfItsTimeTheMostSevereFirst(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	for _, in := range []*incident.Incident{
		startedOn("2013-06-30", incident.SEV1), startedOn("2013-07-01", ""), startedOn("2013-07-20", incident.SEV3), startedOn("2013-07-31", incident.SEV1),
		startedOn("2013-07-02", incident.SEV3), startedOn("2013-08-01", incident.SEV1),
	} {
		must(s.File(t.Context(), ada, in))
	}
	d := must(s.Digest(t.Context(), ada, "2013-07"))
	var got []string
	for _, r := range d.Incidents {
		got = append(got, r.Title)
	}
	if want := "[On 2013-07-31 On 2013-07-02 On 2013-07-20 On 2013-07-01]"; fmt.Sprint(got) != want || d.More {
		t.Errorf("it tells of %v, more: %v, want %s and no more", got, d.More, want)
	}
	_, err := s.Digest(t.Context(), ada, "2013-13")
	refused(t, "a digest of no month", err, incident.Malformed)
	_, err = s.Digest(t.Context(), incident.Actor{}, "2013-07")
	refused(t, "a digest for nobody", err, incident.SignIn)
}

func TestOfVeryManyADigestTellsTheMostSevere(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	var all []*incident.Incident
	for i := range 105 {
		in := startedOn(fmt.Sprintf("2013-07-%02d", i%28+1), incident.SEV4)
		in.Actions = []incident.Action{{Title: "Test it"}}
		all = append(all, in)
	}
	all[77].Severity, all[3].Severity = incident.SEV1, ""
	must(s.FileAll(t.Context(), ada, all))
	d := must(s.Digest(t.Context(), ada, "2013-Q3"))
	if len(d.Incidents) != 100 || d.Incidents[0].Severity != incident.SEV1 || d.Incidents[99].Severity != incident.SEV4 || !d.More || len(d.Owed) != 100 || !d.MoreOwed {
		t.Errorf("it tells of %d incidents, %q to %q, more: %v, of %d owed, more: %v", len(d.Incidents), d.Incidents[0].Severity, d.Incidents[len(d.Incidents)-1].Severity, d.More, len(d.Owed), d.MoreOwed)
	}
}

func TestADigestHoldsNothingPrivateForAnybody(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	const canary = "canary"
	hidden := startedOn("2013-07-18", incident.SEV1)
	hidden.Title, hidden.Visibility, hidden.Actions = canary, incident.VisiblePrivate, []incident.Action{{Title: canary}}
	open := startedOn("2013-07-18", incident.SEV2)
	open.People = []incident.Person{{Role: "commander", Name: "Ada"}}
	open.Actions = []incident.Action{{Title: canary, Audience: incident.AudiencePrivate}, {Title: "Test it"}}
	open.Impacts = []incident.Impact{{Component: canary, Audience: incident.AudiencePrivate}}
	open.Analysis.TechnicalCause = &incident.Statement{Text: canary, Audience: incident.AudiencePrivate}
	for _, in := range []*incident.Incident{hidden, open} {
		must(s.File(t.Context(), ada, in))
	}
	text := string(must(json.Marshal(must(s.Digest(t.Context(), ada, "2013-07")))))
	if strings.Contains(text, canary) || !strings.Contains(text, "Test it") {
		t.Errorf("a digest tells what is private, or not what is not: %s", text)
	}
}
