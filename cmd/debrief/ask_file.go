package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

// fileAsked asks for what a first postmortem needs, then files it.
func (a *app) fileAsked(ctx context.Context) (*incident.Incident, error) {
	in := &incident.Incident{Heading: incident.Heading{Status: incident.Resolved, Zone: "UTC"}}
	q := a.ask(ctx, "debrief-*.md", func() string { return draft(in) })
	_, _ = fmt.Fprintln(a.err, "One line each; an empty line leaves it out. Ctrl-C keeps what you have answered.")
	var filed *incident.Incident
	err := a.askRecord(q, in)
	if err == nil {
		filed, err = a.client().File(ctx, in)
	}
	return filed, q.end(err, "mend it, then debrief file")
}

// draft is the record as a document, whole or not.
func draft(in *incident.Incident) string {
	var b strings.Builder
	whole := *in
	whole.Normalize()
	if err := document.WriteMarkdown(&b, &whole, document.Options{Audience: incident.AudiencePrivate}); err != nil {
		return in.Title + "\n\n" + in.Summary + "\n"
	}
	return b.String()
}

func (a *app) askRecord(q *asker, in *incident.Incident) error {
	severity := ""
	m := &in.Milestones
	near := func() *incident.Moment {
		for _, at := range []*incident.Moment{m.Resolved, m.Mitigated, m.Detected, m.Started} {
			if at.Known() {
				return at
			}
		}
		return nil
	}
	times := "2:42 AM PDT, 14:05, 2026-01-15 14:05, ~09:40, +6m"
	for _, each := range []struct {
		question, otherwise string
		take                func(string) (string, error)
	}{
		{"What broke? (the title)", "", text(&in.Title, true)},
		{"Severity? (sev1 is the worst, to sev4)", "", oneOf(&severity, enum(incident.Heading{}, "Severity"))},
		{"Zone of the times? (such as Europe/Berlin)", "UTC", func(line string) (string, error) {
			_, err := incident.LoadZone(line)
			in.Severity, in.Zone = incident.Severity(severity), line
			return "", err
		}},
		{"When did it begin to hurt users? (" + times + ")", "", a.moment(&m.Started, in, near)},
		{"When was it noticed?", "", a.moment(&m.Detected, in, near)},
		{"When were users no longer hurt? (empty while they are)", "", a.moment(&m.Mitigated, in, near)},
		{"When was it over? (empty while it is not)", "", a.moment(&m.Resolved, in, near)},
		{"What happened, in a sentence or two?", "", text(&in.Summary, false)},
	} {
		if err := q.answer(each.question, each.otherwise, each.take); err != nil {
			return err
		}
		in.Status = reached(m)
	}
	if err := a.askTimeline(q, in, near); err != nil {
		return err
	}
	return askAction(q, in)
}

// reached is how far the incident came, as its milestones say.
func reached(m *incident.Milestones) incident.Status {
	switch {
	case m.Resolved != nil:
		return incident.Resolved
	case m.Mitigated != nil:
		return incident.Monitoring
	}
	return incident.Investigating
}

// askTimeline asks for entries until a time is left empty.
func (a *app) askTimeline(q *asker, in *incident.Incident, near func() *incident.Moment) error {
	before := func() *incident.Moment {
		if n := len(in.Timeline); n > 0 && in.Timeline[n-1].At.Known() {
			return in.Timeline[n-1].At
		}
		if in.Milestones.Started.Known() {
			return in.Milestones.Started
		}
		return near()
	}
	for {
		var e incident.Entry
		if err := q.answer("Timeline: when? (empty to go on)", "", a.moment(&e.At, in, before)); err != nil || e.At == nil {
			return err
		}
		if err := q.answer("  and what happened?", "", func(line string) (string, error) {
			note, err := text(&e.Text, true)(line)
			if err == nil {
				in.Timeline = append(in.Timeline, e)
			}
			return note, err
		}); err != nil {
			return err
		}
	}
}

// askAction asks for follow-ups until one is left empty.
func askAction(q *asker, in *incident.Incident) error {
	for {
		var x incident.Action
		if err := q.answer("What shall be done about it? (empty to file)", "", text(&x.Title, false)); err != nil || x.Title == "" {
			return err
		}
		if err := q.answer("  by whom?", "", func(line string) (string, error) {
			note, err := text(&x.Owner, false)(line)
			if err == nil {
				in.Actions = append(in.Actions, x)
			}
			return note, err
		}); err != nil {
			return err
		}
	}
}
