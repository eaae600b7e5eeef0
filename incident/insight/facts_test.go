package insight_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/insight"
)

func told(text string) *incident.Moment {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	m := incident.Exactly(at, "America/Los_Angeles", incident.Minute)
	return &m
}

// night is an incident of which customers heard twice.
func night() *incident.Incident {
	due := "2013-08-01"
	in := &incident.Incident{
		Heading: incident.Heading{Kind: incident.KindIncident, Status: incident.Resolved, Severity: incident.SEV1, Zone: "America/Los_Angeles",
			CreatedAt:  time.Date(2013, 7, 20, 0, 0, 0, 0, time.UTC),
			Milestones: incident.Milestones{Started: told("2013-07-18T09:42:00Z"), Detected: told("2013-07-18T10:00:00Z"), Resolved: told("2013-07-18T15:42:00Z")}},
		Impacts: []incident.Impact{{Component: "Billing"}, {Component: " billing"}, {Component: "Secret", Audience: incident.AudiencePrivate}},
		Messages: []incident.Message{
			{PartHead: incident.PartHead{ID: "a"}, Audience: incident.AudiencePublic, State: incident.Sent, At: told("2013-07-18T11:42:00Z"), NextUpdateAt: told("2013-07-18T12:00:00Z")},
			{PartHead: incident.PartHead{ID: "b"}, Audience: incident.AudiencePublic, State: incident.Recorded, At: told("2013-07-18T15:00:00Z"), NextUpdateAt: told("2013-07-18T16:00:00Z")},
		},
		Actions: []incident.Action{{PartHead: incident.PartHead{ID: "c"}, Kind: incident.Prevent, State: incident.Open, Owner: "Ada", Due: &due},
			{PartHead: incident.PartHead{ID: "d"}, Audience: incident.AudiencePrivate}},
	}
	in.Analysis.Factors = []incident.Factor{{Category: "process"}, {Category: "canary", Audience: incident.AudiencePrivate}, {Category: ""}}
	return in
}

func TestFactsAreWhatEverybodyMayReadOfARecord(t *testing.T) {
	t.Parallel()
	f := insight.Of(night(), nil, today)
	seconds := func(n int64) *int64 { return &n }
	hour := 4*24 + 2 // Thursday, 02:42 in Los Angeles
	want := insight.Facts{
		Kind: incident.KindIncident, Severity: incident.SEV1, Start: time.Date(2013, 7, 18, 9, 42, 0, 0, time.UTC), Hour: &hour, Told: true,
		Seconds: [insight.Measures]*int64{seconds(1080), nil, nil, seconds(21600), seconds(7200), seconds(11880)},
		Late:    1, Unanswered: []time.Time{time.Date(2013, 7, 18, 16, 5, 0, 0, time.UTC)},
		Components: []string{"Billing"}, Categories: []string{"process"},
		FollowUps: []insight.FollowUp{{ID: "c", Owner: "Ada", Kind: incident.Prevent, State: incident.Open, Due: "2013-08-01", Added: "2013-07-20"}},
	}
	if !reflect.DeepEqual(f, want) {
		t.Errorf("Of = %+v\nwant %+v", f, want)
	}
}

func TestWhenAFollowUpWasDoneIsKnownFromTheChange(t *testing.T) {
	t.Parallel()
	in := night()
	first := insight.Of(in, nil, today)
	in.Actions[0].State = incident.Done
	if f := insight.Of(in, nil, today).FollowUps[0]; f.Done != "" {
		t.Errorf("one that came done was done on %q, and nobody knows", f.Done)
	}
	done := insight.Of(in, &first, today)
	if f := done.FollowUps[0]; f.Done != "2026-05-20" || f.Added != "2013-07-20" {
		t.Errorf("one that became done is %+v", f)
	}
	if f := insight.Of(in, &done, today.AddDate(1, 0, 0)).FollowUps[0]; f.Done != "2026-05-20" {
		t.Errorf("a year after it became done it is %+v", f)
	}
	in.Actions[0].State = incident.InProgress
	if f := insight.Of(in, &done, today).FollowUps[0]; f.Done != "" {
		t.Errorf("one that is taken up again is %+v", f)
	}
	in.Actions = append(in.Actions, incident.Action{PartHead: incident.PartHead{ID: "e"}, State: incident.Done})
	if f := insight.Of(in, &done, today).FollowUps[1]; f.Done != "" || f.Added != "2026-05-20" {
		t.Errorf("one that is written later, as done, is %+v", f)
	}
}

