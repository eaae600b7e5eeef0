// Package status computes what the status page tells outsiders: how each
// component does, how it did in the last 90 days, and what is announced. It is
// made of incident.Public and of components that are public, does no I/O and
// reads no clock.
package status

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// Notice is an incident that outsiders may know of.
type Notice struct {
	Incident    *incident.Public // as it stands now
	Postmortem  *incident.Public // as it was published last; nil while it is not
	AnnouncedAt time.Time        // when outsiders could first read of it
}

// Over tells whether it has ended.
func (n *Notice) Over() bool { return n.Incident.Status.Over() }

// Planned tells whether it is a maintenance that has not begun.
func (n *Notice) Planned() bool { return n.Incident.Status == incident.Scheduled }

// Updated is when outsiders were last told something of it.
func (n *Notice) Updated() time.Time {
	last := n.AnnouncedAt
	for _, m := range n.Incident.Messages {
		if at := instant(m.At); m.Channel == incident.StatusPage && at != nil {
			last = latest(last, *at)
		}
	}
	if n.Postmortem != nil && n.Postmortem.PublishedAt != nil {
		last = latest(last, *n.Postmortem.PublishedAt)
	}
	return last
}

// Updates are what the status page said, newest first. A correction stands in the place of what it corrects.
func (n *Notice) Updates() []Update {
	all := []Update{}
	at := map[string]int{} // of the update that a message stands in
	said := slices.Clone(n.Incident.Messages)
	slices.SortStableFunc(said, func(a, b incident.PublicMessage) int {
		if !a.At.Known() || !b.At.Known() {
			return 0
		}
		return a.At.At.Compare(*b.At.At)
	})
	for _, m := range said {
		if m.Channel != incident.StatusPage {
			continue
		}
		if i, corrects := at[m.Corrects]; corrects {
			all[i].Body, all[i].CorrectedAt = m.Body, instant(m.At)
			all[i].Earlier = append(all[i].Earlier, all[i].said)
			all[i].said, at[m.ID] = m.Body, i
			if m.NextUpdateAt.Known() {
				all[i].NextUpdateAt = m.NextUpdateAt
			}
			continue
		}
		at[m.ID] = len(all)
		all = append(all, Update{ID: m.ID, At: m.At, Status: m.Status, Role: m.Role, Body: m.Body, NextUpdateAt: m.NextUpdateAt, said: m.Body})
	}
	slices.Reverse(all)
	return all
}

// Update is one thing that the status page said.
type Update struct {
	ID           string
	At           *incident.Moment
	Status       string // the word that it gave
	Role         string
	Body         string           // Markdown, as it was corrected last
	NextUpdateAt *incident.Moment // what was promised, also by a correction
	CorrectedAt  *time.Time
	Earlier      []string // the wordings before, the first one first

	said string
}

func instant(m *incident.Moment) *time.Time {
	if !m.Known() {
		return nil
	}
	return m.At
}

// Component is a part of the product as outsiders see it.
type Component struct {
	incident.Component       // Level is that of what outsiders may know
	Days               []Day // the last 90, oldest first; the last is today
	Uptime             float64
}

// Group is a heading with the components under it. The first one may have no name.
type Group struct {
	ID, Name   string
	Components []*Component
}

// Page is all that the status page tells.
type Page struct {
	At      time.Time
	Level   incident.Level // the worst of all components
	Groups  []Group
	Open    []*Notice // going on, newest first
	Planned []*Notice // maintenance to come, the next one first
	Past    []*Notice // over, newest first
}

// New makes the page at an instant. Components that are not public are left out.
func New(components []incident.Component, notices []*Notice, now time.Time) *Page {
	p := &Page{At: now.UTC(), Level: incident.Operational, Groups: []Group{}, Open: []*Notice{}, Planned: []*Notice{}, Past: []*Notice{}}
	p.sort(notices)
	spans := spansOf(notices, p.At)
	shown := slices.DeleteFunc(slices.Clone(components), func(c incident.Component) bool { return c.Audience != incident.AudiencePublic })
	slices.SortStableFunc(shown, func(a, b incident.Component) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), strings.Compare(a.Name, b.Name))
	})
	for _, c := range shown {
		one := newComponent(c, spans[fold(c.Name)], p.At)
		p.Level = p.Level.Worse(one.Level)
		p.add(one)
	}
	return p
}

// add puts a component under its heading. Headings come in the order of their first component, those without one first.
func (p *Page) add(c *Component) {
	at := slices.IndexFunc(p.Groups, func(g Group) bool { return fold(g.Name) == fold(c.Group) })
	if at < 0 {
		g := Group{Name: c.Group}
		if at = len(p.Groups); g.Name == "" {
			at = 0
		} else {
			g.ID = incident.GroupID(g.Name)
		}
		p.Groups = slices.Insert(p.Groups, at, g)
	}
	p.Groups[at].Components = append(p.Groups[at].Components, c)
}

func (p *Page) sort(notices []*Notice) {
	for _, n := range notices {
		switch {
		case n.Over():
			p.Past = append(p.Past, n)
		case n.Planned():
			p.Planned = append(p.Planned, n)
		default:
			p.Open = append(p.Open, n)
		}
	}
	newest := func(a, b *Notice) int {
		return cmp.Or(Began(b).Compare(Began(a)), strings.Compare(a.Incident.ID, b.Incident.ID))
	}
	slices.SortFunc(p.Open, newest)
	slices.SortFunc(p.Past, newest)
	slices.SortFunc(p.Planned, func(a, b *Notice) int { return newest(b, a) })
}

// Find is the notice of the id, nil when there is none.
func (p *Page) Find(id string) *Notice {
	for _, list := range [][]*Notice{p.Open, p.Planned, p.Past} {
		for _, n := range list {
			if n.Incident.ID == id {
				return n
			}
		}
	}
	return nil
}

// Began is when users began to be hurt, or a maintenance begins; where that is not known, when outsiders were told.
func Began(n *Notice) time.Time {
	at := instant(n.Incident.Milestones.Started)
	for i := range n.Incident.Impacts {
		if from := instant(n.Incident.Impacts[i].From); from != nil && (at == nil || n.Incident.Kind == incident.Maintenance && from.Before(*at)) {
			at = from
		}
	}
	if at == nil {
		return n.AnnouncedAt
	}
	return *at
}

func fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }
