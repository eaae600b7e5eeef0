package store

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// historyRow is a row of history as it is kept.
type historyRow struct {
	version int64
	at      time.Time
	person  int64
	did     string
	body    []byte
	values  []*keptValue
	private []string
	mac     []byte
}

// rows recomputes a chain from its rows, and replays them.
func (v *verifying) rows(rows pgx.Rows, c *chained) error {
	var r historyRow
	to := []any{&r.version, &r.at, &r.person, &r.did, &r.body, &r.values, &r.private, &r.mac}
	expected := int64(1)
	_, err := pgx.ForEachRow(rows, to, func() error {
		v.Report.Changes++
		if r.version != expected {
			v.find(c.incident, expected, "versions up to %d are missing", r.version-1)
			c.broken = true
		}
		expected = r.version + 1
		if !equal(r.mac, v.s.link(c.mac, r.body)) {
			v.find(c.incident, r.version, "the row was changed, or the one before it")
		}
		c.mac = slices.Clone(r.mac)
		v.row(c, r)
		r = historyRow{}
		return nil
	})
	return err
}

// row compares a row's columns and values with its body, which the chain holds.
func (v *verifying) row(c *chained, r historyRow) {
	var b body
	if err := json.Unmarshal(r.body, &b); err != nil || len(r.values) != len(b.Changes) {
		v.find(c.incident, r.version, "the row cannot be read")
		c.broken = true
		return
	}
	c.last = b
	if b.Incident != c.incident || b.Version != r.version || !b.At.Equal(r.at) || b.By != r.person || b.Did != r.did {
		v.find(c.incident, r.version, "the columns of the row say another thing than its body")
	}
	for i, change := range b.Changes {
		if value := r.values[i]; value != nil && !bytes.Equal(value.commitment(), change.Commitment) {
			v.find(c.incident, r.version, "the value of %s was changed", change.Path)
			c.broken = true
		}
		if change.Private && !slices.Contains(r.private, subject(change.Path)) {
			v.find(c.incident, r.version, "%s is no longer kept private", change.Path)
		}
	}
	if c.broken {
		return
	}
	if err := c.replay.apply(b.Changes, r.values); err != nil {
		v.find(c.incident, r.version, "%s", err.Error())
		c.broken = true
	}
}

// queueInstallation asks for what chain 0 tells of.
func queueInstallation(b *pgx.Batch, people *[]Person, tokens *[]Token) {
	b.Queue(allPeople).Query(func(rows pgx.Rows) (err error) {
		*people, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Person, err error) {
			err = row.Scan(personTargets(&p)...)
			return p, err
		})
		return err
	})
	b.Queue(allTokens).Query(func(rows pgx.Rows) (err error) {
		*tokens, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Token, err error) {
			err = row.Scan(tokenTargets(&t)...)
			return t, err
		})
		return err
	})
}

// installation compares people and tokens with what chain 0 says.
func (v *verifying) installation(c *chained, people []Person, tokens []Token) error {
	if c.broken {
		return nil
	}
	said := c.replay.own
	compare := func(path string, row any) error {
		is, err := encode(row)
		if err != nil {
			return err
		}
		known, ok := said[path]
		if !ok || known != nil && !bytes.Equal(known, is) {
			v.find(0, c.version, "%s is not as history says", path)
		}
		delete(said, path)
		return nil
	}
	for _, p := range people {
		if err := compare("/people/"+strconv.FormatInt(p.ID, 10), p); err != nil {
			return err
		}
	}
	for _, t := range tokens {
		if err := compare("/tokens/"+strconv.FormatInt(t.ID, 10), t); err != nil {
			return err
		}
	}
	for path := range said {
		v.find(0, c.version, "%s is gone", path)
	}
	return nil
}

const (
	someCheckpoints = `
	select   id, at, heads, mac
	from     checkpoints
	where    id > $1
	order by id
	limit    $2`
	// lostHeads lists the heads that the history does not hold.
	lostHeads = `
	select given.incident, given.version
	from   unnest($1::bigint[], $2::bigint[], $3::bytea[]) as given (incident, version, mac)
	left   join history h on h.incident = given.incident and h.version = given.version
	where  h.mac is distinct from given.mac`
)

// atOnce is how many checkpoints are held in memory.
const atOnce = 20

// checkpoints recomputes their chain, and looks for every head that they name.
func (v *verifying) checkpoints(ctx context.Context) error {
	var mac []byte
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
			if !equal(c.mac, v.s.anchor(mac, c)) {
				v.find(0, 0, "checkpoint %d was changed, or the one before it", c.id)
			}
			mac, v.lastCheckpoint = c.mac, c.id
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
	rows, err := v.s.pool.Query(ctx, lostHeads, numbers, versions, macs)
	if err != nil {
		return err
	}
	lost, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (a anchor, err error) {
		err = row.Scan(&a.Incident, &a.Version)
		return a, err
	})
	for _, a := range lost {
		v.find(a.Incident, a.Version, "checkpoint %d knows this version, and it is gone", c.id)
	}
	return err
}
