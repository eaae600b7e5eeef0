package web

import (
	"fmt"
	"strconv"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/insight"
)

// The pictures of insights: places along them are percentages, so that they fit any width, heights are pixels.
const (
	plotTop    = 18  // pixels, with room for what the top is
	plotBottom = 138 // where the columns stand
	toTell     = 4   // the measure of the first customer message
)

// columns is a picture of values along time.
type columns struct {
	Label string // in words
	Top   string // what the top line is
	All   []column
}

// column is one point of it.
type column struct {
	Address, Title string
	X, Width       string // percent
	Middle         string
	Name, Under    string // what stands below it, in two lines
	Boxes          []box
	Few            bool
}

// box is a part of a column.
type box struct {
	Class  string
	Y      string
	Height string
}

// severityClasses are the parts of a column, from the bottom up.
var severityClasses = []string{"sev1", "sev2", "sev3", "sev4", "none"}

// newColumns makes places for the points of the curve.
func newColumns(f *incident.Insights) columns {
	var c columns
	step := 100 / float64(max(1, len(f.Curve)))
	each := (len(f.Curve) + 12) / 13 // more names than that do not fit a phone
	for i, p := range f.Curve {
		col := column{Address: listedBy(p.Incidents.List), X: percent((float64(i) + .14) * step), Width: percent(step * .72), Middle: percent((float64(i) + .5) * step)}
		if i%each == 0 {
			col.Name, col.Under = shortName(p, i == 0)
			if last := len(c.All) - each; last == 0 && col.Under != "" { // two years side by side do not fit a phone
				c.All[last].Under = ""
			}
		}
		c.All = append(c.All, col)
	}
	return c
}

// shortName is what a point is called where there is little room: the year stands where it begins.
func shortName(p incident.InsightPoint, first bool) (name, under string) {
	from, _ := time.Parse("2006-01", p.From) // the store wrote it
	to, _ := time.Parse("2006-01", p.To)
	switch months := int(to.Month()-from.Month()) + 1; {
	case p.From == p.To:
		name, under = from.Format("Jan"), from.Format("2006")
	case months <= 3:
		name, under = fmt.Sprintf("Q%d", (int(from.Month())+2)/3), from.Format("2006")
	default:
		return from.Format("2006"), ""
	}
	if !first && from.Month() > 3 || !first && p.From == p.To && from.Month() != time.January {
		under = ""
	}
	return name, under
}

func px(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// countColumns draws how many there were, by severity.
func countColumns(f *incident.Insights) columns {
	c, most := newColumns(f), int64(1)
	for _, p := range f.Curve {
		most = max(most, p.Incidents.N)
	}
	c.Top = strconv.FormatInt(most, 10)
	c.Label = fmt.Sprintf("%d from %s to %s, at most %d in one %s", f.Incidents.N, f.From, f.To, most, f.Grain)
	for i, p := range f.Curve {
		col, y := &c.All[i], float64(plotBottom)
		col.Title = fmt.Sprintf("%s: %d", p.Name, p.Incidents.N)
		for _, severity := range severityClasses {
			n := p.Severities[severity]
			if n == 0 {
				continue
			}
			h := float64(n) / float64(most) * (plotBottom - plotTop)
			y -= h
			col.Boxes = append(col.Boxes, box{classOf(severity), px(y), px(max(1, h-1))})
			col.Title += fmt.Sprintf(", %s %d", severityWord(severity), n)
		}
	}
	return c
}

// classOf is the class of a part of a column.
func classOf(severity string) string {
	if severity == "none" {
		return "unrated"
	}
	return severity
}

func severityWord(s string) string {
	if s == "none" {
		return "without severity"
	}
	return word(s)
}

// timeColumns draws a measure: the median, and p90 behind it.
func timeColumns(f *incident.Insights, measure int) columns {
	c, most := newColumns(f), int64(1)
	for _, p := range f.Curve {
		if v := p.Measures[measure].P90; v != nil {
			most = max(most, *v)
		}
	}
	c.Top = long(&most)
	c.Label = fmt.Sprintf("%s, by %s: median and p90, at most %s", f.Measures[measure].Title, f.Grain, c.Top)
	for i, p := range f.Curve {
		s, col := p.Measures[measure], &c.All[i]
		col.Title = p.Name + ": nothing known"
		if s.Median == nil || s.P90 == nil {
			continue
		}
		col.Few = s.N < insight.Few
		col.Title = fmt.Sprintf("%s: median %s, p90 %s, n %d", p.Name, long(s.Median), long(s.P90), s.N)
		for _, v := range []struct {
			class string
			value int64
		}{{"p90", *s.P90}, {"median", *s.Median}} {
			h := max(1, float64(v.value)/float64(most)*(plotBottom-plotTop))
			col.Boxes = append(col.Boxes, box{v.class, px(plotBottom - h), px(h)})
		}
	}
	return c
}

// heat is a picture of the hours of a week.
type heat struct {
	Label string
	Days  []heatDay
	Names []heatName
}

type heatDay struct {
	Name  string
	Y     int
	Hours []heatHour
}

type heatHour struct {
	X, Title, Address string
	Shade             string // part of the most, as opacity
}

type heatName struct{ X, Name string }

const (
	heatLeft = 10. // percent, for the names of days
	heatRow  = 20  // pixels
)

// newHeat begins with Monday.
func newHeat(s incident.InsightStarts) heat {
	h, most, sum := heat{}, int64(1), int64(0)
	for _, of := range s.Hours {
		most, sum = max(most, of.Of.N), sum+of.Of.N
	}
	step := (100 - heatLeft) / 24
	for hour := 0; hour < 24; hour += 6 {
		h.Names = append(h.Names, heatName{percent(heatLeft + step*float64(hour)), fmt.Sprintf("%02d", hour)})
	}
	for i := range 7 {
		day := time.Weekday((i + 1) % 7)
		row := heatDay{Name: day.String()[:3], Y: i * heatRow}
		for _, of := range s.Hours {
			if of.Weekday != weekdayKey(day) {
				continue
			}
			row.Hours = append(row.Hours, heatHour{
				X: percent(heatLeft + step*float64(of.Hour)), Address: listedBy(of.Of.List),
				Title: fmt.Sprintf("%s %02d:00 – %02d:59: %d", day, of.Hour, of.Hour, of.Of.N),
				Shade: strconv.FormatFloat(.25+.75*float64(of.Of.N)/float64(most), 'f', 2, 64),
			})
		}
		h.Days = append(h.Days, row)
	}
	h.Label = fmt.Sprintf("%d starts by weekday and hour, at most %d in one hour", sum, most)
	return h
}

func weekdayKey(d time.Weekday) string {
	return map[time.Weekday]string{0: "sunday", 1: "monday", 2: "tuesday", 3: "wednesday", 4: "thursday", 5: "friday", 6: "saturday"}[d]
}
