package web

import (
	"fmt"

	"github.com/debriefhq/debrief/incident"
)

// way leads to a form, which opens in place where scripts run.
type way struct {
	Address string
	Target  string // id of the element that the form stands in for
	Name    string
	Label   string // the name with what it is about, for those who don't see where it stands
}

// ways lead from a record's page to its forms; nil for those who may not write.
type ways struct {
	New    map[incident.PartKind]*way
	Fields map[string]*way
	Status *way
}

func newWays(in *incident.Incident) *ways {
	w := &ways{New: map[incident.PartKind]*way{}, Fields: map[string]*way{}}
	for kind, name := range partNames {
		w.New[kind] = &way{address(in, "/parts/"+string(kind)), "new-" + string(kind), "Add", "Add: " + name}
	}
	for _, g := range groups {
		w.Fields[g.Name] = &way{address(in, "/fields/"+g.Name), "part-" + g.Name, "Edit", "Edit: " + g.Title}
	}
	if len(incident.StatusMoves(in)) > 0 {
		w.Status = &way{address(in, "/status"), "part-status", "Move", "Move to another status"}
	}
	return w
}

// heading is that of a section with the ways to its forms, nil where there is none.
type heading struct {
	ID, Name    string
	Fields, New *way
}

func newHeading(id, name string, w *ways, fields string, kind incident.PartKind) heading {
	h := heading{ID: id, Name: name}
	if w != nil {
		h.Fields, h.New = w.Fields[fields], w.New[kind]
	}
	return h
}

// wayTo leads to the form of a part.
func wayTo(in *incident.Incident, p incident.Part, about string) *way {
	kind, id := p.PartKind(), p.Head().ID
	target := id
	if kind == incident.Actions { // a row of a table can't hold a form, its first cell can
		target = "open-" + id
	}
	return &way{address(in, "/parts/"+string(kind)+"/"+id), target, "Edit", "Edit " + partNames[kind] + about}
}

// messageWays lead to where a message is sent, and to the form that changes it or, after it was sent, corrects it. The
// first is nil for what is no draft.
func messageWays(in *incident.Incident, m *incident.Message) (send, edit *way) {
	on := " on " + word(m.Channel)
	switch m.State {
	case incident.Sent:
		return nil, &way{address(in, "/parts/messages?corrects="+m.ID), m.ID, "Correct", "Correct message" + on}
	case incident.Draft:
		send = &way{Address: address(in, sendRoute(m.ID)), Name: "Send", Label: "Send message" + on}
	}
	return send, wayTo(in, m, on)
}

// allow gives every part of the page its way to a form, as far as by may.
func (r *record) allow(by incident.Actor) {
	in := r.In
	r.Ways = newWays(in)
	for i := range r.Days {
		for j := range r.Days[i].Rows {
			if row := &r.Days[i].Rows[j]; row.Entry != nil {
				row.Edit = wayTo(in, row.Entry, " of "+row.At.Time)
				if row.Earlier || row.Later {
					row.Order = address(in, "/order")
				}
			}
		}
	}
	for i := range r.Impacts {
		r.Impacts[i].Edit = wayTo(in, r.Impacts[i].Impact, ": "+r.Impacts[i].Component)
	}
	if r.Causes != nil {
		for i := range r.Causes.Whys {
			r.Causes.Whys[i].Edit = wayTo(in, r.Causes.Whys[i].Why, fmt.Sprintf(" %d", i+1))
		}
		for i := range r.Causes.Factors {
			r.Causes.Factors[i].Edit = wayTo(in, r.Causes.Factors[i].Factor, fmt.Sprintf(" %d", i+1))
		}
	}
	for i := range r.Lessons {
		for j := range r.Lessons[i].Lessons {
			l := &r.Lessons[i].Lessons[j]
			l.Edit = wayTo(in, l.Lesson, fmt.Sprintf(" %d: %s", j+1, word(l.Kind)))
		}
	}
	for i := range r.Messages {
		r.Messages[i].Send, r.Messages[i].Edit = messageWays(in, r.Messages[i].Message)
	}
	for i := range r.Actions {
		r.Actions[i].Edit = wayTo(in, r.Actions[i].Action, ": "+r.Actions[i].Title)
	}
	for i := range r.Comments {
		c := &r.Comments[i]
		c.Settle = address(in, "/comments/"+c.ID)
		if mayEdit(by, c.Comment) {
			c.Edit = wayTo(in, c.Comment, " by "+c.Author)
		}
	}
	r.allowRemarks()
}
