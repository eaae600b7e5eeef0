package store

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// historyRow is a row of history as it is kept.
type historyRow struct {
	version int64
	at      time.Time
	person  int64
	did     string
	body    []byte
	values  []byte // JSON of keptValues
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
	var values []*keptValue
	if json.Unmarshal(r.body, &b) != nil || json.Unmarshal(r.values, &values) != nil || len(values) != len(b.Changes) {
		v.find(c.incident, r.version, "the row cannot be read")
		c.broken = true
		return
	}
	c.last = b
	if b.Incident != c.incident || b.Version != r.version || !b.At.Equal(r.at) || b.By != r.person || b.Did != r.did {
		v.find(c.incident, r.version, "the columns of the row say another thing than its body")
	}
	if !slices.Equal(b.private(), r.private) {
		v.find(c.incident, r.version, "what is private of the row was changed")
	}
	for i, change := range b.Changes {
		switch value := values[i]; {
		case value == nil:
			v.find(c.incident, r.version, "the value of %s was taken out", change.Path)
		case !bytes.Equal(value.commitment(), change.Commitment):
			v.find(c.incident, r.version, "the value of %s was changed", change.Path)
			c.broken = true
		}
	}
	if c.broken {
		return
	}
	if err := c.replay.apply(b.Changes, values); err != nil {
		v.find(c.incident, r.version, "%s", err.Error())
		c.broken = true
	}
	if c.incident == 0 {
		v.entrances.note(b.Changes, values, c.replay.own)
		v.views.note(b, values)
	}
}
