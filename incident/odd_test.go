package incident_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

// plain is a record with nothing odd about it: triggered at 10:00, then every
// ten minutes the next milestone.
func plain() *incident.Incident {
	in := full()
	m := &in.Milestones
	for i, milestone := range []**incident.Moment{&m.Triggered, &m.Started, &m.Detected, &m.Acknowledged, &m.Mitigated, &m.Resolved} {
		*milestone = at(10*i, 0, "").At
	}
	in.Stated, in.Warnings = incident.Stated{}, nil
	in.Timeline[0].At, in.Timeline[0].Until = at(5, 0, "").At, nil
	in.Messages[0].At, in.Messages[0].NextUpdateAt = at(20, 0, "").At, at(50, 0, "").At
	return in
}

// earlier is the moment a duration before another.
func earlier(m *incident.Moment, d time.Duration) *incident.Moment {
	before := incident.Exactly(m.At.Add(-d), m.Zone, m.Precision)
	return &before
}

// aDay is how long people take to notice the date.
const aDay = 24 * time.Hour

// stating is a record that states how long resolving took.
func stating(span string) func(*incident.Incident) {
	return func(in *incident.Incident) { in.Stated.TimeToResolve = &span }
}

var odds = []struct {
	name    string
	edit    func(*incident.Incident)
	rule    string // "" for nothing odd
	pointer string
	says    string
}{
	{"an ordinary record is not odd", func(*incident.Incident) {}, "", "", ""},
	{"detected before anybody was hurt", func(in *incident.Incident) { in.Milestones.Detected = at(5, 0, "").At },
		"detected_before_started", "/milestones/detected", "detected (10:05 UTC on Thursday, 18 July 2013) is before started (10:10 UTC"},
	{"mitigated before detected", func(in *incident.Incident) {
		in.Milestones.Acknowledged, in.Milestones.Mitigated = nil, at(15, 0, "").At
	},
		"mitigated_before_detected", "/milestones/mitigated", "is before detected"},
	{"in the same minute is no disorder", func(in *incident.Incident) { in.Milestones.Detected = in.Milestones.Started }, "", "", ""},
	{"on the same day neither", func(in *incident.Incident) {
		in.Milestones.Detected = earlier(in.Milestones.Started, 9*time.Hour)
		in.Milestones.Detected.Precision = incident.Day
	}, "", "", ""},
	{"an entry ends before it starts", func(in *incident.Incident) { in.Timeline[0].Until = earlier(in.Timeline[0].At, time.Hour) },
		"entry_ends_before_start", "/timeline/0/until", "until (09:05 UTC"},
	{"an impact too", func(in *incident.Incident) { in.Impacts[0].Until = earlier(in.Impacts[0].From, aDay) }, "impact_ends_before_start", "/impacts/0/until", "is one of them mistaken?"},
	{"and a duty", func(in *incident.Incident) { in.People[0].Until = earlier(in.People[0].From, aDay) }, "person_ends_before_start", "/people/0/until", "until"},
	{"the next update was due before the message", func(in *incident.Incident) { in.Messages[0].NextUpdateAt = at(1, 0, "").At }, "next_update_before_message", "/messages/0/next_update_at", ""},
	{"somebody told before it began", func(in *incident.Incident) { in.Messages[0].At = earlier(in.Milestones.Triggered, time.Hour) }, "message_before_start", "/messages/0/at", "began"},
	{"an entry of last week", func(in *incident.Incident) { in.Timeline[0].At = earlier(in.Milestones.Triggered, 7*aDay) }, "entry_long_before_trigger", "/timeline/0/at", "is the date right?"},
	{"an entry of the day before belongs to it", func(in *incident.Incident) { in.Timeline[0].At = earlier(in.Milestones.Triggered, aDay) }, "", "", ""},
	{"an entry of next year", func(in *incident.Incident) { in.Timeline[0].At = earlier(in.Milestones.Resolved, -365*aDay) }, "entry_long_after_end", "/timeline/0/at", "30 days after"},
	{"a label of another season", func(in *incident.Incident) {
		in.Timeline[0].At.Zone, in.Timeline[0].At.AsWritten = "America/Los_Angeles", "3:05 AM PST"
	}, "zone_label_contradicts", "/timeline/0/at/as_written", "PST"},
	{"resolved, but nobody said when", func(in *incident.Incident) { in.Milestones.Resolved = nil }, "resolved_without_milestone", "/milestones/resolved", "fill in"},
	{"resolved says one, open the other", func(in *incident.Incident) { in.Status = incident.Monitoring }, "milestone_without_resolving", "/milestones/resolved", "still monitoring"},
	{"over, but somebody is still hurt", func(in *incident.Incident) { in.Impacts[0].Until = nil }, "impact_without_end", "/impacts/0/until", "say when"},
	{"a duplicate that is none", func(in *incident.Incident) { in.DuplicateOf = number(3) }, "duplicate_without_resolution", "/duplicate_of", "INC-3"},
	{"another duration than the milestones give", stating("2 hours"), "stated_differs", "/stated/time_to_resolve", `"2 hours" is stated, but the milestones give 40 min`},
	{"a minute more is the same", stating("41 min"), "", "", ""},
	{"words cannot be compared", stating("ages"), "", "", ""},
	{"private, and nobody may read it", func(in *incident.Incident) {
		in.Visibility, in.People, in.Actions, in.Review.Reviewers = incident.VisiblePrivate, nil, nil, nil
	}, "private_names_nobody", "/people", "only who filed it"},
}

