package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/debriefhq/debrief/incident"
)

// DeliveryState says how it went to tell one subscriber.
type DeliveryState string

// A delivery waits as queued, also for another try. Sending stands before anybody is contacted. One whose end nobody can
// know is unknown until a person decides: it is never sent again by itself. Left is what that person did not send again.
const (
	Queued    DeliveryState = "queued"
	Sending   DeliveryState = "sending"
	Delivered DeliveryState = "delivered"
	Failed    DeliveryState = "failed"
	Unknown   DeliveryState = "unknown"
	Left      DeliveryState = "left"
	Cancelled DeliveryState = "cancelled"
)

const longestReason = 500 // characters

const lapsed = "whoever sent it ended before it was noted how that went"

const (
	// queueDeliveries queues a message for those who are to be told of it, and asks for workers, in one statement. $1
	// are the components that were hurt, by folded name, and $2 the kinds of subscribers.
	queueDeliveries = `
	with hurt as (
		` + hurtComponents + `
	), queued as (
		insert into deliveries (incident, message, subscriber, kind, state, due_at, at)
		select $3, $4, s.id, s.kind, 'queued', $5, $5
		from   subscribers s, hurt
		where  ` + isTold + `
		returning kind
	)` + insertJobs
	hurtComponents = `select coalesce(array_agg(c.id), '{}') as ids
		from   components c
		where  c.folded = any($1)
		and    c.audience = 'public'`
	isTold = `s.state = 'active'
		and    s.kind = any($2)
		and    (s.components = '{}' or s.components && hurt.ids)`

	// claimDelivery takes the next one of a queue that is due, unless the queue is paused. Questions come before messages.
	claimDelivery = `
	with next as (
		select   d.id
		from     deliveries  d
		join     subscribers s on s.id = d.subscriber
		where    d.state = 'queued'
		and      case when d.kind = 'email' then '` + MailQueue + `' else '` + WebQueue + `' end = $1
		and      d.due_at <= $2
		and      not exists (select from river_queue q where q.name = $1 and q.paused_at is not null)
		order by (d.message is not null), d.due_at, d.id
		limit    1
		for      update of d skip locked
	)
	update deliveries d
	set    state = 'sending', tries = d.tries + 1, worker = $3, lease = $4, at = $2, reason = ''
	from   next, subscribers s
	where  d.id = next.id
	and    s.id = d.subscriber
	returning d.id, d.incident, d.message, d.tries, ` + subscriberColumns
	// endDelivery notes how it went. The worker that sent it knows, also after it was thought dead.
	endDelivery = `
	update deliveries
	set    state = $3, reason = $4, due_at = $5, at = $6, tries = tries - $7::integer, lease = null, worker = ''
	where  id = $1
	and    worker = $2
	and    state in ('sending', 'unknown')`
	lapseDeliveries = `
	update deliveries
	set    state = 'unknown', lease = null, at = $1, reason = '` + lapsed + `'
	where  state = 'sending'
	and    lease < $1`
	nextDelivery = `
	select least(
		(select due_at from deliveries where state = 'queued' and ` + queueOfKind + ` = $1 and subscriber is not null order by due_at limit 1),
		(select lease from deliveries where state = 'sending' order by lease limit 1))`
	bounceSubscriber = `
	update subscribers
	set    state = 'bounced', reason = $2
	where  id = $1
	and    state = 'active'`
	bounceUnconfirmed = `
	delete from subscribers
	where  id = $1
	and    state = 'pending'`
)

// Delivery is one that a worker has taken: "sending" is committed. Nobody else sends it, whatever becomes of this one.
type Delivery struct {
	ID       int64
	Incident incident.Number // 0 asks whether somebody meant to subscribe
	Message  string
	Tries    int // this one counted
	To       Subscriber
	Confirm  string // token of the link that confirms; "" for a message
	Leave    string // token of the link that unsubscribes

	worker string // names this claim
}

