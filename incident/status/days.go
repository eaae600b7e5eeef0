package status

import (
	"slices"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// shownDays is how many days the bars of a component show, today included.
const shownDays = 90

// How much of its time an outage counts as not up: all of it, or three tenths of a partial one, as Statuspage
// counts (support.atlassian.com, "Display historical uptime of components"). Degraded performance and
// maintenance count as up.
const (
	majorWeight   = 1.0
	partialWeight = 0.3
)

// Day is how a component did on one day, UTC.
type Day struct {
	Date        time.Time      // its first instant
	Known       bool           // somebody kept track of the component by then
	Worst       incident.Level // of that day
	Maintenance time.Duration  // under each level; where two meet, the worse one counts
	Degraded    time.Duration
	Partial     time.Duration
	Major       time.Duration
	Incidents   []string // ids of the incidents that hurt it, oldest first
}

// span is an impact of a component that outsiders know of.
type span struct {
	level       incident.Level
	from, until time.Time
	open        bool
	incident    string
}

// spansOf gathers the public impacts by the folded name of their component.
func spansOf(notices []*Notice, now time.Time) map[string][]span {
	all := map[string][]span{}
	for _, n := range notices {
		if n.Planned() {
			continue
		}
		for i := range n.Incident.Impacts {
			if s := newSpan(n, &n.Incident.Impacts[i], now); s.until.After(s.from) || s.open {
				name := fold(n.Incident.Impacts[i].Component)
				all[name] = append(all[name], s)
			}
		}
	}
	return all
}

// newSpan places an impact in time. What nobody said is taken from the incident: it begins where that began, and
// ends where that was resolved or, where nobody said when, when outsiders were last told. A level that nobody said
// counts as degraded, or as maintenance.
func newSpan(n *Notice, i *incident.PublicImpact, now time.Time) span {
	s := span{level: i.Level, from: Began(n), until: now, incident: n.Incident.ID}
	if s.level == "" {
		if s.level = incident.DegradedPerformance; n.Incident.Kind == incident.Maintenance {
			s.level = incident.UnderMaintenance
		}
	}
	if from := instant(i.From); from != nil {
		s.from = *from
	}
	resolved := instant(n.Incident.Milestones.Resolved)
	switch until := instant(i.Until); {
	case until != nil:
		s.until = *until
	case !n.Over():
		s.open = true
	case resolved != nil:
		s.until = *resolved
	case i.Until != nil: // it ended, nobody knows when
		s.until = s.from
	default:
		s.until = n.Updated()
	}
	if s.until.After(now) {
		s.until = now
	}
	return s
}

func newComponent(c incident.Component, spans []span, now time.Time) *Component {
	slices.SortFunc(spans, func(a, b span) int { return a.from.Compare(b.from) })
	c.Level = incident.Operational
	since := c.CreatedAt
	for _, s := range spans {
		if s.open && !s.from.After(now) {
			c.Level = c.Level.Worse(s.level)
		}
		if s.from.Before(since) {
			since = s.from
		}
	}
	today := now.UTC().Truncate(24 * time.Hour)
	one := &Component{Component: c}
	for back := shownDays - 1; back >= 0; back-- {
		from := today.AddDate(0, 0, -back)
		one.Days = append(one.Days, newDay(from, since, spans))
	}
	one.Uptime = uptime(one.Days, now)
	return one
}

func newDay(from, since time.Time, spans []span) Day {
	until := from.AddDate(0, 0, 1)
	d := Day{Date: from, Known: since.Before(until), Worst: incident.Operational}
	var hurt []span
	edges := []time.Time{from, until}
	for _, s := range spans {
		s.from, s.until = latest(s.from, from), earliest(s.until, until)
		if !s.until.After(s.from) {
			continue
		}
		hurt, edges = append(hurt, s), append(edges, s.from, s.until)
		if d.Worst = d.Worst.Worse(s.level); !slices.Contains(d.Incidents, s.incident) {
			d.Incidents = append(d.Incidents, s.incident)
		}
	}
	slices.SortFunc(edges, time.Time.Compare)
	for i := range edges[1:] {
		level := incident.Operational
		for _, s := range hurt {
			if !s.from.After(edges[i]) && !s.until.Before(edges[i+1]) {
				level = level.Worse(s.level)
			}
		}
		d.count(level, edges[i+1].Sub(edges[i]))
	}
	return d
}

func (d *Day) count(level incident.Level, lasted time.Duration) {
	switch level {
	case incident.MajorOutage:
		d.Major += lasted
	case incident.PartialOutage:
		d.Partial += lasted
	case incident.DegradedPerformance:
		d.Degraded += lasted
	case incident.UnderMaintenance:
		d.Maintenance += lasted
	}
}

// uptime is the share of the known days, up to now, in which the component was up: 1 when none is known.
func uptime(days []Day, now time.Time) float64 {
	var known, down float64
	for _, d := range days {
		if !d.Known {
			continue
		}
		known += earliest(d.Date.AddDate(0, 0, 1), now).Sub(d.Date).Seconds()
		down += majorWeight*d.Major.Seconds() + partialWeight*d.Partial.Seconds()
	}
	if known <= 0 {
		return 1
	}
	return 1 - down/known
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
