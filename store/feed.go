package store

import (
	"context"
	"strconv"

	"github.com/debriefhq/debrief/incident"
)

// The feed of changes, in fragments. Rows of transactions that are still open, and of all that began after
// the oldest of them, wait: so the order is that of transactions, and a late commit is never passed over.
const (
	feed = `
	select ` + historyColumns + `, h.written::text
	from   history   h
	join   incidents i on i.number = h.incident
	left   join people p on p.id = h.person
	where  h.written < pg_snapshot_xmin(pg_current_snapshot())
	and    (i.visibility = 'internal' or exists (
		select from named n where n.incident = i.number and n.name = $1))`
	ofIncident  = ` and h.incident = $?`
	afterChange = ` and (h.written, h.incident, h.version) > ($?::text::xid8, $?, $?)`
	asCommitted = ` order by h.written, h.incident, h.version`
)

// feedList names the feed in cursors.
const feedList = "changes"

// Changes lists the changes of all incidents that by may know of, or of one when of is not 0, in the order
// of their transactions, oldest first. Next is where to go on, also after the last change so far: ask again
// with it later.
func (s *Store) Changes(ctx context.Context, by incident.Actor, of incident.Number, limit int, cursor string) (Page[Change], error) {
	page := Page[Change]{Items: []Change{}, Next: cursor}
	if err := may(by, incident.Read); err != nil {
		return page, err
	}
	limit, err := checkLimit(limit)
	if err != nil {
		return page, err
	}
	q := &query{args: []any{fold(by.Name)}}
	q.add(feed)
	if of != 0 {
		q.add(ofIncident, of)
	}
	if cursor != "" {
		var written string
		var n incident.Number
		var version int64
		if err := resume(cursor, feedList, &written, &n, &version); err != nil {
			return page, err
		}
		if _, err := strconv.ParseUint(written, 10, 64); err != nil {
			return page, foreign
		}
		q.add(afterChange, written, n, version)
	}
	q.add(asCommitted)
	q.add(upTo, limit)
	page.Items, err = collect(ctx, s, q, "read changes", func(scan func(...any) error) (c Change, err error) {
		var text []byte
		var values []*keptValue
		var written string
		if err := scan(&c.Number, &c.Version, &c.By, &text, &values, &written); err != nil {
			return c, err
		}
		if c.Cursor, err = next(feedList, written, c.Number, c.Version); err != nil {
			return c, err
		}
		return c, c.fill(text, values)
	})
	if err != nil || len(page.Items) == 0 {
		return page, err
	}
	if err := s.veil(ctx, by, page.Items); err != nil {
		return Page[Change]{}, err
	}
	page.Next = page.Items[len(page.Items)-1].Cursor
	return page, nil
}
