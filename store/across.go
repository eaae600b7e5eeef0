package store

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/debriefhq/debrief/incident"
)

// ofVisible joins parts p to the incidents that the reader may know of, and leaves out those that are
// private unless the reader is named. $1 is the reader's folded name.
const ofVisible = `
	join   incidents i on i.number = p.incident
	where  not i.archived
	and    ((i.visibility = 'internal' and p.audience <> 'private') or exists (
		select from named n where n.incident = i.number and n.name = $1))`

// The follow-ups of all incidents, soonest due first, in fragments.
const (
	listActions = `
	select p.incident, i.title, coalesce(p.due, 'infinity'::date)::text,
	       p.id, p.revision, p.position, p.title, p.kind, p.owner, p.priority, p.due, p.state, p.reason, p.ticket, p.also_for, p.audience
	from   actions   p` + ofVisible
	ownedBy      = ` and lower(p.owner) = lower($?)`
	inState      = ` and p.state = $?`
	pending      = ` and p.state in ('open', 'in_progress')`
	ofKind       = ` and p.kind = $?`
	dueUntil     = ` and p.due <= $?::date`
	undated      = ` and p.due is null`
	overdue      = ` and p.due < $?::date and p.state in ('open', 'in_progress')`
	afterAction  = ` and (coalesce(p.due, 'infinity'::date), p.incident, p.id) > ($?::date, $?, $?)`
	soonestFirst = ` order by coalesce(p.due, 'infinity'::date), p.incident, p.id`
)

// never is the day of a follow-up that is due on none.
const never = "infinity"

// actionList and messageList name their lists in cursors.
const (
	actionList  = "actions"
	messageList = "messages"
)

// ActionsPage lists follow-ups of all incidents that by may know of, soonest due first, those without a date last.
func (s *Store) ActionsPage(ctx context.Context, by incident.Actor, f ActionFilter) (Page[NumberedAction], error) {
	var page Page[NumberedAction]
	if err := may(by, incident.Read); err != nil {
		return page, err
	}
	limit, err := checkLimit(f.Limit)
	if err != nil {
		return page, err
	}
	q := &query{args: []any{fold(by.Name)}}
	q.add(listActions)
	if err := f.narrow(q, s.clock()); err != nil {
		return page, err
	}
	q.add(soonestFirst)
	q.add(upTo, limit+1)
	type row struct {
		NumberedAction
		due string
	}
	found, err := collect(ctx, s, q, "list actions", func(scan func(...any) error) (r row, err error) {
		a := &r.Action
		err = scan(&r.Incident, &r.Heading, &r.due, &a.ID, &a.Revision, &a.Position, &a.Title, &a.Kind, &a.Owner, &a.Priority,
			day{&a.Due}, &a.State, &a.Reason, &a.Ticket, &a.AlsoFor, &a.Audience)
		return r, err
	})
	if err != nil {
		return page, err
	}
	found, more := paged(found, limit)
	page.Items = make([]NumberedAction, len(found))
	for i, r := range found {
		page.Items[i] = r.NumberedAction
	}
	if more {
		last := found[limit-1]
		if page.Next, err = next(actionList, last.due, last.Incident, last.ID); err != nil {
			return page, err
		}
	}
	if err := s.hideAlsoFor(ctx, by, page.Items); err != nil {
		return Page[NumberedAction]{}, err
	}
	return page, nil
}

// narrow adds the filters that are on, and where the page before ended.
func (f ActionFilter) narrow(q *query, today time.Time) error {
	if f.Owner != "" {
		q.add(ownedBy, f.Owner)
	}
	if f.State != "" {
		q.add(inState, f.State)
	}
	if f.Kind != "" {
		q.add(ofKind, f.Kind)
	}
	if f.Until != nil {
		q.add(dueUntil, f.Until.Format(time.DateOnly))
	}
	if f.Pending {
		q.add(pending)
	}
	if f.Undated {
		q.add(undated)
	}
	if f.Overdue {
		q.add(overdue, today.Format(time.DateOnly))
	}
	q.fresh = len(q.args) > 1 || f.Pending || f.Undated
	if f.Cursor != "" {
		var due, id string
		var n incident.Number
		if err := resume(f.Cursor, actionList, &due, &n, &id); err != nil {
			return err
		}
		if _, err := time.Parse(time.DateOnly, due); err != nil && due != never {
			return foreign
		}
		q.add(afterAction, due, n, id)
	}
	return nil
}

