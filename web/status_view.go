package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/status"
)

// pastDays is how many days the status page tells of, today included.
const pastDays = 14

// standing is the status page: what goes on, how each part does, and what was.
type standing struct {
	Level    incident.Level
	Headline string
	Says     []levelSaid // what is hurt and what is not
	Open     []notice
	Planned  []notice
	Groups   []statusGroup
	Legend   []incident.Level
	Days     []pastDay
}

// levelSaid names the components of a level.
type levelSaid struct {
	Level incident.Level
	Text  string
}

// notice is an incident as outsiders see it.
type notice struct {
	ID, Address string
	Title       string
	Kind        incident.IncidentKind
	Status      incident.Status
	Level       incident.Level // the worst that was said of it, "" when nothing was
	Summary     string
	Hurt        []hurt
	Updates     []update
	Began       shown
	Ended       shown // unknown while it goes on, and where nobody said
	Lasted      string
	Over        bool
	Planned     bool
	Next        shown  // when the next update is promised; unknown when it is over
	Postmortem  string // its address
	PublishedAt shown
}

// hurt is a part that an incident hurts.
type hurt struct {
	Component   string
	Kind        incident.ImpactKind
	Level       incident.Level
	From, Until shown
	Lasting     bool
	Text        string
}

// update is one thing that the status page said.
type update struct {
	ID        string
	At        shown
	Status    string
	Body      string
	Corrected shown
	Earlier   []string // the wordings before, the first one first
}

func newStanding(p *status.Page) standing {
	s := standing{Level: p.Level, Legend: incident.Levels, Groups: newStatusGroups(p)}
	for _, n := range p.Open {
		s.Open = append(s.Open, newNotice(n))
	}
	for _, n := range p.Planned {
		s.Planned = append(s.Planned, newNotice(n))
	}
	s.Headline, s.Says = headline(p), saysOf(p)
	today := p.At.Truncate(24 * time.Hour)
	s.Days = newPastDays(p, today.AddDate(0, 0, 1-pastDays), today.AddDate(0, 0, 1), true)
	return s
}

func newNotice(n *status.Notice) notice {
	in := n.Incident
	c := newClock(in.Zone)
	v := notice{
		ID: in.ID, Address: "/status/incidents/" + in.ID, Title: titleOf(in), Kind: in.Kind, Status: in.Status,
		Summary: in.Summary, Over: n.Over(), Planned: n.Planned(), Level: worstOf(n), Began: beganOf(n, c),
	}
	if end := in.Milestones.Resolved; n.Over() && end.Known() {
		v.Ended, v.Lasted = c.show(end), lasted(in.Milestones.Started, end)
	}
	for _, i := range in.Impacts {
		v.Hurt = append(v.Hurt, hurt{
			Component: cmp.Or(i.Component, "A part without a name"), Kind: i.Kind, Level: i.Level, Text: i.Text,
			From: c.show(i.From), Until: c.show(i.Until), Lasting: i.Until == nil && !n.Over() && !n.Planned(),
		})
	}
	for _, u := range n.Updates() {
		one := update{ID: u.ID, At: c.show(toMinute(u.At)), Status: u.Status, Body: u.Body, Earlier: u.Earlier}
		if u.CorrectedAt != nil {
			one.Corrected = c.instant(*u.CorrectedAt)
		}
		if len(v.Updates) == 0 && !n.Over() {
			v.Next = c.show(u.NextUpdateAt)
		}
		v.Updates = append(v.Updates, one)
	}
	if n.Postmortem != nil {
		v.Postmortem = v.Address + "/postmortem"
		if at := n.Postmortem.PublishedAt; at != nil {
			v.PublishedAt = c.instant(*at)
		}
	}
	return v
}

// Latest is the newest update alone.
func (n notice) Latest() []update { return n.Updates[:min(1, len(n.Updates))] }

