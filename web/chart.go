package web

import (
	"fmt"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
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
}

type bar struct {
	Class, Name string
	X, Width    string
	Y           int
	NameX       string
	NameY       int
	AtEnd       bool // the name ends where the bar ends
}

type tick struct {
	Class, X string
	Y1, Y2   int
}

const (
	barStep  = 30 // pixels from bar to bar, with room for a name above
	axisRoom = 26
)

// newChart is nil when there are not two different times to draw between.
func newChart(in *incident.Incident, c *clock) *chart {
	from, until, ok := extent(in)
	if !ok {
		return nil
	}
	place := func(t time.Time) float64 {
		return 100 * float64(t.Sub(from)) / float64(until.Sub(from))
	}
	ch := &chart{From: ends(from, c), Until: ends(until, c), Scale: incident.Span(until.Sub(from))}
	var said []string
	for _, p := range in.Impacts {
		if !timed(p.From) || timed(p.Until) && !p.Until.At.After(*p.From.At) {
			continue
		}
		end := 100.0
		if timed(p.Until) {
			end = place(*p.Until.At)
		}
		ch.addBar(p, place(*p.From.At), end)
		said = append(said, p.Component+" hurt for "+incident.Span(time.Duration((end-place(*p.From.At))/100*float64(until.Sub(from)))))
	}
	ch.Axis = len(ch.Bars)*barStep + axisRoom/2
	ch.Height = ch.Axis + axisRoom/2
	for _, m := range milestonesOf(in) {
		if timed(m.moment) {
			ch.Ticks = append(ch.Ticks, tick{"milestone", percent(place(*m.moment.At)), 0, ch.Axis + 10})
		}
	}
	for _, e := range in.Timeline {
		if timed(e.At) {
			ch.Ticks = append(ch.Ticks, tick{string(e.Kind), percent(place(*e.At.At)), ch.Axis - 6, ch.Axis + 6})
		}
	}
	ch.Label = fmt.Sprintf("To scale, %s: %s; %d entries between %s and %s", ch.Scale, strings.Join(said, ", "), len(in.Timeline), ch.From, ch.Until)
	return ch
}

func (ch *chart) addBar(p incident.Impact, x, end float64) {
	b := bar{Class: string(p.Level), Name: p.Component, X: percent(x), Width: percent(max(end-x, 0.4)), NameX: percent(x)}
	b.Y = len(ch.Bars)*barStep + 16
	b.NameY = b.Y - 5
	if x > 60 {
		b.AtEnd, b.NameX = true, percent(end)
	}
	ch.Bars = append(ch.Bars, b)
}

// extent is the time from the first to the last moment that has a time of day.
func extent(in *incident.Incident) (from, until time.Time, ok bool) {
	see := func(m *incident.Moment) {
		if !timed(m) {
			return
		}
		if from.IsZero() || m.At.Before(from) {
			from = *m.At
		}
		if m.At.After(until) {
			until = *m.At
		}
	}
	for _, m := range milestonesOf(in) {
		see(m.moment)
	}
	for _, e := range in.Timeline {
		see(e.At)
		see(e.Until)
	}
	for _, p := range in.Impacts {
		see(p.From)
		see(p.Until)
	}
	return from, until, until.After(from)
}

// ends writes an end of the scale: its day and local time.
func ends(at time.Time, c *clock) string {
	s := c.instant(at)
	return strings.TrimSuffix(s.Date, s.At.Format(" 2006")) + " " + s.Time + " " + s.Zone
}

func percent(x float64) string { return fmt.Sprintf("%.2f", x) }
