package incident

import (
	"regexp"
	"strconv"
	"time"
)

// told is what a text says of a moment, before it is known which.
type told struct {
	year, day    int
	hasYear      bool
	month        time.Month
	weekday      string // lower case, "" if not told
	fromToday    *int   // days: yesterday is -1
	named        bool   // the month was told by name
	numbers      []string
	hasClock     bool
	hour, minute int
	second, nano int
	precision    Precision // of the time of day
	half         string    // "a", "p" or ""
	midnight     bool
	label, iana  string
	offset       *int // minutes from UTC
	iso          bool // date and time joined by T
	hours        bool // "hrs" stood after the clock
	approximate  bool
	last         string // the piece before this one; a space is a piece
	problem      *Error // readable, but impossible or of two meanings
	home         *time.Location
	near, now    time.Time
}

// lexeme is a piece of a written time. Its take is false when the piece says
// a thing for the second time, or has no place here.
type lexeme struct {
	is   *regexp.Regexp
	take func(t *told, m []string) bool
}

// lexemes are tried in order; the first that matches takes its piece.
var lexemes = []lexeme{
	{regexp.MustCompile(`^[\s,@()\[\]]+`), func(*told, []string) bool { return true }},
	{regexp.MustCompile(`^[~≈]`), (*told).takeRoughly},
	{regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})`), (*told).takeYearFirst},
	{regexp.MustCompile(`^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})`), (*told).takeYearLast},
	{regexp.MustCompile(`^(\d{1,2})/(\d{1,2})`), (*told).takeYearLast},
	{regexp.MustCompile(`^(\d{1,2})-([A-Za-z]{3,9})-(\d{4})`), (*told).takeMonthBetween},
	{regexp.MustCompile(`^(?i)(?:12(?:[:.]00)?\s*)?(noon|midday|midnight)\b`), (*told).takeTwelve},
	{regexp.MustCompile(`^(\d{1,2})[:.h](\d{2}|\?\?)(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?`), (*told).takeClock},
	{regexp.MustCompile(`^(?i)(\d{1,2})?\s*([ap])\.?m\b\.?`), (*told).takeHalf},
	{regexp.MustCompile(`^(?i)(utc|gmt)?([+-])(\d{1,2})(?::?(\d{2}))?`), (*told).takeOffset},
	{regexp.MustCompile(`^[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)+`), (*told).takeZone},
	{regexp.MustCompile(`^(\d+)(?:st|nd|rd|th|\.\s)?`), (*told).takeNumber},
	{regexp.MustCompile(`^([A-Za-z]+)\.?`), (*told).takeWord},
}

// scan takes a text apart. It is false for a text that is not, from end to
// end, made of pieces of a time.
func scan(text string, home *time.Location, near, now time.Time) (*told, bool) {
	t := &told{home: home, near: near, now: now}
	for rest := text; rest != ""; {
		length := t.next(rest)
		if length == 0 {
			return nil, false
		}
		rest = rest[length:]
	}
	return t, t.sort()
}

// next takes one piece and returns its length, 0 if there is none.
func (t *told) next(rest string) int {
	for _, l := range lexemes {
		m := l.is.FindStringSubmatch(rest)
		if m == nil {
			continue
		}
		if !l.take(t, m) {
			return 0
		}
		t.last = m[0]
		return len(m[0])
	}
	return 0
}

// fail keeps the first problem; the scan goes on.
func (t *told) fail(problem *Error) bool {
	if t.problem == nil {
		t.problem = problem
	}
	return true
}

func (t *told) takeRoughly([]string) bool {
	t.approximate = true
	return true
}

// sort tells days, years and military times among the bare numbers, and checks
// that the pieces make one moment.
func (t *told) sort() bool {
	for i, n := range t.numbers {
		v, err := strconv.Atoi(n)
		switch {
		case err != nil:
			return false
		case t.named && len(n) <= 2 && t.day == 0:
			t.day = v
		case t.named && len(n) == 4 && !t.hasYear && v >= firstYear-1 && v <= lastYear+1:
			if t.year, t.hasYear = v, true; t.farYear(v) {
				return t.fail(yearOrTime(v))
			}
		case len(n) == 4 && !t.hasClock && v/100 <= 24 && v%100 < 60:
			if !t.military(v, i) {
				return false
			}
		case t.named && len(n) == 4 && !t.hasYear:
			return t.fail(refuseTime("the year %s is out of reach: write one from %d to %d", n, firstYear, lastYear))
		default:
			return false
		}
	}
	if t.problem != nil {
		return true
	}
	if t.named && t.day == 0 || t.iso && !t.hasClock || t.fromToday != nil && t.month != 0 {
		return false
	}
	if !t.hasClock && (t.month == 0 && t.fromToday == nil || t.half != "" || t.hours) {
		return false
	}
	if t.month == 0 && t.fromToday == nil && t.weekday != "" {
		return t.fail(refuseTime("which %s is not told: write the date, such as 2013-07-18 14:05", t.weekday))
	}
	return t.halfDay()
}

// farYear tells whether a year after a named month is so far off that it may as
// well be a time of day: 18 July 2030.
func (t *told) farYear(v int) bool {
	clock := v/100 < 24 && v%100 < 60 && !t.hasClock
	return clock && !t.now.IsZero() && v > max(t.now.Year(), t.near.Year())+1
}

func yearOrTime(v int) *Error {
	return refuseTime("%d may be a year or %02d:%02d: write the date as 2013-07-18, or the time as %02[2]d:%02[3]d", v, v/100, v%100)
}

// military takes 1600 as 16:00, unless it may as well be a year.
func (t *told) military(v, position int) bool {
	yearlike := v >= 2000 && v <= t.near.Year()+1
	alone := t.month == 0 && t.fromToday == nil && t.label == "" && t.iana == "" && t.offset == nil && !t.hours
	if yearlike && (alone || t.named && position > 0 && len(t.numbers[position-1]) == 4) {
		return t.fail(yearOrTime(v))
	}
	t.hasClock, t.hour, t.minute, t.precision = true, v/100, v%100, Minute
	return true
}

// halfDay applies AM and PM. A PM after 12 o'clock says it twice and is read;
// what has two readings is a problem.
func (t *told) halfDay() bool {
	h, m := t.hour, t.minute
	switch {
	case t.half == "p" && h == 0:
		return t.fail(refuseTime("%02d:%02d PM may be 12:%02d or 00:%02d: write one of these", h, m, m, m))
	case t.half == "a" && h > 12 && h < 24:
		return t.fail(refuseTime("%02d:%02d AM may be %02d:%02d or %02d:%02d: write one of these", h, m, h, m, h-12, m))
	case t.half == "a" && h == 12:
		t.hour = 0
	case t.half == "p" && h < 12:
		t.hour += 12
	}
	if h == 24 {
		return t.fail(refuseTime("24:%02d is on the next day: write that day and 00:%02d", m, m))
	}
	if h > 24 || m > 59 || t.second > 59 {
		return t.fail(refuseTime("there is no %02d:%02d:%02d: hours run to 23, minutes and seconds to 59", h, m, t.second))
	}
	return true
}