// Before are the updates but the newest.
func (n notice) Before() []update { return n.Updates[min(1, len(n.Updates)):] }

// Parts are the components that it hurts, each once with its worst level.
func (n notice) Parts() []hurt {
	var all []hurt
	for _, h := range n.Hurt {
		at := slices.IndexFunc(all, func(o hurt) bool { return strings.EqualFold(o.Component, h.Component) })
		if at < 0 {
			all = append(all, h)
		} else if h.Level != "" {
			all[at].Level = h.Level.Worse(all[at].Level)
		}
	}
	return all
}

// toMinute leaves the seconds of a moment out: they are known of what we sent, and of no use to who reads it.
func toMinute(m *incident.Moment) *incident.Moment {
	if !m.Known() || m.Precision != incident.Second {
		return m
	}
	minute := *m
	minute.Precision = incident.Minute
	return &minute
}

// titleOf is a title for outsiders. The internal one is none.
func titleOf(in *incident.Public) string {
	switch {
	case strings.TrimSpace(in.Title) != "":
		return in.Title
	case in.Kind == incident.Maintenance:
		return "Maintenance"
	}
	return "Incident"
}

// worstOf is the worst level of what an incident hurts.
func worstOf(n *status.Notice) (worst incident.Level) {
	for _, i := range n.Incident.Impacts {
		if i.Level != "" {
			worst = i.Level.Worse(worst)
		}
	}
	if worst == "" && n.Incident.Kind == incident.Maintenance {
		return incident.UnderMaintenance
	}
	return worst
}

func beganOf(n *status.Notice, c *clock) shown {
	if m := n.Incident.Milestones.Started; m.Known() {
		return c.show(m)
	}
	return c.instant(status.Began(n))
}

// headline says in a few words how things are.
func headline(p *status.Page) string {
	hurt, all := 0, 0
	for _, g := range p.Groups {
		for _, c := range g.Components {
			if all++; c.Level != incident.Operational {
				hurt++
			}
		}
	}
	some := hurt < all
	switch {
	case p.Level == incident.MajorOutage && some:
		return "Some systems are down"
	case p.Level == incident.MajorOutage:
		return "Major outage"
	case p.Level == incident.PartialOutage && some:
		return "Some systems are partly down"
	case p.Level == incident.PartialOutage:
		return "Partial outage"
	case p.Level == incident.DegradedPerformance && some:
		return "Some systems work worse than usual"
	case p.Level == incident.DegradedPerformance:
		return "Degraded performance"
	case p.Level == incident.UnderMaintenance:
		return "Maintenance is under way"
	case len(p.Open) > 0:
		return "An incident is going on"
	case all == 0:
		return "No incident is going on"
	}
	return "All systems operational"
}

// mostNamed bounds how many components a sentence names.
const mostNamed = 6

// saysOf names what is hurt, the worst first, and what is not.
func saysOf(p *status.Page) []levelSaid {
	by := map[incident.Level][]string{}
	for _, g := range p.Groups {
		for _, c := range g.Components {
			by[c.Level] = append(by[c.Level], c.Name)
		}
	}
	var says []levelSaid
	for _, level := range slices.Backward(incident.Levels) {
		if names := by[level]; len(names) > 0 && level != incident.Operational {
			says = append(says, levelSaid{level, levelWord(level) + ": " + enumerated(names)})
		}
	}
	if names := by[incident.Operational]; len(names) > 0 && len(says) > 0 {
		says = append(says, levelSaid{incident.Operational, "Not affected: " + enumerated(names)})
	}
	return says
}

func enumerated(names []string) string {
	if more := len(names) - mostNamed; more > 1 {
		names = append(slices.Clone(names[:mostNamed]), fmt.Sprintf("%d more", more))
	}
	return joined(names)
}

// levelWord is a level as a sentence begins with it.
func levelWord(l incident.Level) string {
	return capital(word(cmp.Or(l, incident.DegradedPerformance)))
}
