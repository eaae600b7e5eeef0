package incident

import (
	"cmp"
	"slices"
	"time"
)

// graceOfPromise is how late an update may be and still be the one promised.
const graceOfPromise = 5 * time.Minute

// Told is the public messages that were recorded or sent at a known time of day,
// in that order.
func (in *Incident) Told() []*Message {
	var all []*Message
	for i := range in.Messages {
		m := &in.Messages[i]
		if m.Audience == AudiencePublic && m.State != Draft && m.At.Known() && m.At.Precision != Day {
			all = append(all, m)
		}
	}
	slices.SortStableFunc(all, func(a, b *Message) int {
		return cmp.Or(a.At.At.Compare(*b.At.At), byPosition(a.Head(), b.Head()))
	})
	return all
}

// Quiet is a stretch of time in which outsiders were told nothing.
type Quiet struct {
	From, Until *Moment
	Before      *Message // nil before the first message
	After       *Message // nil after the last one
	Happened    int      // entries that begin in it
}

// Length is how long it was.
func (q Quiet) Length() time.Duration { return q.Until.At.Sub(*q.From.At) }

// Quiets are the times in which outsiders were told nothing, from the start of
// impact to its end, or to now while it goes on. A message before the start, or
// after the end, bounds none that reaches beyond.
func (in *Incident) Quiets(now time.Time) []Quiet {
	start, end := in.Milestones.Started, in.Milestones.Resolved
	if !end.Known() && in.Status != Resolved && in.Status != Completed && !now.IsZero() {
		until := Exactly(now.Truncate(time.Minute), in.Zone, Minute)
		end = &until
	}
	told := in.Told()
	var all []Quiet
	add := func(from, until *Moment, before, after *Message) {
		if !from.Known() || !until.Known() || from.Precision == Day || until.Precision == Day || !until.At.After(*from.At) {
			return
		}
		q := Quiet{From: from, Until: until, Before: before, After: after}
		for i := range in.Timeline {
			if at := in.Timeline[i].At; at.Known() && at.Precision != Day && !at.At.Before(*from.At) && at.At.Before(*until.At) {
				q.Happened++
			}
		}
		all = append(all, q)
	}
	for i, m := range told {
		if i == 0 {
			add(start, m.At, nil, m)
			continue
		}
		add(told[i-1].At, m.At, told[i-1], m)
	}
	if len(told) == 0 {
		add(start, end, nil, nil)
	} else {
		last := told[len(told)-1]
		add(last.At, end, last, nil)
	}
	return all
}

// Kept says what became of a promise.
type Kept string

// What may become of a promise of an update. One that nobody can judge yet is
// open.
const (
	KeptInTime Kept = "kept"
	KeptLate   Kept = "late"
	KeptNever  Kept = "broken"
	KeptOpen   Kept = "open"
)

// Promise is an update that a public message promised.
type Promise struct {
	Message *Message
	Next    *Message // the public message that followed, nil for none
	Kept    Kept
	Late    time.Duration // with KeptLate
}

// Promises are those of the public messages in their order. One is kept by the
// next public message when that came in time, give or take five minutes. A
// correction is no update: it keeps no promise, and repeating one makes no other.
func (in *Incident) Promises(now time.Time) []Promise {
	var all []Promise
	told := in.Told()
	for i, m := range told {
		due := m.NextUpdateAt
		if !due.Known() || due.Precision == Day {
			continue
		}
		if old, found := in.Part(Messages, m.Corrects); found && sameInstant(old.(*Message).NextUpdateAt, due) {
			continue
		}
		p := Promise{Message: m}
		if j := slices.IndexFunc(told[i+1:], func(later *Message) bool { return later.Corrects == "" }); j >= 0 {
			p.Next = told[i+1+j]
		}
		switch {
		case p.Next == nil && !now.After(due.At.Add(graceOfPromise)):
			p.Kept = KeptOpen
		case p.Next == nil:
			p.Kept = KeptNever
		case p.Next.At.At.After(due.At.Add(graceOfPromise)):
			p.Kept, p.Late = KeptLate, p.Next.At.At.Sub(*due.At)
		default:
			p.Kept = KeptInTime
		}
		all = append(all, p)
	}
	return all
}

func sameInstant(a, b *Moment) bool { return a.Known() && b.Known() && a.At.Equal(*b.At) }

// Awaited is the update that outsiders were promised last and wait for: nil when none was, when another public message
// followed that is no correction, and when the incident is over.
func (in *Incident) Awaited() *Moment {
	if in.Status.Over() {
		return nil
	}
	for _, m := range slices.Backward(in.Told()) {
		if due := m.NextUpdateAt; due.Known() && due.Precision != Day {
			return due
		}
		if m.Corrects == "" {
			return nil
		}
	}
	return nil
}
