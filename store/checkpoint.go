package store

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// mostHeads is how many heads one checkpoint names.
const mostHeads = 1000

// anchor is a head as a checkpoint names it.
type anchor struct {
	Incident incident.Number `json:"incident"`
	Version  int64           `json:"version"`
	MAC      []byte          `json:"mac"`
}

// anchored is a row of checkpoints.
type anchored struct {
	id    int64
	at    time.Time
	heads []byte // JSON of anchors
	mac   []byte
}

// anchor chains a checkpoint to the one before it.
func (s *Store) anchor(before []byte, c anchored) []byte {
	id := binary.BigEndian.AppendUint64(nil, uint64(c.id)) //nolint:gosec // ids are positive
	at := binary.BigEndian.AppendUint64(nil, uint64(c.at.UnixMicro()))
	return s.digest("checkpoint", before, id, at, c.heads)
}

const (
	// lockCheckpoints makes checkpoints follow each other.
	lockCheckpoints = `
	lock table checkpoints in share row exclusive mode`
	lastCheckpoint = `
	select   id, mac
	from     checkpoints
	order by id desc
	limit    1`
	movedHeads = `
	select   incident, version, mac
	from     chains
	where    version > covered
	order by incident
	limit    $1
	for      update skip locked`
	ownHead = `
	select incident, version, mac
	from   chains
	where  incident = 0
	for    update skip locked`
	insertCheckpoint = `
	insert into checkpoints (id, at, heads, mac)
	values ($1, $2, $3, $4)`
	coverHeads = `
	update chains c
	set    checkpoint = $1, covered = c.version, seal = given.seal
	from   unnest($2::bigint[], $3::bytea[]) as given (incident, seal)
	where  c.incident = given.incident`
)

// Checkpoint names the heads of all chains that moved since the last checkpoint, so that a chain that is cut
// together with its head, or gone with its incident, shows in Verify. It is a chore; chains that
// are being written to wait for the next time. The installation's own chain is in each, so that the last one cannot be
// cut unseen together with all that only it names.
func (s *Store) Checkpoint(ctx context.Context) error {
	for {
		var moved int
		err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) (err error) {
			moved, err = s.checkpoint(ctx, tx)
			return err
		})
		if err != nil {
			return fmt.Errorf("make a checkpoint: %w", err)
		}
		if moved < mostHeads {
			return nil
		}
	}
}

func (s *Store) checkpoint(ctx context.Context, tx pgx.Tx) (moved int, err error) {
	if _, err := tx.Exec(ctx, lockCheckpoints); err != nil {
		return 0, err
	}
	var last anchored
	if err := tx.QueryRow(ctx, lastCheckpoint).Scan(&last.id, &last.mac); err != nil && !absent(err) {
		return 0, err
	}
	heads, err := headsOf(ctx, tx, movedHeads, mostHeads)
	if moved = len(heads); err != nil || moved == 0 {
		return 0, err
	}
	if heads[0].Incident != 0 {
		own, err := headsOf(ctx, tx, ownHead)
		if err != nil {
			return 0, err
		}
		heads = append(heads, own...)
	}
	c := anchored{id: last.id + 1, at: s.clock()}
	if c.heads, err = json.Marshal(heads); err != nil {
		return 0, err
	}
	c.mac = s.anchor(last.mac, c)
	numbers, seals := make([]incident.Number, len(heads)), make([][]byte, len(heads))
	for i, h := range heads {
		numbers[i], seals[i] = h.Incident, s.seal(head{h.Incident, h.Version, h.MAC, c.id})
	}
	b := &pgx.Batch{}
	b.Queue(insertCheckpoint, c.id, c.at, c.heads, c.mac)
	b.Queue(coverHeads, c.id, numbers, seals)
	return moved, tx.SendBatch(ctx, b).Close()
}

func headsOf(ctx context.Context, tx pgx.Tx, statement string, args ...any) ([]anchor, error) {
	rows, err := tx.Query(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[anchor])
}
