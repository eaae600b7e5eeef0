package incident

import (
	"regexp"
	"time"
)

// pair matches a time told on two clocks, as Both writes it and as many do:
// "2:42 AM PDT / 09:42 UTC", "02:42 PDT (09:42 UTC)".
var pair = regexp.MustCompile(`^(.*[^\s/(])\s*(?:/\s*(.+)|\(([^()]+)\))$`)

// twice reads one instant told on two clocks, in the zone of the first. Each
// half tells its zone; the day may be told once. It is false for what has no
// two such halves, and refuses those that are different instants.
func (w When) twice(plain string, home *time.Location, m *Moment) (bool, error) {
	halves := pair.FindStringSubmatch(plain)
	if halves == nil {
		return false, nil
	}
	left, right := halves[1], halves[2]+halves[3]
	first, ok := w.scan(left, home)
	second, also := w.scan(right, home)
	if !ok || !also || !first.zoned() || !second.zoned() {
		return false, nil
	}
	other := Moment{}
	if !first.dated() && second.dated() {
		if err := w.settle(second, home, &other); err != nil {
			return true, err
		}
		return true, w.beside(first, home, other, m, left, right)
	}
	if err := w.settle(first, home, m); err != nil {
		return true, err
	}
	return true, w.beside(second, home, *m, &other, right, left)
}

// beside settles the half that is undated near the other one, and compares.
func (w When) beside(t *told, home *time.Location, known Moment, m *Moment, text, knownText string) error {
	if !t.dated() {
		w.Near, w.Now = &known, time.Time{}
	}
	if err := w.settle(t, home, m); err != nil {
		return err
	}
	if !m.At.Equal(*known.At) {
		return refuseTime("%s is %s, but %s is %s: write the one that is right", knownText, utcMinute(known), text, utcMinute(*m))
	}
	return nil
}

func utcMinute(m Moment) string { return m.At.Format("15:04 UTC on 2 January 2006") }

// zoned tells whether a time of day was told, and on which clock.
func (t *told) zoned() bool { return t.hasClock && (t.label != "" || t.iana != "" || t.offset != nil) }

// dated tells whether a day was told.
func (t *told) dated() bool { return t.month != 0 || t.fromToday != nil }
