package incident

import (
	"fmt"
	"slices"
)

// Beside finds the entry that stands a step before (-1) or after (1) another and
// shares its time, so that the two may change places; "" when there is none.
func (in *Incident) Beside(id string, step int) string {
	i := in.entry(id)
	if i < 0 || i+step < 0 || i+step >= len(in.Timeline) || !in.Timeline[i].SharesTime(&in.Timeline[i+step]) {
		return ""
	}
	return in.Timeline[i+step].ID
}

// SharesTime tells whether the order of an entry and its neighbour is a matter
// of position alone: both have one instant, or none.
func (e *Entry) SharesTime(o *Entry) bool {
	if !e.At.Known() || !o.At.Known() {
		return !e.At.Known() && !o.At.Known()
	}
	return e.At.At.Equal(*o.At.At)
}

func (in *Incident) entry(id string) int {
	return slices.IndexFunc(in.Timeline, func(e Entry) bool { return e.ID == id })
}

// Reorder moves an entry to the place of another of the same time; those between
// move up. Only positions change, among themselves. An entry of another time is
// refused with Conflict: its place is its time.
func (in *Incident) Reorder(id, to string) error {
	in.number(Timeline)
	in.SortTimeline()
	from, until := in.entry(id), in.entry(to)
	if from < 0 || until < 0 {
		return Refuse(NotFound, "", fmt.Sprintf("there is no entry %.40q, or you may not see it: read the timeline again", missingOf(from, id, to)))
	}
	low, high := min(from, until), max(from, until)
	for i := low; i < high; i++ {
		if !in.Timeline[i].SharesTime(&in.Timeline[i+1]) {
			return Refuse(Conflict, "", "these entries have different times: change the time of one to move it there")
		}
	}
	positions := make([]int64, 0, high-low+1)
	for _, e := range in.Timeline[low : high+1] {
		positions = append(positions, e.Position)
	}
	slices.Sort(positions)
	moved := in.Timeline[from]
	in.Timeline = slices.Insert(slices.Delete(in.Timeline, from, from+1), until, moved)
	for i, p := range positions {
		in.Timeline[low+i].Position = p
	}
	in.SortTimeline()
	return nil
}

func missingOf(from int, id, to string) string {
	if from < 0 {
		return id
	}
	return to
}
