package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/insight"
)

// uncounted is the reader of facts that nobody is told: no name is a space. They are kept because they know since when
// follow-ups are done.
const uncounted = " "

const (
	// readFacts reads what is kept of an incident, which is the same for each of its readers.
	readFacts = `
	select body
	from   facts
	where  incident = $1
	and    ` + ifKnown + `
	limit  1`
	putFacts = `
	insert into facts (incident, reader, month, waiting, body)
	select $1, unnest($2::text[]), $3, $4, $5
	on conflict on constraint facts_pkey do update
	set    month = excluded.month, waiting = excluded.waiting, body = excluded.body`
	dropFacts = `
	delete from facts
	where  incident = $1
	and    reader <> all($2::text[])`
	markMonths = `
	insert into fact_marks (month)
	select unnest($1::int[])`
	haveFacts = `
	delete from facts_due
	where  incident = $1`
)

// readersOf are those who are told the facts of an incident.
func readersOf(in *incident.Incident) []string {
	switch {
	case !insight.Counts(in):
		return []string{uncounted}
	case in.Visibility != incident.VisiblePrivate:
		return []string{everybodys}
	}
	return in.Names()
}

// keptFacts are the rows of an incident in facts.
type keptFacts struct {
	readers []string
	facts   insight.Facts
	body    []byte
}

func newFacts(in *incident.Incident, f insight.Facts) (k keptFacts, err error) {
	k = keptFacts{readers: readersOf(in), facts: f}
	if k.body, err = json.Marshal(f); err != nil {
		return k, fmt.Errorf("write facts: %w", err)
	}
	return k, nil
}

// waiting is until when the last promise that nothing followed may be kept.
func (k keptFacts) waiting() *time.Time {
	if len(k.facts.Unanswered) == 0 {
		return nil
	}
	last := slices.MaxFunc(k.facts.Unanswered, time.Time.Compare)
	return &last
}

// marks is the month that the facts are added up in, 0 when they are in none.
func (k keptFacts) marks() insight.Period {
	if slices.Contains(k.readers, everybodys) {
		return k.facts.Month()
	}
	return 0
}

// countFacts keeps the facts of an incident that is not as it was before, nil when it is new.
func (w *writer) countFacts(before, after *incident.Incident) error {
	var old *insight.Facts
	var was keptFacts
	if before != nil {
		if old = w.facts; old == nil { // the chore has not come to it yet
			first := insight.Of(before, nil, before.CreatedAt)
			old = &first
		}
		var err error
		if was, err = newFacts(before, *old); err != nil {
			return err
		}
	}
	is, err := newFacts(after, insight.Of(after, old, w.at))
	if err != nil {
		return err
	}
	if before != nil && w.facts != nil && bytes.Equal(was.body, is.body) && slices.Equal(was.readers, is.readers) {
		return nil
	}
	if before != nil && w.facts == nil {
		w.batch.Queue(haveFacts, after.Number)
	}
	w.keepFacts(after.Number, was, is)
	return nil
}

// keepFacts queues the rows of an incident.
func (w *writer) keepFacts(n incident.Number, was, is keptFacts) {
	for _, month := range []insight.Period{was.marks(), is.marks()} {
		if month != 0 {
			w.marked[month] = true
		}
	}
	if was.readers != nil && !slices.Equal(was.readers, is.readers) {
		w.batch.Queue(dropFacts, n, is.readers)
	}
	w.batch.Queue(putFacts, n, is.readers, is.facts.Month(), is.waiting(), is.body)
}

func (w *writer) queueMarks() {
	if len(w.marked) > 0 {
		w.batch.Queue(markMonths, slices.Sorted(maps.Keys(w.marked)))
	}
}

// intoFacts reads what readFacts gives.
func intoFacts(into **insight.Facts) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		defer rows.Close()
		if !rows.Next() {
			return rows.Err()
		}
		*into = &insight.Facts{}
		return rows.Scan(*into)
	}
}
