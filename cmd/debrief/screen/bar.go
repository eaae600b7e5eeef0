package screen

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

const (
	mostLanes  = 6  // impacts that stand below the bar
	leastCols  = 26 // of the line: each milestone's name fits on one side of its column
	widestName = 18 // columns of the names on the left
)

// bar is an incident on a line of time.
type bar struct {
	ink        Ink
	in         *incident.Incident
	marks      []mark
	begin, end time.Time
	going      bool // still: the end is now
	label      int  // columns of the names on the left
	cols       int  // columns of the line
}

// mark is a milestone that is known to the hour or better.
type mark struct {
	name string
	at   time.Time
	col  int
}

// Bar draws the milestones, the impacts and what outsiders were told to scale,
// in at most width columns; neighbours in time are at least one column apart.
// It is nothing for an incident of which fewer than two times are known.
func (k Ink) Bar(in *incident.Incident, now time.Time, width int) []string {
	b := &bar{ink: k, in: in}
	if !b.measure(now, width) {
		return nil
	}
	lines := append(b.axis(), b.phases())
	lines = append(lines, b.names()...)
	lines = append(lines, b.impacts()...)
	if told := b.told(); told != "" {
		lines = append(lines, told)
	}
	return append(lines, b.legend(width)...)
}

// placed is the instant of a moment that has a place on the line.
func placed(m *incident.Moment) (time.Time, bool) {
	if !m.Known() || m.Precision == incident.Day {
		return time.Time{}, false
	}
	return *m.At, true
}

// measure finds the two ends and gives each milestone its column.
func (b *bar) measure(now time.Time, width int) bool {
	m := &b.in.Milestones
	for _, row := range []struct {
		name string
		at   *incident.Moment
	}{
		{"triggered", m.Triggered}, {"started", m.Started}, {"detected", m.Detected},
		{"acknowledged", m.Acknowledged}, {"mitigated", m.Mitigated}, {"resolved", m.Resolved},
	} {
		if at, ok := placed(row.at); ok {
			b.marks = append(b.marks, mark{name: row.name, at: at})
		}
	}
	if len(b.marks) == 0 {
		return false
	}
	slices.SortStableFunc(b.marks, func(x, y mark) int { return x.at.Compare(y.at) })
	b.begin, b.end = b.marks[0].at, b.marks[len(b.marks)-1].at
	b.label = len("incident")
	for i := range b.shown() {
		im := &b.in.Impacts[i]
		b.label = max(b.label, Width(oneLine(im.Component)))
		for _, at := range []*incident.Moment{im.From, im.Until} {
			b.reach(at)
		}
	}
	if b.going = !b.in.Status.Over() && now.After(b.end); b.going {
		b.end = now
	}
	const around = 2 + 2 + 1 // the arrow of one that goes on has a column
	b.label = max(len("incident"), min(b.label, widestName, width-around-leastCols))
	b.cols = width - around - b.label
	if !b.end.After(b.begin) || b.cols < leastCols {
		return false
	}
	b.spread()
	return true
}

// shown is how many impacts have a lane.
func (b *bar) shown() int { return min(len(b.in.Impacts), mostLanes) }

func (b *bar) reach(m *incident.Moment) {
	if at, ok := placed(m); ok {
		if at.Before(b.begin) {
			b.begin = at
		}
		if at.After(b.end) {
			b.end = at
		}
	}
}

// spread gives milestones of different times different columns.
func (b *bar) spread() {
	last := b.cols - 1
	for i := range b.marks {
		b.marks[i].col = b.scale(b.marks[i].at)
		if i > 0 && b.marks[i].at.After(b.marks[i-1].at) {
			b.marks[i].col = max(b.marks[i].col, b.marks[i-1].col+1)
		} else if i > 0 {
			b.marks[i].col = b.marks[i-1].col
		}
	}
	for i := len(b.marks) - 1; i >= 0; i-- {
		b.marks[i].col = min(b.marks[i].col, last)
		if i > 0 && b.marks[i].at.After(b.marks[i-1].at) {
			last = b.marks[i].col - 1
		}
	}
}

func (b *bar) scale(at time.Time) int {
	return int(float64(b.cols-1) * float64(at.Sub(b.begin)) / float64(b.end.Sub(b.begin)))
}

// column is where an instant stands, between the milestones around it.
func (b *bar) column(at time.Time) int {
	before, after := mark{at: b.begin}, mark{at: b.end, col: b.cols - 1}
	for _, m := range b.marks {
		if !m.at.After(at) {
			before = m
		}
	}
	for _, m := range slices.Backward(b.marks) {
		if !m.at.Before(at) {
			after = m
		}
	}
	if !after.at.After(before.at) {
		return before.col
	}
	share := float64(at.Sub(before.at)) / float64(after.at.Sub(before.at))
	return min(max(before.col+int(share*float64(after.col-before.col)), 0), b.cols-1)
}

func (b *bar) lane(name, line string, s Style) string {
	name = Cut(oneLine(name), b.label)
	return "  " + b.ink.Put(s, name) + strings.Repeat(" ", b.label-Width(name)+2) + line
}

