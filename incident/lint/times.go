package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// clock is a time of day in a text, with its zone if it says one.
type clock struct {
	start, end int // bytes of the text, with the zone
	time, zone string
	rough      bool // the words before say so: about, around
}

// clocked is a time of day and its zone, from its first digit on.
var clocked = regexp.MustCompile(`^(\d{1,2}[:.][0-5]\d(?::[0-5]\d)?(?: ?[AaPp]\.?[Mm]\b\.?)?)(?: ?\(?(UTC|GMT|Z\b|[A-Z]{1,4}T\b))?`)

// vaguely are the words that make a time a rough one.
var vaguely = []string{"about", "around", "approximately", "approx.", "approx", "roughly", "circa", "after", "before", "~"}

// clocksIn finds the times of day in a text, and no versions: 1.16.13. A pattern
// is tried only where digits stand around a colon or a dot.
func clocksIn(said string) []clock {
	var all []clock
	for i := 1; i+1 < len(said); i++ {
		if !joins(said[i]) || !digit(said[i-1]) || !digit(said[i+1]) {
			continue
		}
		start := i - 1
		if start > 0 && digit(said[start-1]) {
			start--
		}
		if start > 0 && (said[start-1] == '_' || wordEnd(said, start-1) > start-1) || start > 1 && joins(said[start-1]) && digit(said[start-2]) {
			continue
		}
		hit := clocked.FindStringSubmatchIndex(said[start:min(len(said), start+longestClock)])
		if hit == nil {
			continue
		}
		if rest := said[start+hit[1]:]; len(rest) > 1 && joins(rest[0]) && digit(rest[1]) {
			continue
		}
		c := clock{start: start, end: start + hit[1], time: said[start+hit[2] : start+hit[3]]}
		if hit[4] >= 0 {
			c.zone = said[start+hit[4] : start+hit[5]]
		}
		before := strings.ToLower(strings.TrimRight(said[max(0, start-20):start], " "))
		c.rough = slices.ContainsFunc(vaguely, func(word string) bool { return strings.HasSuffix(before, word) })
		all = append(all, c)
		i = c.end - 1
	}
	return all
}

// longestClock is more than a time of day and a zone take.
const longestClock = 32

func joins(b byte) bool { return b == ':' || b == '.' }

func digit(b byte) bool { return '0' <= b && b <= '9' }

// joints stand between two tellings of one time, beside brackets and spaces.
var joints = []string{"/", "|", "", ",", ";", "=", "or", "i.e."}

// paired tells whether b tells the time of a again: "2:42 AM PDT / 09:42 UTC".
func paired(said string, a, b clock) bool {
	between := said[a.end:b.start]
	joint := strings.Trim(between, "()[] ~")
	return a.zone != "" && b.zone != "" && a.zone != b.zone && slices.Contains(joints, joint) && (joint != "" || strings.ContainsAny(between, "(["))
}

// rough is how far a time that says it is rough may be from the record's.
const rough = 15 * time.Minute

// clockAt understands a time of day near a moment of the record, in its own zone
// or in another. What was read once is remembered.
func (in *record) clockAt(near *incident.Moment, c clock, home string) (time.Time, bool) {
	label := c.zone
	if label == "Z" {
		label = "UTC"
	}
	asked := [2]string{strings.TrimSpace(c.time + " " + label), home}
	at, known := in.clocks[asked]
	if !known {
		if m, err := (incident.When{Zone: home, Near: near}).Read(asked[0]); err == nil && m.Known() {
			at = *m.At
		}
		if in.clocks == nil {
			in.clocks = map[[2]string]time.Time{}
		}
		in.clocks[asked] = at
	}
	return at, !at.IsZero()
}

// apart is how far two instants are from each other on a clock of 24 hours.
func apart(a, b time.Time) time.Duration {
	const day = 24 * time.Hour
	d := a.Sub(b).Abs() % day
	return min(d, day-d)
}

// anchor is a moment that gives the day to a time without one.
func anchor(in *record) *incident.Moment {
	m := &in.Milestones
	for _, at := range []*incident.Moment{m.Started, m.Triggered, m.Detected, m.Acknowledged, m.Mitigated, m.Resolved} {
		if at.Known() {
			return at
		}
	}
	for i := range in.Timeline {
		if in.Timeline[i].At.Known() {
			return in.Timeline[i].At
		}
	}
	return nil
}

func findTimePairs(in *record, r *report) {
	near := anchor(in)
	if near == nil {
		return
	}
	for t := range in.words() {
		if r.full() {
			return
		}
		told := clocksIn(t.said)
		for i := 1; i < len(told); i++ {
			one, other := told[i-1], told[i]
			if !paired(t.said, one, other) {
				continue
			}
			a, okA := in.clockAt(near, one, in.Zone)
			b, okB := in.clockAt(near, other, in.Zone)
			if okA && okB && apart(a, b) > time.Minute {
				m := incident.Exactly(a, in.Zone, incident.Minute)
				r.add(in.place(t), t.said, fmt.Sprintf("“%s” are two instants: %s %s is %s", t.said[one.start:other.end], one.time, one.zone, incident.Both(&m, in.Zone)),
					"Correct the one that is wrong; an export makes both from one instant.")
				break
			}
		}
	}
}

