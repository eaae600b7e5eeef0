package store

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/debriefhq/debrief/incident"
)

const (
	hookList      = "webhook_deliveries" // in cursors
	mostRedeliver = 10_000               // deliveries that are sent again at once
)

const (
	hookDeliveryColumns = `d.id, d.type, d.incident, d.version, d.happened_at, d.state, d.tries, d.due_at, d.at, d.status, d.reason, d.request, d.answer`
	// listHookDeliveries lists a webhook's log, the newest first.
	listHookDeliveries = `
	select   ` + hookDeliveryColumns + `
	from     webhook_deliveries d
	where    d.webhook = $?`
	inHookState      = ` and d.state = $?`
	beforeHook       = ` and d.id < $?`
	newestHooksFirst = ` order by d.id desc`

	hookDeliveryByID = `
	select ` + hookDeliveryColumns + `
	from   webhook_deliveries d
	where  d.webhook = $1
	and    d.id = $2`

	// redeliverThese queues those of the ids again that are at an end.
	redeliverThese = `
	with queued as (
		update webhook_deliveries d
		set    state = 'queued', tries = 0, due_at = $3, at = $3, reason = '', worker = ''
		where  d.webhook = $1
		and    d.id = any($2)
		and    d.state in ('delivered', 'failed')
		returning d.id
	), job as (` + insertHookJob + `)
	select count(*)
	from   queued`
	// redeliverSpan queues those of a span again, the oldest first, whose state is among $4.
	redeliverSpan = `
	with chosen as (
		select   d.id
		from     webhook_deliveries d
		where    d.webhook = $1
		and      d.happened_at >= $2
		and      d.happened_at < $3
		and      d.state = any($4)
		order by d.id
		limit    $5
		for      update
	), queued as (
		update webhook_deliveries d
		set    state = 'queued', tries = 0, due_at = $6, at = $6, reason = '', worker = ''
		from   chosen
		where  d.id = chosen.id
		returning d.id
	), job as (` + insertHookJob + `)
	select count(*)
	from   queued`
)

func (s *Store) scanHookDelivery(scan func(...any) error) (d incident.WebhookDelivery, err error) {
	err = scan(&d.ID, &d.Type, (*zeronull.Int8)(&d.Incident), &d.Version, &d.Happened, &d.State, &d.Tries, &d.DueAt, &d.At, &d.Status, &d.Reason, &d.Request, &d.Answer)
	d.EventID = s.eventID(&d)
	return d, err
}

// WebhookFilter says which deliveries to a webhook to list.
type WebhookFilter struct {
	State  DeliveryState
	Limit  int
	Cursor string
}

// WebhookDeliveries lists a webhook's log, the newest first, for an admin.
func (s *Store) WebhookDeliveries(ctx context.Context, by incident.Actor, id string, f WebhookFilter) (Page[incident.WebhookDelivery], error) {
	var page Page[incident.WebhookDelivery]
	if _, err := s.Webhook(ctx, by, id); err != nil {
		return page, err
	}
	limit, err := checkLimit(f.Limit)
	if err != nil {
		return page, err
	}
	last := int64(math.MaxInt64)
	if f.Cursor != "" {
		if err := resume(f.Cursor, hookList, &last); err != nil {
			return page, err
		}
	}
	q := &query{}
	q.add(listHookDeliveries, id)
	if f.State != "" {
		q.add(inHookState, f.State)
		q.fresh = true
	}
	q.add(beforeHook, last)
	q.add(newestHooksFirst)
	q.add(upTo, limit+1)
	found, err := collect(ctx, s, q, "list deliveries to a webhook", s.scanHookDelivery)
	if err != nil {
		return page, err
	}
	var more bool
	if page.Items, more = paged(found, limit); more {
		page.Next, err = next(hookList, page.Items[limit-1].ID)
	}
	return page, err
}

// TestWebhook queues an event that tells of nothing, to see whether the webhook works.
func (s *Store) TestWebhook(ctx context.Context, by incident.Actor, id string) (d incident.WebhookDelivery, err error) {
	var queued int64
	err = s.hookWrite(ctx, by, "test a webhook", func(w *writer, h head) error {
		k, err := w.activeHook(ctx, id)
		if err != nil {
			return err
		}
		if err := w.conn.QueryRow(ctx, queueTest, id, w.at).Scan(&queued); err != nil {
			return err
		}
		return w.noteHook(ctx, h, didTestHook, k, noted{Event: queued})
	})
	var again *repeated
	if errors.As(err, &again) {
		var before noted
		err = json.Unmarshal(again.result, &before)
		queued = before.Event
	}
	if err != nil {
		return d, err
	}
	d, err = s.scanHookDelivery(s.pool.QueryRow(ctx, hookDeliveryByID, id, queued).Scan)
	return d, refuse(err, "read a delivery to a webhook")
}

// activeHook reads one that something can be sent to, and ends its rest.
func (w *writer) activeHook(ctx context.Context, id string) (keptHook, error) {
	k, err := w.hook(ctx, id)
	if err == nil && k.State != incident.WebhookActive {
		err = incident.Refuse(incident.Conflict, "", "this webhook is disabled: enable it first")
	}
	w.batch.Queue(wakeHook, id)
	return k, err
}

// Redelivery says what is sent again: those of the ids, or all of a span.
type Redelivery struct {
	IDs   []int64       `json:"ids" nullable:"false" maxItems:"1000" doc:"Deliveries. Give these, or a span."`
	From  *time.Time    `json:"from" doc:"The span is of when events happened: from then on."`
	Until *time.Time    `json:"until" doc:"And before then; now when it is left out."`
	State DeliveryState `json:"state" enum:"failed,delivered" doc:"With a span: those alone. Both when it is left out."`
}

// Redeliver sends deliveries again that failed or went well, at most 10,000 of a span, the oldest first, and tells how
// many. They keep their event's id.
func (s *Store) Redeliver(ctx context.Context, by incident.Actor, id string, r Redelivery) (done int, err error) {
	if (len(r.IDs) > 0) == (r.From != nil) {
		return 0, incident.Refuse(incident.Invalid, "/ids", "or /from must be there, and not both: say which deliveries to send again")
	}
	err = s.hookWrite(ctx, by, "send deliveries to a webhook again", func(w *writer, h head) error {
		k, err := w.activeHook(ctx, id)
		if err != nil {
			return err
		}
		if r.From != nil {
			until, states := w.at, []DeliveryState{Delivered, Failed}
			if r.Until != nil {
				until = *r.Until
			}
			if r.State != "" {
				states = []DeliveryState{r.State}
			}
			err = w.conn.QueryRow(ctx, redeliverSpan, id, *r.From, until, states, mostRedeliver, w.at).Scan(&done)
		} else {
			err = w.conn.QueryRow(ctx, redeliverThese, id, r.IDs, w.at).Scan(&done)
		}
		if err != nil || done == 0 {
			return err
		}
		return w.noteHook(ctx, h, didRedeliver, k, noted{Done: done})
	})
	var again *repeated
	if errors.As(err, &again) {
		var before noted
		err = json.Unmarshal(again.result, &before)
		return before.Done, err
	}
	return done, err
}
