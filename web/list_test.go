package web

import (
	"testing"

	"github.com/debriefhq/debrief/incident"
)

func TestTheListSaysSinceWhenAndHowLong(t *testing.T) {
	t.Parallel()
	at := func(text string) *incident.Moment { return moment(t, text, "UTC", incident.Minute) }
	tests := []struct {
		name         string
		status       incident.Status
		m            incident.Milestones
		first, what  string
		lasted       string
		stillGoingOn bool
	}{
		{"users were hurt until it was mitigated", incident.Resolved,
			incident.Milestones{Started: at("2013-08-20T08:00:00Z"), Mitigated: at("2013-08-20T08:40:00Z"), Resolved: at("2013-08-20T09:00:00Z")},
			"08:00", "", "40 min", false},
		{"or resolved, when nobody said", incident.Resolved,
			incident.Milestones{Started: at("2013-08-20T08:00:00Z"), Resolved: at("2013-08-20T09:00:00Z")}, "08:00", "", "1 h", false},
		{"or until now", incident.Identified, incident.Milestones{Started: at("2013-08-20T08:00:00Z")}, "08:00", "", "1 h 30 min", true},
		{"days are counted whole", incident.Identified, incident.Milestones{Started: at("2013-08-10T08:00:00Z")}, "08:00", "", "about 10 days", true},
		{"without a start the first milestone stands for it", incident.Resolved,
			incident.Milestones{Detected: at("2013-08-20T08:05:00Z"), Resolved: at("2013-08-20T09:00:00Z")}, "08:05", "detected", "", false},
		{"a maintenance ahead has not begun", incident.Scheduled, incident.Milestones{}, "", "", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := newListed(incident.Heading{Zone: "UTC", Status: tt.status, Milestones: tt.m}, today)
			if got.First.Time != tt.first || got.What != tt.what || got.Lasted != tt.lasted || got.Ongoing != tt.stillGoingOn {
				t.Errorf("newListed = %q %q %q ongoing %v, want %q %q %q ongoing %v",
					got.First.Time, got.What, got.Lasted, got.Ongoing, tt.first, tt.what, tt.lasted, tt.stillGoingOn)
			}
		})
	}
}