// axis is the clock at both ends, with the day where they differ; a narrow line
// has them below each other.
func (b *bar) axis() []string {
	clock := func(at time.Time) string {
		m := incident.Exactly(at, b.in.Zone, incident.Minute)
		text, _, _ := strings.Cut(incident.Both(&m, b.in.Zone), " / ")
		if local, ok := m.In(""); ok && b.end.Sub(b.begin) > 12*time.Hour {
			text = local.Format("2 Jan, ") + text
		}
		return text
	}
	left, right := clock(b.begin), clock(b.end)
	if b.going {
		right = "now"
	}
	if between := b.cols - Width(left) - Width(right); between > 0 {
		return []string{b.lane("", b.ink.Put(Faint, left+strings.Repeat(" ", between)+right), "")}
	}
	return []string{b.lane("", b.ink.Put(Faint, left), ""), b.lane("", b.ink.Put(Faint, Pad("", b.cols-Width(right))+right), "")}
}

// phase is how users were between two milestones.
type phase struct {
	glyph, word string
	style       Style
}

var (
	quiet     = phase{"┈", "not yet hurt", Faint}
	planned   = phase{"░", "maintenance", Calm}
	hurting   = phase{"█", "not over", Alarm} // nothing tells when it was noticed
	unnoticed = phase{"█", "unnoticed", Alarm}
	noticed   = phase{"▓", "noticed", Alarm}
	worked    = phase{"▒", "acknowledged", Caution}
	mended    = phase{"━", "over", Good}
	untold    = phase{"·", "not known", Faint}
)

// at is the phase at an instant.
func (b *bar) at(t time.Time) phase {
	m := &b.in.Milestones
	is := func(of *incident.Moment) bool { _, ok := placed(of); return ok }
	passed := func(of *incident.Moment) bool { return is(of) && !of.At.After(t) }
	switch {
	case passed(m.Mitigated) || passed(m.Resolved):
		return mended
	case is(m.Started) && !passed(m.Started):
		return quiet
	case b.in.Kind == incident.Maintenance:
		return planned
	case passed(m.Acknowledged):
		return worked
	case passed(m.Detected):
		return noticed
	case is(m.Detected) || is(m.Acknowledged):
		return unnoticed
	}
	return hurting
}

// phases is the line of the incident itself, a cell for each column.
func (b *bar) phases() string {
	cells := make([]phase, b.cols)
	for i := range cells {
		cells[i] = b.cell(i)
	}
	var line strings.Builder
	for i := 0; i < len(cells); {
		n := 1
		for i+n < len(cells) && cells[i+n] == cells[i] {
			n++
		}
		line.WriteString(b.ink.Put(cells[i].style, strings.Repeat(cells[i].glyph, n)))
		i += n
	}
	if b.going {
		line.WriteString(b.ink.Put(b.cell(b.cols-1).style, "▶"))
	}
	return b.lane("incident", line.String(), Strong)
}

// cell is the phase from the milestone that stands at or before a column.
func (b *bar) cell(col int) phase {
	at, found := b.begin, false
	for _, m := range b.marks {
		if m.col <= col {
			at, found = m.at, true
		}
	}
	if _, known := placed(b.in.Milestones.Started); !found && !known {
		return untold
	}
	if !found {
		return quiet
	}
	p := b.at(at)
	if last := b.marks[len(b.marks)-1]; !b.going && last.col < col && p != mended {
		return untold // it is over, and nothing says since when
	}
	return p
}

// impacts has a lane for each, the heavier the worse.
func (b *bar) impacts() []string {
	glyphs := map[incident.Level]phase{
		incident.MajorOutage:         {glyph: "█", style: Alarm},
		incident.PartialOutage:       {glyph: "▓", style: Caution},
		incident.DegradedPerformance: {glyph: "▒", style: Caution},
		incident.UnderMaintenance:    {glyph: "░", style: Calm},
	}
	var lines []string
	for i := range b.shown() {
		im := &b.in.Impacts[i]
		from, until := 0, b.cols-1
		start := im.From
		if _, ok := placed(start); !ok {
			start = b.in.Milestones.Started
		}
		if at, ok := placed(start); ok {
			from = b.column(at)
		}
		if at, ok := placed(im.Until); ok {
			until = b.column(at)
		}
		until = max(until, from)
		look := glyphs[im.Level]
		look.glyph = cmp.Or(look.glyph, "▒")
		line := strings.Repeat(" ", from) + b.ink.Put(look.style, strings.Repeat(look.glyph, until-from+1))
		lines = append(lines, b.lane(or(im.Component, string(im.Kind)), line, ""))
	}
	return lines
}

// told marks when outsiders were told.
func (b *bar) told() string {
	cells := []rune(strings.Repeat(" ", b.cols))
	some := false
	for i := range b.in.Messages {
		m := &b.in.Messages[i]
		at, ok := placed(m.At)
		if !ok || m.Audience != incident.AudiencePublic || m.State == incident.Draft || at.Before(b.begin) || at.After(b.end) {
			continue
		}
		cells[b.column(at)], some = '▲', true
	}
	if !some {
		return ""
	}
	return b.lane("told", b.ink.Put(Calm, strings.TrimRight(string(cells), " ")), "")
}

// legend explains the glyphs of the incident's line that are in it.
func (b *bar) legend(width int) []string {
	var lines []string
	for _, p := range []phase{quiet, planned, hurting, unnoticed, noticed, worked, mended, untold} {
		for i := range b.cols {
			if b.cell(i) == p {
				part := b.ink.Put(p.style, p.glyph) + " " + b.ink.Put(Faint, p.word)
				if n := len(lines) - 1; n >= 0 && Width(Bare(lines[n]+"   "+part)) <= width {
					lines[n] += "   " + part
				} else {
					lines = append(lines, "  "+part)
				}
				break
			}
		}
	}
	return lines
}

func oneLine(text string) string { return strings.Join(strings.Fields(Plain(text)), " ") }

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
