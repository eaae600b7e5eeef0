package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// indexedAtOnce bounds what is read to see what is left.
const indexedAtOnce = 100

const (
	// toIndex lists incidents whose searched words are still to be made, the newest first.
	toIndex = `
	select   incident
	from     unindexed
	order by incident desc
	limit    $1`
	// lockIndexed makes the writers of an incident wait for its words.
	lockIndexed = `
	select
	from   chains
	where  incident = $1
	for    update`
	// indexed takes an incident from those to index.
	indexed = `
	delete from unindexed
	where  incident = $1`
	// isUnindexed tells whether there are any.
	isUnindexed = `
	select exists (select from unindexed)`
)

// IndexRecords makes the searched words of records that have none, as after a migration. It is a chore: until it is
// done, searches say so.
func (s *Store) IndexRecords(ctx context.Context) error {
	for {
		rows, err := s.work.Query(ctx, toIndex, indexedAtOnce)
		if err != nil {
			return fmt.Errorf("list records to index: %w", err)
		}
		numbers, err := pgx.CollectRows(rows, pgx.RowTo[incident.Number])
		if err != nil {
			return fmt.Errorf("list records to index: %w", err)
		}
		for _, n := range numbers {
			if err := s.indexRecord(ctx, n); err != nil {
				return err
			}
		}
		if len(numbers) < indexedAtOnce {
			return nil
		}
	}
}

func (s *Store) indexRecord(ctx context.Context, n incident.Number) error {
	return s.write(ctx, System(), incident.Administer, fmt.Sprintf("index %s", n), func(w *writer) error {
		r := reading{number: n, audit: true}
		err := w.begin(ctx, func(b *pgx.Batch) {
			b.Queue(lockIndexed, n)
			r.queue(b, auditRecord)
		})
		if err != nil {
			return err
		}
		if r.found {
			w.index(nil, r.record())
		}
		w.batch.Queue(indexed, n)
		return w.commit(ctx, nil)
	})
}
