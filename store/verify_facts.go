package store

import (
	"bytes"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/insight"
)

const (
	// auditFacts reads what is kept of an incident for each of its readers, and nothing where a chore is still to make it.
	auditFacts = `
	select   reader, month, body, exists (select from facts_due d where d.incident = $1)
	from     (select $1::bigint as incident) this
	left     join facts f using (incident)
	order by reader collate "C"`
	// keptYears lists the years that anything was added up for, or is to be.
	keptYears = `
	select distinct year
	from   (
		select case when period < 10000 then period else period / 100 end from sheets
		union all
		select month / 100 from facts where reader = '` + everybodys + `'
		union all
		select year from sheet_years) as all_years (year)
	order by 1
	limit  $1`
	auditSheets = `
	select period, kind, component, severity, sheet, "values"
	from   sheets
	where  period = $1
	or     period between $1 * 100 + 1 and $1 * 100 + 12`
)

// mostYears is more than there are from 1970 to 2200.
const mostYears = 1000

// countedFacts are the rows of an incident in facts.
type countedFacts struct {
	readers []string
	months  []insight.Period
	facts   []insight.Facts
	due     bool
}

func (k *countedFacts) collect(rows pgx.Rows) error {
	var reader *string
	var month *insight.Period
	var f *insight.Facts
	_, err := pgx.ForEachRow(rows, []any{&reader, &month, &f, &k.due}, func() error {
		if reader != nil && month != nil && f != nil {
			k.readers, k.months, k.facts = append(k.readers, *reader), append(k.months, *month), append(k.facts, *f)
		}
		reader, month, f = nil, nil, nil
		return nil
	})
	return err
}

// facts compares what is kept of an incident with its record. When follow-ups were done, no record says.
func (v *verifying) facts(in *incident.Incident, k countedFacts) error {
	if k.due {
		return nil
	}
	if !slices.Equal(k.readers, readersOf(in)) {
		v.find(in.Number, in.Version, "what insights count of it is not kept for those who may know of it")
		return nil
	}
	for i := range k.facts {
		is, err := newFacts(in, insight.Of(in, &k.facts[i], in.CreatedAt))
		if err != nil {
			return err
		}
		kept, err := newFacts(in, k.facts[i])
		if err != nil {
			return err
		}
		if !bytes.Equal(is.body, kept.body) || k.months[i] != is.facts.Month() {
			v.find(in.Number, in.Version, "what insights count of it is not what the record says")
			return nil
		}
	}
	return nil
}

// sheets adds up all facts anew and compares, a year at a time, as of one moment.
func (v *verifying) sheets(ctx context.Context) error {
	years, err := v.s.listDue(ctx, keptYears, mostYears)
	if err != nil {
		return err
	}
	for _, y := range years {
		if err := v.yearOfSheets(ctx, insight.Period(y)); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifying) yearOfSheets(ctx context.Context, year insight.Period) error {
	tx, err := v.s.pool.BeginTx(ctx, pgx.TxOptions{BeginQuery: beginRead})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }() // nothing was written
	a := answering{Reading: &insight.Reading{Question: insight.Question{Range: insight.Range{From: year*100 + 1, To: year*100 + 12}}}}
	if err := a.state(ctx, tx); err != nil {
		return err
	}
	is, err := v.addUp(ctx, tx, year, &a)
	if err != nil {
		return err
	}
	var p insight.Period
	var c insight.Cell
	var head, values []byte
	err = eachRow(ctx, tx, auditSheets, []any{year}, []any{&p, &c.Kind, &c.Component, &c.Severity, &head, &values}, func() error {
		if a.marked[p] || p.Year() && !a.years[p] {
			return nil
		}
		if !v.sameSheet(head, values, is[p][c]) {
			v.find(0, 0, "the insights of %s, of kind %s, severity %q and component %q, are not what the incidents add up to", p, c.Kind, c.Severity, c.Component)
		}
		delete(is[p], c)
		return nil
	})
	for p, left := range is {
		if len(left) > 0 {
			v.find(0, 0, "the insights of %s lack what %d sheets should tell", p, len(left))
		}
	}
	return err
}

// addUp makes the sheets of all months of a year that are not marked, and of the year when it has any.
func (v *verifying) addUp(ctx context.Context, tx pgx.Tx, year insight.Period, a *answering) (map[insight.Period]map[insight.Cell]*insight.Sheet, error) {
	rows, err := tx.Query(ctx, monthsFacts, monthsOf(year))
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[insight.Facts])
	if err != nil {
		return nil, err
	}
	months := map[insight.Period][]insight.Facts{}
	for i := range all {
		if m := all[i].Month(); !a.marked[m] {
			months[m] = append(months[m], all[i])
		}
	}
	is := map[insight.Period]map[insight.Cell]*insight.Sheet{}
	for m, facts := range months {
		is[m] = insight.Sheets(facts, v.s.clock())
	}
	if a.years[year] {
		is[year] = insight.Sheets(all, v.s.clock())
	}
	return is, nil
}

// sameSheet compares a kept sheet with another as they are told today.
func (v *verifying) sameSheet(head, values []byte, is *insight.Sheet) bool {
	kept, err := insight.Kept(head)
	if err != nil || is == nil || kept.Fill(values) != nil {
		return false
	}
	today := insight.NewSheet()
	today.Merge(kept, v.s.clock())
	a, b := today.Keep()
	c, d := is.Keep()
	return bytes.Equal(a, c) && bytes.Equal(b, d)
}
