package web

import (
	"time"

	"github.com/debriefhq/debrief/incident"
)

// span is a stretch of time; the zero span has seen nothing.
type span struct{ from, until time.Time }

func (s *span) length() time.Duration { return s.until.Sub(s.from) }

// see stretches the span to moments that have a time of day.
func (s *span) see(moments ...*incident.Moment) {
	for _, m := range moments {
		if !timed(m) {
			continue
		}
		if s.from.IsZero() || m.At.Before(s.from) {
			s.from = *m.At
		}
		if m.At.After(s.until) {
			s.until = *m.At
		}
	}
}

// holds tells whether a moment has a time of day inside the span, or no further
// from it than slack.
func (s *span) holds(m *incident.Moment, slack time.Duration) bool {
	return timed(m) && !m.At.Before(s.from.Add(-slack)) && !m.At.After(s.until.Add(slack))
}

// percent is where a time is along the span.
func (s *span) percent(at time.Time) float64 {
	return 100 * float64(at.Sub(s.from)) / float64(s.length())
}

// extent is the time that an incident is drawn over: its milestones and
// impacts, its entries while it goes on, and what lies no further from all
// these than they last. What set it off may be months old, what followed may
// take weeks.
func extent(in *incident.Incident) span {
	var s span
	m := in.Milestones
	s.see(m.Started, m.Detected, m.Acknowledged, m.Mitigated, m.Resolved)
	for _, p := range in.Impacts {
		s.see(p.From, p.Until)
	}
	var entries []*incident.Moment
	for _, e := range in.Timeline {
		entries = append(entries, e.At, e.Until)
	}
	if !over(in.Status) {
		s.see(entries...)
	}
	core := s
	for _, m := range append(entries, m.Triggered) {
		if core.length() <= 0 || core.holds(m, core.length()) {
			s.see(m)
		}
	}
	return s
}
