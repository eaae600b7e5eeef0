package incident

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// farthestOffset bounds the offsets that LoadZone takes: Kiribati's +14:00 is
// the farthest in use.
const farthestOffset = 14 * 60 // minutes

var (
	zoneName   = regexp.MustCompile(`^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$`)
	zoneOffset = regexp.MustCompile(`^([+-])(\d{2}):(\d{2})$`)
)

// LoadZone gives the clock of a zone named as IANA does ("Europe/Berlin"), of
// "UTC", or of an offset from -14:00 to +14:00 written ±HH:MM. It refuses
// everything else with Invalid at "/zone", also "Local", which means another
// thing on each machine, and names over 64 bytes.
func LoadZone(name string) (*time.Location, error) {
	if name == "UTC" {
		return time.UTC, nil
	}
	if m := zoneOffset.FindStringSubmatch(name); m != nil {
		minutes, ok := offsetMinutes(m[1], m[2], m[3])
		if !ok {
			return nil, Refuse(Invalid, "/zone", fmt.Sprintf("no zone is %s from UTC: offsets run from -14:00 to +14:00", name))
		}
		return time.FixedZone(name, minutes*60), nil
	}
	if loc := ianaZone(name); loc != nil {
		return loc, nil
	}
	return nil, Refuse(Invalid, "/zone", unknownZone(name))
}

// ianaZone is nil for a name that is not in the time zone database. Names that
// only some machines have, or that mean another thing there, are not in it.
func ianaZone(name string) *time.Location {
	if len(name) > 64 || !zoneName.MatchString(name) || name == "Local" || name == "Factory" {
		return nil
	}
	if known, ok := loaded.Load(name); ok {
		return known.(*time.Location)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	loaded.Store(name, loc)
	return loc
}

// loaded remembers zones by name, as reading one takes a file or more. There
// are some six hundred; names that are none are not kept.
var loaded sync.Map

// unknownZone says what to write instead, by name when that is easy to guess.
func unknownZone(name string) string {
	const advice = `write an IANA name such as "America/Los_Angeles", "UTC", or an offset such as "+05:30"`
	if len(name) > 64 || strings.TrimSpace(name) == "" {
		return advice
	}
	if near := nearestZone(name); near != "" {
		return fmt.Sprintf("%q is not a zone: did you mean %q? Else %s", name, near, advice)
	}
	return fmt.Sprintf("%q is not a zone: %s", name, advice)
}

// nearestZone tries what people get wrong: an abbreviation, spaces, letter
// case, a city without its continent. It is "" when nothing fits.
func nearestZone(name string) string {
	if zone, ok := labels[strings.ToUpper(name)]; ok {
		return zone
	}
	var b strings.Builder
	start := true
	for _, r := range strings.ToLower(strings.ReplaceAll(strings.TrimSpace(name), " ", "_")) {
		if start && r >= 'a' && r <= 'z' {
			r += 'A' - 'a'
		}
		start = r == '/' || r == '_' || r == '-'
		b.WriteRune(r)
	}
	for _, continent := range []string{"", "Europe/", "America/", "Asia/", "Australia/", "Africa/", "Pacific/", "Atlantic/"} {
		if ianaZone(continent+b.String()) != nil {
			return continent + b.String()
		}
	}
	return ""
}

// offsetMinutes is false for minutes over 59 and offsets beyond ±14:00.
func offsetMinutes(sign, hours, minutes string) (int, bool) {
	h, errH := strconv.Atoi(hours)
	m, errM := strconv.Atoi(minutes)
	total := h*60 + m
	if errH != nil || errM != nil || m > 59 || total > farthestOffset {
		return 0, false
	}
	if sign == "-" {
		total = -total
	}
	return total, true
}

// period is a stretch of time during which a zone's clocks kept one offset.
type period struct {
	start, end   time.Time // zero: no bound
	offset       time.Duration
	abbreviation string
}

// periods lists a zone's periods that touch from…until, in order. One period
// may come in pieces: beyond its tables, ZoneBounds ends them at New Year, and
// on 31 December of a leap year even in the past, so it is not trusted alone
// (TestReadOnTheLastDayOfALeapYear).
func periods(zone *time.Location, from, until time.Time) []period {
	start, _ := from.In(zone).ZoneBounds()
	var all []period
	for t := from; ; {
		local := t.In(zone)
		name, seconds := local.Zone()
		_, end := local.ZoneBounds()
		if !end.IsZero() && !end.After(t) {
			end = t.Add(24 * time.Hour).Truncate(24 * time.Hour)
		}
		all = append(all, period{start, end, time.Duration(seconds) * time.Second, name})
		if end.IsZero() || end.After(until) {
			return all
		}
		start, t = end, end
	}
}

// around lists the periods that may hold a wall clock time: no zone has been
// as far as 16 hours from UTC.
func around(wall time.Time, zone *time.Location) []period {
	return periods(zone, wall.Add(-16*time.Hour), wall.Add(16*time.Hour))
}

// Instants lists when the clocks of zone showed wall, earliest first: once as
// a rule, not at all while they jumped ahead, twice when they were set back.
// Only the date and the time of day of wall count, not its own zone.
func Instants(wall time.Time, zone *time.Location) []time.Time {
	wall = asUTC(wall)
	var all []time.Time
	for _, p := range around(wall, zone) {
		t := wall.Add(-p.offset)
		if !t.Before(p.start) && (p.end.IsZero() || t.Before(p.end)) {
			all = append(all, t)
		}
	}
	return all
}

// jump finds the change of clocks that left wall out: the instant of it, and
// the offsets before and after. It is false when wall was not left out.
func jump(wall time.Time, zone *time.Location) (at time.Time, before, after time.Duration, ok bool) {
	wall = asUTC(wall)
	all := around(wall, zone)
	for i := 1; i < len(all); i++ {
		at, before, after = all[i].start, all[i-1].offset, all[i].offset
		if !wall.Before(at.Add(before)) && wall.Before(at.Add(after)) {
			return at.UTC(), before, after, true
		}
	}
	return time.Time{}, 0, 0, false
}

// startOfDay is the first instant of the day of wall in zone: midnight, or the
// end of the jump that left midnight out. It is false for a day that never was
// (30 December 2011 in Samoa).
func startOfDay(wall time.Time, zone *time.Location) (time.Time, bool) {
	y, m, d := wall.Date()
	midnight := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	if all := Instants(midnight, zone); len(all) > 0 {
		return all[0], true
	}
	at, _, after, ok := jump(midnight, zone)
	return at, ok && at.Add(after).Day() == d
}

// asUTC reads the same date and time of day in UTC.
func asUTC(wall time.Time) time.Time {
	y, m, d := wall.Date()
	return time.Date(y, m, d, wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), time.UTC)
}

