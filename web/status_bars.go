package web

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/status"
)

// The bars of a component are one picture: a day is a column, parted by how long the component was under each level.
const (
	dayStep     = 5  // from day to day
	dayWidth    = 4  // of a column
	barHeight   = 34 // of a column
	leastHeight = 3  // of a part of it, so that a minute is seen
)

// statusGroup is a heading with components under it.
type statusGroup struct {
	Name       string
	Components []statusPart
}

// statusPart is a component: how it does, and how it did.
type statusPart struct {
	ID, Name, Description string
	Level                 incident.Level
	Up, Unknown           string // the columns of plain days, as paths
	Hurt                  []hurtDay
	Width                 int
	Uptime                string // "99.95"
	Of                    string // of how long that is
	Label                 string // the picture in words
}

// hurtDay is a day with trouble.
type hurtDay struct {
	X       int
	Parts   []dayPart
	Title   string // the day and what it was like
	Day     string
	Told    string
	Address string // of what tells more
	Links   []dayLink
}

// dayPart is the time under one level, drawn.
type dayPart struct {
	Level     incident.Level
	Y, Height string
}

// dayLink leads to an incident that hurt the component on a day.
type dayLink struct{ Address, Title string }

func newStatusGroups(p *status.Page) []statusGroup {
	all := []statusGroup{}
	for _, g := range p.Groups {
		one := statusGroup{Name: g.Name}
		for _, c := range g.Components {
			one.Components = append(one.Components, newStatusPart(p, c))
		}
		all = append(all, one)
	}
	return all
}

func newStatusPart(p *status.Page, c *status.Component) statusPart {
	s := statusPart{ID: c.ID, Name: c.Name, Description: c.Description, Level: c.Level, Uptime: uptimeText(c.Uptime), Width: dayStep*len(c.Days) - dayStep + dayWidth}
	var up, unknown strings.Builder
	known := 0
	for i, d := range c.Days {
		path := &up
		switch {
		case !d.Known:
			path = &unknown
		case d.Worst != incident.Operational:
			known++
			s.Hurt = append(s.Hurt, newHurtDay(p, d, i*dayStep))
			continue
		default:
			known++
		}
		_, _ = fmt.Fprintf(path, "M%d 0h%dv%dh-%dz", i*dayStep, dayWidth, barHeight, dayWidth) // a builder takes everything
	}
	s.Up, s.Unknown = up.String(), unknown.String()
	s.Of = fmt.Sprintf("the last %d days", known)
	if known < len(c.Days) {
		s.Of = "the " + count(known, "day that is known", "days that are known")
	}
	s.Label = fmt.Sprintf("%s, the last %d days: %s with trouble", c.Name, len(c.Days), count(len(s.Hurt), "day", "days"))
	slices.Reverse(s.Hurt) // in words the newest comes first
	return s
}

// uptimeText is a share in percent, never rounded up: 100 is without a fault.
func uptimeText(share float64) string {
	return fmt.Sprintf("%.2f", math.Floor(share*10_000+1e-6)/100)
}

// lengthOf is how long a component was under a level.
type lengthOf struct {
	level  incident.Level
	lasted time.Duration
}

// lengths are those of a day that are more than nothing, the worst first.
func lengths(d status.Day) []lengthOf {
	return slices.DeleteFunc([]lengthOf{
		{incident.MajorOutage, d.Major}, {incident.PartialOutage, d.Partial},
		{incident.DegradedPerformance, d.Degraded}, {incident.UnderMaintenance, d.Maintenance},
	}, func(l lengthOf) bool { return l.lasted <= 0 })
}

func newHurtDay(p *status.Page, d status.Day, x int) hurtDay {
	day := d.Date.Format(longDate)
	h := hurtDay{X: x, Parts: dayParts(d, p.At), Day: day, Told: dayTold(d), Title: day + ": " + dayTold(d)}
	for _, id := range d.Incidents {
		if n := p.Find(id); n != nil {
			h.Links = append(h.Links, dayLink{"/status/incidents/" + id, titleOf(n.Incident)})
		}
	}
	h.Address = d.Date.Format("/status/history/2006-01#day-2006-01-02")
	if len(h.Links) == 1 {
		h.Address = h.Links[0].Address
	}
	return h
}

// dayParts draws a day: the worst from the bottom up, and what is left above as up. Of today, what has passed of it is
// the whole.
func dayParts(d status.Day, now time.Time) []dayPart {
	whole := min(24*time.Hour, now.Sub(d.Date))
	all := lengths(d)
	heights, sum := make([]float64, len(all)), 0.0
	for i, l := range all {
		heights[i] = max(leastHeight, barHeight*l.lasted.Seconds()/whole.Seconds())
		sum += heights[i]
	}
	shrink := min(1, barHeight/sum)
	var parts []dayPart
	y := float64(barHeight)
	for i, l := range all {
		height := heights[i] * shrink
		y -= height
		parts = append(parts, dayPart{l.level, percent(y), percent(height)})
	}
	if y > 0.01 {
		parts = append(parts, dayPart{incident.Operational, "0", percent(y)})
	}
	return parts
}
