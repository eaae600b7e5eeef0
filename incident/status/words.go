package status

import (
	"slices"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// Statuspage has words of its own for how bad things are; its JSON and the bodies of its webhooks use the same
// (metastatuspage.com/api/v2).

// indicators are those for the worst level of all components.
var indicators = map[incident.Level][2]string{
	incident.Operational:         {"none", "All Systems Operational"},
	incident.UnderMaintenance:    {"maintenance", "Service Under Maintenance"},
	incident.DegradedPerformance: {"minor", "Partially Degraded Service"},
	incident.PartialOutage:       {"major", "Partial System Outage"},
	incident.MajorOutage:         {"critical", "Major Service Outage"},
}

// Indicator is how all components do, in Statuspage's words.
func (p *Page) Indicator() (indicator, description string) {
	words := indicators[p.Level]
	if p.Level == incident.Operational && slices.ContainsFunc(p.Open, func(n *Notice) bool { return n.Incident.Kind != incident.Maintenance }) {
		words = [2]string{"minor", "Minor Service Outage"} // it goes on, and hurts no component that outsiders know
	}
	return words[0], words[1]
}

// Impact is how much an incident hurts, in Statuspage's words: none, minor, major, critical or maintenance.
func (n *Notice) Impact() string {
	if n.Incident.Kind == incident.Maintenance {
		return "maintenance"
	}
	worst := incident.Operational
	for _, i := range n.Incident.Impacts {
		worst = worst.Worse(i.Level)
	}
	return indicators[worst][0]
}

// Word is the status of an update as a word of its incident's course. A message may give any: what is none of them is
// that of the incident now, or while it is over the first of its course, so that no program takes an early update for
// the last.
func (n *Notice) Word(given string) incident.Status {
	known := incident.Course(n.Incident.Kind)
	word := incident.Status(strings.ToLower(strings.ReplaceAll(strings.TrimSpace(given), " ", "_")))
	switch {
	case slices.Contains(known, word):
		return word
	case n.Over():
		return known[0]
	}
	return n.Incident.Status
}

// Ended is when it was over; where nobody said, when outsiders were last told. It is nil while it is not.
func (n *Notice) Ended() *time.Time {
	if !n.Over() {
		return nil
	}
	if at := instant(n.Incident.Milestones.Resolved); at != nil {
		return at
	}
	at := n.Updated()
	return &at
}
