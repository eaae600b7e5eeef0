package document

import (
	"time"

	"github.com/debriefhq/debrief/incident"
)

// Extent is the time that an incident is drawn over; the zero Extent has seen
// nothing.
type Extent struct{ From, Until time.Time }

// ExtentOf is from the first to the last of milestones and impacts, of entries
// and messages while it goes on, and of what lies no further from all these than
// they last: what set it off may be months old, what followed may take weeks.
func ExtentOf(in *incident.Incident) Extent {
	var x Extent
	m := in.Milestones
	x.see(m.Started, m.Detected, m.Acknowledged, m.Mitigated, m.Resolved)
	for _, i := range in.Impacts {
		x.see(i.From, i.Until)
	}
	var others []*incident.Moment
	for _, e := range in.Timeline {
		others = append(others, e.At, e.Until)
	}
	others = append(others, saidAt(in)...)
	if !in.Status.Over() {
		x.see(others...)
	}
	core := x
	for _, m := range append(others, m.Triggered) {
		if core.Length() <= 0 || core.Holds(m, core.Length()) {
			x.see(m)
		}
	}
	return x
}

// Length is zero when there are not two different times.
func (x Extent) Length() time.Duration { return x.Until.Sub(x.From) }

// Share is where a time is along the extent, from 0 to 1.
func (x Extent) Share(t time.Time) float64 { return float64(t.Sub(x.From)) / float64(x.Length()) }

// Holds tells whether a moment has a time of day inside the extent, or no
// further from it than slack.
func (x Extent) Holds(m *incident.Moment, slack time.Duration) bool {
	return timed(m) && !m.At.Before(x.From.Add(-slack)) && !m.At.After(x.Until.Add(slack))
}

// see stretches the extent to moments that have a time of day.
func (x *Extent) see(moments ...*incident.Moment) {
	for _, m := range moments {
		if !timed(m) {
			continue
		}
		if x.From.IsZero() || m.At.Before(x.From) {
			x.From = *m.At
		}
		if m.At.After(x.Until) {
			x.Until = *m.At
		}
	}
}

// timed tells whether a moment has a time of day.
func timed(m *incident.Moment) bool { return m.Known() && m.Precision != incident.Day }

// saidAt are the times at which people were told something, which a draft is not.
func saidAt(in *incident.Incident) []*incident.Moment {
	var all []*incident.Moment
	for _, m := range in.Messages {
		if m.State != incident.Draft {
			all = append(all, m.At)
		}
	}
	return all
}
