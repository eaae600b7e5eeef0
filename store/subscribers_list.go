package store

import (
	"context"
	"math"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// What is done to subscribers and deliveries, in one word of history, which names nobody's address.
const (
	didRemoveSubscriber = "subscriber_removed"
	didDecideDeliveries = "deliveries_decided"
)

// Their places in history.
const (
	subscribersPath = "/subscribers/"
	deliveriesPath  = "/deliveries/" // and the number of the incident
)

const subscriberList = "subscribers" // in cursors

const (
	listSubscribers = `
	select ` + subscriberColumns + `
	from   subscribers s
	where  s.id < $?`
	atAddress         = ` and strpos(s.folded, $?) > 0`
	ofSubscriberKind  = ` and s.kind = $?`
	inSubscriberState = ` and s.state = $?`
	newestSubscribers = ` order by s.id desc`

	tallySubscribers = `
	select   s.kind, s.state, count(*)
	from     subscribers s
	group by s.kind, s.state
	order by s.kind, s.state`
)

// SubscriberFilter says which subscribers to list.
type SubscriberFilter struct {
	Query  string // part of the address
	Kind   incident.SubscriberKind
	State  SubscriberState
	Limit  int    // 1–200; 0 is 50
	Cursor string // of the page before
}

// SubscriberTally is how many subscribers there are of a kind and state.
type SubscriberTally struct {
	Kind  incident.SubscriberKind `json:"kind"`
	State SubscriberState         `json:"state"`
	Count int64                   `json:"count"`
}

// SubscribersPage lists those who asked to be told, the newest first, for an admin.
func (s *Store) SubscribersPage(ctx context.Context, by incident.Actor, f SubscriberFilter) (Page[Subscriber], error) {
	var page Page[Subscriber]
	if err := may(by, incident.Administer); err != nil {
		return page, err
	}
	limit, err := checkLimit(f.Limit)
	if err != nil {
		return page, err
	}
	before := int64(math.MaxInt64)
	if f.Cursor != "" {
		if err := resume(f.Cursor, subscriberList, &before); err != nil {
			return page, err
		}
	}
	q := &query{}
	q.add(listSubscribers, before)
	if text := strings.ToLower(strings.TrimSpace(f.Query)); text != "" {
		q.add(atAddress, text)
	}
	if f.Kind != "" {
		q.add(ofSubscriberKind, f.Kind)
	}
	if f.State != "" {
		q.add(inSubscriberState, f.State)
	}
	q.fresh = len(q.args) > 1
	q.add(newestSubscribers)
	q.add(upTo, limit+1)
	found, err := collect(ctx, s, q, "list subscribers", func(scan func(...any) error) (sub Subscriber, err error) {
		return sub, scan(subscriberTargets(&sub)...)
	})
	if err != nil {
		return page, err
	}
	var more bool
	if page.Items, more = paged(found, limit); more {
		page.Next, err = next(subscriberList, page.Items[limit-1].ID)
	}
	return page, err
}

// SubscriberTallies counts subscribers, for an admin.
func (s *Store) SubscriberTallies(ctx context.Context, by incident.Actor) ([]SubscriberTally, error) {
	if err := may(by, incident.Administer); err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, tallySubscribers)
	if err != nil {
		return nil, refuse(err, "count subscribers")
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t SubscriberTally, err error) {
		return t, row.Scan(&t.Kind, &t.State, &t.Count)
	})
	return all, refuse(err, "count subscribers")
}

// RemoveSubscriber erases somebody who asked to be told. History keeps that, and no address.
func (s *Store) RemoveSubscriber(ctx context.Context, by incident.Actor, id int64) error {
	return s.write(ctx, by, incident.Administer, "remove a subscriber", func(w *writer) error {
		h, err := w.beginInstallation(ctx)
		if err != nil {
			return err
		}
		if _, err := w.conn.Exec(ctx, cancelQueued, id, w.at); err != nil {
			return err
		}
		var kind string
		if err := w.conn.QueryRow(ctx, deleteSubscriber, id).Scan(&kind); absent(err) {
			return incident.Refuse(incident.NotFound, "", "there is no such subscriber")
		} else if err != nil {
			return err
		}
		changes, err := change(opNote, subscribersPath, id, nil, kind)
		if err != nil {
			return err
		}
		if err := w.record(h, 0, didRemoveSubscriber, changes); err != nil {
			return err
		}
		return w.commit(ctx, nil)
	})
}
