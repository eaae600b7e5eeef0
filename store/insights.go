package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/insight"
)

// mostLive is how many facts are added up for one reader: those of months that were written to, and the reader's own.
const mostLive = 50_000

// InsightFilter says what figures are about.
type InsightFilter struct {
	From, To  string                // months, as 2013-07; see insight.ReadRange
	Kind      incident.IncidentKind // "": incidents
	Severity  string                // "": all
	Component string                // "": all; compared without case
}

const (
	// insightState tells which years of $1 have sheets, which months of $2 are marked, and whether incidents wait for
	// their facts.
	insightState = `
	select array(select year from sheet_years where year = any($1::int[])),
	       array(select m from unnest($2::int[]) m where exists (select from fact_marks f where f.month = m)),
	       exists (select from facts_due)`
	keptSheets = `
	select id, period, sheet
	from   sheets
	where  kind = $1
	and    component = $2
	and    severity = $3
	and    period = any($4::int[])`
	// liveFacts reads those of everybody's months $1, and of the reader $2 between $3 and $4, at most $5 of each.
	liveFacts = `
	(select body, true
	from   facts
	where  reader = '` + everybodys + `'
	and    month = any($1::int[])
	limit  $5)
	union all
	(select body, false
	from   facts
	where  reader = $2
	and    reader not in ('` + everybodys + `', '` + uncounted + `')
	and    month between $3 and $4
	limit  $5)`
	// openPromises reads the facts of the months between $2 and $3 with promises that may still be kept at $4.
	openPromises = `
	select body
	from   facts
	where  reader = any($1::text[])
	and    waiting >= $4
	and    month between $2 and $3`
	// deployedByMonth adds up what writers kept of each day of a component, "" for all.
	deployedByMonth = `
	select   extract(year from d.day)::int * 100 + extract(month from d.day)::int, sum(d.succeeded)::bigint, sum(d.failed)::bigint,
	         count(*) filter (where d.succeeded > 0)
	from     deployment_days d
	where    d.component = $1
	and      d.day >= $2
	and      d.day < $3
	group by 1`
	someValues = `
	select p.row, p.at, substr(s."values", p.at + 1, p.size)
	from   unnest($1::bigint[], $2::int[], $3::int[]) as p (row, at, size)
	join   sheets s on s.id = p.row`
)

// Insights gives the figures of a question, as of one moment, from kept sheets, the facts of months that were written to
// since, and private incidents that by is named on. They count what the list with the filters that each names shows to by.
func (s *Store) Insights(ctx context.Context, by incident.Actor, f InsightFilter) (*incident.Insights, error) {
	if err := may(by, incident.Read); err != nil {
		return nil, err
	}
	now := s.clock()
	r, err := f.reading(now)
	if err != nil {
		return nil, err
	}
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{BeginQuery: beginRead})
	if err != nil {
		return nil, refuse(err, "read insights")
	}
	defer func() { _ = tx.Rollback(ctx) }() // nothing was written
	a := answering{Reading: r, reader: fold(by.Name), now: now}
	for _, step := range []func(context.Context, pgx.Tx) error{a.state, a.sheets, a.pieces} {
		if err := step(ctx, tx); err != nil {
			return nil, refuse(err, "read insights")
		}
	}
	figures := a.Figures()
	figures.Incomplete = a.incomplete
	return figures, nil
}

// reading understands the filter.
func (f InsightFilter) reading(now time.Time) (*insight.Reading, error) {
	months, err := insight.ReadRange(f.From, f.To, now)
	if err != nil {
		return nil, err
	}
	if f.Kind == "" {
		f.Kind = incident.KindIncident
	}
	if incident.Course(f.Kind) == nil {
		return nil, incident.Refuse(incident.Malformed, "kind", fmt.Sprintf("kind is %.40q: choose incident, near_miss or maintenance", f.Kind))
	}
	switch incident.Severity(f.Severity) {
	case "", incident.SEV1, incident.SEV2, incident.SEV3, incident.SEV4:
	default:
		return nil, incident.Refuse(incident.Malformed, "severity", fmt.Sprintf("severity is %.40q: choose one of sev1 to sev4", f.Severity))
	}
	q := insight.Question{Range: months, Kind: f.Kind, Severity: f.Severity, Component: f.Component}
	return &insight.Reading{Question: q, Sheets: map[insight.Period][]*insight.Sheet{}, Deployed: map[insight.Period]insight.Deployed{}, Today: now}, nil
}

// answering is an answer on its way.
type answering struct {
	*insight.Reading
	reader     string
	now        time.Time
	marked     map[insight.Period]bool
	years      map[insight.Period]bool // whose sheets are made, and which no mark is in
	incomplete bool
}

// first and last are the months that are read, with those before the range.
func (a *answering) first() insight.Period { return a.Before().From }
func (a *answering) last() insight.Period  { return a.To }

