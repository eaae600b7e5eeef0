package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

const (
	mostUntallied = 10_000 // changes that a reader adds up
	talliedAtOnce = 5_000  // changes
	everybodys    = ""     // the reader of what everybody may know of
)

// Tally is how many incidents have a status and a severity.
type Tally struct {
	Status    incident.Status
	Severity  incident.Severity
	Incidents int64
}

// tallyKey is what incidents are counted by. Those that everybody may know of count once, private ones once for each
// name on them: what is told a reader is then read by two keys, however many there are of others.
type tallyKey struct {
	reader   string // folded, or everybodys
	status   incident.Status
	severity incident.Severity
}

// tallyKeys lists those that an incident counts for.
func tallyKeys(in *incident.Incident) []tallyKey {
	k := tallyKey{everybodys, in.Status, in.Severity}
	switch {
	case in.Archived:
		return nil
	case in.Visibility != incident.VisiblePrivate:
		return []tallyKey{k}
	}
	var all []tallyKey
	for _, k.reader = range in.Names() {
		all = append(all, k)
	}
	return all
}

const (
	addTallyChanges = `
	insert into tally_changes (reader, status, severity, change)
	select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[])`
	// readTallies adds up what everybody may know of and what the reader $1 is named on. Its last column are the
	// changes that it passed by, of whomever: they are at most $2.
	readTallies = `
	select   t.status, t.severity, sum(t.incidents)::bigint, sum(t.change)::bigint
	from     (
		select reader, status, severity, incidents, 0 as change
		from   tallies
		where  reader in ('` + everybodys + `', $1)
		union  all
		select c.reader, c.status, c.severity, case when c.reader in ('` + everybodys + `', $1) then c.change else 0 end, 1
		from   (select * from tally_changes order by id limit $2) c
	) t
	group by t.status, t.severity`
	// foldTallies moves changes into what was added up. It does nothing while another does it.
	foldTallies = `
	with taken as (
		delete from tally_changes
		where  id in (
			select   id
			from     tally_changes
			where    (select pg_try_advisory_xact_lock(hashtext('debrief tallies')))
			order by id
			limit    $1)
		returning reader, status, severity, change
	), added as (
		insert into tallies as t (reader, status, severity, incidents)
		select   reader, status, severity, sum(change)
		from     taken
		group by reader, status, severity
		on conflict on constraint tallies_pkey do update
		set      incidents = t.incidents + excluded.incidents
	)
	select count(*) from taken`
)

// Tallies gives how many incidents by may know of, by status and severity, as lists have them: without archived ones.
// It counts none of them, it reads what writers kept. It gives nil while more was written than has been added up.
func (s *Store) Tallies(ctx context.Context, by incident.Actor) ([]Tally, error) {
	if err := may(by, incident.Read); err != nil {
		return nil, err
	}
	b, all := &pgx.Batch{}, []Tally(nil)
	queueTallies(b, by, &all)
	err := s.send(ctx, b)
	return all, refuse(err, "read tallies")
}

// queueTallies asks for them.
func queueTallies(b *pgx.Batch, by incident.Actor, all *[]Tally) {
	b.Queue(readTallies, fold(by.Name), mostUntallied+1).Query(func(rows pgx.Rows) error {
		told, changes := []Tally{}, int64(0)
		var t Tally
		var passed int64
		_, err := pgx.ForEachRow(rows, []any{&t.Status, &t.Severity, &t.Incidents, &passed}, func() error {
			if changes += passed; t.Incidents != 0 {
				told = append(told, t)
			}
			return nil
		})
		if changes <= mostUntallied {
			*all = told
		}
		return err
	})
}

// FoldTallies adds up what writers noted since the last time. It is a chore; writers do not wait for it.
func (s *Store) FoldTallies(ctx context.Context) error {
	for {
		var taken int
		if err := s.pool.QueryRow(ctx, foldTallies, talliedAtOnce).Scan(&taken); err != nil {
			return fmt.Errorf("add up tallies: %w", err)
		}
		if taken < talliedAtOnce {
			return nil
		}
	}
}

// tally notes that an incident is not as it was before, nil when it is new.
func (w *writer) tally(before, after *incident.Incident) {
	if before != nil {
		for _, k := range tallyKeys(before) {
			w.tallied[k]--
		}
	}
	for _, k := range tallyKeys(after) {
		w.tallied[k]++
	}
}

func (w *writer) queueTallyChanges() {
	var readers, statuses, severities []string
	var changes []int64
	for k, change := range w.tallied {
		if change != 0 {
			readers, statuses, severities = append(readers, k.reader), append(statuses, string(k.status)), append(severities, string(k.severity))
			changes = append(changes, change)
		}
	}
	if len(changes) > 0 {
		w.batch.Queue(addTallyChanges, readers, statuses, severities, changes)
	}
}
