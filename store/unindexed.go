package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
)

const (
	// dispensable are indexes that no constraint needs, with what makes them again; the dearest come first.
	dispensable = `
	select   format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
	from     pg_index i
	join     pg_class c on c.oid = i.indexrelid
	join     pg_am    a on a.oid = c.relam
	where    c.relnamespace = 'public'::regnamespace
	and      not exists (select from pg_constraint k where k.conindid = i.indexrelid)
	order by a.amname <> 'gin', c.relname`
	// references are the foreign keys.
	references = `
	select   format('alter table %s drop constraint %I', conrelid::regclass, conname),
	         format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
	from     pg_constraint
	where    contype = 'f'
	and      connamespace = 'public'::regnamespace
	order by conrelid::regclass::text, conname`
	buildMemory = `set maintenance_work_mem = '256MB'`
	buildAtOnce = 2
)

// Unindexed runs do while the indexes and references of a database are away, which is how one that is empty is
// filled soonest, and makes them again. Nothing else may use the database meanwhile. When do fails they stay away:
// throw the database away.
func Unindexed(ctx context.Context, url string, do func() error) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // what it did has been answered
	indexes, err := putAway(ctx, conn, dispensable)
	if err != nil {
		return fmt.Errorf("put indexes away: %w", err)
	}
	keys, err := putAway(ctx, conn, references)
	if err != nil {
		return fmt.Errorf("put references away: %w", err)
	}
	if err := do(); err != nil {
		return err
	}
	if err := makeAgain(ctx, url, indexes); err != nil {
		return fmt.Errorf("make indexes again: %w", err)
	}
	for _, k := range keys {
		if _, err := conn.Exec(ctx, k); err != nil {
			return fmt.Errorf("make references again: %w", err)
		}
	}
	if _, err := conn.Exec(ctx, `vacuum (analyze)`); err != nil {
		return fmt.Errorf("tell the planner what is there: %w", err)
	}
	return nil
}

// putAway runs the statements of the first column, and gives those of the second, which undo them.
func putAway(ctx context.Context, conn *pgx.Conn, list string) (undo []string, err error) {
	rows, err := conn.Query(ctx, list)
	if err != nil {
		return nil, err
	}
	type pair struct{ Away, Back string }
	pairs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[pair])
	for _, p := range pairs {
		if _, err := conn.Exec(ctx, p.Away); err != nil {
			return nil, err
		}
		undo = append(undo, p.Back)
	}
	return undo, err
}

// makeAgain runs statements that do not depend on each other, some at once.
func makeAgain(ctx context.Context, url string, statements []string) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(buildAtOnce)
	for statement := range slices.Values(statements) {
		g.Go(func() error {
			conn, err := pgx.Connect(ctx, url)
			if err != nil {
				return err
			}
			defer func() { _ = conn.Close(ctx) }() // as above
			if _, err := conn.Exec(ctx, buildMemory); err != nil {
				return err
			}
			_, err = conn.Exec(ctx, statement)
			return err
		})
	}
	return g.Wait()
}
