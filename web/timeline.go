package web

import (
	"slices"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// quiet is how long a timeline may be silent before the page says so.
const quiet = 30 * time.Minute

// day is a stretch of the timeline under one date.
type day struct {
	Name string
	Rows []row
}

// row is one line of the timeline: an entry, a message that people were told,
// or milestones that no entry stands for.
type row struct {
	Gap     string // time without a row before this one; "" when short
	Loose   bool   // rows without a known time stand in the gap
	At      shown
	Until   shown
	Lasted  string
	Entry   *incident.Entry
	Message *incident.Message
	Edit    *way
	Remarks *remarks
	Order   string   // where its place among those of its time is changed; "" where it can't be
	Earlier bool     // it may change places with the entry before
	Later   bool     // with the one after
	Flags   []string // milestones reached at this very minute

	moment *incident.Moment
	until  *incident.Moment
	order  time.Time // where it stands; that of the row before when its own time is unknown
}

// timeline lays entries, messages and milestones out by day. It is empty while
// there is no entry: milestones and messages have sections of their own.
func timeline(in *incident.Incident, c *clock) []day {
	if len(in.Timeline) == 0 {
		return nil
	}
	rows := entryRows(in, c)
	rows = append(rows, milestoneRows(in, rows)...)
	rows = append(rows, messageRows(in, c)...)
	slices.SortStableFunc(rows, func(a, b row) int { return a.order.Compare(b.order) })
	var days []day
	var end *incident.Moment // latest end so far
	loose := false
	for i := range rows {
		r := &rows[i]
		r.At, r.Until, r.Lasted = c.show(r.moment), c.show(r.until), lasted(r.moment, r.until)
		if r.At.Written == r.At.Time {
			r.At.Written = "" // says nothing more than what is shown
		}
		r.Gap = gap(end, r.moment)
		r.Loose, loose = loose, !timed(r.moment) && (loose || end != nil)
		end = latest(latest(end, r.moment), r.until)
		name := r.At.Day
		switch {
		case name == "" && len(days) > 0:
			name = days[len(days)-1].Name
		case name == "" && slices.ContainsFunc(rows, func(r row) bool { return r.moment.Known() }):
			name = "Before the first known time"
		case name == "":
			name = "No time is known"
		}
		if len(days) == 0 || days[len(days)-1].Name != name {
			days = append(days, day{Name: name, Rows: rows[i:i]})
		}
		last := &days[len(days)-1]
		last.Rows = last.Rows[:len(last.Rows)+1]
	}
	return days
}

func entryRows(in *incident.Incident, c *clock) []row {
	rows := make([]row, 0, len(in.Timeline)+len(in.Messages)+len(kindOf))
	var order time.Time
	for i := range in.Timeline {
		e := &in.Timeline[i]
		if e.At.Known() {
			order = c.place(e.At)
		}
		rows = append(rows, row{
			Entry: e, moment: e.At, until: e.Until, order: order,
			Earlier: i > 0 && e.SharesTime(&in.Timeline[i-1]), Later: i+1 < len(in.Timeline) && e.SharesTime(&in.Timeline[i+1]),
		})
	}
	return rows
}

func messageRows(in *incident.Incident, c *clock) []row {
	var rows []row
	for i := range in.Messages {
		if m := &in.Messages[i]; m.At.Known() && m.State != incident.Draft {
			rows = append(rows, row{Message: m, moment: m.At, order: c.place(m.At)})
		}
	}
	return rows
}

// kindOf names the kind of entry that best stands for a milestone.
var kindOf = map[string]incident.EntryKind{
	"triggered": incident.EntryTrigger, "started": incident.EntryImpact, "detected": incident.EntryDetection,
	"acknowledged": incident.EntryAction, "mitigated": incident.EntryRecovery, "resolved": incident.EntryRecovery,
}

// milestoneRows flags the entries that stand for milestones, and makes rows for
// those milestones that have none.
func milestoneRows(in *incident.Incident, entries []row) []row {
	var rows []row
	for _, m := range milestonesOf(in) {
		if !timed(m.moment) {
			continue
		}
		if i := standsFor(entries, m); i >= 0 {
			entries[i].Flags = append(entries[i].Flags, m.Name)
			continue
		}
		rows = append(rows, row{Flags: []string{m.Name}, moment: m.moment, order: *m.moment.At})
	}
	return rows
}

// standsFor finds the entry at a milestone's minute, one of its kind before any
// other; -1 when there is none.
func standsFor(entries []row, m milestone) int {
	found := -1
	for i, r := range entries {
		if !timed(r.moment) || !r.moment.At.Truncate(time.Minute).Equal(m.moment.At.Truncate(time.Minute)) {
			continue
		}
		if r.Entry.Kind == kindOf[m.Name] {
			return i
		}
		if found < 0 {
			found = i
		}
	}
	return found
}

// gap is the silence between two moments, "" when it is short or can't be known.
func gap(end, next *incident.Moment) string {
	if !timed(end) || !timed(next) || next.At.Sub(*end.At) < quiet {
		return ""
	}
	return lasted(end, next)
}

// latest is the later of two moments; one without a time of day counts only
// while there is no other.
func latest(a, b *incident.Moment) *incident.Moment {
	if !timed(b) || timed(a) && b.At.Before(*a.At) {
		return a
	}
	return b
}
