package incident

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// longestSpan bounds the durations that ReadSpan takes.
const longestSpan = 100 * 365 * 24 * time.Hour

var (
	spanNote  = regexp.MustCompile(`\s*\([^()]*\)$`)
	spanClock = regexp.MustCompile(`^(\d{1,4}):([0-5]\d):([0-5]\d)$`)
	spanISO   = regexp.MustCompile(`^P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6}(?:\.\d{1,3})?)H)?(?:(\d{1,8}(?:\.\d{1,3})?)M)?(?:(\d{1,9}(?:\.\d{1,3})?)S)?)?$`)
	spanUnit  = regexp.MustCompile(`^(?:(\d{1,9}(?:\.\d{1,3})?)\s*|([a-z]+)\s+)(weeks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|mn|m|seconds?|secs?|s)(?:\.|\b|(\d))`)
	spanJoin  = regexp.MustCompile(`^(?:\s*(?:,|&|\band\b))*\s*`)
)

var spanUnits = map[string]time.Duration{
	"w": 7 * 24 * time.Hour, "d": 24 * time.Hour, "h": time.Hour, "m": time.Minute, "s": time.Second,
}

var spanWords = map[string]float64{
	"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
	"eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}

// ReadSpan understands how long a thing took, as postmortems state it: "68
// minutes", "1h 8m", "2 hours and 5 minutes", "~45 min", "nine hours", "1d 6h",
// "01:08:00", "PT68M"; a note in brackets after it is left out. It is false for
// everything else: bare numbers, ranges ("2-3 hours"), bounds ("over an hour"),
// "1:08", which may be hours or minutes, months, years, and negative spans.
func ReadSpan(text string) (time.Duration, bool) {
	if writable(text) != nil {
		return 0, false
	}
	text, _ = bare(spanNote.ReplaceAllString(strings.TrimSpace(text), ""))
	if m := spanClock.FindStringSubmatch(text); m != nil {
		return time.Duration(atoi(m[1]))*time.Hour + time.Duration(atoi(m[2]))*time.Minute + time.Duration(atoi(m[3]))*time.Second, true
	}
	if m := spanISO.FindStringSubmatch(strings.ToUpper(text)); m != nil && len(text) > 1 && !strings.HasSuffix(strings.ToUpper(text), "T") {
		total := time.Duration(0)
		for i, unit := range "wdhms" {
			d, ok := times(m[i+1], spanUnits[string(unit)])
			if !ok && m[i+1] != "" {
				return 0, false
			}
			total += d
		}
		return total, total <= longestSpan
	}
	total, _, ok := readUnits(text)
	return total, ok
}

// readUnits reads numbers with units, each unit once, the longest first. Last
// is the shortest unit.
func readUnits(text string) (total, last time.Duration, ok bool) {
	rest := strings.ToLower(strings.TrimSpace(text))
	if rest == "half an hour" {
		return 30 * time.Minute, time.Minute, true
	}
	last = longestSpan
	for rest != "" {
		m := spanUnit.FindStringSubmatch(rest)
		if m == nil {
			return 0, 0, false
		}
		rest = rest[len(m[0])-len(m[4]):]
		unit := spanUnits[m[3][:1]]
		d, ok := times(m[1], unit)
		if n, known := spanWords[m[2]]; known {
			d, ok = time.Duration(n*float64(unit)), true
		}
		if total += d; !ok || unit >= last || total > longestSpan {
			return 0, 0, false
		}
		last = unit
		join := spanJoin.FindString(rest)
		if rest = rest[len(join):]; rest == "" && strings.TrimSpace(join) != "" {
			return 0, 0, false
		}
	}
	return total, last, last < longestSpan
}

// times multiplies a unit by a number as written, to the millisecond.
func times(number string, unit time.Duration) (time.Duration, bool) {
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || n*float64(unit) > float64(longestSpan) {
		return 0, false
	}
	return time.Duration(n * float64(unit)).Round(time.Millisecond), true
}

// Span shows a duration: "42 s", "8 min 20 s", "1 h 8 min", "42 h 36 min", and
// from 48 hours on "3 days 4 h". From an hour on it is rounded to the minute.
// One that is negative, as where an end was noted before its start, has a minus.
func Span(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -max(d, -1<<63+1)
	}
	if d = d.Round(time.Second); d >= time.Hour {
		d = d.Round(time.Minute)
	}
	var parts []string
	if d >= 48*time.Hour {
		parts = append(parts, fmt.Sprintf("%d days", d/(24*time.Hour)))
		d %= 24 * time.Hour
	}
	for _, u := range []struct {
		name string
		size time.Duration
	}{{"h", time.Hour}, {"min", time.Minute}, {"s", time.Second}} {
		if n := d / u.size; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, u.name))
			d %= u.size
		}
	}
	if len(parts) == 0 {
		return "0 min"
	}
	return sign + strings.Join(parts, " ")
}
