package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/debriefhq/debrief/cmd/debrief/screen"
	"github.com/debriefhq/debrief/incident"
)

// quietTime is how long nothing is said before the timeline leaves a gap; the
// same as in lint's rule silence.
const quietTime = time.Hour

// sideBySide is the width from which an entry's time stands beside its text.
const sideBySide = 76

var entryStyles = map[incident.EntryKind]screen.Style{
	"trigger": screen.Alarm, "impact": screen.Alarm, "detection": screen.Caution, "escalation": screen.Caution,
	"action": screen.Calm, "decision": screen.Violet, "communication": screen.Code, "recovery": screen.Good,
}

func (p *picture) timeline() {
	if len(p.in.Timeline) == 0 {
		return
	}
	p.section("Timeline")
	day := ""
	var latest *time.Time
	for i := range p.in.Timeline {
		e := &p.in.Timeline[i]
		latest = p.gap(latest, e)
		if e.At.Known() {
			if d := incident.Date(e.At, p.in.Zone); d != day {
				if day != "" {
					p.put(0, "")
				}
				day = d
				p.put(2, p.ink.Put(screen.Strong, day))
			}
		}
		p.entry(e)
	}
}

// gap leaves one before an entry that comes long after all others, and gives
// the latest instant that the timeline has spoken of.
func (p *picture) gap(latest *time.Time, e *incident.Entry) *time.Time {
	if !e.At.Known() || e.At.Precision == incident.Day {
		return latest
	}
	if latest != nil && e.At.At.Sub(*latest) >= quietTime {
		p.put(4, p.ink.Put(screen.Faint, "┊ "+incident.Span(e.At.At.Sub(*latest))+" without an entry"))
	}
	for _, m := range []*incident.Moment{e.At, e.Until} {
		if m.Known() && (latest == nil || m.At.After(*latest)) {
			latest = m.At
		}
	}
	return latest
}

// entry writes the time on the left and the words on the right, or below each
// other where there is no room.
func (p *picture) entry(e *incident.Entry) {
	at := oneLine(incident.Both(e.At, p.in.Zone))
	facts := []screen.Run{{Text: string(e.Kind), Style: entryStyles[e.Kind]}, {Text: " · " + string(e.Audience), Style: screen.Faint}}
	if e.Actor != "" {
		facts = append(facts, screen.Run{Text: " · " + oneLine(e.Actor), Style: screen.Faint})
	}
	if p.width < sideBySide {
		if e.Until != nil {
			at += " – " + oneLine(until(e, p.in.Zone))
		}
		p.words(4, screen.Strong, at)
		p.lines(6, p.ink.Flow(facts, p.width-6))
		p.markdown(6, e.Text)
		return
	}
	const clocks = 26
	left := p.ink.Wrap(screen.Strong, at, clocks-2)
	if e.Until != nil {
		left = append(left, p.ink.Wrap("", "– "+oneLine(until(e, p.in.Zone)), clocks-2)...)
	}
	right := append(p.ink.Flow(facts, p.width-4-clocks), p.ink.Markdown(e.Text, p.width-4-clocks)...)
	for i := range max(len(left), len(right)) {
		line := ""
		if i < len(left) {
			line = left[i]
		}
		if i < len(right) {
			line += strings.Repeat(" ", clocks-columnsOf(line)) + right[i]
		}
		p.put(4, line)
	}
}

// columnsOf is the width of a line that may have styles in it.
func columnsOf(line string) int { return screen.Width(screen.Bare(line)) }

// item writes a point with its facts, then what is below it.
func (p *picture) item(mark string, facts []screen.Run, text string) {
	for i, line := range p.ink.Flow(facts, p.width-4) {
		if i == 0 {
			line = mark + " " + line
			p.put(2, line)
			continue
		}
		p.put(4, line)
	}
	if strings.TrimSpace(text) != "" {
		p.markdown(4, text)
	}
}

// told are the facts of an item: the first as it is, the others faint.
func told(first string, s screen.Style, more ...string) []screen.Run {
	runs := []screen.Run{{Text: oneLine(first), Style: s}}
	for _, fact := range filled(more) {
		runs = append(runs, screen.Run{Text: " · " + oneLine(fact), Style: screen.Faint})
	}
	return runs
}

