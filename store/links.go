package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// A record names other incidents: related, recurrence_of, duplicate_of, and also_for of its actions. A reader
// who may not know of one of them does not see its number, which an edit of theirs keeps; and nobody names one
// that they may not know of, in the words for one that does not exist.

const (
	// unseenLinks are the numbers that incident i names and the reader $2 may not know of. Most incidents name none.
	unseenLinks = `case when i.related <> '{}' or i.recurrence_of is not null or i.duplicate_of is not null
		or exists (select from actions a where a.incident = i.number and a.also_for <> '{}')
	then array(
		select named_here.n
		from   (
			select unnest(i.related || i.recurrence_of || i.duplicate_of)
			union  all
			select unnest(a.also_for) from actions a where a.incident = i.number) as named_here (n)
		where  named_here.n is not null
		and    not exists (select from incidents i where i.number = named_here.n and ` + visible + `))
	end`

	// seenNumbers lists those of the numbers $1 that the reader may know of.
	seenNumbers = `
	select i.number
	from   incidents i
	where  i.number = any($1)
	and    ` + visible
)

// seen tells which of the numbers by may know of. It asks nothing when there are none.
func (s *Store) seen(ctx context.Context, by incident.Actor, numbers []incident.Number) (map[incident.Number]bool, error) {
	seen := map[incident.Number]bool{}
	if len(numbers) == 0 {
		return seen, nil
	}
	b := &pgx.Batch{}
	queueSeen(b, numbers, fold(by.Name), seen)
	return seen, refuse(s.send(ctx, b), "look for incidents")
}

// queueSeen asks which of the numbers the reader may know of.
func queueSeen(b *pgx.Batch, numbers []incident.Number, reader string, seen map[incident.Number]bool) {
	b.Queue(seenNumbers, numbers, reader).Query(intoSet(seen))
}

// intoSet collects a column of keys.
func intoSet[K comparable](set map[K]bool) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		var key K
		_, err := pgx.ForEachRow(rows, []any{&key}, func() error {
			set[key] = true
			return nil
		})
		return err
	}
}

func setOf[K comparable](keys []K) map[K]bool {
	set := make(map[K]bool, len(keys))
	for _, key := range keys {
		set[key] = true
	}
	return set
}

// link is another incident that a record names, and where.
type link struct {
	pointer string
	to      incident.Number
}

func linksOf(in *incident.Incident) []link {
	var all []link
	list := func(at string, numbers []incident.Number) {
		for i, n := range numbers {
			all = append(all, link{at + "/" + strconv.Itoa(i), n})
		}
	}
	list("/related", in.Related)
	if in.RecurrenceOf != nil {
		all = append(all, link{"/recurrence_of", *in.RecurrenceOf})
	}
	if in.DuplicateOf != nil {
		all = append(all, link{"/duplicate_of", *in.DuplicateOf})
	}
	for i := range in.Actions {
		list(incident.Actions.Pointer()+"/"+strconv.Itoa(i)+"/also_for", in.Actions[i].AlsoFor)
	}
	return all
}

// targets are what links lead to.
func targets(links []link) []incident.Number {
	numbers := make([]incident.Number, len(links))
	for i, l := range links {
		numbers[i] = l.to
	}
	return numbers
}

// refuseUnseen refuses links to incidents that are not among those seen.
func refuseUnseen(links []link, seen map[incident.Number]bool) error {
	faults := map[string]string{}
	for _, l := range links {
		if !seen[l.to] {
			faults[l.pointer] = fmt.Sprintf("is %s, which is no incident that you may see: name one that is there, or leave it out", l.to)
		}
	}
	return incident.RefuseFields(faults)
}

// checkLinks refuses what an edit named anew and the writer may not know of. Before are the links that stood in
// what the writer saw.
func (w *writer) checkLinks(ctx context.Context, before []link, after *incident.Incident) error {
	known := targets(before)
	added := slices.DeleteFunc(linksOf(after), func(l link) bool { return slices.Contains(known, l.to) })
	if len(added) == 0 {
		return nil
	}
	b, seen := &pgx.Batch{}, map[incident.Number]bool{}
	queueSeen(b, targets(added), fold(w.by.Name), seen)
	if err := w.conn.SendBatch(ctx, b).Close(); err != nil {
		return err
	}
	return refuseUnseen(added, seen)
}

// CheckLinks refuses a record that names what by may not know of, as File does.
func (s *Store) CheckLinks(ctx context.Context, by incident.Actor, in *incident.Incident) error {
	links := linksOf(in)
	seen, err := s.seen(ctx, by, targets(links))
	if err != nil {
		return err
	}
	return refuseUnseen(links, seen)
}

// hideLinks takes the unseen numbers out of a record.
func hideLinks(in *incident.Incident, unseen []incident.Number) {
	if len(unseen) == 0 {
		return
	}
	set := setOf(unseen)
	hidden := func(n incident.Number) bool { return set[n] }
	in.Related = slices.DeleteFunc(in.Related, hidden)
	for _, n := range []**incident.Number{&in.RecurrenceOf, &in.DuplicateOf} {
		if *n != nil && hidden(**n) {
			*n = nil
		}
	}
	for i := range in.Actions {
		in.Actions[i].AlsoFor = slices.DeleteFunc(in.Actions[i].AlsoFor, hidden)
	}
}

// putLinksBack gives an edited record the numbers that its writer could not see. Where the writer named another
// incident instead of one, that one stays as related. A move that leaves the end of an incident empties
// duplicate_of for everybody.
func putLinksBack(before, after *incident.Incident, unseen []incident.Number, e editing) {
	if len(unseen) == 0 {
		return
	}
	hidden := setOf(unseen)
	after.Related = withHidden(before.Related, after.Related, hidden)
	keep := func(was *incident.Number, is **incident.Number) {
		switch {
		case was == nil || !hidden[*was]:
		case *is == nil:
			n := *was
			*is = &n
		case !slices.Contains(after.Related, *was):
			after.Related = append(after.Related, *was)
		}
	}
	keep(before.RecurrenceOf, &after.RecurrenceOf)
	if !e.moves || !before.Status.Over() {
		keep(before.DuplicateOf, &after.DuplicateOf)
	}
	actions := byID(before.Parts(incident.Actions))
	for i := range after.Actions {
		a := &after.Actions[i]
		if was, had := actions[a.ID].(*incident.Action); had {
			a.AlsoFor = withHidden(was.AlsoFor, a.AlsoFor, hidden)
		}
	}
}
