package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/insight"
)

const (
	dueAtOnce    = 500 // incidents whose facts are made
	monthsAtOnce = 200 // that are added up anew
)

const (
	// addUpAlone keeps others from adding up at the same time, and none from reading; it does not wait. Nothing is looked
	// at before it: what is seen is as of a moment at which nobody else was at it.
	addUpAlone = `lock table sheet_years in exclusive mode nowait`
	beginFold  = `begin isolation level repeatable read`
	dueFacts   = `
	select   incident
	from     facts_due
	order by incident
	limit    $1`
	lockAnyChain = `
	select
	from   chains
	where  incident = $1
	for    update`
	// markedMonths finds them one by one, however often each was marked.
	markedMonths = `
	with recursive marked (month) as (
		(select month from fact_marks order by month limit 1)
		union all
		select (select f.month from fact_marks f where f.month > m.month order by f.month limit 1)
		from   marked m
		where  m.month is not null
	)
	select month
	from   marked
	where  month is not null
	limit  $1`
	clearMarks = `
	delete from fact_marks
	where  month = $1`
	monthsFacts = `
	select   body
	from     facts
	where    reader = '` + everybodys + `'
	and      month = any($1::int[])
	order by incident`
	clearSheets = `
	delete from sheets
	where  period = $1`
	clearYear = `
	delete from sheet_years
	where  year = $1`
	// staleYears are those without sheets that facts were added up in, now that none of their months is marked.
	staleYears = `
	with recursive years (year) as (
		(select period / 100 from sheets where period > 9999 order by period limit 1)
		union all
		select (select period / 100 from sheets s where s.period > y.year * 100 + 12 order by period limit 1)
		from   years y
		where  y.year is not null
	)
	select year
	from   years y
	where  y.year is not null
	and    not exists (select from sheet_years k where k.year = y.year)
	and    not exists (select from fact_marks f where f.month between y.year * 100 + 1 and y.year * 100 + 12)
	limit  $1`
	monthSheets = `
	select   kind, component, severity, sheet, "values"
	from     sheets
	where    period between $1 * 100 + 1 and $1 * 100 + 12
	order by period`
	putYear = `
	insert into sheet_years (year)
	values ($1)
	on conflict on constraint sheet_years_pkey do nothing`
)

// AddUpInsights makes the facts of incidents from before facts were kept, and the sheets of months and years that were
// written to. It is a chore; writers do not wait for it, and readers are told the same before it and after.
func (s *Store) AddUpInsights(ctx context.Context) error {
	for {
		due, err := s.listDue(ctx, dueFacts, dueAtOnce)
		if err != nil {
			return err
		}
		for _, n := range due {
			if err := s.makeFacts(ctx, incident.Number(n)); err != nil {
				return fmt.Errorf("make the facts of %s: %w", incident.Number(n), err)
			}
		}
		if len(due) < dueAtOnce {
			break
		}
	}
	for _, step := range []struct {
		list string
		do   func(context.Context, pgx.Tx, insight.Period) error
	}{{markedMonths, s.addUpMonth}, {staleYears, s.addUpYear}} {
		periods, err := s.listDue(ctx, step.list, monthsAtOnce)
		if err != nil {
			return err
		}
		for _, p := range periods {
			if err := s.addUp(ctx, insight.Period(p), step.do); err != nil {
				return fmt.Errorf("add up %s: %w", insight.Period(p), err)
			}
		}
	}
	return nil
}

