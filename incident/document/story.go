package document

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/debriefhq/debrief/incident"
)

// story is a record as it is told to readers, in a page or a post.
type story struct {
	*incident.Incident
	Zone      string // whose clock is shown beside UTC
	Outsiders bool   // the readers: nothing is said about audiences
	Days      []day

	rows  map[string]tale // the entries by id, each under its full time
	spent int             // on rendering texts: see cost
}

func newStory(in *incident.Incident, o Options, outsiders bool) *story {
	zone := o.Zone
	if zone == "" {
		zone = in.Zone
	}
	s := &story{Incident: in, Zone: zone, Outsiders: outsiders, rows: map[string]tale{}}
	s.tell()
	return s
}

// fact is one line of what a reader wants to know first.
type fact struct {
	Name string
	Text string
	At   string // RFC 3339, "" when there is no instant
}

// Facts are the milestones that are known, then how long things took.
func (s *story) Facts() []fact {
	var all []fact
	for _, m := range milestonesOf(&s.Milestones) {
		if *m.moment != nil {
			all = append(all, fact{title(m.key), s.full(*m.moment), machine(*m.moment)})
		}
	}
	measures := s.Measures
	if measures == nil {
		measures = incident.Measure(s.Incident)
	}
	if measures == nil {
		return all
	}
	stated := spansOf(&s.Stated)
	for i, m := range s.measured(measures) {
		text := ""
		if m.seconds != nil {
			text = duration(*m.seconds)
		}
		if text != "" && (rough(m.from) || rough(m.until)) {
			text = "about " + text
		}
		if said := *stated[i].text; said != nil {
			text = strings.TrimSpace(text + fmt.Sprintf(" (stated: %s)", *said))
		}
		if text != "" {
			all = append(all, fact{title(stated[i].key), text, ""})
		}
	}
	return all
}

// measured is a measure and the two moments that it was made from.
type measured struct {
	seconds     *int64
	from, until *incident.Moment
}

// measured are the measures, in the order of spansOf.
func (s *story) measured(m *incident.Measures) []measured {
	at := s.Milestones
	return []measured{
		{m.TimeToDetect, at.Started, at.Detected},
		{m.TimeToAcknowledge, at.Detected, at.Acknowledged},
		{m.TimeToMitigate, at.Started, at.Mitigated},
		{m.TimeToResolve, at.Started, at.Resolved},
		{m.TimeToTell, at.Started, s.FirstTold()},
	}
}

// rough tells whether a moment was not told to the minute.
func rough(m *incident.Moment) bool {
	return m != nil && (m.Approximate || m.Precision == incident.Hour || m.Precision == incident.Day)
}

// title writes a key for people: "Time to detect".
func title(key string) string { return capital(human(key)) }

// full is a moment with its day: "Thursday, 18 July 2013, 2:42 AM PDT / 09:42 UTC".
func (s *story) full(m *incident.Moment) string {
	if !m.Known() || m.Precision == incident.Day {
		return incident.Both(m, s.Zone)
	}
	return incident.Date(m, s.Zone) + ", " + incident.Both(m, s.Zone)
}

// Full is full, for templates; "" for no moment.
func (s *story) Full(m *incident.Moment) string {
	if m == nil {
		return ""
	}
	return s.full(m)
}

// toldAt is a moment for templates.
type toldAt struct {
	When string
	At   string // for programs, "" when there is no instant
}

// Told is full, for templates.
func (s *story) Told(m *incident.Moment) toldAt { return toldAt{s.full(m), machine(m)} }

// Ended is the end of a range, for templates.
func (s *story) Ended(from, until *incident.Moment) toldAt {
	return toldAt{s.end(from, until), machine(until)}
}

// machine is the instant for programs, as finely as it was told.
func machine(m *incident.Moment) string {
	switch {
	case !m.Known():
		return ""
	case m.Precision == incident.Day:
		day, err := time.Parse("Monday, 2 January 2006", incident.Date(m, ""))
		if err != nil {
			return ""
		}
		return day.Format(time.DateOnly)
	case m.Precision == incident.Second:
		return m.At.UTC().Format(time.RFC3339)
	}
	return m.At.UTC().Format("2006-01-02T15:04Z")
}