// Outcome is how a delivery went.
type Outcome struct {
	State  DeliveryState // delivered, failed, unknown, cancelled, or queued for another try
	Again  time.Duration // with queued: after which it is tried again
	Free   bool          // the try does not count: nobody was contacted
	Reason string        // shown to admins
	Gone   bool          // nothing is there under that address: it is not written to again
}

// Claim takes the next delivery that is due, for a worker who answers for it until lease has passed; nil when none
// is.
func (s *Store) Claim(ctx context.Context, mail bool, lease time.Duration) (*Delivery, error) {
	now := s.clock()
	d := Delivery{worker: rand.Text()}
	err := s.work.QueryRow(ctx, claimDelivery, Deliver{mail}.Queue(), now, d.worker, now.Add(lease)).Scan(append(
		[]any{&d.ID, (*zeronull.Int8)(&d.Incident), (*zeronull.Text)(&d.Message), &d.Tries}, subscriberTargets(&d.To)...)...)
	if absent(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("take a delivery: %w", err)
	}
	d.Leave = s.leaveToken(d.To.ID)
	if d.Incident == 0 {
		d.Confirm = s.confirmToken(d.To.ID, d.To.AskedAt)
	}
	return &d, nil
}

// End notes how a delivery went.
func (s *Store) End(ctx context.Context, d *Delivery, o Outcome) error {
	now := s.clock()
	reason := shortened(o.Reason, longestReason)
	free := 0
	if o.Free {
		free = 1
	}
	b := &pgx.Batch{}
	b.Queue(endDelivery, d.ID, d.worker, o.State, reason, now.Add(o.Again), now, free)
	if o.Gone {
		b.Queue(bounceSubscriber, d.To.ID, reason)
		b.Queue(bounceUnconfirmed, d.To.ID)
	}
	if err := s.work.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("note how a delivery went: %w", err)
	}
	return nil
}

// Lapse makes those unknown whose worker has not been heard of for its lease, and tells how many there were.
func (s *Store) Lapse(ctx context.Context) (int64, error) {
	tag, err := s.work.Exec(ctx, lapseDeliveries, s.clock())
	if err != nil {
		return 0, fmt.Errorf("look for deliveries that nobody answers for: %w", err)
	}
	return tag.RowsAffected(), nil
}

// NextDelivery is when there is something to do again: a delivery is due, or a lease has passed; nil for nothing.
func (s *Store) NextDelivery(ctx context.Context, mail bool) (at *time.Time, err error) {
	if err := s.work.QueryRow(ctx, nextDelivery, Deliver{mail}.Queue()).Scan(&at); err != nil {
		return nil, fmt.Errorf("look for the next delivery: %w", err)
	}
	return at, nil
}

// Told is a message as outsiders read it.
type Told struct {
	Incident  *incident.Public
	Message   incident.PublicMessage
	Corrected string // what the message that it corrects said
	Announced bool   // the incident has a page that outsiders may read
}

// Told reads what goes out to subscribers; nil when outsiders may no longer know of it.
func (s *Store) Told(ctx context.Context, n incident.Number, message string) (*Told, error) {
	r := reading{number: n, audit: true}
	b := &pgx.Batch{}
	b.Queue(beginRead)
	r.queue(b, auditRecord)
	b.Queue(`commit`)
	if err := s.send(ctx, b); err != nil {
		return nil, refuse(err, fmt.Sprintf("read what is told of %s", n))
	}
	if !r.found {
		return nil, nil
	}
	in := r.record()
	if in.Visibility != incident.VisibleInternal || in.Archived {
		return nil, nil
	}
	t := Told{Incident: in.Public(), Announced: in.Announced()}
	at := slices.IndexFunc(t.Incident.Messages, func(m incident.PublicMessage) bool { return m.ID == message })
	if at < 0 {
		return nil, nil
	}
	t.Message = t.Incident.Messages[at]
	for _, m := range t.Incident.Messages {
		if m.ID == t.Message.Corrects {
			t.Corrected = m.Body
		}
	}
	return &t, nil
}
