package document

import (
	"cmp"
	"regexp"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// A moment is written as a person would: "2013-07-18 02:42", "2013-07-18" for a
// day, "~2013-07-18 02:42" when approximate, "unknown". What differs from the
// rule follows: an offset where clocks showed that time twice, the zone where
// it is not the record's, the precision in brackets where it is not the one
// that the digits suggest, and what was written in quotes:
//
//	2013-11-03 01:30 -07:00 America/Los_Angeles
//	2013-07-18 02:00 UTC (hour) "around two"

// clockwork is what a written time is read against: the home zone, and the
// day and the moment told before it.
type clockwork struct {
	home string
	day  string           // the day of the row before, as it was written; "" at first
	near *incident.Moment // the last known moment
}

// after is the clockwork for the row that follows m.
func (c clockwork) after(m *incident.Moment) clockwork {
	local, ok := m.In("")
	if !ok {
		return c
	}
	return clockwork{c.home, local.Format(time.DateOnly), m}
}

// write gives the shortest form that reads back as the same moment; "" for none.
func (c clockwork) write(m *incident.Moment) string {
	if m == nil {
		return ""
	}
	written := ""
	if m.AsWritten != "" {
		written = " " + quote(m.AsWritten)
	}
	for _, front := range c.choices(m) {
		if got, ok := c.own(front + written); ok && same(got, m) {
			return front + written
		}
	}
	return c.exact(m) + written
}

// choices are the ways to write a moment that are worth a trial, best first.
func (c clockwork) choices(m *incident.Moment) []string {
	local, ok := m.In("")
	if !ok {
		return nil
	}
	about, zone := "", ""
	if m.Approximate {
		about = "~"
	}
	if m.Zone != c.home {
		zone = " " + m.Zone
	}
	day, clock, precision := local.Format(time.DateOnly), local.Format("15:04"), ""
	switch {
	case m.Precision == incident.Day:
		return []string{about + day + zone, about + m.At.UTC().Format(time.DateOnly) + zone + utcDay}
	case m.Precision == incident.Second || local.Second() != 0 || local.Nanosecond() != 0:
		clock = local.Format("15:04:05.999999999")
	}
	if m.Precision != incident.Second && (m.Precision != incident.Minute || len(clock) > len("15:04")) {
		precision = " (" + string(m.Precision) + ")"
	}
	starts := []string{about + day + " " + clock}
	if c.day == day {
		starts = append([]string{about + clock}, starts...)
	}
	var choices []string
	for _, start := range starts {
		choices = append(choices, start+zone+precision, start+local.Format(" -07:00 ")+m.Zone+precision)
	}
	return choices
}

// utcDay follows a day that begins at midnight UTC, though told in another zone:
// that is how programs that know of no zones send a day.
const utcDay = " (UTC)"

// exact writes any moment at all.
func (c clockwork) exact(m *incident.Moment) string {
	text := "unknown"
	if m.At != nil {
		text = m.At.UTC().Format(time.RFC3339Nano)
	}
	if m.Approximate {
		text = "~" + text
	}
	if m.Zone != c.home {
		text += " " + m.Zone
	}
	if m.At != nil || m.Precision != incident.UnknownPrecision {
		text += " (" + string(m.Precision) + ")"
	}
	return text
}

// own reads our notation, and nothing else.
func (c clockwork) own(text string) (*incident.Moment, bool) {
	front, quoted := beforeQuote(text)
	m := &incident.Moment{}
	if quoted != "" {
		written, ok := unquote(quoted)
		if !ok || written == "" {
			return nil, false
		}
		m.AsWritten = written
	}
	p := notation.FindStringSubmatch(strings.TrimSpace(front))
	if p == nil {
		return nil, false
	}
	m.Approximate = p[1] != ""
	offset := p[6]
	if m.Zone = p[7]; m.Zone == "" { // an offset alone is the zone
		m.Zone, offset = cmp.Or(offset, c.home), ""
	}
	if p[8] == strings.TrimSpace(utcDay) {
		at, err := time.Parse(time.DateOnly, p[3])
		m.At, m.Precision = &at, incident.Day
		return m, err == nil && p[4] == "" && offset == ""
	}
	ok := c.settle(m, told{exact: p[2], day: p[3], clock: p[4], unknown: p[5] != "", offset: offset})
	if p[8] != "" {
		m.Precision = incident.Precision(strings.Trim(p[8], "()"))
	}
	return m, ok
}

var notation = regexp.MustCompile(`^(~)?(?:(\d{4}-\d\d-\d\dT\S+)|(\d{4}-\d\d-\d\d)? ?(\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?|(unknown))` +
	`(?: ([+-]\d\d:\d\d))?(?: ([A-Z][A-Za-z0-9_+/-]*|[+-]\d\d:\d\d))?(?: (\([a-z]*\)|\(UTC\)))?$`)

// told is the parts of a written time.
type told struct {
	exact, day, clock, offset string
	unknown                   bool
}

// settle fills the instant and the precision that the parts suggest.
func (c clockwork) settle(m *incident.Moment, t told) bool {
	zone, err := incident.LoadZone(m.Zone)
	switch {
	case t.unknown:
		m.Precision = incident.UnknownPrecision
		return t.offset == ""
	case t.exact != "":
		at, err := time.Parse(time.RFC3339Nano, t.exact)
		at, m.Precision = at.UTC(), incident.Second
		m.At = &at
		return err == nil && t.offset == "" && strings.HasSuffix(t.exact, "Z")
	case err != nil || t.day == "" && (t.clock == "" || c.day == ""):
		return false
	case t.clock == "":
		day, err := incident.When{Zone: m.Zone}.Read(t.day)
		m.At, m.Precision = day.At, incident.Day
		return err == nil && t.offset == ""
	}
	layout := "15:04:05"
	if m.Precision = incident.Second; len(t.clock) == len("15:04") {
		layout, m.Precision = "15:04", incident.Minute
	}
	day := t.day
	if day == "" {
		day = c.day
	}
	wall, err := time.Parse(time.DateOnly+" "+layout, day+" "+t.clock)
	if err != nil {
		return false
	}
	return pick(m, incident.Instants(wall, zone), zone, t.offset) && (t.day != "" || !m.At.Before(*c.near.At))
}

// pick takes the one instant that is meant: the only one, or that of the offset.
func pick(m *incident.Moment, instants []time.Time, zone *time.Location, offset string) bool {
	found := 0
	for _, at := range instants {
		if offset == "" || at.In(zone).Format("-07:00") == offset {
			utc := at.UTC()
			m.At = &utc
			found++
		}
	}
	return found == 1
}

// same tells whether two moments are equal in every field.
func same(a, b *incident.Moment) bool {
	if a == nil || b == nil || a.At == nil || b.At == nil {
		return a == b || a != nil && b != nil && a.At == b.At && *a == *b
	}
	x, y := *a, *b
	x.At, y.At = nil, nil
	return x == y && a.At.Equal(*b.At)
}

// bareClock is a time of day that needs no record of how it was written.
var bareClock = regexp.MustCompile(`^~?\d\d:\d\d(:\d\d)?$`)

// bareless is how a time was written, "" where that tells nothing more.
func bareless(text string) string {
	if bareClock.MatchString(text) {
		return ""
	}
	return text
}

// readIn is read for a time that a zone was told beside, such as in the heading
// of its column. One of its own goes before that.
func (c clockwork) readIn(zone, text string) (m *incident.Moment, why string, ok bool) {
	if zone == "" {
		return c.read(text)
	}
	m, _, ok = c.read(text + " " + zone)
	if !ok || !m.Known() {
		return c.read(text)
	}
	if m.AsWritten != "" {
		m.AsWritten = bareless(text)
	}
	return m, "", true
}

// read understands our notation, then what people write. It is false when the
// text is no time that can be read without guessing; the moment then keeps the
// text, and why says what is unclear.
func (c clockwork) read(text string) (m *incident.Moment, why string, ok bool) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, "", true
	}
	if m, ok := c.own(text); ok {
		return m, "", true
	}
	got, err := incident.When{Zone: c.home, Near: c.near}.Read(text)
	if err == nil {
		got.AsWritten = bareless(text)
		return &got, "", true
	}
	return &incident.Moment{Zone: c.home, Precision: incident.UnknownPrecision, AsWritten: text}, err.Error(), false
}
