package incident

import (
	"fmt"
	"strings"
	"time"
)

// teller is the zone a time was told in.
type teller struct {
	zone  string
	clock *time.Location
	label string // upper case; chooses between the two 01:30 of an autumn night
}

// settle finds the one instant that was told.
func (w When) settle(t *told, home *time.Location, m *Moment) error {
	if t.problem != nil {
		return t.problem
	}
	by, err := w.teller(t, home)
	if err != nil {
		return err
	}
	wall, err := w.wall(t, by, home)
	if err != nil {
		return err
	}
	var at time.Time
	if t.hasClock {
		at, err = by.instant(wall)
	} else {
		at, err = by.day(wall)
		t.precision = Day
	}
	if err != nil {
		return err
	}
	if by, err = w.agree(t, by, home, at); err != nil {
		return err
	}
	at = at.UTC()
	m.At, m.Zone, m.Precision = &at, by.zone, t.precision
	m.Approximate = m.Approximate || t.approximate
	return nil
}

// teller chooses the zone: an offset, a name, a label, else the home zone.
func (w When) teller(t *told, home *time.Location) (teller, error) {
	by := teller{zone: w.Zone}
	near := w.reference()
	if t.hasYear {
		near = time.Date(t.year, t.month, t.day, t.hour, t.minute, 0, 0, time.UTC)
	}
	switch {
	case t.offset != nil && *t.offset == 0:
		by.zone = "UTC"
	case t.offset != nil:
		by.zone = longOffset(*t.offset)
	case t.iana != "":
		by.zone = t.iana
	case t.label != "":
		zone, err := zoneOf(t.label, w.Zone, home, near)
		if err != nil {
			return by, err
		}
		by.zone, by.label = zone, strings.ToUpper(t.label)
	}
	clock, err := LoadZone(by.zone)
	if err != nil {
		return by, refuseTime("%s", err.Error())
	}
	by.clock = clock
	return by, nil
}

// agree compares what was told twice: an offset with a zone beside it, and GMT
// in an incident at home in London, whose clock is another in summer.
func (w When) agree(t *told, by teller, home *time.Location, at time.Time) (teller, error) {
	if by.label == "GMT" && uses(home, "GMT", at) {
		if name, _ := at.In(home).Zone(); name != "GMT" {
			return by, refuseTime("GMT was not the clock of %s on %s: write the time with UTC or with %s",
				w.Zone, at.Format("2 January 2006"), name)
		}
		by.zone, by.clock = w.Zone, home
	}
	if t.offset == nil || t.iana == "" && t.label == "" {
		return by, nil
	}
	only := *t
	only.offset = nil
	also, err := w.teller(&only, home)
	if err != nil {
		return by, err
	}
	if _, seconds := at.In(also.clock).Zone(); seconds != *t.offset*60 {
		return by, refuseTime("%s is not the offset of %s%s at that time: write one of them", longOffset(*t.offset), t.iana, t.label)
	}
	return also, nil
}

// wall is the date and time of day that was told, in fields of UTC.
func (w When) wall(t *told, by teller, home *time.Location) (time.Time, error) {
	clock := time.Duration(t.hour)*time.Hour + time.Duration(t.minute)*time.Minute +
		time.Duration(t.second)*time.Second + time.Duration(t.nano)
	dated := t.month != 0 || t.fromToday != nil
	if dated && t.midnight {
		return time.Time{}, refuseTime("midnight begins or ends a day: write 00:00 and the date of the day that begins")
	}
	day, err := time.Time{}, error(nil)
	switch {
	case t.fromToday != nil:
		if day, err = w.fromToday(t, clock, by, home); err != nil {
			return day, err
		}
	case t.month != 0 && !t.hasYear:
		if day, err = w.nearestYear(t, by); err != nil {
			return day, err
		}
	case t.month != 0 && (t.year < firstYear-1 || t.year > lastYear+1):
		return day, farOff(t.year)
	case t.month != 0:
		day = time.Date(t.year, t.month, t.day, 0, 0, 0, 0, time.UTC)
		if day.Day() != t.day || day.Month() != t.month {
			return day, refuseTime("there is no %d %s in %d", t.day, t.month, t.year)
		}
	case w.reference().IsZero():
		return day, refuseTime("the day is not told: write it too, such as 2013-07-18 14:05")
	default:
		return w.nearestDay(clock, by), nil
	}
	if name := strings.ToLower(t.weekday); name != "" && day.Weekday() != weekdays[name] {
		return day, refuseTime("%s was a %s, not a %s: write the date alone", day.Format("2 January 2006"), day.Weekday(), t.weekday)
	}
	return day.Add(clock), nil
}