func TestOdd(t *testing.T) {
	t.Parallel()
	for _, tt := range odds {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := plain()
			tt.edit(in)
			if err := in.Check(); err != nil {
				t.Errorf("Check = %v: what is odd must be kept", err)
			}
			odd := incident.Odd(in)
			if tt.rule == "" && len(odd) == 0 {
				return
			}
			if len(odd) != 1 || odd[0].Rule != tt.rule || odd[0].Pointer != tt.pointer || !strings.Contains(odd[0].Detail, tt.says) {
				t.Errorf("Odd = %+v, want %s at %s: %s", odd, tt.rule, tt.pointer, tt.says)
			}
		})
	}
}

func TestOddEndsWithTheFirstHundred(t *testing.T) {
	t.Parallel()
	in := plain()
	entry := in.Timeline[0]
	entry.Until = earlier(entry.At, time.Hour)
	in.Timeline = slices.Repeat([]incident.Entry{entry}, 10_000)
	if odd := incident.Odd(in); len(odd) != 100 {
		t.Errorf("Odd has %d warnings, want 100", len(odd))
	}
}

func TestMeasure(t *testing.T) {
	t.Parallel()
	in := plain()
	in.Messages[0].Audience, in.Messages[0].At = incident.AudiencePublic, at(40, 0, "").At
	in.Messages = append(in.Messages, in.Messages[0], in.Messages[0])
	in.Messages[1].At = at(30, 0, "").At
	in.Messages[2].At, in.Messages[2].State = at(20, 0, "").At, incident.Draft
	in.Milestones.Mitigated = at(5, 0, "").At
	m := incident.Measure(in)
	for name, got := range map[string][2]int64{
		"to detect": {*m.TimeToDetect, 600}, "to acknowledge": {*m.TimeToAcknowledge, 600}, "to resolve": {*m.TimeToResolve, 2400},
		"to mitigate, before it started": {*m.TimeToMitigate, -300}, "to tell, by the first that was no draft": {*m.TimeToTell, 1200},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: %d s, want %d", name, got[0], got[1])
		}
	}
	in.Milestones.Started.At, in.Messages = nil, nil
	if m := incident.Measure(in); m.TimeToDetect != nil || m.TimeToResolve != nil || m.TimeToTell != nil || m.TimeToAcknowledge == nil {
		t.Errorf("Measure without a start = %+v, want only what has both ends", m)
	}
}

func TestOddNeverRefusesARecord(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := incidenttest.Records().Draw(t, "record")
		before := in.Clone()
		for _, w := range incident.Odd(in) {
			if w.Rule == "" || w.Detail == "" || !strings.HasPrefix(w.Pointer, "/") {
				t.Fatalf("Odd has %+v, want rule, pointer and words", w)
			}
		}
		before.Normalize()
		if err := before.Check(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAPartIsOddByItselfOrBesideTheHeading(t *testing.T) {
	t.Parallel()
	at := func(day int) *incident.Moment {
		m := incident.Exactly(time.Date(2013, 7, day, 9, 0, 0, 0, time.UTC), "UTC", incident.Minute)
		return &m
	}
	around := &incident.Incident{}
	around.Milestones.Triggered = at(18)
	entry := &incident.Entry{Text: "ran with " + accessKey, At: at(2), Until: at(1)}
	said := func() (all string) {
		for _, w := range incident.OddPart(around, entry) {
			all += w.Rule + " " + w.Pointer + "; "
		}
		return all
	}
	if got, want := said(), "secret /text; entry_ends_before_start /until; entry_long_before_trigger /at; "; got != want {
		t.Errorf("OddPart says %q, want %q", got, want)
	}
	around.Silenced = []incident.Silence{{Rule: "secret", Key: incident.Secrets(accessKey)[0].Key, Reason: "revoked"}}
	around.Milestones.Triggered = nil
	if got, want := said(), "entry_ends_before_start /until; "; got != want {
		t.Errorf("OddPart says %q, want %q: one is silenced, and nobody knows when it was triggered", got, want)
	}
}
