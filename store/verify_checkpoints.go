package store

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

const (
	someCheckpoints = `
	select   id, at, heads, mac
	from     checkpoints
	where    id > $1
	order by id
	limit    $2`
	// lostHeads lists the heads of checkpoint $4 that the history does not hold, or after which a chain would not be
	// covered again though it moved.
	lostHeads = `
	select given.incident, given.version, h.mac is distinct from given.mac
	from   unnest($1::bigint[], $2::bigint[], $3::bytea[]) as given (incident, version, mac)
	left   join history h on h.incident = given.incident and h.version = given.version
	left   join chains  c on c.incident = given.incident and c.checkpoint = $4
	where  h.mac is distinct from given.mac
	or     c.covered <> given.version`
)

// atOnce is how many checkpoints are held in memory.
const atOnce = 20

// checkpoints recomputes their chain, and looks for every head that they name. Called again, it goes on with those
// made since.
func (v *verifying) checkpoints(ctx context.Context) error {
	for {
		rows, err := v.s.pool.Query(ctx, someCheckpoints, v.lastCheckpoint, atOnce)
		if err != nil {
			return err
		}
		batch, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c anchored, err error) {
			err = row.Scan(&c.id, &c.at, &c.heads, &c.mac)
			return c, err
		})
		if err != nil {
			return err
		}
		for _, c := range batch {
			v.Report.Checkpoints++
			if c.id != v.lastCheckpoint+1 {
				v.find(0, 0, "checkpoints up to %d are missing", c.id-1)
			}
			if !equal(c.mac, v.s.anchor(v.lastMAC, c)) {
				v.find(0, 0, "checkpoint %d was changed, or the one before it", c.id)
			}
			v.lastMAC, v.lastCheckpoint = c.mac, c.id
			if err := v.heads(ctx, c); err != nil {
				return err
			}
		}
		if len(batch) < atOnce {
			return nil
		}
	}
}

func (v *verifying) heads(ctx context.Context, c anchored) error {
	var heads []anchor
	if err := json.Unmarshal(c.heads, &heads); err != nil {
		v.find(0, 0, "checkpoint %d cannot be read", c.id)
		return nil
	}
	numbers, versions, macs := make([]incident.Number, len(heads)), make([]int64, len(heads)), make([][]byte, len(heads))
	for i, h := range heads {
		numbers[i], versions[i], macs[i] = h.Incident, h.Version, h.MAC
	}
	rows, err := v.s.pool.Query(ctx, lostHeads, numbers, versions, macs, c.id)
	if err != nil {
		return err
	}
	type lost struct {
		Incident incident.Number
		Version  int64
		Gone     bool
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[lost])
	for _, h := range all {
		if h.Gone {
			v.find(h.Incident, h.Version, "checkpoint %d knows this version, and it is gone", c.id)
		} else {
			v.find(h.Incident, h.Version, "checkpoint %d covers the chain up to here, and it claims another version", c.id)
		}
	}
	return err
}
