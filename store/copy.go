package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/debriefhq/debrief/incident"
)

// manyRecords is from how many new records on a write sends their rows by COPY, table by table, which is several
// times quicker than statements for each record.
const manyRecords = 20

// copies gathers the rows of new records. What they add to what others write too, such as words, notices and tallies,
// goes the way of every write.
type copies struct {
	tables []string // in the order of their first rows, which is that of their references
	rows   map[string]*copied
}

type copied struct {
	columns []string
	rows    [][]any
}

func newCopies() *copies { return &copies{rows: map[string]*copied{}} }

func (c *copies) add(table string, columns []string, row ...any) {
	to := c.rows[table]
	if to == nil {
		to = &copied{columns: columns}
		c.rows[table], c.tables = to, append(c.tables, table)
	}
	to.rows = append(to.rows, row)
}

// send copies the rows in the transaction of conn.
func (c *copies) send(ctx context.Context, conn *pgx.Conn) error {
	for _, table := range c.tables {
		t := c.rows[table]
		if _, err := conn.CopyFrom(ctx, pgx.Identifier{table}, t.columns, pgx.CopyFromRows(t.rows)); err != nil {
			return fmt.Errorf("copy to %s: %w", table, err)
		}
	}
	return nil
}

var (
	ownCopied, ownCopiedAt = ownOf(recordColumns)
	peopleCopied           = []string{"incident", "position", "role", "name", "from", "until"}
	namedCopied            = []string{"incident", "name"}
	chainCopied            = []string{"incident", "version", "updated_at", "mac", "seal"}
	historyCopied          = []string{"incident", "version", "at", "person", "did", "body", "values", "private", "mac"}
)

// columnsOf splits a list of columns.
func columnsOf(list string) []string {
	columns := strings.Split(list, ",")
	for i, c := range columns {
		columns[i] = strings.Trim(c, " \t\n\"")
	}
	return columns
}

// ownOf picks the columns of incidents, and their places, from a list that holds those of chains too.
func ownOf(list string) (columns []string, at []int) {
	for i, c := range columnsOf(list) {
		if name, own := strings.CutPrefix(c, "i."); own {
			columns, at = append(columns, name), append(at, i)
		}
	}
	return columns, at
}

// record gathers the rows of a new record.
func (c *copies) record(in *incident.Incident) {
	targets := recordTargets(in)
	row := make([]any, len(ownCopiedAt))
	for i, at := range ownCopiedAt {
		row[i] = sent(targets[at])
	}
	c.add("incidents", ownCopied, row...)
	for i := range in.People {
		p := &in.People[i]
		c.add("incident_people", peopleCopied, in.Number, i+1, p.Role, p.Name, sent(told{&p.From}), sent(told{&p.Until}))
	}
	for _, of := range incident.PartKinds {
		k := kinds[of]
		for _, p := range in.Parts(of) {
			row := []any{in.Number}
			for _, target := range k.targets(p) {
				row = append(row, sent(target))
			}
			c.add(k.table, k.copied, row...)
		}
	}
	for _, name := range in.Names() {
		c.add("named", namedCopied, in.Number, name)
	}
}

// sent is what a column holds, given where a row of it is scanned to: the same places serve both ways.
func sent(target any) any {
	switch t := target.(type) {
	case told:
		if *t.to == nil {
			return nil
		}
		return sentMoment{*t.to}
	case said:
		switch {
		case *t.to == nil:
			return nil
		case t.audience:
			return string((*t.to).Audience)
		}
		return (*t.to).Text
	case day:
		if *t.to == nil {
			return nil
		}
		on, err := time.Parse(time.DateOnly, **t.to)
		return pgtype.Date{Time: on, Valid: err == nil} // incident.Check has seen it
	case *zeronull.Text:
		return *t
	case *[]incident.Silence:
		return orEmpty(*t)
	}
	return target
}

// sentMoment is a moment on its way to the database, what is empty as NULL.
type sentMoment struct{ *incident.Moment }

// IsNull is called by pgx.
func (m sentMoment) IsNull() bool { return m.Moment == nil }

// Index gives the i-th field of the type.
func (m sentMoment) Index(i int) any {
	switch {
	case i == 0:
		return m.At
	case i == 1:
		return m.Zone
	case i == 2:
		return string(m.Precision)
	case i == 3 && m.Approximate:
		return true
	case i == 4 && m.AsWritten != "":
		return m.AsWritten
	}
	return nil
}