// hideAlsoFor takes the incidents that by may not know of from what actions also serve.
func (s *Store) hideAlsoFor(ctx context.Context, by incident.Actor, actions []NumberedAction) error {
	var numbers []incident.Number
	for _, a := range actions {
		numbers = append(numbers, a.AlsoFor...)
	}
	seen, err := s.seen(ctx, by, numbers)
	if err != nil {
		return err
	}
	for i := range actions {
		actions[i].AlsoFor = slices.DeleteFunc(actions[i].AlsoFor, func(n incident.Number) bool { return !seen[n] })
	}
	return nil
}

// The messages of all incidents, those of the newest incident first, in fragments.
const (
	listMessages = `
	select p.incident, i.title,
	       p.id, p.revision, p.position, p.channel, p.audience, p.author, p.role, p.at, p.state, p.status, p.body, p.link, p.next_update_at, p.corrects
	from   messages  p` + ofVisible
	onChannel    = ` and p.channel = $?`
	afterMessage = ` and (p.incident, p.id) < ($?, $?)`
	newestFirst  = ` order by p.incident desc, p.id desc`
)

// MessagesPage lists messages of all incidents that by may know of, those of the newest incident first.
func (s *Store) MessagesPage(ctx context.Context, by incident.Actor, f MessageFilter) (Page[NumberedMessage], error) {
	var page Page[NumberedMessage]
	if err := may(by, incident.Read); err != nil {
		return page, err
	}
	limit, err := checkLimit(f.Limit)
	if err != nil {
		return page, err
	}
	q := &query{args: []any{fold(by.Name)}}
	q.add(listMessages)
	if f.Channel != "" {
		q.add(onChannel, f.Channel)
	}
	if f.State != "" {
		q.add(inState, f.State)
	}
	q.fresh = len(q.args) > 1
	if f.Cursor != "" {
		var id string
		var n incident.Number
		if err := resume(f.Cursor, messageList, &n, &id); err != nil {
			return page, err
		}
		q.add(afterMessage, n, id)
	}
	q.add(newestFirst)
	q.add(upTo, limit+1)
	found, err := collect(ctx, s, q, "list messages", func(scan func(...any) error) (r NumberedMessage, err error) {
		m := &r.Message
		err = scan(&r.Incident, &r.Heading, &m.ID, &m.Revision, &m.Position, &m.Channel, &m.Audience, &m.Author, &m.Role,
			told{&m.At}, &m.State, &m.Status, &m.Body, &m.Link, told{&m.NextUpdateAt}, (*zeronull.Text)(&m.Corrects))
		return r, err
	})
	if err != nil {
		return page, err
	}
	var more bool
	if page.Items, more = paged(found, limit); more {
		last := page.Items[limit-1]
		page.Next, err = next(messageList, last.Incident, last.ID)
	}
	return page, err
}

// collect runs a query and scans its rows.
func collect[T any](ctx context.Context, s *Store, q *query, doing string, row func(scan func(...any) error) (T, error)) ([]T, error) {
	args := q.args
	if q.fresh && s.prepares {
		args = append([]any{pgx.QueryExecModeCacheDescribe}, args...)
	}
	rows, err := s.pool.Query(ctx, q.sql.String(), args...)
	if err != nil {
		return nil, refuse(err, doing)
	}
	all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (T, error) { return row(r.Scan) })
	return all, refuse(err, doing)
}