func TestDuplicatesAndFalseAlarmsAreNotCounted(t *testing.T) {
	t.Parallel()
	in := night()
	if !insight.Counts(in) {
		t.Error("an incident is not counted")
	}
	if in.Resolution = incident.FalseAlarm; insight.Counts(in) {
		t.Error("a false alarm is counted")
	}
	if in.Resolution, in.Archived = "", true; insight.Counts(in) {
		t.Error("an archived incident is counted")
	}
}

func TestReadRange(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, from, to, want, grain string }{
		{"is the last twelve months unless said", "", "", "2025-06 – 2026-05", "month"},
		{"or those up to a month", "", "2014-02", "2013-03 – 2014-02", "month"},
		{"from a month on", "2026-02", "", "2026-02 – 2026-05", "month"},
		{"three years are quarters", "2023-06", "2026-05", "2023-06 – 2026-05", "quarter"},
		{"ten are years", "2016-06", "2026-05", "2016-06 – 2026-05", "year"},
		{"no range runs backwards", "2026-06", "", "earlier month first", ""},
		{"a day is no month", "2026-06-01", "", "write a month", ""},
		{"there is a bound", "1970-01", "", "more than 40 years", ""},
		{"far years are none", "", "2201-01", "write a month", ""},
	} {
		r, err := insight.ReadRange(tt.from, tt.to, today)
		got := r.From.String() + " – " + r.To.String()
		if err != nil {
			if got = err.Error(); !strings.Contains(got, tt.want) || tt.grain != "" {
				t.Errorf("%s: ReadRange(%q, %q) = %s, want %q", tt.name, tt.from, tt.to, got, tt.want)
			}
			continue
		}
		if got != tt.want || r.Grain().String() != tt.grain {
			t.Errorf("%s: ReadRange(%q, %q) = %s by %s, want %s by %s", tt.name, tt.from, tt.to, got, r.Grain(), tt.want, tt.grain)
		}
	}
}

func TestPointsOfACurve(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		r    insight.Range
		want string
	}{
		{insight.Range{From: 202601, To: 202603}, "2026-01, 2026-02, 2026-03"},
		{insight.Range{From: 202502, To: 202605}, "2025-02 – 2025-03, 2025 Q2, 2025 Q3, 2025 Q4, 2026 Q1, 2026-04 – 2026-05"},
		{insight.Range{From: 202212, To: 202605}, "2022-12, 2023, 2024, 2025, 2026-01 – 2026-05"},
	} {
		var names []string
		for _, p := range tt.r.Points() {
			names = append(names, p.Name())
		}
		if got := strings.Join(names, ", "); got != tt.want {
			t.Errorf("Points of %v = %s, want %s", tt.r, got, tt.want)
		}
	}
	years := func(p insight.Period) bool { return p != 2024 }
	want := []insight.Period{202212, 2023, 202401, 202402, 202403, 202404, 202405, 202406, 202407, 202408, 202409, 202410, 202411, 202412, 2025, 202601}
	if got := (insight.Range{From: 202212, To: 202601}).Cover(years); !reflect.DeepEqual(got, want) {
		t.Errorf("Cover = %v, want %v", got, want)
	}
}

func TestReadFilter(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"counted", "time_to_tell", "time_to_tell:3600", "category:capacity", "component:a:b", "owner:", "hour:37", "longest_silence:-5"} {
		if _, err := insight.ReadFilter(good); err != nil {
			t.Errorf("ReadFilter(%q) = %v", good, err)
		}
	}
	for _, bad := range []string{"", "nothing", "counted:3", "time_to_tell:", "time_to_tell:long", "hour:x", "category"} {
		if f, err := insight.ReadFilter(bad); err == nil {
			t.Errorf("ReadFilter(%q) = %+v, want a refusal", bad, f)
		}
	}
}
