package document

import (
	"time"

	"github.com/debriefhq/debrief/incident"
)

// extent is the time that an incident is drawn over; the zero extent has seen
// nothing.
type extent struct{ from, until time.Time }

func (x *extent) length() time.Duration { return x.until.Sub(x.from) }

// timed tells whether a moment has a time of day.
func timed(m *incident.Moment) bool { return m.Known() && m.Precision != incident.Day }

// see stretches the extent to moments that have a time of day.
func (x *extent) see(moments ...*incident.Moment) {
	for _, m := range moments {
		if !timed(m) {
			continue
		}
		if x.from.IsZero() || m.At.Before(x.from) {
			x.from = *m.At
		}
		if x.until.IsZero() || m.At.After(x.until) {
			x.until = *m.At
		}
	}
}

// holds tells whether a moment has a time of day inside the extent, or no
// further from it than slack.
func (x *extent) holds(m *incident.Moment, slack time.Duration) bool {
	return timed(m) && !m.At.Before(x.from.Add(-slack)) && !m.At.After(x.until.Add(slack))
}

// extentOf is from the first to the last of milestones and impacts, of all else
// while it goes on, and of what lies no further from these than they last: what
// set it off may be months old, what followed may take weeks.
func extentOf(in *incident.Incident) extent {
	var x extent
	m := in.Milestones
	x.see(m.Started, m.Detected, m.Acknowledged, m.Mitigated, m.Resolved)
	for _, i := range in.Impacts {
		x.see(i.From, i.Until)
	}
	others := []*incident.Moment{m.Triggered}
	for _, e := range in.Timeline {
		others = append(others, e.At, e.Until)
	}
	for _, said := range in.Messages {
		others = append(others, said.At)
	}
	core := x
	for _, m := range others {
		if core.length() <= 0 || !in.Status.Over() || core.holds(m, core.length()) {
			x.see(m)
		}
	}
	return x
}