// uses tells whether clocks in zone went by label within a year of at.
func uses(zone *time.Location, label string, at time.Time) bool {
	for _, p := range periods(zone, at.AddDate(-1, 0, 0), at.AddDate(1, 0, 0)) {
		if p.abbreviation == label {
			return true
		}
	}
	return false
}

// hasOffset tells whether clocks in zone were minutes from UTC within a year of at.
func hasOffset(zone *time.Location, minutes int, at time.Time) bool {
	return slices.ContainsFunc(periods(zone, at.AddDate(-1, 0, 0), at.AddDate(1, 0, 0)), func(p period) bool {
		return p.offset == time.Duration(minutes)*time.Minute
	})
}

// abbreviation is what people call the clock at that instant: the zone's own
// letters ("PDT"), or "UTC+3" where the database has only a number.
func abbreviation(local time.Time) string {
	name, seconds := local.Zone()
	if name != "" && name[0] != '+' && name[0] != '-' {
		return name
	}
	return "UTC" + shortOffset(seconds/60)
}

// shortOffset writes minutes from UTC as "+3" or "-9:30", and "" for none.
func shortOffset(minutes int) string {
	if minutes == 0 {
		return ""
	}
	sign := "+"
	if minutes < 0 {
		sign, minutes = "-", -minutes
	}
	if minutes%60 == 0 {
		return fmt.Sprintf("%s%d", sign, minutes/60)
	}
	return fmt.Sprintf("%s%d:%02d", sign, minutes/60, minutes%60)
}

// longOffset writes minutes from UTC as LoadZone takes them: "+05:30".
func longOffset(minutes int) string {
	sign := "+"
	if minutes < 0 {
		sign, minutes = "-", -minutes
	}
	return fmt.Sprintf("%s%02d:%02d", sign, minutes/60, minutes%60)
}
