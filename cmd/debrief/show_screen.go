package main

import (
	"strings"
	"time"

	"github.com/debriefhq/debrief/cmd/debrief/screen"
	"github.com/debriefhq/debrief/incident"
)

// picture is a record as it is drawn for a person at a terminal. What is in it
// is what render writes for other programs, laid out for the eye.
type picture struct {
	all   strings.Builder
	ink   screen.Ink
	width int // columns for text
	in    *incident.Incident
	now   time.Time
}

// draw lays the record out for a terminal of width columns.
func draw(in *incident.Incident, beside beside, now time.Time, width int, ink screen.Ink) string {
	p := &picture{ink: ink, width: forProse(width), in: in, now: now}
	p.head()
	p.bar()
	p.list("Deployed before", deployedBefore(beside.deployed))
	p.list("Known before", knownBefore(beside.known))
	p.text("Summary", in.Summary)
	p.text("Background", in.Background)
	p.outsiders()
	p.timeline()
	p.impacts()
	p.analysis()
	p.messages()
	p.actions()
	p.comments()
	p.list("Relatives", relatives(in))
	p.list("Sources", in.Sources)
	p.warnings()
	return p.all.String()
}

// outsiders is what they read: a title, which is no Markdown, and a summary.
func (p *picture) outsiders() {
	title, summary := oneLine(p.in.PublicTitle), strings.TrimSpace(p.in.PublicSummary)
	if title+summary == "" {
		return
	}
	p.section("For outsiders")
	if title != "" {
		p.words(2, screen.Strong, title)
	}
	if title != "" && summary != "" {
		p.put(0, "")
	}
	if summary != "" {
		p.markdown(2, summary)
	}
}

// list writes texts that are no Markdown.
func (p *picture) list(title string, all []string) {
	for i, text := range all {
		if i == 0 {
			p.section(title)
		}
		style := screen.Style("")
		if incident.IsLink(text) {
			style = screen.Linked
		}
		p.item("•", []screen.Run{{Text: oneLine(text), Style: style}}, "")
	}
}

// put writes a line.
func (p *picture) put(indent int, line string) {
	p.all.WriteString(strings.TrimRight(strings.Repeat(" ", indent)+line, " ") + "\n")
}

func (p *picture) lines(indent int, lines []string) {
	for _, line := range lines {
		p.put(indent, line)
	}
}

// words writes a text of one style, wrapped.
func (p *picture) words(indent int, s screen.Style, text string) {
	p.lines(indent, p.ink.Wrap(s, oneLine(text), p.width-indent))
}

func (p *picture) markdown(indent int, text string) {
	p.lines(indent, p.ink.Markdown(text, p.width-indent))
}

// section begins one: its name and a rule to the edge.
func (p *picture) section(title string) {
	rule := strings.Repeat("─", max(0, p.width-screen.Width(title)-1))
	p.put(0, "")
	p.put(0, p.ink.Put(screen.Strong, title)+" "+p.ink.Put(screen.Faint, rule))
}

func (p *picture) text(title, text string) {
	if strings.TrimSpace(text) != "" {
		p.section(title)
		p.markdown(2, text)
	}
}

var statusStyles = map[incident.Status]screen.Style{
	incident.Investigating: screen.Alarm, incident.Identified: screen.Caution, incident.Monitoring: screen.Calm, incident.Resolved: screen.Good,
	incident.Scheduled: screen.Calm, incident.MaintenanceInProgress: screen.Caution, incident.Verifying: screen.Calm, incident.Completed: screen.Good,
}

var severityStyles = map[incident.Severity]screen.Style{
	incident.SEV1: "1;7;31", incident.SEV2: "1;7;33", incident.SEV3: screen.Badge, incident.SEV4: screen.Badge,
}

// head is the number, the title, and the facts below.
func (p *picture) head() {
	number := p.in.Number.String()
	indent := len(number) + 2
	title := p.ink.Wrap(screen.Strong, oneLine(p.in.Title), p.width-indent)
	for i, line := range title {
		if i == 0 {
			p.put(0, p.ink.Put(screen.Faint, number)+"  "+line)
			continue
		}
		p.put(indent, line)
	}
	var line []screen.Run
	for i, fact := range filled(facts(p.in)) {
		if i > 0 {
			line = append(line, screen.Run{Text: " · ", Style: screen.Faint})
		}
		line = append(line, p.fact(oneLine(fact)))
	}
	p.lines(0, p.ink.Flow(line, p.width))
	var people strings.Builder
	renderPeople(&people, p.in.People)
	for line := range strings.Lines(screen.Plain(people.String())) {
		p.words(0, screen.Faint, line)
	}
}

// fact sets the severity and the status off; they are told by colour too.
func (p *picture) fact(text string) screen.Run {
	switch {
	case text == string(p.in.Severity) && bool(p.ink):
		return screen.Run{Text: "\u00a0" + text + "\u00a0", Style: severityStyles[p.in.Severity]}
	case text == standing(&p.in.Heading):
		return screen.Run{Text: text, Style: statusStyles[p.in.Status]}
	}
	return screen.Run{Text: text}
}

// bar is the incident at a glance, then its times and how long each took.
func (p *picture) bar() {
	if lines := p.ink.Bar(p.in, p.now, p.width); lines != nil {
		p.put(0, "")
		p.lines(0, lines)
	}
	times, spans := milestones(p.in), measures(p.in)
	p.rows(times, "")
	p.rows(spans, screen.Strong)
}

func (p *picture) rows(rows []row, s screen.Style) {
	const names = 16
	if len(rows) > 0 {
		p.put(0, "")
	}
	for _, r := range rows {
		for i, part := range p.ink.Wrap(s, oneLine(r.told), p.width-2-names) {
			name := ""
			if i == 0 {
				name = r.name
			}
			p.put(2, p.ink.Put(screen.Faint, screen.Pad(name, names))+part)
		}
	}
}

func (p *picture) warnings() {
	if len(p.in.Warnings) > 0 {
		p.put(0, "")
	}
	for _, w := range p.in.Warnings {
		p.words(0, screen.Caution, "note: "+w.Detail+" ("+w.Pointer+")")
	}
}