// fromToday is the day that yesterday, today or tomorrow was, if it is one day
// on the clock that was told and at home.
func (w When) fromToday(t *told, clock time.Duration, by teller, home *time.Location) (time.Time, error) {
	if w.Now.IsZero() {
		return w.Now, refuseTime("which day was today is not told: write the date, such as 2013-07-18 14:05")
	}
	told, here := dayOn(by.clock, w.Now, *t.fromToday), dayOn(home, w.Now, *t.fromToday)
	if told.Equal(here) || t.hasClock && dayOn(home, by.roughly(told.Add(clock)), 0).Equal(here) {
		return told, nil
	}
	return told, refuseTime("that day is %s in %s, but %s in %s: write the date",
		told.Format(plainDate), by.zone, here.Format(plainDate), w.Zone)
}

// dayOn is the date in zone at an instant, some days later, in fields of UTC.
func dayOn(zone *time.Location, at time.Time, days int) time.Time {
	y, m, d := at.In(zone).Date()
	return time.Date(y, m, d+days, 0, 0, 0, 0, time.UTC)
}

// nearestYear gives a date its year, if one is clearly nearer than others.
func (w When) nearestYear(t *told, by teller) (time.Time, error) {
	const clearly = 150 * 24 * time.Hour
	if leap := time.Date(2000, t.month, t.day, 0, 0, 0, 0, time.UTC); leap.Day() != t.day {
		return leap, refuseTime("there is no %d %s: write another day", t.day, t.month)
	}
	if w.reference().IsZero() {
		return time.Time{}, refuseTime("which %d %s is not told: write the year too", t.day, t.month)
	}
	near := asUTC(w.reference().In(by.clock))
	for year := near.Year() - 1; year <= near.Year()+1; year++ {
		day := time.Date(year, t.month, t.day, 0, 0, 0, 0, time.UTC)
		if day.Day() == t.day && day.Sub(near).Abs() <= clearly {
			return day, nil
		}
	}
	return time.Time{}, refuseTime("which %d %s is not told: write the year too", t.day, t.month)
}

// nearestDay gives a time of day its day, as Read promises.
func (w When) nearestDay(clock time.Duration, by teller) time.Time {
	if w.Near.Known() && w.Near.Precision == Day {
		return w.Near.date().Add(clock)
	}
	near := w.reference()
	latest := w.Now.Add(clocksDiffer)
	y, m, d := near.In(by.clock).Date()
	var best time.Time
	least := time.Duration(-1)
	for days := -2; days <= 2; days++ {
		wall := time.Date(y, m, d+days, 0, 0, 0, 0, time.UTC).Add(clock)
		at := by.roughly(wall)
		apart := at.Sub(near)
		if apart < 0 {
			apart *= -2
		}
		if !near.After(latest) && at.After(latest) {
			break
		}
		if !w.Near.Known() {
			apart = latest.Sub(at)
		}
		if least < 0 || apart < least {
			best, least = wall, apart
		}
	}
	return best
}

// roughly is the instant of wall, or about it where clocks jumped.
func (by teller) roughly(wall time.Time) time.Time {
	if all := Instants(wall, by.clock); len(all) > 0 {
		return all[0]
	}
	_, before, _, _ := jump(wall, by.clock)
	return wall.Add(-before)
}

// instant is the one instant of wall, or a refusal that names the choices.
func (by teller) instant(wall time.Time) (time.Time, error) {
	all := Instants(wall, by.clock)
	clock, day := wall.Format("15:04"), wall.Format("2 January 2006")
	switch len(all) {
	case 0:
		at, before, after, _ := jump(wall, by.clock)
		if after-before >= 24*time.Hour {
			return wall, refuseTime("%s had no %s: write another day", by.zone, day)
		}
		return wall, refuseTime("%s did not happen in %s on %s: clocks went from %s to %s; write %s or %s, whichever was meant",
			clock, by.zone, day, at.Add(before).Format("15:04"), at.Add(after).Format("15:04"),
			besides(wall.Add(before-after), wall), besides(wall.Add(after-before), wall))
	case 1:
		return all[0], nil
	}
	var choices []string
	for _, at := range all {
		local := at.In(by.clock)
		name, _ := local.Zone()
		if name == by.label {
			return at, nil
		}
		choices = append(choices, fmt.Sprintf("%s (%s)", local.Format("2006-01-02T15:04-07:00"), abbreviation(local)))
	}
	return wall, refuseTime("%s happened twice in %s on %s: write %s", clock, by.zone, day, strings.Join(choices, " or "))
}

// besides shows a time on the day of wall, or with its own day.
func besides(at, wall time.Time) string {
	if at.Day() == wall.Day() {
		return at.Format("15:04")
	}
	return at.Format("2006-01-02 15:04")
}

// day is the first instant of the day of wall.
func (by teller) day(wall time.Time) (time.Time, error) {
	at, ok := startOfDay(wall, by.clock)
	if !ok {
		return wall, refuseTime("%s had no %s: write another day", by.zone, wall.Format("2 January 2006"))
	}
	return at, nil
}
