package web

import (
	"time"

	"github.com/debriefhq/debrief/incident"
)

// message is a message with its times as shown.
type message struct {
	*incident.Message
	At, NextUpdate      shown
	Receipt             string // who sent it, and when
	Corrects, Corrected *other // what it corrects, and what corrects it; nil for nothing
	Send                *way   // nil for what is no draft, and for those who may not
	Edit                *way
	Remarks             *remarks
}

// other is another message, by its time.
type other struct {
	ID string
	At shown
}

func messages(in *incident.Incident, c *clock) []message {
	var all []message
	for i := range in.Messages {
		m := &in.Messages[i]
		all = append(all, message{Message: m, At: c.show(m.At), NextUpdate: c.show(m.NextUpdateAt), Receipt: address(in, sendRoute(m.ID))})
	}
	place := map[string]int{}
	for i := range all {
		place[all[i].ID] = i
	}
	for i := range all {
		j, found := place[all[i].Message.Corrects]
		if !found {
			continue
		}
		all[i].Corrects = &other{all[j].ID, all[j].At}
		if all[i].State != incident.Draft {
			all[j].Corrected = &other{all[i].ID, all[i].At}
		}
	}
	return all
}

// action is a follow-up with its day as shown.
type action struct {
	*incident.Action
	DueDate string
	Edit    *way
	Remarks *remarks
	Overdue bool // due before today, UTC, and neither done nor given up
}

func actions(in *incident.Incident, now time.Time) []action {
	var all []action
	today := now.UTC().Format(time.DateOnly)
	for i := range in.Actions {
		a := action{Action: &in.Actions[i]}
		if a.Due != nil {
			a.DueDate = *a.Due
			if day, err := time.Parse(time.DateOnly, *a.Due); err == nil {
				a.DueDate = day.Format(shortDate)
			}
			a.Overdue = *a.Due < today && (a.State == incident.Open || a.State == incident.InProgress)
		}
		all = append(all, a)
	}
	return all
}

// comment is a remark with its time as shown and the place it is about.
type comment struct {
	*incident.Comment
	Written shown
	About   string // "the entry of 02:42 action"; "" for the whole record
	Link    bool   // On is a place on this page
	Edit    *way
	Settle  string // address of the form that settles it or opens it again; "" for those who may not
}

func comments(in *incident.Incident, c *clock, labels map[string]string) []comment {
	var all []comment
	for i := range in.Comments {
		m := &in.Comments[i]
		about, link := aboutOf(in, m.On, labels)
		all = append(all, comment{Comment: m, Written: c.instant(m.At), About: about, Link: link})
	}
	return all
}

// aboutOf names what a comment is on: a part by its kind, an entry by its time.
func aboutOf(in *incident.Incident, on string, labels map[string]string) (about string, link bool) {
	if label, ok := labels[on]; ok {
		return label, true
	}
	for kind, name := range map[incident.PartKind]string{
		incident.Impacts: "an impact", incident.Whys: "a why", incident.Factors: "a factor",
		incident.Lessons: "a lesson", incident.Messages: "a message", incident.Actions: "an action",
	} {
		if _, ok := in.Part(kind, on); ok {
			return name, true
		}
	}
	return word(on), false
}
