package web

import (
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

const (
	longDate  = "Monday, 2 January 2006" // as incident.Date writes it
	shortDate = "2 Jan 2006"
)

// clock shows moments as the clocks of one zone did. It serves one page: it
// learns the zone once, because a long timeline asks ten thousand times.
type clock struct {
	name   string
	zone   *time.Location
	labels map[offset]string // what people call it

	// The day shown last, and what it is called: most moments of a page are of one day.
	day         time.Time
	long, short string
}

// offset is how far a zone is from UTC, in seconds, with its name for that.
type offset struct {
	name    string
	seconds int
}

// newClock makes the clock of a zone; one that nobody knows shows UTC.
func newClock(name string) *clock {
	zone, err := incident.LoadZone(name)
	if err != nil {
		name, zone = "UTC", time.UTC
	}
	return &clock{name: name, zone: zone, labels: map[offset]string{}}
}

// label is what people call the clock of this moment: "PDT", "UTC+5:30".
func (c *clock) label(m *incident.Moment, local time.Time) string {
	var o offset
	o.name, o.seconds = local.Zone()
	if _, ok := c.labels[o]; !ok {
		_, c.labels[o], _ = strings.Cut(incident.Clock(&incident.Moment{At: m.At, Zone: c.name, Precision: incident.Minute}), " ")
	}
	return c.labels[o]
}

// shown is a moment as the pages give it: local time, UTC beside, and a form
// for machines that is no finer than the moment.
type shown struct {
	Known       bool
	At          time.Time // local; only for arithmetic
	ISO         string
	Day         string // "Thursday, 18 July 2013"
	Date        string // "18 Jul 2013"
	Time        string // "02:42"; "" when only the day is known
	Zone        string // "PDT"
	UTC         string // "09:42 UTC", with its date when that is another; "" where it would say the same
	Approximate bool
	Coarse      string // "to the hour"
	Written     string // what somebody wrote
}

// show prepares a moment, nil included.
func (c *clock) show(m *incident.Moment) shown {
	if !m.Known() {
		if m == nil {
			return shown{}
		}
		return shown{Written: m.AsWritten}
	}
	day := m.At.In(c.zone)
	s := shown{Known: true, At: day, Approximate: m.Approximate, Written: m.AsWritten}
	if m.Precision != incident.Day {
		c.addTime(&s, m)
	} else {
		day = c.place(m)
	}
	s.Day, s.Date = c.called(day)
	if s.ISO == "" {
		s.ISO = day.Format(time.DateOnly)
	}
	return s
}

// called is what a day is called, in full and short.
func (c *clock) called(day time.Time) (long, short string) {
	y, m, d := day.Date()
	if of := time.Date(y, m, d, 0, 0, 0, 0, time.UTC); !of.Equal(c.day) || c.long == "" {
		c.day, c.long, c.short = of, day.Format(longDate), day.Format(shortDate)
	}
	return c.long, c.short
}

// place is where a known moment stands among others: a day at its beginning on
// the clock here, whatever clock it was told by.
func (c *clock) place(m *incident.Moment) time.Time {
	if m.Precision != incident.Day {
		return *m.At
	}
	told, err := time.Parse(longDate, incident.Date(m, c.name))
	if err != nil {
		return *m.At
	}
	return time.Date(told.Year(), told.Month(), told.Day(), 0, 0, 0, 0, c.zone)
}

// addTime fills what a moment has that is known finer than a day.
func (c *clock) addTime(s *shown, m *incident.Moment) {
	layout, utc := "15:04", m.At.UTC()
	switch m.Precision {
	case incident.Hour:
		s.Coarse = "to the hour"
	case incident.Second:
		layout = "15:04:05"
	}
	s.ISO = utc.Format("2006-01-02T" + layout + "Z")
	s.Time, s.Zone = s.At.Format(layout), c.label(m, s.At)
	if s.Zone == "UTC" {
		return
	}
	s.UTC = utc.Format(layout) + " UTC"
	if utc.Day() != s.At.Day() {
		s.UTC = utc.Format("2 Jan ") + s.UTC
	}
}

// instant shows an instant that a program noted: to the minute.
func (c *clock) instant(at time.Time) shown {
	if at.IsZero() {
		return shown{}
	}
	m := incident.Exactly(at.Truncate(time.Minute), c.name, incident.Minute)
	return c.show(&m)
}

// lasted is how long it took from one moment to another, "" unless both are
// known finer than a day. Each coarse or approximate end makes it "about".
func lasted(from, until *incident.Moment) string {
	if !timed(from) || !timed(until) {
		return ""
	}
	span := incident.Span(until.At.Sub(*from.At))
	if rough(from) || rough(until) {
		return "about " + span
	}
	return span
}

// timed tells whether a moment has a time of day.
func timed(m *incident.Moment) bool { return m.Known() && m.Precision != incident.Day }

func rough(m *incident.Moment) bool { return m.Approximate || m.Precision == incident.Hour }
