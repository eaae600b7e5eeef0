package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// Relation is what a person says two incidents are to each other.
type Relation string

// The relations. No relative is remembered whichever of the two is looked at, until somebody takes it back.
const (
	Related      Relation = "related"
	RecurrenceOf Relation = "recurrence_of"
	NoRelative   Relation = "no_relative"
)

const (
	dismiss = `
	insert into dismissals (low, high, person, at)
	values (least($1::bigint, $2::bigint), greatest($1::bigint, $2::bigint), $3, $4)
	on conflict do nothing`
	takeBack = `
	delete from dismissals
	where  low = least($1::bigint, $2::bigint)
	and    high = greatest($1::bigint, $2::bigint)`
	// dismissed are those that somebody said are no relatives of $1, as far as the reader $2 may know of them.
	dismissed = `
	select ` + headingColumns + `
	from   (
		select d.high as number from dismissals d where d.low = $1
		union  all
		select d.low from dismissals d where d.high = $1) o
	join   incidents i on i.number = o.number
	join   chains    c on c.incident = i.number
	where  not i.archived
	and    ` + visible + `
	order by i.number desc
	limit  $3`
)

// Relate keeps what a person says of two incidents: that n is related to the other, that the other happened again in n,
// or that they are no relatives. Links are written as any edit is, into n alone.
func (s *Store) Relate(ctx context.Context, by incident.Actor, n, other incident.Number, as Relation) error {
	switch {
	case n == other:
		return broken("/incident", "is this incident itself: name another")
	case as == NoRelative:
		return s.aboutTwo(ctx, by, n, other, "dismiss a relative", func(w *writer) {
			w.batch.Queue(dismiss, n, other, w.by.PersonID, w.at)
		})
	case as != Related && as != RecurrenceOf:
		return broken("/as", "is one of related, recurrence_of, no_relative")
	}
	_, err := s.Change(ctx, by, n, 0, func(in *incident.Incident) error { return linked(in, other, as) })
	return err
}

// linked names the other incident on the record.
func linked(in *incident.Incident, other incident.Number, as Relation) error {
	if as == Related {
		if !slices.Contains(in.Related, other) {
			in.Related = append(in.Related, other)
		}
		return nil
	}
	if in.RecurrenceOf != nil && *in.RecurrenceOf != other {
		return incident.Refuse(incident.Conflict, "", fmt.Sprintf("%s is said to be a recurrence of %s: say that this one is related, or edit the record", in.Number, *in.RecurrenceOf))
	}
	in.RecurrenceOf = &other
	in.Related = slices.DeleteFunc(in.Related, func(n incident.Number) bool { return n == other })
	return nil
}

// TakeBack forgets that somebody said that two incidents are no relatives.
func (s *Store) TakeBack(ctx context.Context, by incident.Actor, n, other incident.Number) error {
	return s.aboutTwo(ctx, by, n, other, "take back what was said of a relative", func(w *writer) { w.batch.Queue(takeBack, n, other) })
}

// aboutTwo writes something about two incidents of which by may know. It stands in the records of neither.
func (s *Store) aboutTwo(ctx context.Context, by incident.Actor, n, other incident.Number, doing string, do func(*writer)) error {
	err := s.write(ctx, by, incident.Write, doing, func(w *writer) error {
		seen := map[incident.Number]bool{}
		if err := w.begin(ctx, func(b *pgx.Batch) { queueSeen(b, []incident.Number{n, other}, fold(by.Name), seen) }); err != nil {
			return err
		}
		if !seen[n] {
			return missing(n)
		}
		if !seen[other] {
			return missing(other)
		}
		do(w)
		return w.commit(ctx, nil)
	})
	var again *repeated
	if errors.As(err, &again) {
		return nil
	}
	return err
}

// Dismissed lists the newest of those that somebody said are no relatives of an incident, as far as by may know of them.
func (s *Store) Dismissed(ctx context.Context, by incident.Actor, n incident.Number) ([]incident.Heading, error) {
	if err := may(by, incident.Read); err != nil {
		return nil, err
	}
	if seen, err := s.seen(ctx, by, []incident.Number{n}); err != nil || !seen[n] {
		return nil, errors.Join(err, missing(n))
	}
	rows, err := s.pool.Query(ctx, dismissed, n, fold(by.Name), usualLimit)
	if err != nil {
		return nil, refuse(err, "list what is no relative")
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (h incident.Heading, err error) {
		return h, row.Scan(headingTargets(&h)...)
	})
	return all, refuse(err, "list what is no relative")
}
