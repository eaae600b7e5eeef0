package incident

import (
	"strings"
	"time"
)

const (
	timeUnknown = "time unknown"
	dateUnknown = "date unknown"
	plainDate   = "2 January 2006"
)

// In is the moment on the clock of zone; "" is the zone it was told in. It is
// false when the instant is unknown or there is no such zone.
func (m *Moment) In(zone string) (time.Time, bool) {
	if !m.Known() {
		return time.Time{}, false
	}
	if zone == "" {
		zone = m.Zone
	}
	loc, err := LoadZone(zone)
	if err != nil {
		return time.Time{}, false
	}
	return m.At.In(loc), true
}

// local is In for showing: where zone is none, UTC.
func (m *Moment) local(zone string) time.Time {
	if t, ok := m.In(zone); ok {
		return t
	}
	return m.At.UTC()
}

// date is the day of the moment in the zone it was told in, in fields of UTC.
// Programs that know of no zones send a day as midnight UTC: that day is meant
// then, though the zone's clock still showed the evening before.
func (m *Moment) date() time.Time {
	told := m.local("")
	if utc := m.At.UTC(); m.Precision == Day && utc.Equal(utc.Truncate(24*time.Hour)) {
		told = utc
	}
	y, month, d := told.Date()
	return time.Date(y, month, d, 0, 0, 0, 0, time.UTC)
}

// Clock shows a moment on the 24-hour clock of the zone it was told in, as
// finely as it was told: "02:42 PDT", "02:42:07 PDT", "about 02:00 PDT" for an
// hour, the date for a day. Of an unknown time it gives what was written.
func Clock(m *Moment) string {
	if text, ok := unclocked(m); ok {
		return text
	}
	return m.about() + m.clock24(m.local("")) + " " + abbreviation(m.local(""))
}

// Both shows one instant on two clocks, that of zone ("" for the moment's own)
// and UTC: "2:42 AM PDT / 09:42 UTC", and "9:15 PM PDT / 04:15 UTC on 20 July"
// when the dates differ. America and Hawaii have the 12-hour clock, all others
// "02:42 CEST / 00:42 UTC"; UTC stands alone while the zone's clock agrees with it. A day or an
// unknown time is shown as Clock shows it, without a time of day.
func Both(m *Moment, zone string) string {
	if text, ok := unclocked(m); ok {
		return text
	}
	if zone == "" {
		zone = m.Zone
	}
	local, utc := m.local(zone), m.At.UTC()
	if _, offset := local.Zone(); offset == 0 {
		return m.about() + m.clock24(utc) + " UTC"
	}
	shown := m.clock24(local)
	if twelveHours(zone) {
		shown = m.clock12(local)
	}
	shown = m.about() + shown + " " + abbreviation(local) + " / " + m.clock24(utc) + " UTC"
	if local.Day() != utc.Day() {
		shown += utc.Format(" on 2 January")
	}
	return shown
}

// Date shows the moment's day in zone ("" for the moment's own): "Thursday, 18
// July 2013". A day-precise moment is that day in every zone.
func Date(m *Moment, zone string) string {
	if !m.Known() {
		return dateUnknown
	}
	day := m.local(zone)
	if m.Precision == Day {
		day = m.date()
	}
	return day.Format("Monday, " + plainDate)
}

// unclocked shows the moments that have no time of day.
func unclocked(m *Moment) (string, bool) {
	switch {
	case m.Known() && m.Precision == Day:
		prefix := ""
		if m.Approximate {
			prefix = "about "
		}
		return prefix + m.date().Format(plainDate), true
	case m.Known():
		return "", false
	case m != nil && m.AsWritten != "":
		return m.AsWritten, true
	}
	return timeUnknown, true
}

// about stands before times that were not told to the minute.
func (m *Moment) about() string {
	if m.Approximate || m.Precision == Hour {
		return "about "
	}
	return ""
}

func (m *Moment) clock24(t time.Time) string {
	if m.Precision == Second {
		return t.Format("15:04:05")
	}
	return t.Format("15:04")
}

func (m *Moment) clock12(t time.Time) string {
	switch {
	case m.Precision == Second:
		return t.Format("3:04:05 PM")
	case m.Precision == Hour && t.Minute() == 0:
		return t.Format("3 PM")
	}
	return t.Format("3:04 PM")
}

// twelveHours names the zones whose people write AM and PM.
func twelveHours(zone string) bool {
	return strings.HasPrefix(zone, "America/") || strings.HasPrefix(zone, "US/") || zone == "Pacific/Honolulu"
}
