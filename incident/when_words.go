package incident

import (
	"strconv"
	"strings"
	"time"
)

var monthsByName = map[string]time.Month{
	"january": time.January, "february": time.February, "march": time.March, "april": time.April,
	"may": time.May, "june": time.June, "july": time.July, "august": time.August,
	"september": time.September, "october": time.October, "november": time.November, "december": time.December,
	"jan": time.January, "feb": time.February, "mar": time.March, "apr": time.April,
	"jun": time.June, "jul": time.July, "aug": time.August,
	"sep": time.September, "sept": time.September, "oct": time.October, "nov": time.November, "dec": time.December,
}

var weekdays = map[string]time.Weekday{
	"monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday, "thursday": time.Thursday,
	"friday": time.Friday, "saturday": time.Saturday, "sunday": time.Sunday,
	"mon": time.Monday, "tue": time.Tuesday, "tues": time.Tuesday, "wed": time.Wednesday,
	"thu": time.Thursday, "thur": time.Thursday, "thurs": time.Thursday,
	"fri": time.Friday, "sat": time.Saturday, "sun": time.Sunday,
}

var relativeDays = map[string]int{"yesterday": -1, "today": 0, "tomorrow": 1}

// takeWord takes a month, a day's name, a zone's abbreviation, or a word that
// says nothing.
func (t *told) takeWord(m []string) bool {
	word := strings.ToLower(m[1])
	if month, ok := monthsByName[word]; ok {
		free := t.month == 0
		t.month, t.named = month, true
		return free
	}
	if _, ok := weekdays[word]; ok {
		free := t.weekday == ""
		t.weekday = m[1]
		return free
	}
	if days, ok := relativeDays[word]; ok {
		free := t.fromToday == nil
		t.fromToday = &days
		return free
	}
	switch word {
	case "at", "on", "of", "the":
		return true
	case "about", "around", "circa", "ca", "approx", "approximately", "roughly":
		return t.takeRoughly(nil)
	case "h", "hr", "hrs", "hours":
		t.hours = true
		return t.half == ""
	case "t":
		t.iso = t.month != 0 && strings.HasSuffix(t.last, strconv.Itoa(t.day))
		return t.iso
	}
	return t.takeLabel(m[1])
}

// takeLabel takes an abbreviation that is known. An unknown one of capitals,
// where a zone would stand, is a problem that can be named.
func (t *told) takeLabel(word string) bool {
	if t.label != "" || t.iana != "" {
		return false
	}
	if !isLabel(word, t.home, t.near) {
		if !t.hasClock || len(word) < 2 || len(word) > 5 || word != strings.ToUpper(word) {
			return false
		}
	}
	t.label = word
	return true
}

func (t *told) takeZone(m []string) bool {
	free := t.iana == "" && t.label == ""
	t.iana = m[0]
	return free
}

// takeOffset takes +02:00, -0700, UTC+5:30. It refuses a minus that may as well
// be that of a range.
func (t *told) takeOffset(m []string) bool {
	if t.offset != nil || !t.hasClock && len(t.numbers) == 0 {
		return false
	}
	minutes, ok := offsetMinutes(m[2], m[3], "0"+m[4])
	ok = ok && minutes%15 == 0 && minutes >= -12*60
	if !ok {
		return t.problem == nil && t.fail(refuseTime("no zone is %s from UTC: offsets run from -12:00 to +14:00; write a range as two times", m[0]))
	}
	if t.rangeLike(m, minutes) {
		return t.problem == nil && t.fail(rangeOrOffset(m[0]))
	}
	t.offset = &minutes
	return true
}

// rangeLike tells whether a minus may be that of a range: right after a clock,
// as in 10:00-11:00, or after a space where the time that follows is later and
// the offset is not one that home has. After seconds, or a date and T, it is
// an offset.
func (t *told) rangeLike(m []string, minutes int) bool {
	if m[2] != "-" || m[1] != "" || t.precision == Second || t.iso {
		return false
	}
	if strings.TrimLeft(t.last, "0123456789:.h") == "" {
		return true
	}
	later := t.hasClock && -minutes > t.hour*60+t.minute
	return later && t.month == 0 && t.fromToday == nil && !hasOffset(t.home, minutes, t.near)
}

