package document

import (
	"fmt"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// mostDays is how many days have a line of their own; over a longer time it is
// every second one, every third.
const mostDays = 10

// days are the midnights inside, on the clock shown.
func (p *picture) days() []time.Time {
	local := p.x.From.In(p.zone)
	step := int(p.x.Length()/(24*time.Hour))/mostDays + 1
	var all []time.Time
	for n := 1; ; n += step {
		midnight := time.Date(local.Year(), local.Month(), local.Day()+n, 0, 0, 0, 0, p.zone)
		if !midnight.Before(p.x.Until) || len(all) > mostDays {
			return all
		}
		all = append(all, midnight)
	}
}

// ends names the days, and the ends of the axis on both clocks.
func (p *picture) ends(days []time.Time) {
	day, utc := p.row(rowHeight), 0
	const wide = 12 * letterWidth
	last := -1.0 * wide
	for _, d := range days {
		x := min(max(p.at(d), pictureEdge+wide/2), pictureWidth-pictureEdge-wide/2)
		if x-last < wide {
			continue
		}
		last = x
		p.text("middle", x, day, d.Format("Mon 2 Jan"))
		if _, offset := d.Zone(); offset != 0 {
			if utc == 0 {
				utc = p.row(rowHeight)
			}
			p.text("middle soft", x, utc, d.UTC().Format("15:04")+" UTC")
		}
	}
	if last < 0 { // no day was named
		p.y -= rowHeight
	}
	left, right := p.end(p.x.From), p.end(p.x.Until)
	for i := range left {
		class, y := "soft", p.row(rowHeight-4)
		if i == 0 {
			class = ""
		}
		p.text(class, pictureEdge, y, left[i])
		p.text(strings.TrimSpace("end "+class), pictureWidth-pictureEdge, y, right[i])
	}
}

// end is a time in lines: its day, the clock shown, UTC.
func (p *picture) end(t time.Time) []string {
	m := incident.Exactly(t, p.s.Zone, incident.Minute)
	local, utc, two := strings.Cut(incident.Both(&m, p.s.Zone), " / ")
	lines := []string{t.In(p.zone).Format("Mon 2 January 2006"), local}
	if two {
		lines = append(lines, utc)
	}
	return lines
}

// legend explains the marks that are there.
func (p *picture) legend() {
	y := p.row(rowHeight + 8)
	x := float64(pictureEdge)
	add := func(n int, one, many string, mark func(x float64)) {
		if n == 0 {
			return
		}
		mark(x + 9)
		words := counting(n, one, many)
		p.text("soft", x+26, y, words)
		x += 26 + float64(letters(words)*letterWidth) + 20
	}
	add(len(p.milestoneTimes()), "milestone", "milestones", func(x float64) { p.diamond(x, y-6) })
	add(len(p.entries()), "entry", "entries", func(x float64) { p.line("entry", x, y-15, y+3) })
	add(len(p.messages()), "message to people", "messages to people", func(x float64) { p.circle(x, y-6) })
	if n := p.beyond(); n > 0 {
		if float64(letters("and 10 long before or after")*letterWidth)+x > pictureWidth {
			x, y = pictureEdge, p.row(rowHeight)
		}
		p.text("soft", x, y, fmt.Sprintf("and %d long before or after", n))
	}
}

func counting(n int, one, many string) string {
	if n == 1 {
		many = one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// beyond counts what has a time that is not on the picture.
func (p *picture) beyond() int {
	n := 0
	for _, m := range milestonesOf(&p.s.Milestones) {
		n += off(p.x, *m.moment)
	}
	for _, e := range p.s.Timeline {
		n += off(p.x, e.At)
	}
	for _, at := range saidAt(p.s.Incident) {
		n += off(p.x, at)
	}
	return n
}

func off(x Extent, m *incident.Moment) int {
	if timed(m) && !x.Holds(m, 0) {
		return 1
	}
	return 0
}

// words are the picture for those who don't see it.
func (p *picture) words() string {
	if p.x.From.IsZero() {
		return "No time of day is known."
	}
	said := []string{fmt.Sprintf("To scale, from %s to %s.", p.both(p.x.From), p.both(p.x.Until))}
	for _, m := range milestonesOf(&p.s.Milestones) {
		if timed(*m.moment) {
			said = append(said, title(m.key)+": "+p.s.full(*m.moment)+".")
		}
	}
	for _, i := range p.drawn() {
		name := fit(i.Component, 60)
		if name == "" {
			name = "Users"
		}
		said = append(said, name+": "+p.hurt(i)+".")
	}
	said = append(said, counting(len(p.entries()), "entry", "entries")+", "+counting(len(p.messages()), "message", "messages")+" to people.")
	return strings.Join(said, " ")
}

func (p *picture) both(t time.Time) string {
	m := incident.Exactly(t, p.s.Zone, incident.Minute)
	return p.s.full(&m)
}
