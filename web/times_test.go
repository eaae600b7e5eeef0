package web

import (
	"reflect"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

func TestMeasuresStandBesideWhatWasStated(t *testing.T) {
	t.Parallel()
	want := []measure{
		{Name: "to detect", Value: "3 min", Stated: "about 7 minutes", Differs: "4 min more than measured"},
		{Name: "to acknowledge", Missing: "acknowledgement is not known"},
		{Name: "to mitigate", Missing: "mitigation is not known"},
		{Name: "to resolve", Value: "~\u202f42 h 36 min", Stated: "35h 36m", Differs: "7 h less than measured"},
		{Name: "to tell", Missing: "first public message is known to the day only"},
	}
	if got := measures(billing(t)); !reflect.DeepEqual(got, want) {
		t.Errorf("measures = %+v\nwant      %+v", got, want)
	}
}

func TestMilestonesCountFromTheStart(t *testing.T) {
	t.Parallel()
	var got []string
	for _, m := range milestones(billing(t), newClock("America/Los_Angeles")) {
		got = append(got, m.Name+": "+m.Since)
	}
	want := []string{"triggered: 1 h 4 min before", "started: ", "detected: 3 min", "acknowledged: ", "mitigated: ", "resolved: about 42 h 36 min"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("milestones = %q\nwant %q", got, want)
	}
	in := billing(t)
	in.Milestones.Triggered = in.Milestones.Started
	if got := milestones(in, newClock("UTC"))[0].Since; got != "at the start" {
		t.Errorf("what happens at the start is %q after it", got)
	}
	if got := milestones(new(incident.Incident), newClock("UTC")); got != nil {
		t.Errorf("milestones of nothing = %v, want none", got)
	}
}

func TestChartDrawsToScale(t *testing.T) {
	t.Parallel()
	from := moment(t, "2026-03-02T10:00:00Z", "UTC", incident.Minute)
	half := moment(t, "2026-03-02T11:00:00Z", "UTC", incident.Minute)
	until := moment(t, "2026-03-02T12:00:00Z", "UTC", incident.Minute)
	in := &incident.Incident{
		Heading: incident.Heading{Milestones: incident.Milestones{Started: from, Resolved: until}},
		Impacts: []incident.Impact{{Component: "API", From: from, Until: half}, {Component: "Web", From: half}, {Component: "unknown start"}},
	}
	ch := newChart(in, newClock("UTC"))
	if ch == nil || len(ch.Bars) != 2 {
		t.Fatalf("newChart = %+v, want two bars", ch)
	}
	if b := ch.Bars[0]; b.X != "0.00" || b.Width != "50.00" {
		t.Errorf("the first hour of two is drawn at %s for %s, want 0.00 for 50.00", b.X, b.Width)
	}
	if b := ch.Bars[1]; b.X != "50.00" || b.Width != "50.00" {
		t.Errorf("an impact without an end is drawn at %s for %s, want 50.00 to the end", b.X, b.Width)
	}
	if got := newChart(&incident.Incident{Timeline: []incident.Entry{{At: from}, {At: from}}}, newClock("UTC")); got != nil {
		t.Errorf("newChart of one instant = %+v, want none", got)
	}
}
