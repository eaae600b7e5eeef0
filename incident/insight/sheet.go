package insight

import (
	"time"

	"github.com/debriefhq/debrief/incident"
)

// Cell says which facts a sheet adds up: those of one kind of incident, of one component or any, of one severity or any.
type Cell struct {
	Kind      incident.IncidentKind
	Component string // folded; "" is any
	Severity  string // AnySeverity, or one; "" is that nobody said
}

// AnySeverity is the severity of a cell that has them all.
const AnySeverity = "any"

// CellsOf lists the cells that facts belong to.
func CellsOf(f *Facts) []Cell {
	all := make([]Cell, 0, 2+2*len(f.Components))
	for i := -1; i < len(f.Components); i++ {
		component := ""
		if i >= 0 {
			component = Fold(f.Components[i])
		}
		all = append(all, Cell{f.Kind, component, AnySeverity}, Cell{f.Kind, component, string(f.Severity)})
	}
	return all
}

// Of tells whether facts belong to the cell.
func (c Cell) Of(f *Facts) bool {
	for _, is := range CellsOf(f) {
		if is == c {
			return true
		}
	}
	return false
}

// Sheet adds up the facts of many incidents. Sheets of different incidents are read together.
type Sheet struct {
	Row        int64 // of a kept sheet: where its values are
	Incidents  int64
	Severities map[string]int64
	Hours      map[int64]int64 // of Facts.Hour
	Told       int64
	Kept       int64 // promises
	Late       int64
	Unanswered int64
	Components map[string]int64
	Categories map[string]int64
	FollowUps  map[followUps]int64
	Added      map[int64]int64 // open follow-ups by the day on which they were written
	Spreads    [Measures]Spread
}

// followUps are those that are alike.
type followUps struct {
	owner, kind, fate string
	due               int64 // of those that are open and not overdue yet: a day, or 0 for none
}

// The fates of follow-ups.
const (
	fateOpen    = "open"
	fateOverdue = "overdue"
	fateInTime  = "in_time"
	fateLate    = "late"
	fateDone    = "done" // nobody knows when, or it was due on no day
	fateNot     = "not_doing"
)

// NewSheet is an empty one.
func NewSheet() *Sheet {
	return &Sheet{
		Severities: map[string]int64{}, Hours: map[int64]int64{}, Components: map[string]int64{}, Categories: map[string]int64{},
		FollowUps: map[followUps]int64{}, Added: map[int64]int64{},
	}
}

// Sheets adds up facts, each in every cell it belongs to, as of today.
func Sheets(all []Facts, today time.Time) map[Cell]*Sheet {
	made := map[Cell]*Sheet{}
	for i := range all {
		for _, c := range CellsOf(&all[i]) {
			if made[c] == nil {
				made[c] = NewSheet()
			}
			made[c].Add(&all[i], today)
		}
	}
	return made
}

// Add counts one more incident. Days only pass: it is read on that day or later.
func (s *Sheet) Add(f *Facts, today time.Time) {
	s.Incidents++
	s.Severities[string(f.Severity)]++
	if f.Hour != nil {
		s.Hours[int64(*f.Hour)]++
	}
	if f.Told {
		s.Told++
	}
	s.Kept, s.Late, s.Unanswered = s.Kept+int64(f.Kept), s.Late+int64(f.Late), s.Unanswered+int64(len(f.Unanswered))
	for _, c := range f.Components {
		s.Components[c]++
	}
	for _, c := range f.Categories {
		s.Categories[c]++
	}
	for i, v := range f.Seconds {
		if v != nil {
			s.Spreads[i].add(*v)
		}
	}
	for i := range f.FollowUps {
		a := &f.FollowUps[i]
		key := followUps{owner: a.Owner, kind: string(a.Kind)}
		key.fate, key.due = a.fate(dayOf(today))
		s.FollowUps[key]++
		if key.fate == fateOpen || key.fate == fateOverdue {
			s.Added[dayNumber(a.Added)]++
		}
	}
}

// fate is what became of a follow-up by today, and when it is due while it is open.
func (a *FollowUp) fate(today int64) (string, int64) {
	due := dayNumber(a.Due)
	switch {
	case a.State == incident.NotDoing:
		return fateNot, 0
	case a.State == incident.Done && (a.Done == "" || a.Due == ""):
		return fateDone, 0
	case a.State == incident.Done && a.Done <= a.Due:
		return fateInTime, 0
	case a.State == incident.Done:
		return fateLate, 0
	case a.Due != "" && due < today:
		return fateOverdue, 0
	}
	return fateOpen, due
}

// dayNumber is dayOf a day as we write it; 0 for none.
func dayNumber(text string) int64 {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0
	}
	return dayOf(at)
}

// dayOf counts days of UTC from 1970 on, the first being 1.
func dayOf(at time.Time) int64 {
	const day = 24 * 60 * 60
	s := at.Unix()
	if s < 0 {
		s -= day - 1
	}
	return s/day + 1
}

// Merge adds another sheet, which has all its values with it, as of today.
func (s *Sheet) Merge(o *Sheet, today time.Time) {
	s.Incidents, s.Told = s.Incidents+o.Incidents, s.Told+o.Told
	s.Kept, s.Late, s.Unanswered = s.Kept+o.Kept, s.Late+o.Late, s.Unanswered+o.Unanswered
	merge(s.Severities, o.Severities)
	merge(s.Hours, o.Hours)
	merge(s.Components, o.Components)
	merge(s.Categories, o.Categories)
	merge(s.Added, o.Added)
	for key, n := range o.FollowUps {
		if key.fate == fateOpen && key.due != 0 && key.due < dayOf(today) {
			key.fate, key.due = fateOverdue, 0
		}
		s.FollowUps[key] += n
	}
	for i := range o.Spreads {
		for _, p := range o.Spreads[i].piles {
			for _, v := range p.values {
				s.Spreads[i].add(v)
			}
		}
	}
}

func merge[K comparable](to, from map[K]int64) {
	for key, n := range from {
		to[key] += n
	}
}