func rangeOrOffset(written string) *Error {
	return refuseTime("%q after a time may be an offset or the end of a range: write the range as two times, or the offset with UTC before it, as in UTC-07:00", written)
}

func (t *told) takeNumber(m []string) bool {
	t.numbers = append(t.numbers, m[1])
	return len(t.numbers) <= 3
}

// takeClock takes 14:05, 14.05, 14h05 and 14:05:33; of 14:?? the hour.
func (t *told) takeClock(m []string) bool {
	free := !t.hasClock
	t.hasClock, t.hour, t.precision = true, atoi(m[1]), Minute
	if m[2] == "??" {
		t.precision = Hour
		return free
	}
	t.minute = atoi(m[2])
	if m[3] != "" {
		t.second, t.precision = atoi(m[3]), Second
		t.nano = atoi((m[4] + "000000")[:6]) * 1000 // as fine as PostgreSQL keeps
	}
	return free
}

// takeHalf takes AM or PM, with the hour before it if it stands alone.
func (t *told) takeHalf(m []string) bool {
	free := t.half == ""
	t.half = strings.ToLower(m[2])
	if m[1] == "" {
		return free
	}
	free = free && !t.hasClock
	t.hasClock, t.hour, t.precision = true, atoi(m[1]), Hour
	return free
}

func (t *told) takeTwelve(m []string) bool {
	free := !t.hasClock
	t.hasClock, t.precision = true, Minute
	t.midnight = strings.EqualFold(m[1], "midnight")
	if !t.midnight {
		t.hour = 12
	}
	return free
}

func (t *told) takeYearFirst(m []string) bool {
	free := t.month == 0
	t.year, t.month, t.day, t.hasYear = atoi(m[1]), time.Month(atoi(m[2])), atoi(m[3]), true
	return free && t.possible()
}

func (t *told) takeMonthBetween(m []string) bool {
	month, ok := monthsByName[strings.ToLower(m[2])]
	free := ok && t.month == 0
	t.year, t.month, t.day, t.hasYear = atoi(m[3]), month, atoi(m[1]), true
	return free && t.possible()
}

// takeYearLast takes 25/03/2013 and 03/25/2013, each of which can be read in
// one way only. 03/04/2013 has two, and a year of two digits three.
func (t *told) takeYearLast(m []string) bool {
	if t.month != 0 {
		return false
	}
	one, two := atoi(m[1]), atoi(m[2])
	if len(m) == 4 && len(m[3]) == 2 {
		return t.fail(refuseTime("%q may be read in several ways: write the date as 2013-07-18, or the time as 14:05:33", m[0]))
	}
	if len(m) == 4 {
		t.year, t.hasYear = atoi(m[3]), true
	}
	if one != two && one >= 1 && one <= 12 && two >= 1 && two <= 12 {
		t.month, t.day = time.Month(two), one
		return t.fail(bothDates(m[0], t.year, one, two))
	}
	t.day, t.month = one, time.Month(two)
	if two > 12 {
		t.day, t.month = two, time.Month(one)
	}
	return t.possible()
}

// bothDates lists the two readings of a numeric date.
func bothDates(written string, year, one, two int) *Error {
	if year == 0 {
		return refuseTime("%q may be %d %s or %d %s: write one of these", written, one, time.Month(two), two, time.Month(one))
	}
	return refuseTime("%q may be either: %d %s is %d-%02d-%02d, %s %d is %d-%02d-%02d", written,
		one, time.Month(two), year, two, one, time.Month(one), two, year, one, two)
}

// possible checks a month told by number.
func (t *told) possible() bool {
	if t.month < time.January || t.month > time.December {
		t.month = time.January // told, whichever
		return t.fail(refuseTime("there is no such month: write the date as 2013-07-18"))
	}
	return true
}

// atoi reads digits that an expression has matched, too few to overflow.
func atoi(digits string) int {
	n := 0
	for _, d := range digits {
		n = n*10 + int(d-'0')
	}
	return n
}
