package incident

import (
	"cmp"
	"slices"
	"time"
)

// byPosition orders parts as they were written; ids settle what positions leave
// open, so that the order never depends on how a list was read.
func byPosition(a, b *PartHead) int {
	return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
}

// sortParts brings one collection into its order: the timeline by time, all
// others as written.
func (in *Incident) sortParts(k PartKind) {
	if k == Timeline {
		in.SortTimeline()
		return
	}
	collections[k].sort(in)
}

// SortTimeline orders the entries by instant, then by position. An entry
// without an instant takes that of the entry written before it, so that it
// stays beside it; those before the first known instant come first.
func (in *Incident) SortTimeline() {
	collections[Timeline].sort(in)
	type timed struct {
		at    time.Time
		entry Entry
	}
	all := make([]timed, len(in.Timeline))
	var last time.Time
	for i, e := range in.Timeline {
		if e.At.Known() {
			last = *e.At.At
		}
		all[i] = timed{last, e}
	}
	slices.SortStableFunc(all, func(a, b timed) int { return a.at.Compare(b.at) })
	for i := range all {
		in.Timeline[i] = all[i].entry
	}
}

// number gives every part of a kind a position of its own: those without one
// follow the others, and of two with the same the later moves on, as far as
// NextPosition goes.
func (in *Incident) number(k PartKind) {
	parts := in.Parts(k)
	var last int64
	for _, p := range parts {
		last = max(last, p.Head().Position)
	}
	for _, p := range parts {
		if p.Head().Position == 0 {
			last = NextPosition(last)
			p.Head().Position = last
		}
	}
	slices.SortStableFunc(parts, func(a, b Part) int { return byPosition(a.Head(), b.Head()) })
	last = 0
	for _, p := range parts {
		if p.Head().Position < 0 {
			continue // for Check to refuse
		}
		last = max(NextPosition(last), p.Head().Position)
		p.Head().Position = last
	}
}
