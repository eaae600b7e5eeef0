package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// lifeOfReview reads the newest changes that touched review or what lint is told to leave alone.
const lifeOfReview = `
	select   ` + historyColumns + `
	from     history h
	left     join people p on p.id = h.person
	where    h.incident = $1
	and      ` + ifKnown + `
	and      (position('"path":"/review"'::bytea in h.body) > 0 or position('"path":"/silenced"'::bytea in h.body) > 0)
	order by h.version desc
	limit    100`

// Reviewing is the review of one incident as one person stands to it.
type Reviewing struct {
	In      *incident.Incident // as they may see it
	Choices []incident.ReviewChoice
	Life    []Change // the newest that touched review or silenced, newest first; at most 100
}

// Reviewing reads where the review of an incident stands, what by may do about it, and how it came there.
func (s *Store) Reviewing(ctx context.Context, by incident.Actor, n incident.Number) (*Reviewing, error) {
	in, err := s.Incident(ctx, by, n)
	if err != nil {
		return nil, err
	}
	r := &Reviewing{In: in}
	if r.Life, err = s.readChanges(ctx, by, n, lifeOfReview); err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, readAuthors, n, fold(by.Name), wrote, fold(systemName))
	if err != nil {
		return nil, refuse(err, "read who wrote "+n.String())
	}
	authors, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, refuse(err, "read who wrote "+n.String())
	}
	r.Choices = in.ReviewChoices(by, authors)
	return r, nil
}
