package incident

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// When is what a written time is read against.
type When struct {
	Zone string    // the incident's home zone, as LoadZone takes it
	Near *Moment   // the last entry, or the start: gives its day to a time without one, and what "+6m" counts from; nil: Now
	Now  time.Time // the reader's clock; zero where nobody reads, as in an import
}

const (
	firstYear, lastYear = 1970, 2200 // the years of moments, in UTC
	longestWritten      = 200        // bytes
	clocksDiffer        = 5 * time.Minute
)

// Read understands the times that people write in timelines: "2:42 AM PDT",
// "14:05", "yesterday 23:10 UTC", "2013-07-18T02:42-07:00", "18 July 2013
// 02:42", "~09:40", "1600", "+6m", "10 min ago", "now". What nobody knows
// ("TBC", "--:--", "[???]") is a moment without an instant. It never guesses
// between two readings: what it refuses is Invalid at "/at", and the Detail
// lists the choices.
//
// A time without a zone is told in Zone; a label that contradicts the season is
// read as the wall clock, and Contradiction tells of it. A time without a day
// takes the day that puts it nearest Near, where an hour later counts as much
// as half an hour earlier, because timelines run forward: from 8 hours before
// to 16 hours after. It does not run ahead of Now unless Near does. Without
// Near, it is the latest such time that has come, give or take five minutes.
// Today, yesterday and tomorrow are counted from Now, where the date is the same
// at home and in the zone that was told. A date without a year takes the
// nearest one, within 150 days. Hours and days ago are as vague as that.
func (w When) Read(text string) (Moment, error) {
	if err := writable(text); err != nil {
		return Moment{}, err
	}
	home, err := LoadZone(w.Zone)
	if err != nil {
		return Moment{}, err
	}
	m := Moment{Zone: w.Zone, Precision: UnknownPrecision, AsWritten: strings.TrimSpace(text)}
	plain, approximate := bare(text)
	if nobodyKnows.MatchString(plain) {
		return m, nil
	}
	m.Approximate = approximate
	whole := plainly(text)
	if problem := dateOrTime(whole); problem != nil {
		return Moment{}, problem
	}
	understood, err := w.understand(plain, home, &m)
	if err == nil {
		err = m.inRange()
	}
	switch {
	case err != nil:
		return Moment{}, err
	case understood:
		return m, nil
	case mask.MatchString(whole) && !twoClocks.MatchString(whole):
		m.Approximate = false
		return m, nil
	case twoClocks.MatchString(whole):
		return Moment{}, refuseTime("%q looks like a start and an end: write each by itself", plain)
	}
	return Moment{}, refuseTime("%q is no time that can be read without guessing: write it as 14:05, 2:05 PM PDT, "+
		"2013-07-18 14:05, 18 July 2013 14:05 UTC, 2013-07-18T14:05-07:00, yesterday 23:10, ~09:40, +6m, now, or unknown", plain)
}

var dotted = regexp.MustCompile(`^\W*(\d{1,2})\.(\d{2})\.\W*$`)

// dateOrTime refuses 18.07., which is a day where dates end with a dot, and a
// time at the end of a sentence. 11.50. is a time.
func dateOrTime(text string) *Error {
	m := dotted.FindStringSubmatch(text)
	if m == nil || atoi(m[1]) < 1 || atoi(m[1]) > 23 || atoi(m[2]) < 1 || atoi(m[2]) > 12 {
		return nil
	}
	return refuseTime("%q may be %d %s or %s:%s: write one of these", text, atoi(m[1]), time.Month(atoi(m[2])), m[1], m[2])
}

// understand tries the ways of telling a time. It is false for what is none.
func (w When) understand(plain string, home *time.Location, m *Moment) (bool, error) {
	if understood, err := w.counted(plain, home, m); understood || err != nil {
		return understood, err
	}
	if day := clockless.FindStringSubmatch(plain); day != nil {
		if t, ok := w.scan(day[1], home); ok && !t.hasClock {
			return true, w.settle(t, home, m)
		}
	}
	if t, ok := w.scan(plain, home); ok {
		return true, w.settle(t, home, m)
	}
	return w.twice(plain, home, m)
}

