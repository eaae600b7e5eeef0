package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// Report is what Verify found. Nothing was tampered with when Findings is empty.
type Report struct {
	Incidents   int64     `json:"incidents"`
	Changes     int64     `json:"changes"`
	Checkpoints int64     `json:"checkpoints"`
	Findings    []Finding `json:"findings"` // at most 1,000
}

// Finding is one thing that is not as the history says.
type Finding struct {
	Incident incident.Number `json:"incident"` // 0: the installation's own history
	Version  int64           `json:"version,omitempty"`
	What     string          `json:"what"`
}

const (
	// someChains lists what has a chain or should have one, in keyset batches.
	someChains = `
	(select incident from chains where incident > $1 order by incident limit $2)
	union
	(select number from incidents where number > $1 order by number limit $2)
	union
	(select 0 where 0 > $1 and exists (select from people))
	order by 1
	limit $2`
	lostHistory = `
	select distinct incident
	from   history h
	where  not exists (select from chains c where c.incident = h.incident)
	limit  $1`
	readChain = `
	select version, updated_at, mac, checkpoint, seal
	from   chains
	where  incident = $1`
	readHistory = `
	select   version, at, coalesce(person, 0), did, body, "values", private, mac
	from     history
	where    incident = $1
	order by version`
	readNamed = `
	select   name
	from     named
	where    incident = $1
	order by name collate "C"`
	// auditRecord is readRecord for everybody.
	auditRecord = `
	select ` + recordColumns + `, true, '{}'::bigint[]
	from   incidents i
	join   chains    c on c.incident = i.number
	where  i.number = $1
	and    $2::text is not null`
)

const (
	mostChains   = 1000 // numbers of incidents held at once
	mostFindings = 1000 // more are not listed
)

// Verify recomputes every chain, its seal and its commitments, compares the rows of every incident, and people,
// tokens and views, with what history says, counts incidents and compares tallies, compares what
// insights count with the records and with what was added up, and holds the checkpoints against
// the chains. It reads one incident at a time and stands in nobody's way. What was changed or cut by somebody without
// the key is found, save what happened since the last checkpoint to a chain that was taken out or put back whole.
func (s *Store) Verify(ctx context.Context) (Report, error) {
	v := &verifying{s: s, Report: Report{Findings: []Finding{}}, entrances: entrances{}, views: saidViews{}}
	if err := v.checkpoints(ctx); err != nil {
		return v.Report, fmt.Errorf("verify checkpoints: %w", err)
	}
	lost, err := v.numbers(ctx, lostHistory, mostFindings)
	if err != nil {
		return v.Report, fmt.Errorf("verify history: %w", err)
	}
	for _, n := range lost {
		v.find(n, 0, "has history but no chain")
	}
	for after := incident.Number(-1); ; {
		batch, err := v.numbers(ctx, someChains, after, mostChains)
		if err != nil {
			return v.Report, fmt.Errorf("list chains: %w", err)
		}
		for _, n := range batch {
			if err := v.chain(ctx, n); err != nil {
				return v.Report, fmt.Errorf("verify %s: %w", n, err)
			}
		}
		if len(batch) < mostChains {
			break
		}
		after = batch[len(batch)-1]
	}
	if err := v.tallies(ctx); err != nil {
		return v.Report, fmt.Errorf("verify tallies: %w", err)
	}
	if err := v.sheets(ctx); err != nil {
		return v.Report, fmt.Errorf("verify sheets: %w", err)
	}
	return v.Report, nil
}

// verifying is one run of Verify.
type verifying struct {
	s *Store
	Report
	lastCheckpoint int64
	lastMAC        []byte // of that checkpoint
	entrances      entrances
	views          saidViews
}

func (v *verifying) find(n incident.Number, version int64, what string, args ...any) {
	if len(v.Findings) < mostFindings {
		v.Findings = append(v.Findings, Finding{n, version, fmt.Sprintf(what, args...)})
	}
}

