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
	Now  time.Time // the reader's clock
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
// Today, yesterday and tomorrow are counted from Now. A date without a year
// takes the nearest one, within 150 days.
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
	understood, err := w.counted(plain, &m)
	if !understood && err == nil {
		var t *told
		if t, understood = scan(plain, home, w.reference()); understood {
			err = w.settle(t, home, &m)
		}
	}
	if err == nil {
		err = m.inRange()
	}
	switch {
	case err != nil:
		return Moment{}, err
	case understood:
		return m, nil
	case mask.MatchString(plain) && !twoClocks.MatchString(plain):
		m.Approximate = false
		return m, nil
	}
	return Moment{}, notUnderstood(plain)
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
	return refuseTime("the year %d is out of reach: write one from %d to %d", m.At.Year(), firstYear, lastYear)
}

var (
	sameSpaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ",
		"\u2212", "-", "\u2013", "-", "\u2014", "-", "\u2026", "...")
	// roughly and rough are the ways to say "about", before and after a time.
	roughly = regexp.MustCompile(`(?i)^(?:[~≈]|(?:about|around|circa|ca|approx|approximately|roughly)\b\.?|c\.)\s*`)
	rough   = regexp.MustCompile(`(?i)([^\s?:.-])\s*(?:\?+|\(\?+\)|\(?approx(?:imately|\.)?\)?|-?ish)$`)
	// nobodyKnows matches what stands where a time should, and mask a time
	// with holes in it.
	nobodyKnows = regexp.MustCompile(`(?i)^(?:(?:time|date)\s*)?(?:unknown|unclear|not known|tbc|tbd|n/?a|\?+(?::\?+)*|-+(?::-+)*|(?:hh|xx):(?:mm|xx))$|^unknown (?:time|date)$`)
	mask        = regexp.MustCompile(`(?i)^[\d?:/.\-\shmxydt]*(?:\?|hh:mm|xx)[\d?:/.\-\shmxydt]*$`)
	twoClocks   = regexp.MustCompile(`\d{1,2}[:.]?\d\d.*?(?:-|/|\bto\b|\buntil\b)\s*\d{1,2}(?:[:.]?\d\d|:\?\?)|\d{1,2}:\d\d.*\d{1,2}:\d\d`)
)

// bare takes off the brackets around a time and the words for "about".
func bare(text string) (plain string, approximate bool) {
	plain = sameSpaces.Replace(text)
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

// notUnderstood tells a range from what is no time at all.
func notUnderstood(plain string) *Error {
	if twoClocks.MatchString(plain) {
		return refuseTime("%q looks like a start and an end: write each by itself", plain)
	}
	return refuseTime("%q is no time that can be read without guessing: write it as 14:05, 2:05 PM PDT, "+
		"2013-07-18 14:05, 18 July 2013 14:05 UTC, 2013-07-18T14:05-07:00, yesterday 23:10, ~09:40, +6m, now, or unknown", plain)
}

// reference is the instant that an untold day is near: Near if it is known.
func (w When) reference() time.Time {
	if w.Near.Known() {
		return *w.Near.At
	}
	return w.Now
}

var (
	sinceNear = regexp.MustCompile(`^([+-])\s*(\S.*)$`)
	sinceNow  = regexp.MustCompile(`(?i)^(.*\S)\s+ago$`)
)

// counted reads "now", "+6m" (from Near, else from Now) and "10 min ago".
func (w When) counted(plain string, m *Moment) (bool, error) {
	sign, length := time.Duration(1), ""
	base := Exactly(w.Now, w.Zone, Second)
	if strings.EqualFold(plain, "now") || strings.EqualFold(plain, "just now") {
		at := w.Now.UTC().Truncate(time.Second)
		m.At, m.Precision = &at, Second
		return true, nil
	} else if found := sinceNow.FindStringSubmatch(plain); found != nil {
		sign, length = -1, found[1]
	} else if found := sinceNear.FindStringSubmatch(plain); found != nil {
		length = found[2]
		if found[1] == "-" {
			sign = -1
		}
		if w.Near.Known() {
			base = *w.Near
		}
	}
	d, ok := readUnits(length)
	if !ok {
		return false, nil
	}
	if base.Precision == Day {
		return true, refuseTime("%q has no time of day to count from: write the time itself", plain)
	}
	unit, precision := time.Minute, Minute
	if d%time.Minute != 0 {
		unit, precision = time.Second, Second
	}
	if base.Precision != Second {
		precision = base.Precision
	}
	at := base.At.Add(sign * d).UTC().Truncate(unit)
	m.At, m.Precision, m.Approximate = &at, precision, m.Approximate || base.Approximate
	return true, nil
}