func (w When) scan(text string, home *time.Location) (*told, bool) {
	return scan(text, home, w.reference(), w.Now)
}

// writable refuses text that cannot stand in a record.
func writable(text string) error {
	switch {
	case len(text) > longestWritten:
		return refuseTime("a time is at most 200 bytes: write the rest as text")
	case !utf8.ValidString(text):
		return refuseTime("the time is not UTF-8: write it again")
	case strings.ContainsFunc(text, unicode.IsControl):
		return refuseTime("the time holds a control character, such as a tab or the end of a line: leave it out")
	}
	return nil
}

func refuseTime(format string, args ...any) *Error {
	return Refuse(Invalid, "/at", fmt.Sprintf(format, args...))
}

// inRange refuses an instant outside 1970–2200.
func (m *Moment) inRange() error {
	if m.At == nil || m.At.Year() >= firstYear && m.At.Year() <= lastYear {
		return nil
	}
	return farOff(m.At.Year())
}

func farOff(year int) *Error {
	return refuseTime("the year %d is out of reach: write one from %d to %d", year, firstYear, lastYear)
}

var (
	// roughly and rough are the ways to say "about", before and after a time.
	roughly = regexp.MustCompile(`(?i)^(?:[~≈]|(?:about|around|circa|ca|approx|approximately|roughly)\b\.?|c\.)\s*`)
	rough   = regexp.MustCompile(`(?i)([^\s?:.-])\s*(?:\?+|\(\?+\)|\(?approx(?:imately|\.)?\)?|-?ish)$`)
	// nobodyKnows matches what stands where a time should, and mask a time
	// with holes in it.
	nobodyKnows = regexp.MustCompile(`(?i)^(?:(?:time|date)\s*)?(?:unknown|unclear|not known|tb[acd]|to be (?:announced|confirmed|determined)|n/?a|\?+(?::\?+)*|-+(?::-+)*|\.{2,}|(?:hh|xx):(?:mm|xx))$|^unknown (?:time|date)$`)
	mask        = regexp.MustCompile(`(?i)^[\d?:/.\-\shmxydt]*(?:\?|hh:mm|xx)[\d?:/.\-\shmxydt]*$`)
	// clockless matches a day whose time of day nobody knows.
	clockless = regexp.MustCompile(`(?i)^(.*[\da-z])[\s,]+(?:-+:-+|\?+:\?+|hh:mm|xx:xx|(?:at an )?unknown time|time (?:unknown|tb[acd]))$`)
	twoClocks = regexp.MustCompile(`\d{1,2}[:.]?\d\d.*?(?:-|/|\bto\b|\buntil\b)\s*\d{1,2}(?:[:.]?\d\d|:\?\?)|\d{1,2}:\d\d.*\d{1,2}:\d\d`)
)

// bare takes off the brackets around a time and the words for "about".
func bare(text string) (plain string, approximate bool) {
	plain = plainly(text)
	for {
		before := plain
		plain = strings.TrimSpace(plain)
		if nobodyKnows.MatchString(plain) {
			return plain, approximate
		}
		plain = strings.TrimRight(plain, " :;,.")
		if n := len(plain); n > 1 && (plain[0] == '[' && plain[n-1] == ']' || plain[0] == '(' && plain[n-1] == ')') {
			plain = plain[1 : n-1]
		}
		shorter := rough.ReplaceAllString(roughly.ReplaceAllString(plain, ""), "$1")
		if shorter != plain {
			plain, approximate = shorter, true
		}
		if plain == before {
			return plain, approximate
		}
	}
}

// reference is the instant that an untold day is near: Near if it is known.
func (w When) reference() time.Time {
	if w.Near.Known() {
		return *w.Near.At
	}
	return w.Now
}
