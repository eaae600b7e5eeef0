package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// Change is one write: what one person did to one incident, in one transaction.
type Change struct {
	Number   incident.Number `json:"number"`
	Version  int64           `json:"version"`
	Revision int64           `json:"revision"`
	At       time.Time       `json:"at"`
	By       string          `json:"by"`
	Did      string          `json:"did" doc:"One word: filed, changed, appended, …"`
	Changes  []Diff          `json:"changes"`
	Cursor   string          `json:"-"` // in the feed: where to go on after it
}

// Diff is one value before and after. A value that was erased on request is null and Erased says so.
type Diff struct {
	Op     string          `json:"op" enum:"add,replace,remove,note" doc:"note keeps why a move was made."`
	Path   string          `json:"path" doc:"JSON pointer; parts are named by their id: /timeline/{id}/text."`
	Value  json.RawMessage `json:"value,omitempty"`
	Old    json.RawMessage `json:"old,omitempty"`
	Erased bool            `json:"erased,omitempty"`
}

// The columns of a row of history h, whose person is p.
const historyColumns = `h.incident, h.version, coalesce(p.name, '` + systemName + `'), h.body, h."values"`

const (
	// newestChanges reads a page of one incident's history, newest first.
	newestChanges = `
	select   ` + historyColumns + `
	from     history h
	left     join people p on p.id = h.person
	where    h.incident = $1
	and      ` + ifKnown + `
	and      h.version < $3
	order by h.version desc
	limit    $4`

	// mayRead gives a row when the reader may know of the incident.
	mayRead = `
	select
	from   incidents i
	where  i.number = $1
	and    ` + visible

	// everPrivate lists the paths that are or were private in the incidents $1, but those that name the reader.
	everPrivate = `
	select h.incident, unnest(h.private)
	from   history h
	where  h.incident = any($1::bigint[])
	and    h.private <> '{}'
	and    not exists (
		select from named n where n.incident = h.incident and n.name = $2)`
)

// historyList names the list of changes of one incident in cursors.
const historyList = "history"

// History lists the changes of one incident, newest first. What is or was private is left out of them
// unless by is named on the incident.
func (s *Store) History(ctx context.Context, by incident.Actor, n incident.Number, limit int, cursor string) (Page[Change], error) {
	var page Page[Change]
	if err := may(by, incident.Read); err != nil {
		return page, err
	}
	limit, err := checkLimit(limit)
	if err != nil {
		return page, err
	}
	before := int64(1<<63 - 1)
	if cursor != "" {
		if err := resume(cursor, historyList, &before); err != nil {
			return page, err
		}
	}
	changes, err := s.readChanges(ctx, by, n, newestChanges, before, limit+1)
	if err != nil {
		return page, err
	}
	var more bool
	if page.Items, more = paged(changes, limit); more {
		if page.Next, err = next(historyList, page.Items[limit-1].Version); err != nil {
			return Page[Change]{}, err
		}
	}
	return page, nil
}

// readChanges reads rows of one incident's history by a statement whose first arguments are the incident and
// its reader, without what by may not see.
func (s *Store) readChanges(ctx context.Context, by incident.Actor, n incident.Number, statement string, more ...any) ([]Change, error) {
	var found bool
	b := &pgx.Batch{}
	b.Queue(beginRead)
	b.Queue(mayRead, n, fold(by.Name)).Query(func(rows pgx.Rows) error {
		defer rows.Close()
		found = rows.Next()
		return rows.Err()
	})
	var changes []Change
	b.Queue(statement, append([]any{n, fold(by.Name)}, more...)...).Query(func(rows pgx.Rows) (err error) {
		changes, err = pgx.CollectRows(rows, scanChange)
		return err
	})
	b.Queue(`commit`)
	if err := s.send(ctx, b); err != nil {
		return nil, refuse(err, fmt.Sprintf("read the history of %s", n))
	}
	if !found {
		return nil, missing(n)
	}
	return changes, s.veil(ctx, by, changes)
}

// veil leaves out of changes what is or was private and hidden from by, and the incidents that by may not know of.
func (s *Store) veil(ctx context.Context, by incident.Actor, changes []Change) error {
	numbers := map[incident.Number]bool{}
	for _, c := range changes {
		numbers[c.Number] = true
	}
	h := hiding{}
	b := &pgx.Batch{}
	b.Queue(everPrivate, slices.Collect(maps.Keys(numbers)), fold(by.Name)).Query(h.collect)
	if err := s.send(ctx, b); err != nil {
		return refuse(err, "read what is private")
	}
	h.leaveOut(changes)
	return s.hideMentions(ctx, by, changes, h)
}

// hiding holds the paths of each incident that the reader may not see.
type hiding map[incident.Number]map[string]bool

func (h hiding) collect(rows pgx.Rows) error {
	var n incident.Number
	var path string
	_, err := pgx.ForEachRow(rows, []any{&n, &path}, func() error {
		if h[n] == nil {
			h[n] = map[string]bool{}
		}
		h[n][path] = true
		return nil
	})
	return err
}

// leaveOut drops the hidden diffs.
func (h hiding) leaveOut(changes []Change) {
	for i := range changes {
		c := &changes[i]
		c.Changes = slices.DeleteFunc(c.Changes, func(d Diff) bool { return h[c.Number][subject(d.Path)] })
	}
}

// scanChange reads a row of historyColumns.
func scanChange(row pgx.CollectableRow) (Change, error) {
	var c Change
	var text []byte
	var values []*keptValue
	if err := row.Scan(&c.Number, &c.Version, &c.By, &text, &values); err != nil {
		return c, err
	}
	return c, c.fill(text, values)
}

// fill reads what the body and the values of a row say.
func (c *Change) fill(text []byte, values []*keptValue) error {
	var b body
	if err := json.Unmarshal(text, &b); err != nil {
		return fmt.Errorf("read history of %s: %w", c.Number, err)
	}
	c.Revision, c.At, c.Did, c.Changes = b.Revision, b.At, b.Did, []Diff{}
	for i, change := range b.Changes {
		d := Diff{Op: change.Op, Path: change.Path, Erased: true}
		if i < len(values) && values[i] != nil {
			d.Value, d.Old, d.Erased = values[i].Value, values[i].Old, false
		}
		c.Changes = append(c.Changes, d)
	}
	return nil
}
