package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// skipNumbers makes new incidents get numbers after $1. It comes before the number is used, so that no filing
// beside it takes that.
const skipNumbers = `
	select setval(pg_get_serial_sequence('incidents', 'number'), $1)
	from   incidents_number_seq
	where  last_value < $1
	or     not is_called`

// greatestRestored leaves numbers and revisions for those who write afterwards.
const greatestRestored = 1_000_000_000_000

// leavesRoom refuses a number or revision after which nobody could count on.
func leavesRoom(in *incident.Incident) error {
	counts := map[string]int64{"/number": int64(in.Number), "/revision": in.Revision}
	for _, k := range incident.PartKinds {
		for i, p := range in.Parts(k) {
			if n := p.Head().Revision; n > greatestRestored {
				counts[fmt.Sprintf("%s/%d/revision", k.Pointer(), i)] = n
			}
		}
	}
	for pointer, n := range counts {
		if n > greatestRestored {
			return incident.Refuse(incident.Invalid, pointer, fmt.Sprintf("is %d: counting goes on from there, so what is restored is at most %d", n, int64(greatestRestored)))
		}
	}
	return nil
}

// Restore files in as it is: under its own number and id, with its revision and review, as an admin who
// brings a record back. It is refused with Conflict where the number or the id is taken. Its history begins anew.
// Incidents that it names may be brought back later: until then nobody sees their numbers, and no new incident
// gets them.
func (s *Store) Restore(ctx context.Context, by incident.Actor, in *incident.Incident) (*incident.Incident, error) {
	var draft *incident.Incident
	var unseen []incident.Number
	err := s.write(ctx, by, incident.Administer, "restore an incident", func(w *writer) (err error) {
		var last incident.Number
		if draft, last, err = w.restorable(in); err != nil {
			return err
		}
		numbers, seen := targets(linksOf(draft)), map[incident.Number]bool{}
		err = w.begin(ctx, func(b *pgx.Batch) {
			b.Queue(skipNumbers, last)
			queueSeen(b, numbers, fold(by.Name), seen)
		})
		if err != nil {
			return err
		}
		unseen = slices.DeleteFunc(numbers, func(n incident.Number) bool { return seen[n] })
		if err := w.insertNew(draft, didRestore, 0); err != nil {
			return err
		}
		return w.commit(ctx, filed{[]incident.Number{draft.Number}})
	})
	var again *repeated
	if errors.As(err, &again) {
		before, err := s.filedBefore(ctx, by, again.result)
		if err != nil {
			return nil, err
		}
		return before[0], nil
	}
	if err != nil {
		return nil, err
	}
	hideLinks(draft, unseen)
	return shown(draft, true), nil
}

// RestoreAll restores all or none, each as Restore does; pointers of a refusal begin with the place in ins.
func (s *Store) RestoreAll(ctx context.Context, by incident.Actor, ins []*incident.Incident) error {
	err := s.write(ctx, by, incident.Administer, "restore incidents", func(w *writer) error {
		var last incident.Number
		var all filed
		drafts := make([]*incident.Incident, len(ins))
		for i, in := range ins {
			draft, n, err := w.restorable(in)
			if err != nil {
				return under("/"+strconv.Itoa(i), err)
			}
			drafts[i], last, all.Numbers = draft, max(last, n), append(all.Numbers, draft.Number)
		}
		if err := w.begin(ctx, func(b *pgx.Batch) { b.Queue(skipNumbers, last) }); err != nil {
			return err
		}
		if len(drafts) >= manyRecords {
			w.copies = newCopies()
		}
		for _, draft := range drafts {
			if err := w.insertNew(draft, didRestore, 0); err != nil {
				return err
			}
		}
		return w.commit(ctx, all)
	})
	if again := (*repeated)(nil); errors.As(err, &again) {
		return nil
	}
	return err
}

// restorable is a record as it will be kept, and the greatest number that it has or names.
func (w *writer) restorable(in *incident.Incident) (draft *incident.Incident, last incident.Number, err error) {
	draft = in.Clone()
	draft.Normalize()
	draft.Measures, draft.Warnings, draft.UpdatedAt = nil, nil, w.at
	w.restored(draft)
	if draft.Number < 1 {
		return nil, 0, incident.Refuse(incident.Invalid, "/number", "is missing: a record without one is filed, not restored")
	}
	if err := leavesRoom(draft); err != nil {
		return nil, 0, err
	}
	if last, err = lastNumber(draft); err != nil {
		return nil, 0, err
	}
	return draft, last, draft.Check()
}

// lastNumber is the greatest that a restored record has or names.
func lastNumber(in *incident.Incident) (incident.Number, error) {
	last, faults := in.Number, map[string]string{}
	for _, l := range linksOf(in) {
		if l.to < 1 || l.to > greatestRestored {
			faults[l.pointer] = fmt.Sprintf("is %d: new incidents get numbers after it, so name one from 1 to %d", l.to, int64(greatestRestored))
		}
		last = max(last, l.to)
	}
	return last, incident.RefuseFields(faults)
}

// restored fills in what a record lacks of that which the store assigns. Its version begins anew.
func (w *writer) restored(in *incident.Incident) {
	given := *in
	revisions := map[string]int64{}
	for _, k := range incident.PartKinds {
		for _, p := range in.Parts(k) {
			revisions[p.Head().ID] = p.Head().Revision
		}
	}
	w.assign(in)
	for _, k := range incident.PartKinds {
		for _, p := range in.Parts(k) {
			p.Head().Revision = max(1, revisions[p.Head().ID])
		}
	}
	in.Revision = max(1, given.Revision)
	if given.ID != "" {
		in.ID = given.ID
	}
	if !given.CreatedAt.IsZero() {
		in.CreatedAt = given.CreatedAt
	}
	if in.CreatedBy == "" {
		in.CreatedBy = w.by.Name
	}
}
