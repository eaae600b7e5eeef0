package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/debriefhq/debrief/incident"
)

const deliveryList = "deliveries" // in cursors

const (
	// listDeliveries lists what became of a message, those first that a person is to decide.
	listDeliveries = `
	select   d.id, d.kind, d.state, d.tries, d.due_at, d.at, d.reason, coalesce(s.address, ''), coalesce(s.id, 0)
	from     deliveries d
	left     join subscribers s on s.id = d.subscriber
	where    d.incident = $?`
	ofMessage       = ` and d.message = $?`
	inDeliveryState = ` and d.state = $?`
	afterDelivery   = ` and ((d.state <> 'unknown'), d.id) > ($?::boolean, $?::bigint)`
	unknownFirst    = ` order by (d.state <> 'unknown'), d.id`

	tallyDeliveries = `
	select   d.state, count(*)
	from     deliveries d
	where    d.incident = $1
	and      d.message  = $2
	group by d.state
	order by d.state`
	sendUnknownAgain = `
	with queued as (
		update deliveries d
		set    state = 'queued', due_at = $4, at = $4, reason = '', worker = ''
		from   subscribers s
		where  s.id = d.subscriber
		and    s.state = 'active'
		and    d.incident = $1
		and    d.message = $2
		and    d.state = 'unknown'
		and    d.id = any($3)
		returning d.id, d.kind
	), jobs as (` + insertJobs + `)
	select id
	from   queued`
	leaveUnknown = `
	update deliveries d
	set    state = 'left', at = $4, worker = ''
	where  d.incident = $1
	and    d.message = $2
	and    d.state = 'unknown'
	and    d.id = any($3)
	returning d.id`
)

// DeliveryRow is how it went to tell one subscriber, as an admin sees it.
type DeliveryRow struct {
	ID         int64                   `json:"id"`
	Kind       incident.SubscriberKind `json:"kind" enum:"email,webhook,slack,teams"`
	State      DeliveryState           `json:"state" enum:"queued,sending,delivered,failed,unknown,left,cancelled" doc:"unknown waits for a person to decide: it is never sent again by itself."`
	Tries      int                     `json:"tries"`
	DueAt      time.Time               `json:"due_at"`
	At         time.Time               `json:"at" doc:"Since when the state is that."`
	Reason     string                  `json:"reason"`
	Address    string                  `json:"address" doc:"Empty when the subscriber has left."`
	Subscriber int64                   `json:"subscriber"`
}

// DeliveryFilter says which deliveries of a message to list.
type DeliveryFilter struct {
	State  DeliveryState
	Limit  int
	Cursor string
}

// DeliveryTally is how many deliveries of a message there are in a state.
type DeliveryTally struct {
	State DeliveryState `json:"state"`
	Count int64         `json:"count"`
}

// mayDeliver refuses who may not see or decide deliveries of an incident.
func (s *Store) mayDeliver(ctx context.Context, by incident.Actor, n incident.Number) error {
	if err := may(by, incident.Administer); err != nil {
		return err
	}
	_, err := s.Incident(ctx, by, n)
	return err
}

// DeliveriesPage lists what became of a message, those first that a person is to decide.
func (s *Store) DeliveriesPage(ctx context.Context, by incident.Actor, n incident.Number, message string, f DeliveryFilter) (Page[DeliveryRow], error) {
	var page Page[DeliveryRow]
	if err := s.mayDeliver(ctx, by, n); err != nil {
		return page, err
	}
	limit, err := checkLimit(f.Limit)
	if err != nil {
		return page, err
	}
	q := &query{}
	q.add(listDeliveries, n)
	q.add(ofMessage, message)
	if f.State != "" {
		q.add(inDeliveryState, f.State)
	}
	if f.Cursor != "" {
		var known bool
		var id int64
		if err := resume(f.Cursor, deliveryList, &known, &id); err != nil {
			return page, err
		}
		q.add(afterDelivery, known, id)
	}
	q.add(unknownFirst)
	q.add(upTo, limit+1)
	found, err := collect(ctx, s, q, "list deliveries", func(scan func(...any) error) (d DeliveryRow, err error) {
		return d, scan(&d.ID, &d.Kind, &d.State, &d.Tries, &d.DueAt, &d.At, &d.Reason, &d.Address, &d.Subscriber)
	})
	if err != nil {
		return page, err
	}
	var more bool
	if page.Items, more = paged(found, limit); more {
		last := page.Items[limit-1]
		page.Next, err = next(deliveryList, last.State != Unknown, last.ID)
	}
	return page, err
}

