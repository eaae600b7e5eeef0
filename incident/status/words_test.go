package status_test

import (
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/status"
)

func TestStatuspagesWordsForHowBadItIs(t *testing.T) {
	n := twilio(nil)
	if got := n.Impact(); got != "critical" {
		t.Errorf("an incident with a major outage is %s", got)
	}
	if got := twilio(func(in *incident.Public) { in.Impacts = nil }).Impact(); got != "none" {
		t.Errorf("one that hurts nothing known is %s", got)
	}
	if got := twilio(func(in *incident.Public) { in.Kind = incident.Maintenance }).Impact(); got != "maintenance" {
		t.Errorf("a maintenance is %s", got)
	}
	for _, tt := range []struct {
		shown []incident.Component
		want  string
	}{{[]incident.Component{shown("Payments")}, "minor"}, {[]incident.Component{shown("Billing")}, "minor"}} {
		if got, about := status.New(tt.shown, []*status.Notice{n}, now).Indicator(); got != tt.want || about == "" {
			t.Errorf("with %s the page says %s, %s; want %s", tt.shown[0].Name, got, about, tt.want)
		}
	}
	if got, _ := status.New([]incident.Component{shown("Voice")}, nil, now).Indicator(); got != "none" {
		t.Errorf("without an incident the page says %s", got)
	}
}

func TestAnUpdatesWordIsOneOfTheCourse(t *testing.T) {
	n := twilio(nil)
	for given, want := range map[string]incident.Status{"Monitoring": incident.Monitoring, " resolved": incident.Resolved, "all hands": incident.Identified, "in progress": incident.Identified} {
		if got := n.Word(given); got != want {
			t.Errorf("%q becomes %s, want %s", given, got, want)
		}
	}
	n.Incident.Status = incident.Resolved
	if got := n.Word("all hands"); got != incident.Investigating {
		t.Errorf("after the end a word that is none becomes %s: programs would take it for the last", got)
	}
}

func TestOnlyWhatIsOverHasEnded(t *testing.T) {
	n := twilio(nil)
	if at := n.Ended(); at != nil {
		t.Errorf("while it goes on it ended at %v", at)
	}
	n.Incident.Status = incident.Resolved
	if at := n.Ended(); at == nil || !at.Equal(n.AnnouncedAt) {
		t.Errorf("where nobody said when, it ended at %v, want when outsiders were last told", at)
	}
	n.Incident.Milestones.Resolved = at("2013-07-18T23:00:00Z")
	if got := n.Ended(); !got.Equal(*n.Incident.Milestones.Resolved.At) {
		t.Errorf("it ended at %v", got)
	}
}