func (s *Store) listDue(ctx context.Context, statement string, most int) ([]int64, error) {
	rows, err := s.pool.Query(ctx, statement, most)
	if err != nil {
		return nil, fmt.Errorf("list what is to be added up: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// makeFacts makes those of an incident that has none.
func (s *Store) makeFacts(ctx context.Context, n incident.Number) error {
	return s.write(ctx, System(), incident.Write, "make facts", func(w *writer) error {
		r := reading{number: n, audit: true}
		ours := false // nobody edited it meanwhile
		err := w.begin(ctx, func(b *pgx.Batch) {
			b.Queue(lockAnyChain, n)
			b.Queue(haveFacts, n).Exec(func(tag pgconn.CommandTag) error {
				ours = tag.RowsAffected() == 1
				return nil
			})
			r.queue(b, auditRecord)
		})
		if err != nil || !ours || !r.found {
			return err
		}
		in := r.record()
		is, err := newFacts(in, insight.Of(in, nil, in.CreatedAt))
		if err != nil {
			return err
		}
		w.keepFacts(n, keptFacts{}, is)
		return w.commit(ctx, nil)
	})
}

// addUp runs a step of its own for a period, which sees all as of one moment, unless another process is at it.
func (s *Store) addUp(ctx context.Context, p insight.Period, do func(context.Context, pgx.Tx, insight.Period) error) error {
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{BeginQuery: beginFold})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }() // after a commit it does nothing
	if _, err := tx.Exec(ctx, addUpAlone); lockTaken(err) {
		return nil
	} else if err != nil {
		return err
	}
	if err := do(ctx, tx, p); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// lockTaken tells whether a lock was not waited for.
func lockTaken(err error) bool {
	var fault *pgconn.PgError
	return errors.As(err, &fault) && fault.Code == "55P03" // lock_not_available
}

// addUpMonth makes the sheets of a month from its facts. What is written meanwhile is marked, and seen the next time.
func (s *Store) addUpMonth(ctx context.Context, tx pgx.Tx, month insight.Period) error {
	year := month.YearOf()
	for _, step := range []struct {
		statement string
		of        insight.Period
	}{{clearMarks, month}, {clearSheets, month}, {clearYear, year}, {clearSheets, year}} {
		if _, err := tx.Exec(ctx, step.statement, step.of); err != nil {
			return err
		}
	}
	rows, err := tx.Query(ctx, monthsFacts, []insight.Period{month})
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[insight.Facts])
	if err != nil {
		return err
	}
	return keepSheets(ctx, tx, month, insight.Sheets(all, s.clock()))
}

// addUpYear makes the sheets of a year from those of its months.
func (s *Store) addUpYear(ctx context.Context, tx pgx.Tx, year insight.Period) error {
	marked, err := anyMarked(ctx, tx, year)
	if err != nil || marked {
		return err
	}
	sums, err := readSheets(ctx, tx, year, s.clock())
	if err != nil {
		return err
	}
	if tag, err := tx.Exec(ctx, putYear, year); err != nil || tag.RowsAffected() == 0 { // or it was added up since it was listed
		return err
	}
	return keepSheets(ctx, tx, year, sums)
}

// marksIn tells which of some months are marked.
const marksIn = `
	select m
	from   unnest($1::int[]) m
	where  exists (select from fact_marks f where f.month = m)`

func anyMarked(ctx context.Context, tx pgx.Tx, year insight.Period) (bool, error) {
	rows, err := tx.Query(ctx, marksIn, monthsOf(year))
	if err != nil {
		return false, err
	}
	marked, err := pgx.CollectRows(rows, pgx.RowTo[insight.Period])
	return len(marked) > 0, err
}

func monthsOf(year insight.Period) (all []insight.Period) {
	for m := year*100 + 1; m <= year*100+12; m++ {
		all = append(all, m)
	}
	return all
}

// eachRow runs a query and scans its rows, one by one, to the same places.
func eachRow(ctx context.Context, tx pgx.Tx, statement string, args, to []any, do func() error) error {
	rows, err := tx.Query(ctx, statement, args...)
	if err != nil {
		return err
	}
	if _, err := pgx.ForEachRow(rows, to, do); err != nil {
		return err
	}
	return rows.Err()
}

// readSheets adds up the sheets of the months of a year.
func readSheets(ctx context.Context, tx pgx.Tx, year insight.Period, today time.Time) (map[insight.Cell]*insight.Sheet, error) {
	sums := map[insight.Cell]*insight.Sheet{}
	var c insight.Cell
	var head, values []byte
	err := eachRow(ctx, tx, monthSheets, []any{year}, []any{&c.Kind, &c.Component, &c.Severity, &head, &values}, func() error {
		one, err := insight.Kept(head)
		if err != nil {
			return err
		}
		if err := one.Fill(values); err != nil {
			return err
		}
		if sums[c] == nil {
			sums[c] = insight.NewSheet()
		}
		sums[c].Merge(one, today)
		return nil
	})
	return sums, err
}

func keepSheets(ctx context.Context, tx pgx.Tx, p insight.Period, all map[insight.Cell]*insight.Sheet) error {
	rows := make([][]any, 0, len(all))
	for _, c := range slices.SortedFunc(maps.Keys(all), func(a, b insight.Cell) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Component, b.Component), cmp.Compare(a.Severity, b.Severity))
	}) {
		head, values := all[c].Keep()
		if values == nil {
			values = []byte{}
		}
		rows = append(rows, []any{p, c.Kind, c.Component, c.Severity, head, values})
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"sheets"}, []string{"period", "kind", "component", "severity", "sheet", "values"}, pgx.CopyFromRows(rows))
	return err
}