func (p *picture) impacts() {
	for i := range p.in.Impacts {
		m := &p.in.Impacts[i]
		if i == 0 {
			p.section("Impact")
		}
		facts := []string{string(m.Kind), words(string(m.Level)), string(m.Audience)}
		if m.Component == "" {
			facts = facts[1:]
		}
		if m.From != nil {
			facts = append(facts, "from "+dated(m.From, p.in.Zone))
		}
		if m.Until != nil {
			facts = append(facts, "until "+dated(m.Until, p.in.Zone))
		}
		p.item("•", told(or(m.Component, string(m.Kind)), screen.Strong, facts...), m.Text)
		for _, f := range m.Figures {
			p.words(4, "", fmt.Sprintf("%s: %v %s", f.Measure, f.Value, f.Unit))
		}
	}
}

func words(name string) string { return strings.ReplaceAll(name, "_", " ") }

func (p *picture) analysis() {
	an := &p.in.Analysis
	for _, cause := range []struct {
		title string
		text  *incident.Statement
	}{{"Trigger", an.Trigger}, {"Technical cause", an.TechnicalCause}, {"Process cause", an.ProcessCause}} {
		if cause.text != nil {
			p.text(cause.title, cause.text.Text)
		}
	}
	for i, w := range an.Whys {
		if i == 0 {
			p.section("Whys")
		}
		p.item(fmt.Sprintf("%d.", i+1), []screen.Run{{Text: oneLine(w.Why), Style: screen.Strong}}, or(w.Because, "not known"))
	}
	for i, f := range an.Factors {
		if i == 0 {
			p.section("Contributing factors")
		}
		p.item("•", told(string(f.Confidence), "", f.Category, string(f.Audience)), f.Text)
	}
	for i, l := range an.Lessons {
		if i == 0 {
			p.section("Lessons")
		}
		styles := map[incident.LessonKind]screen.Style{incident.WentWell: screen.Good, incident.WentWrong: screen.Alarm, incident.Lucky: screen.Caution}
		p.item("•", []screen.Run{{Text: words(string(l.Kind)), Style: styles[l.Kind]}}, l.Text)
	}
}

func (p *picture) messages() {
	for i := range p.in.Messages {
		m := &p.in.Messages[i]
		if i == 0 {
			p.section("Messages")
		} else {
			p.put(0, "")
		}
		next := ""
		if m.NextUpdateAt != nil {
			next = "next update promised: " + dated(m.NextUpdateAt, p.in.Zone)
		}
		p.item("•", told(dated(m.At, p.in.Zone), screen.Strong,
			words(string(m.Channel)), string(m.State), string(m.Audience), m.Author, m.Status, m.Link, next), "")
		for _, line := range p.ink.Markdown(m.Body, p.width-6) {
			p.put(4, p.ink.Put(screen.Faint, "│")+" "+line)
		}
	}
}

func (p *picture) actions() {
	marks := map[incident.ActionState]string{
		incident.Open: "☐", incident.InProgress: "◐", incident.Done: p.ink.Put(screen.Good, "☑"), incident.NotDoing: p.ink.Put(screen.Faint, "☒"),
	}
	for i := range p.in.Actions {
		x := &p.in.Actions[i]
		if i == 0 {
			p.section("Actions")
		}
		facts := []string{words(string(x.State)), string(x.Kind), string(x.Priority)}
		if x.Owner != "" {
			facts = append(facts, "owner "+x.Owner)
		}
		if x.Due != nil {
			facts = append(facts, "due "+*x.Due)
		}
		facts = append(facts, string(x.Audience))
		for _, n := range x.AlsoFor {
			facts = append(facts, "also for "+n.String())
		}
		p.item(or(marks[x.State], "☐"), []screen.Run{{Text: oneLine(x.Title), Style: screen.Strong}}, "")
		p.words(4, screen.Faint, strings.Join(filled(append(facts, x.ID)), " · "))
		for _, text := range filled([]string{x.Reason, x.Ticket}) {
			p.words(4, "", text)
		}
	}
}

func (p *picture) comments() {
	for i, c := range p.in.Comments {
		if i == 0 {
			p.section("Comments")
		}
		resolved := ""
		if c.Resolved {
			resolved = "resolved"
		}
		p.item("•", told(c.Author, screen.Strong, c.At.UTC().Format("2 January 2006 15:04 UTC"), c.On, resolved), c.Text)
	}
}