// instant is a moment of the record that a text may speak of.
type instant struct {
	*incident.Moment
	pointer string
}

// words say which moment it is.
func (i instant) words(zone string) string {
	name, own := strings.CutPrefix(i.pointer, "/milestones/")
	if !own {
		name = "an entry"
	}
	return name + ", " + incident.Both(i.Moment, zone)
}

// day is the clock of 24 hours, in UTC, with the minutes that the record speaks
// of marked: one to each side, and as many as rough where it says about.
type day struct {
	marked [24 * 60]bool
	all    []instant
}

func minuteOf(at time.Time) int { return at.UTC().Hour()*60 + at.UTC().Minute() }

// near tells whether the record speaks of a time within d of at.
func (c *day) near(at time.Time, d time.Duration) bool {
	for off := -int(d / time.Minute); off <= int(d/time.Minute); off++ {
		if c.marked[(minuteOf(at)+off+len(c.marked))%len(c.marked)] {
			return true
		}
	}
	return false
}

// nearest is the moment of the record that comes closest on the clock.
func (c *day) nearest(at time.Time) instant {
	best := c.all[0]
	for _, k := range c.all {
		if apart(at, *k.At) < apart(at, *best.At) {
			best = k
		}
	}
	return best
}

// clockOf marks the times that the record knows better than to the day.
func clockOf(in *record) *day {
	c := &day{}
	for pointer, m := range incident.Moments(in.Incident) {
		if !exact(m) {
			continue
		}
		spread := 1
		if m.Approximate || m.Precision == incident.Hour {
			spread = int(rough / time.Minute)
		}
		for off := -spread; off <= spread; off++ {
			c.marked[(minuteOf(*m.At)+off+len(c.marked))%len(c.marked)] = true
		}
		c.all = append(c.all, instant{m, pointer})
	}
	return c
}

func findPublicTimes(in *record, r *report) {
	known, near := clockOf(in), anchor(in)
	if near == nil || len(known.all) == 0 {
		return
	}
	for t := range in.public() {
		if t.link || r.full() {
			continue
		}
		for _, c := range clocksIn(t.said) {
			if at, ok := in.strays(near, known, c, toCustomers(t)); ok && !c.otherwise(t.said) {
				r.add(in.place(t), t.said, fmt.Sprintf("outsiders are told %s, but nothing in the record was then; the nearest is %s",
					strings.TrimSpace(c.time+" "+c.zone), known.nearest(at).words(in.Zone)),
					"Correct the one that is wrong. A promised time belongs into next_update_at of its message.")
				break
			}
		}
	}
}

// otherwise tells whether a time is none that the record should know: no time of
// day at all, or one that was still to come.
func (c *clock) otherwise(said string) bool {
	return c.zone == "" && counted.MatchString(said[max(0, c.start-20):c.start]+"·"+said[c.end:min(len(said), c.end+12)]) ||
		promised.MatchString(said[max(0, c.start-80):c.start])
}

// counted finds that digits with a colon are no time of day but a duration, a ratio
// or a place; · stands where they are.
var counted = regexp.MustCompile(`(?i)(?:took|lasted|ratio(?: of)?|score(?: was)?|port|chapter|line|for|within) ·|· ?(?:hours?|hrs?|h|minutes?|mins?|ratio|to 1)\b`)

// promised finds that a time was still to come when it was told.
var promised = regexp.MustCompile(`(?i)\b(?:next update|will|shall|expect(?:ed)?|planned|scheduled|no later than)\b[^.!?\n]*$`)

// toCustomers tells whether a text is written for outsiders alone.
func toCustomers(t text) bool {
	return strings.HasPrefix(t.field, "/public_") || t.kind == incident.Messages
}

// strays tells whether a time that was found is none of the record's. A time
// without a label is one on the incident's clock or in UTC; it counts only in
// texts for outsiders alone, and not where it may be another number.
func (in *record) strays(near *incident.Moment, known *day, c clock, bare bool) (time.Time, bool) {
	within := time.Duration(0)
	if c.rough {
		within = rough
	}
	zones := []string{in.Zone}
	if c.zone == "" {
		if !bare || strings.Contains(c.time, ".") && !strings.ContainsAny(c.time, "mM") {
			return time.Time{}, false
		}
		zones = append(zones, "UTC")
	}
	var first time.Time
	for _, zone := range zones {
		at, ok := in.clockAt(near, c, zone)
		if !ok || known.near(at, within) {
			return time.Time{}, false
		}
		if first.IsZero() {
			first = at
		}
	}
	return first, true
}