func (v *verifying) numbers(ctx context.Context, statement string, args ...any) ([]incident.Number, error) {
	rows, err := v.s.pool.Query(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[incident.Number])
}

// chained is what one chain is checked with on the way.
type chained struct {
	head
	updatedAt time.Time
	seal      []byte
	found     bool
	last      body
	mac       []byte // of the last row
	replay    *replay
	broken    bool // the replay makes no sense any more
}

// chain verifies one chain and the record that it tells of, as of one moment.
func (v *verifying) chain(ctx context.Context, n incident.Number) error {
	c := &chained{head: head{incident: n}, mac: []byte{}, replay: newReplay()}
	r := reading{number: n, audit: true}
	var named []string
	var i installation
	var images gallery
	var counted countedFacts
	b := &pgx.Batch{}
	b.Queue(beginRead)
	b.Queue(readChain, n).Query(func(rows pgx.Rows) error {
		defer rows.Close()
		if c.found = rows.Next(); !c.found {
			return rows.Err()
		}
		return rows.Scan(&c.version, &c.updatedAt, &c.head.mac, &c.checkpoint, &c.seal)
	})
	b.Queue(readHistory, n).Query(func(rows pgx.Rows) error { return v.rows(rows, c) })
	if n == 0 {
		i.queue(b)
	} else {
		r.queue(b, auditRecord)
		b.Queue(readNamed, n).Query(func(rows pgx.Rows) (err error) {
			named, err = pgx.CollectRows(rows, pgx.RowTo[string])
			return err
		})
		b.Queue(auditImages, n).Query(images.collect)
		b.Queue(auditFacts, n).Query(counted.collect)
	}
	b.Queue(`commit`)
	err := v.s.send(ctx, b)
	if unreadable := (pgx.ScanArgError{}); errors.As(err, &unreadable) {
		v.find(n, 0, "cannot be read: a column holds what we never write")
		return nil
	}
	if err != nil {
		return err
	}
	if err := v.head(ctx, c); err != nil {
		return err
	}
	if n == 0 {
		return v.installation(c, i)
	}
	v.Incidents++
	if !r.found {
		v.find(n, 0, "has a history but is gone, or has no chain")
		return nil
	}
	in := r.record()
	if err := v.facts(in, counted); err != nil {
		return err
	}
	return v.record(c, in, named, images.all)
}

// head compares a chain's head with its last row.
func (v *verifying) head(ctx context.Context, c *chained) error {
	if c.checkpoint > v.lastCheckpoint { // made since we looked, or cut
		if err := v.checkpoints(ctx); err != nil {
			return err
		}
	}
	switch {
	case !c.found:
		v.find(c.incident, 0, "has no chain")
	case !equal(c.seal, v.s.seal(c.head)):
		v.find(c.incident, c.version, "the head of the chain was changed")
	case c.version != c.last.Version || !equal(c.head.mac, c.mac):
		v.find(c.incident, c.last.Version, "the chain ends before its head, at version %d: newer rows were cut", c.version)
	case c.version > 0 && !c.updatedAt.Equal(c.last.At):
		v.find(c.incident, c.version, "updated_at is not the time of the last change")
	case c.checkpoint > v.lastCheckpoint:
		v.find(c.incident, c.version, "checkpoint %d, which names it, is gone", c.checkpoint)
	}
	return nil
}

// record compares the rows with the replay.
func (v *verifying) record(c *chained, in *incident.Incident, named []string, images []keptImage) error {
	if c.broken || !c.found {
		return nil
	}
	wrong, err := c.replay.compare(in)
	if err != nil {
		return err
	}
	if in.Revision != c.last.Revision {
		wrong = append(wrong, "/revision")
	}
	if !slices.Equal(named, in.Names()) {
		wrong = append(wrong, "the list of people who may read it")
	}
	lost, err := c.replay.compareImages(images)
	if err != nil {
		return err
	}
	wrong = append(wrong, lost...)
	slices.Sort(wrong)
	for _, path := range wrong {
		v.find(in.Number, in.Version, "%s is not as history says", path)
	}
	return nil
}
