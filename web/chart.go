package web

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

// chart draws an incident to scale: impacts as bars, entries and milestones as
// ticks. Places along it are percentages, so that it fits any width.
type chart struct {
	Label       string // the same in words
	Bars        []bar
	Ticks       []tick
	Axis        int // pixels from the top
	Height      int
	From, Until string // what its ends are
	Scale       string
	Beyond      string // what is not on it, "" when all is
}

type bar struct {
	Class, Name string
	X, Width    string
	Y, NameY    int
}

type tick struct {
	Class, X string
	Y1, Y2   int
}

const (
	barStep  = 30 // pixels from bar to bar, with room for a name above
	axisRoom = 26
	mostBars = 12 // more would push the page away; all impacts are listed below
	mostName = 40 // characters of a name that a phone has room for
)

// newChart is nil when there are not two different times to draw between.
func newChart(in *incident.Incident, c *clock) *chart {
	x := document.ExtentOf(in)
	if x.Length() <= 0 {
		return nil
	}
	ch := &chart{From: ends(x.From, c), Until: ends(x.Until, c), Scale: incident.Span(x.Length())}
	var said, beyond []string
	for _, p := range in.Impacts {
		if timed(p.From) && !(timed(p.Until) && !p.Until.At.After(*p.From.At)) {
			said = append(said, ch.addBar(p, x))
		}
	}
	if more := len(ch.Bars) - mostBars; more > 0 {
		ch.Bars, beyond = ch.Bars[:mostBars], append(beyond, count(more, "impact", "impacts"))
	}
	ch.Axis = len(ch.Bars)*barStep + axisRoom/2
	ch.Height = ch.Axis + axisRoom/2
	inside, outside := ch.addTicks(in, x)
	if outside > 0 {
		beyond = append(beyond, count(outside, "entry", "entries")+" long before or after")
	}
	if beyond != nil {
		ch.Beyond = "not drawn: " + strings.Join(beyond, ", ")
	}
	said = append(said, fmt.Sprintf("%s between %s and %s", count(inside, "entry", "entries"), ch.From, ch.Until))
	ch.Label = "To scale, " + ch.Scale + ": " + strings.Join(said, "; ")
	return ch
}

// addBar draws an impact, to the end when nobody said when it was over, and
// gives it in words.
func (ch *chart) addBar(p incident.Impact, x document.Extent) string {
	name := cmp.Or(p.Component, "a part without a name")
	words, end := name+" hurt from then on", 100.0
	if timed(p.Until) {
		words, end = name+" hurt for "+incident.Span(p.Until.At.Sub(*p.From.At)), 100*x.Share(*p.Until.At)
	}
	if r := []rune(name); len(r) > mostName {
		name = string(r[:mostName-1]) + "…"
	}
	from, y := 100*x.Share(*p.From.At), len(ch.Bars)*barStep+16
	ch.Bars = append(ch.Bars, bar{
		Class: string(p.Level), Name: name, X: percent(min(from, 99.6)), Width: percent(max(end-from, 0.4)), Y: y, NameY: y - 5,
	})
	return words
}

// addTicks draws milestones and entries, many at one place once, and counts
// the entries that are on the chart and beyond it.
func (ch *chart) addTicks(in *incident.Incident, x document.Extent) (inside, outside int) {
	drawn := map[tick]bool{}
	add := func(t tick, at time.Time) {
		if t.X = fmt.Sprintf("%.1f", 100*x.Share(at)); !drawn[t] {
			drawn[t], ch.Ticks = true, append(ch.Ticks, t)
		}
	}
	for _, m := range milestonesOf(in) {
		if x.Holds(m.moment, 0) {
			add(tick{Class: "milestone", Y2: ch.Axis + 10}, *m.moment.At)
		}
	}
	for _, e := range in.Timeline {
		switch {
		case x.Holds(e.At, 0):
			inside++
			add(tick{Class: string(e.Kind), Y1: ch.Axis - 6, Y2: ch.Axis + 6}, *e.At.At)
		case timed(e.At):
			outside++
		}
	}
	return inside, outside
}

func count(n int, one, many string) string {
	if n == 1 {
		many = one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// ends writes an end of the scale: its day and local time.
func ends(at time.Time, c *clock) string {
	s := c.instant(at)
	return strings.TrimSuffix(s.Date, s.At.Format(" 2006")) + " " + s.Time + " " + s.Zone
}

func percent(x float64) string { return fmt.Sprintf("%.2f", x) }