// DeliveryTallies counts what became of a message.
func (s *Store) DeliveryTallies(ctx context.Context, by incident.Actor, n incident.Number, message string) ([]DeliveryTally, error) {
	if err := s.mayDeliver(ctx, by, n); err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, tallyDeliveries, n, message)
	if err != nil {
		return nil, refuse(err, "count deliveries")
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t DeliveryTally, err error) {
		return t, row.Scan(&t.State, &t.Count)
	})
	return all, refuse(err, "count deliveries")
}

// Decision is what a person decides about deliveries that nobody knows the end of: send them again, which may tell
// somebody twice, or leave them.
type Decision struct {
	Again bool    `json:"again" doc:"true sends them again, false leaves them."`
	IDs   []int64 `json:"ids" required:"true" nullable:"false" minItems:"1" maxItems:"1000"`
}

// decided is what an idempotency key keeps of a decision.
type decided struct {
	Done int `json:"done"`
}

// Decide does what a person decided, and tells how many deliveries it was done to: those of the ids that are unknown.
func (s *Store) Decide(ctx context.Context, by incident.Actor, n incident.Number, message string, d Decision) (done int, err error) {
	if err := s.mayDeliver(ctx, by, n); err != nil {
		return 0, err
	}
	statement, word := leaveUnknown, "left"
	if d.Again {
		statement, word = sendUnknownAgain, "sent again"
	}
	err = s.write(ctx, by, incident.Administer, "decide about deliveries", func(w *writer) error {
		h, err := w.beginInstallation(ctx)
		if err != nil {
			return err
		}
		rows, err := w.conn.Query(ctx, statement, n, message, d.IDs, w.at)
		if err != nil {
			return err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if done = len(ids); err != nil || done == 0 {
			return err
		}
		changes, err := change(opNote, deliveriesPath, int64(n), nil, map[string]any{"message": message, "ids": ids, "are": word})
		if err != nil {
			return err
		}
		if err := w.record(h, 0, didDecideDeliveries, changes); err != nil {
			return err
		}
		return w.commit(ctx, decided{done})
	})
	var again *repeated
	if errors.As(err, &again) {
		var before decided
		err = json.Unmarshal(again.result, &before)
		return before.Done, err
	}
	return done, err
}

// Undecided is a message that some deliveries of wait for a person's decision.
type Undecided struct {
	Incident incident.Number
	Message  string
	Count    int64
}

const undecidedEverywhere = `
	select   d.incident, d.message, count(*)
	from     deliveries d
	join     incidents  i on i.number = d.incident
	where    d.state = 'unknown'
	and      i.visibility = 'internal'
	group by d.incident, d.message
	order by d.incident desc, d.message
	limit    100`

// Undecided lists the messages that some deliveries of wait for a person's decision, for an admin.
func (s *Store) Undecided(ctx context.Context, by incident.Actor) ([]Undecided, error) {
	if err := may(by, incident.Administer); err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, undecidedEverywhere)
	if err != nil {
		return nil, refuse(err, "look for what is to be decided")
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (u Undecided, err error) {
		return u, row.Scan(&u.Incident, (*zeronull.Text)(&u.Message), &u.Count)
	})
	return all, refuse(err, "look for what is to be decided")
}
