package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// Around is what stands around a list of incidents.
type Around struct {
	Now     string // as of Now: what changes after this was read is told from there on
	Views   []View
	Tallies []Tally
}

// Around reads it in one round trip; read the list after it.
func (s *Store) Around(ctx context.Context, by incident.Actor) (Around, error) {
	var a Around
	if err := may(by, incident.Read); err != nil {
		return a, err
	}
	b, at := &pgx.Batch{}, ""
	b.Queue(settled).QueryRow(func(row pgx.Row) error { return row.Scan(&at) })
	queueViews(b, by, &a.Views)
	queueTallies(b, by, &a.Tallies)
	if err := s.send(ctx, b); err != nil {
		return a, refuse(err, "read what stands around the list")
	}
	var err error
	a.Now, err = nowAt(at)
	return a, err
}
