package store

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// visitTime is how long somebody is taken to be here without a sign of it.
const visitTime = 45 * time.Second

// Visit is somebody looking at an incident.
type Visit struct {
	s  *Store
	id int64
	by incident.Actor
	n  incident.Number
}

const (
	// stay notes that the reader $2 looks at an incident, if they may.
	stay = `
	insert into visits as v (id, incident, person, until)
	select $3, i.number, $4, $5
	from   incidents i
	where  i.number = $1
	and    ` + visible + `
	on conflict on constraint visits_pkey do update
	set    until = excluded.until`
	leave = `
	delete from visits
	where  id = $1`

	// visitors lists who looks at an incident but the reader, as far as both may know of it.
	visitors = `
	select   distinct p.name
	from     visits v
	join     people p on p.id = v.person
	join     incidents i on i.number = v.incident
	where    v.incident = $1
	and      ` + visible + `
	and      (i.visibility = 'internal' or exists (
		select from named n where n.incident = i.number and n.name = p.folded))
	and      not p.disabled
	and      v.until > $3
	and      v.person <> $4
	order by p.name
	limit    200`
	dropOldVisits = `
	delete from visits
	where  until <= $1`
)

// Visit begins a visit of by. Whoever may not know of the incident comes unseen. End it with Leave.
func (s *Store) Visit(ctx context.Context, by incident.Actor, n incident.Number) (*Visit, error) {
	var random [8]byte
	_, _ = rand.Read(random[:])                                                    // never fails
	v := &Visit{s: s, id: int64(binary.BigEndian.Uint64(random[:])), by: by, n: n} //nolint:gosec // any 64 bits will do
	if err := v.Stay(ctx); err != nil {
		return nil, err
	}
	v.tell()
	return v, nil
}

// Stay gives a sign that the visit goes on. One is due every 15 seconds.
func (v *Visit) Stay(ctx context.Context) error {
	now := v.s.clock()
	_, err := v.s.pool.Exec(ctx, stay, v.n, fold(v.by.Name), v.id, v.by.PersonID, now.Add(visitTime))
	return refuse(err, "note a visit")
}

// Others lists the names of the others who look at the incident now.
func (v *Visit) Others(ctx context.Context) ([]string, error) {
	rows, err := v.s.pool.Query(ctx, visitors, v.n, fold(v.by.Name), v.s.clock(), v.by.PersonID)
	if err != nil {
		return nil, refuse(err, "read who is here")
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return names, refuse(err, "read who is here")
}

// Leave ends the visit.
func (v *Visit) Leave(ctx context.Context) error {
	_, err := v.s.pool.Exec(ctx, leave, v.id)
	v.tell()
	return refuse(err, "end a visit")
}

func (v *Visit) tell() { v.s.news(map[incident.Number]bool{v.n: true}) }
