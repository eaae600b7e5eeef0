package web

import (
	"reflect"
	"strings"
	"testing"
	"time"

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

func TestChartKeepsToTheIncident(t *testing.T) {
	t.Parallel()
	at := func(text string) *incident.Moment { return moment(t, text, "UTC", incident.Minute) }
	in := &incident.Incident{Heading: incident.Heading{Status: incident.Resolved, Milestones: incident.Milestones{
		Triggered: at("2025-11-01T10:00:00Z"), Started: at("2026-03-02T10:00:00Z"), Resolved: at("2026-03-02T12:00:00Z"),
	}}}
	for _, text := range []string{"2026-03-02T09:00:00Z", "2026-03-02T10:30:00Z", "2026-03-09T08:00:00Z"} {
		in.Timeline = append(in.Timeline, incident.Entry{At: at(text)})
	}
	ch := newChart(in, newClock("UTC"))
	if ch.From != "2 Mar 09:00 UTC" || ch.Until != "2 Mar 12:00 UTC" || ch.Beyond != "not drawn: 1 entry long before or after" {
		t.Errorf("newChart goes from %s to %s, %q; want the incident with the hour before, without what lies far", ch.From, ch.Until, ch.Beyond)
	}
	in.Status = incident.Monitoring
	if ch := newChart(in, newClock("UTC")); ch.Until != "9 Mar 08:00 UTC" || ch.Beyond != "" {
		t.Errorf("newChart of what goes on ends at %s, %q; want its last entry", ch.Until, ch.Beyond)
	}
}

func TestChartStaysOnAPhone(t *testing.T) {
	t.Parallel()
	from := moment(t, "2026-03-02T10:00:00Z", "UTC", incident.Minute)
	in := &incident.Incident{Heading: incident.Heading{Milestones: incident.Milestones{Resolved: moment(t, "2026-03-02T12:00:00Z", "UTC", incident.Minute)}}}
	for range 15 {
		in.Impacts = append(in.Impacts, incident.Impact{Component: strings.Repeat("长", 200), From: from})
	}
	for i := range 5000 {
		m := incident.Exactly(from.At.Add(time.Duration(i)*time.Second), "UTC", incident.Second)
		in.Timeline = append(in.Timeline, incident.Entry{At: &m, Kind: incident.EntryAction})
	}
	ch := newChart(in, newClock("UTC"))
	if len(ch.Bars) != mostBars || ch.Beyond != "not drawn: 3 impacts" {
		t.Errorf("15 impacts are drawn as %d bars, %q", len(ch.Bars), ch.Beyond)
	}
	if n := len([]rune(ch.Bars[0].Name)); n > mostName {
		t.Errorf("a name is drawn with %d characters, at most %d fit", n, mostName)
	}
	if len(ch.Ticks) > 1010 {
		t.Errorf("5000 entries are drawn as %d ticks; more than a thousand can't be told apart", len(ch.Ticks))
	}
}