// duration writes seconds as "42 h 36 min".
func duration(seconds int64) string {
	if seconds < 0 {
		return "−" + duration(-seconds)
	}
	d, h, m, s := seconds/86400, seconds/3600%24, seconds/60%60, seconds%60
	var parts []string
	add := func(n int64, unit string) {
		if n > 0 && len(parts) < 2 {
			parts = append(parts, fmt.Sprintf("%d %s", n, unit))
		}
	}
	if d < 3 { // people count in hours for the first days
		h, d = h+24*d, 0
	}
	add(d, "d")
	add(h, "h")
	add(m, "min")
	if h == 0 && d == 0 {
		add(s, "s")
	}
	if len(parts) == 0 {
		return "0 min"
	}
	return strings.Join(parts, " ")
}

// day is the entries of one day.
type day struct {
	Name  string // "Thursday, 18 July 2013", "Date unknown"
	Lines []tale
}

// tale is one entry as it is shown.
type tale struct {
	*incident.Entry
	Row  int    // in the timeline, from 1
	When string // "2:42 AM PDT / 09:42 UTC"
	At   string // for programs
	Gap  string // how long nothing is known before this entry, "" for not long
}

// longGap is the time without an entry that is shown as a gap.
const longGap = 2 * time.Hour

// tell lays the entries out by the days of the zone shown. An entry without a
// known time stays with the one before it, and may have filled the gap there.
func (s *story) tell() {
	var last *incident.Moment
	for i := range s.Timeline {
		e := &s.Timeline[i]
		line := tale{Entry: e, Row: i + 1, When: capital(s.when(e)), At: machine(e.At), Gap: gap(last, e.At)}
		last = latest(last, e)
		name := capital(incident.Date(e.At, s.Zone))
		if n := len(s.Days); n == 0 || e.At.Known() && s.Days[n-1].Name != name {
			s.Days = append(s.Days, day{Name: name})
		}
		open := &s.Days[len(s.Days)-1]
		open.Lines = append(open.Lines, line)
		if line.ID != "" {
			line.When = s.full(e.At)
			s.rows[line.ID] = line
		}
	}
}

// when is the time of an entry below the heading of its day.
func (s *story) when(e *incident.Entry) string {
	text := incident.Both(e.At, s.Zone)
	if e.At.Known() && e.At.Precision == incident.Day {
		text = "that day"
	}
	if e.Until != nil {
		text += " – " + s.end(e.At, e.Until)
	}
	return text
}

// latest is the end of what is known after another entry; nil where nobody knows
// when that was.
func latest(last *incident.Moment, e *incident.Entry) *incident.Moment {
	if !timed(e.At) {
		return nil
	}
	for _, m := range []*incident.Moment{e.At, e.Until} {
		if timed(m) && (last == nil || m.At.After(*last.At)) {
			last = m
		}
	}
	return last
}

// gap is how long nothing is known between two moments, "" for not long.
func gap(last, at *incident.Moment) string {
	if !timed(last) || !timed(at) {
		return ""
	}
	if long := at.At.Sub(*last.At); long >= longGap {
		return duration(int64(long / time.Second))
	}
	return ""
}

// capital begins a line.
func capital(text string) string {
	_, size := utf8.DecodeRuneInString(text)
	return strings.ToUpper(text[:size]) + text[size:]
}

// end is the end of a range: with its day where that is another one.
func (s *story) end(at, until *incident.Moment) string {
	if at.Known() && until.Known() && incident.Date(at, s.Zone) == incident.Date(until, s.Zone) {
		return incident.Both(until, s.Zone)
	}
	return s.full(until)
}

// Sees finds the entries that evidence names.
func (s *story) Sees(ids []string) []tale {
	var all []tale
	for _, id := range ids {
		if line, ok := s.rows[id]; ok {
			all = append(all, line)
		}
	}
	return all
}

// counted writes a figure for readers: "Customers affected: 1.4%", "Refunded:
// 3,500 USD".
func counted(f incident.Figure) string {
	unit := f.Unit
	if unit != "" && unit != "%" {
		unit = " " + unit
	}
	return capital(f.Measure) + ": " + grouped(number(f.Value)) + unit
}

// grouped puts commas between the thousands of a number.
func grouped(digits string) string {
	whole, fraction, _ := strings.Cut(digits, ".")
	if strings.Contains(whole, "e") {
		return digits
	}
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return whole + digits[len(digits)-len(fraction)-min(len(fraction), 1):]
}

// lasted says from when until when.
func (s *story) lasted(from, until *incident.Moment) string {
	switch {
	case from == nil && until == nil:
		return ""
	case from == nil:
		return "until " + s.full(until)
	case until == nil:
		return "from " + s.full(from)
	}
	return "from " + s.full(from) + " to " + s.end(from, until)
}
