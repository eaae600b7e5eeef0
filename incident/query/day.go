package query

import (
	"strconv"
	"time"
)

// mostAgo bounds days, weeks, months and years ago.
const mostAgo = 20_000

// day is the first instant of a written day, month or year, or of a day so long ago. It is false for what is none.
func day(text string, now time.Time) (time.Time, bool) {
	for _, form := range []string{time.DateOnly, "2006-01", "2006"} {
		if at, err := time.Parse(form, text); err == nil {
			return at, at.Year() > 0
		}
	}
	y, m, d := now.UTC().Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	switch text {
	case "today":
		return today, true
	case "yesterday":
		return today.AddDate(0, 0, -1), true
	}
	return ago(text, today)
}

// ago reads 30d, 6w, 3m and 1y.
func ago(text string, today time.Time) (time.Time, bool) {
	if len(text) < 2 {
		return today, false
	}
	n, err := strconv.ParseUint(text[:len(text)-1], 10, 16)
	if err != nil || n > mostAgo {
		return today, false
	}
	count := -int(n)
	var at time.Time
	switch text[len(text)-1] {
	case 'd':
		at = today.AddDate(0, 0, count)
	case 'w':
		at = today.AddDate(0, 0, 7*count)
	case 'm':
		at = today.AddDate(0, count, 0)
	case 'y':
		at = today.AddDate(count, 0, 0)
	default:
		return today, false
	}
	return at, at.Year() > 0
}
