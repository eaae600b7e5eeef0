package document

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// impacts draws the spans in which somebody was hurt, each under its name.
func (p *picture) impacts() {
	drawn := 0
	for _, i := range p.drawn() {
		if drawn == mostImpacts {
			p.text("soft", pictureEdge, p.row(rowHeight), fmt.Sprintf("and %d more", len(p.drawn())-drawn))
			break
		}
		drawn++
		p.impact(i)
	}
}

// drawn are the impacts with a time on the picture, in their order.
func (p *picture) drawn() []incident.Impact {
	var all []incident.Impact
	for _, i := range p.s.Impacts {
		backwards := timed(i.From) && timed(i.Until) && i.Until.At.Before(*i.From.At)
		if (timed(i.From) || timed(i.Until)) && !backwards {
			all = append(all, i)
		}
	}
	return all
}

func (p *picture) impact(i incident.Impact) {
	from, until := p.at(p.x.From), p.at(p.x.Until)
	if timed(i.From) {
		from = p.at(*i.From.At)
	}
	if timed(i.Until) {
		until = p.at(*i.Until.At)
	}
	p.label("", from, until, p.row(rowHeight), fit(cmp.Or(inLine(i.Component), "Users"), 30)+" · "+p.hurt(i))
	bar := func(from, until float64) {
		fmt.Fprintf(&p.b, "<rect class=%q x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"14\" rx=\"3\"/>\n", cmp.Or(string(i.Level), "none"), from, p.y, max(until-from, 5))
	}
	switch {
	case timed(i.From) && timed(i.Until) || until-from < 80:
		bar(from, until)
	case timed(i.From): // nobody said when it ended
		bar(from, until-54)
		bar(until-48, until-32)
		bar(until-26, until-14)
		bar(until-8, until)
	default: // nor when it began
		bar(from, from+8)
		bar(from+14, from+26)
		bar(from+32, from+48)
		bar(from+54, until)
	}
	p.y += 26
}

// hurt says how badly, and for how long.
func (p *picture) hurt(i incident.Impact) string {
	level := human(i.Level)
	if level == "" {
		level = human(i.Kind)
	}
	switch {
	case timed(i.Until) && timed(i.From):
		return level + ", " + incident.Span(i.Until.At.Sub(*i.From.At))
	case timed(i.Until):
		return level + ", start not known"
	case p.s.Status.Over():
		return level + ", end not known"
	}
	return level + ", goes on"
}

// label writes words at the beginning of a place, or up to its end where there
// is no room to the right.
func (p *picture) label(class string, from, until float64, y int, words string) {
	if wide := float64(letters(words) * letterWidth); from+wide > pictureWidth-pictureEdge {
		p.text(strings.TrimSpace(class+" end"), max(until, min(pictureEdge+wide, pictureWidth-pictureEdge)), y, words)
		return
	}
	p.text(class, from, y, words)
}

// lead is a line from a milestone's name down to the axis.
type lead struct {
	x float64
	y int
}

// milestones writes their names, each in the first row that has room for it.
func (p *picture) milestones() []lead {
	var leads []lead
	var rows [][]place
	for _, m := range milestonesOf(&p.s.Milestones) {
		if !p.x.Holds(*m.moment, 0) {
			continue
		}
		clock, _, _ := strings.Cut(incident.Both(*m.moment, p.s.Zone), " / ")
		words := title(m.key) + " " + clock
		x, wide := p.at(*(*m.moment).At), float64(letters(words)*letterWidth)
		here := place{x, x + wide, words, x}
		if x+wide > pictureWidth-pictureEdge {
			here = place{x - wide, x, words, x}
		}
		row := slices.IndexFunc(rows, func(taken []place) bool { return !slices.ContainsFunc(taken, here.meets) })
		if row < 0 {
			row, rows = len(rows), append(rows, nil)
		}
		rows[row] = append(rows[row], here)
	}
	for _, row := range rows {
		y := p.row(rowHeight)
		for _, here := range row {
			class, x := "", here.from+6
			if here.from < here.x {
				class, x = "end", here.until-6
			}
			p.text(class, x, y, here.words)
			leads = append(leads, lead{here.x, y - 20})
		}
	}
	return leads
}

// place is where words stand in a row.
type place struct {
	from, until float64
	words       string
	x           float64 // what they name
}

func (a place) meets(b place) bool { return a.from < b.until+12 && b.from < a.until+12 }

// axis draws the line, what happened on it, and under it when people were told.
func (p *picture) axis(y int) {
	p.y = y
	for _, e := range p.s.Timeline {
		if p.x.Holds(e.At, 0) && p.x.Holds(e.Until, 0) && e.Until.At.After(*e.At.At) {
			from := p.at(*e.At.At)
			fmt.Fprintf(&p.b, "<rect class=\"lasting\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"10\"/>\n", from, y-5, max(p.at(*e.Until.At)-from, 1))
		}
	}
	fmt.Fprintf(&p.b, "<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%[2]d\"/>\n", pictureEdge, y, pictureWidth-pictureEdge)
	p.each(p.entries(), func(x float64) { p.line("entry", x, y-14, y+14) })
	p.each(p.milestoneTimes(), func(x float64) { p.diamond(x, y) })
	told := p.messages()
	p.y += 18
	if len(told) > 0 {
		p.each(told, func(x float64) { p.circle(x, y+28) })
		p.y += 24
	}
}

// each draws at every place once.
func (p *picture) each(times []time.Time, mark func(x float64)) {
	seen := map[string]bool{}
	for _, t := range times {
		if place := fmt.Sprintf("%.0f", p.at(t)); !seen[place] {
			seen[place] = true
			mark(p.at(t))
		}
	}
}

func (p *picture) diamond(x float64, y int) {
	fmt.Fprintf(&p.b, "<path class=\"milestone\" d=\"M%.1f %d l9 9 l-9 9 l-9 -9 z\"/>\n", x, y-9)
}

func (p *picture) circle(x float64, y int) {
	fmt.Fprintf(&p.b, "<circle class=\"message\" cx=\"%.1f\" cy=\"%d\" r=\"8\"/>\n", x, y)
}

// inside are those of some moments that are on the picture.
func (p *picture) inside(moments []*incident.Moment) []time.Time {
	var all []time.Time
	for _, m := range moments {
		if p.x.Holds(m, 0) {
			all = append(all, *m.At)
		}
	}
	return all
}

func (p *picture) entries() []time.Time {
	var all []*incident.Moment
	for _, e := range p.s.Timeline {
		all = append(all, e.At)
	}
	return p.inside(all)
}

func (p *picture) messages() []time.Time { return p.inside(saidAt(p.s.Incident)) }

func (p *picture) milestoneTimes() []time.Time {
	var all []*incident.Moment
	for _, m := range milestonesOf(&p.s.Milestones) {
		all = append(all, *m.moment)
	}
	return p.inside(all)
}
