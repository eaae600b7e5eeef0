package incident

import (
	"regexp"
	"strings"
	"time"
)

var (
	sinceNear = regexp.MustCompile(`^([+-])\s*(\S.*)$`)
	sinceNow  = regexp.MustCompile(`(?i)^(.*\S)\s+ago$`)
)

// counted reads "now", "+6m" (from Near, else from Now) and "10 min ago".
func (w When) counted(plain string, home *time.Location, m *Moment) (bool, error) {
	if strings.EqualFold(plain, "now") || strings.EqualFold(plain, "just now") {
		at := w.Now.UTC().Truncate(time.Second)
		m.At, m.Precision = &at, Second
		return true, w.needNow(plain)
	}
	if found := sinceNow.FindStringSubmatch(plain); found != nil {
		d, unit, ok := readUnits(found[1])
		if !ok {
			return false, nil
		}
		return true, w.ago(plain, d, unit, home, m)
	}
	found := sinceNear.FindStringSubmatch(plain)
	if found == nil {
		return false, nil
	}
	d, _, ok := readUnits(found[2])
	if !ok {
		return false, nil
	}
	if found[1] == "-" {
		d = -d
	}
	return true, w.since(plain, d, m)
}

// since counts from Near, no finer than that was told, else from Now.
func (w When) since(plain string, d time.Duration, m *Moment) error {
	base := Exactly(w.Now, w.Zone, Second)
	if w.Near.Known() {
		base = *w.Near
	} else if err := w.needNow(plain); err != nil {
		return err
	}
	if base.Precision == Day {
		return refuseTime("%q has no time of day to count from: write the time itself", plain)
	}
	unit, precision := time.Minute, Minute
	if d%time.Minute != 0 {
		unit, precision = time.Second, Second
	}
	if base.Precision != Second {
		precision = base.Precision
	}
	at := base.At.Add(d).UTC().Truncate(unit)
	m.At, m.Precision, m.Approximate = &at, precision, m.Approximate || base.Approximate
	return nil
}

// ago counts back from Now, as finely as the last unit: "2 days ago" tells a
// day, "3 hours ago" an hour.
func (w When) ago(plain string, d, unit time.Duration, home *time.Location, m *Moment) error {
	if err := w.needNow(plain); err != nil {
		return err
	}
	at := w.Now.Add(-d).UTC()
	switch {
	case unit >= 24*time.Hour && d%(24*time.Hour) == 0:
		day, err := teller{zone: w.Zone, clock: home}.day(at.In(home))
		if err != nil {
			return err
		}
		at, m.Precision = day.UTC(), Day
	case unit >= time.Hour && d%time.Hour == 0:
		at, m.Precision = at.Truncate(time.Minute), Hour
	case d%time.Minute == 0:
		at, m.Precision = at.Truncate(time.Minute), Minute
	default:
		at, m.Precision = at.Truncate(time.Second), Second
	}
	m.At = &at
	return nil
}

// needNow refuses what counts from a clock where there is none.
func (w When) needNow(plain string) error {
	if w.Now.IsZero() {
		return refuseTime("%q is counted from a day that is not told: write the date, such as 2013-07-18 14:05", plain)
	}
	return nil
}