// state asks which sheets can be read.
func (a *answering) state(ctx context.Context, tx pgx.Tx) error {
	var years, months, made, marked []insight.Period
	for m := a.first(); m <= a.last(); m = m.Next(1) {
		months = append(months, m)
		if y := m.YearOf(); len(years) == 0 || years[len(years)-1] != y {
			years = append(years, y)
		}
	}
	if err := tx.QueryRow(ctx, insightState, years, months).Scan(&made, &marked, &a.incomplete); err != nil {
		return err
	}
	a.marked, a.years = map[insight.Period]bool{}, map[insight.Period]bool{}
	for _, y := range made {
		a.years[y] = true
	}
	for _, m := range marked {
		a.marked[m] = true
		delete(a.years, m.YearOf())
	}
	return nil
}

// sheets reads those that are kept, and adds up what is in none.
func (a *answering) sheets(ctx context.Context, tx pgx.Tx) error {
	var kept, live []insight.Period
	for _, p := range a.Periods(func(y insight.Period) bool { return a.years[y] }) {
		if a.marked[p] {
			live = append(live, p)
		} else {
			kept = append(kept, p)
		}
	}
	all, over, err := a.facts(ctx, tx, live)
	if err != nil {
		return err
	}
	if over { // more was written than can be added up here: those months stand as they were
		kept, a.incomplete = append(kept, live...), true
	}
	a.add(all)
	b, c := &pgx.Batch{}, a.Cell()
	b.Queue(keptSheets, c.Kind, c.Component, c.Severity, kept).Query(func(rows pgx.Rows) error {
		var row int64
		var p insight.Period
		var head []byte
		_, err := pgx.ForEachRow(rows, []any{&row, &p, &head}, func() error {
			sheet, err := insight.Kept(head)
			if err != nil {
				return err
			}
			sheet.Row = row
			a.Sheets[p] = append(a.Sheets[p], sheet)
			return nil
		})
		return err
	})
	b.Queue(openPromises, []string{everybodys, a.reader}, a.From, a.To, a.now).Query(func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, pgx.RowTo[insight.Facts])
		for i := range all {
			for _, until := range all[i].Unanswered {
				if c.Of(&all[i]) && !until.Before(a.now) {
					a.Open++
				}
			}
		}
		return err
	})
	b.Queue(deployedByMonth, fold(a.Component), a.first().Begins(), a.last().Next(1).Begins()).Query(func(rows pgx.Rows) error {
		var month insight.Period
		var d insight.Deployed
		_, err := pgx.ForEachRow(rows, []any{&month, &d.Succeeded, &d.Failed, &d.Days}, func() error {
			a.Deployed[month] = d
			return nil
		})
		return err
	})
	return tx.SendBatch(ctx, b).Close()
}

// facts reads those of everybody's months and the reader's own; over tells that the months have too many.
func (a *answering) facts(ctx context.Context, tx pgx.Tx, months []insight.Period) (all []insight.Facts, over bool, err error) {
	var own []insight.Facts
	var f insight.Facts
	var everybodys bool
	err = eachRow(ctx, tx, liveFacts, []any{months, a.reader, a.first(), a.last(), mostLive + 1}, []any{&f, &everybodys}, func() error {
		if everybodys {
			all = append(all, f)
		} else {
			own = append(own, f)
		}
		f = insight.Facts{}
		return nil
	})
	if over = len(all) > mostLive; over {
		all = nil
	}
	if len(own) > mostLive {
		own, a.incomplete = own[:mostLive], true
	}
	return append(all, own...), over, err
}

// add makes sheets of facts, one for each month.
func (a *answering) add(all []insight.Facts) {
	made, c := map[insight.Period]*insight.Sheet{}, a.Cell()
	for i := range all {
		if !c.Of(&all[i]) {
			continue
		}
		month := all[i].Month()
		if made[month] == nil {
			made[month] = insight.NewSheet()
			a.Sheets[month] = append(a.Sheets[month], made[month])
		}
		made[month].Add(&all[i], a.Today)
	}
}

// pieces reads what the figures need of the values of kept sheets.
func (a *answering) pieces(ctx context.Context, tx pgx.Tx) error {
	type place struct {
		row int64
		at  int
	}
	asked, missing := map[place]insight.Piece{}, 0
	var rowsOf []int64
	var at, size []int
	for _, p := range a.Pieces() {
		asked[place{p.Row, p.At}] = p
		rowsOf, at, size = append(rowsOf, p.Row), append(at, p.At), append(size, p.Size)
	}
	if missing = len(rowsOf); missing == 0 {
		return nil
	}
	var got place
	var values []byte
	err := eachRow(ctx, tx, someValues, []any{rowsOf, at, size}, []any{&got.row, &got.at, &values}, func() error {
		missing--
		return asked[got].Fill(values)
	})
	if err == nil && missing != 0 {
		err = fmt.Errorf("%d pieces of sheets are missing", missing)
	}
	return err
}
