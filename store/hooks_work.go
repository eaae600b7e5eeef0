package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/debriefhq/debrief/incident"
)

const (
	hookLapsed   = "whoever sent it ended before it was noted how that went: it is sent again"
	hookKept     = "30 days"          // rows of the log
	failsFor     = 5 * 24 * time.Hour // after which a webhook is disabled: longer than one event is tried
	failsAtLeast = 10                 // and that often in a row
	firstRest    = time.Second        // of a webhook after a try that failed, doubled each time
	longestRest  = 10 * time.Minute
)

const (
	// claimHook takes the next delivery of the webhook that waited longest since it was tried. There is one at a time
	// for each, in their order, so that one that hangs holds up no other. While the queue is paused it takes none.
	claimHook = `
	with next as (
		select w.id as webhook, d.id
		from   webhooks w
		cross  join lateral (
			select   d.id
			from     webhook_deliveries d
			where    d.webhook = w.id
			and      d.state = 'queued'
			and      d.due_at <= $1
			order by d.due_at, d.id
			limit    1) d
		where  w.state = 'active'
		and    (w.rests_until is null or w.rests_until <= $1)
		and    (w.busy_until is null or w.busy_until <= $1)
		and    not exists (select from river_queue q where q.name = '` + HookQueue + `' and q.paused_at is not null)
		order  by w.tried_at nulls first, w.id
		limit  1
		for    update of w skip locked
	), taken as (
		update webhook_deliveries d
		set    state = 'sending', tries = d.tries + 1, worker = $2, lease = $3, at = $1, reason = ''
		from   next
		where  d.id = next.id
		and    d.state = 'queued'
		and    d.due_at <= $1
		returning d.*
	), busy as (
		-- only with a delivery: another worker may have sent that one since it was seen
		update webhooks w
		set    busy_until = $3, tried_at = $1
		from   taken
		where  w.id = taken.webhook
		returning ` + hookColumns + `, w.fails
	)
	select d.id, d.type, d.incident, d.version, d.happened_at, d.tries,
	       (d.incident is null or exists (select from incidents i where i.number = d.incident and i.visibility = 'internal')), w.*
	from   taken d, busy w`
	endHook = `
	update webhook_deliveries
	set    state = $3, reason = $4, due_at = $5, at = $6, status = $7, request = $8, answer = $9, lease = null, worker = ''
	where  id = $1
	and    worker = $2
	and    state in ('sending', 'queued')`
	// restHook notes how the last try of a webhook went: $2 that it failed, $3 until when it rests then, $4 when.
	restHook = `
	update webhooks
	set    busy_until = null, rests_until = $3,
	       fails         = case when $2 then fails + 1 else 0 end,
	       failing_since = case when $2 then coalesce(failing_since, $4) end
	where  id = $1
	returning fails, failing_since`
	freeHook = `
	update webhooks
	set    busy_until = null
	where  id = $1`
	lapseHooks = `
	update webhook_deliveries
	set    state = 'queued', lease = null, due_at = $1, at = $1, reason = '` + hookLapsed + `'
	where  state = 'sending'
	and    lease < $1`
	// wakeHook ends its rest: a person asks.
	wakeHook = `
	update webhooks
	set    rests_until = null
	where  id = $1`
	nextHook = `
	select least(
		(select   min(greatest(d.due_at, w.rests_until, w.busy_until))
		from     webhooks w
		cross    join lateral (
			select   d.due_at
			from     webhook_deliveries d
			where    d.webhook = w.id
			and      d.state = 'queued'
			order by d.due_at
			limit    1) d
		where    w.state = 'active'),
		(select lease from webhook_deliveries where state = 'sending' order by lease limit 1))`
	// scheduleHooks asks for workers at a time, unless some come before it.
	scheduleHooks = `
	insert into river_job (kind, queue, args, max_attempts, state, scheduled_at)
	select 'call_hooks', '` + HookQueue + `', '{}', 25, 'scheduled', $1
	where  not exists (
		select from river_job
		where  state = 'scheduled'
		and    queue = '` + HookQueue + `'
		and    scheduled_at <= $1)`
	// standInForHooks takes out jobs that wait beside $1, which looks after this: what they ask for is committed, so it
	// finds that. Each write asks for one, and there would be more than workers begin.
	standInForHooks = `
	delete from river_job
	where  id in (
		select id
		from   river_job
		where  state = 'available'
		and    queue = '` + HookQueue + `'
		and    id <> $1
		limit  10000
		for    update skip locked)`
	// dropOldHooks looks at the first ones alone: what was queued first is past its time first.
	dropOldHooks = `
	delete from webhook_deliveries
	where  id in (select id from webhook_deliveries order by id limit 10000)
	and    at < $1::timestamptz - interval '` + hookKept + `'`
)

// HookCall is a delivery to a webhook that a worker has taken. When that one dies another worker tries it again.
type HookCall struct {
	incident.WebhookDelivery
	Told    bool     // the team may know of it still
	URL     string   // of the webhook
	Webhook string   // its id
	Secrets []string // it is signed with each

	fails  int
	worker string // names this claim
}

// HookOutcome is how one went.
type HookOutcome struct {
	State   DeliveryState // delivered, failed, cancelled, or queued for another try
	Again   time.Duration // with queued: after which it is tried again
	Reason  string        // shown to admins
	Status  int
	Request string
	Answer  string
	Gone    bool // the receiver says that it wants no more
}

// ClaimHook takes the next delivery to a webhook that is due, for a worker who answers for it until lease has passed;
// nil when none is.
func (s *Store) ClaimHook(ctx context.Context, lease time.Duration) (*HookCall, error) {
	now := s.clock()
	c := HookCall{worker: rand.Text()}
	var k keptHook
	row := s.work.QueryRow(ctx, claimHook, now, c.worker, now.Add(lease))
	err := row.Scan(append(append([]any{&c.ID, &c.Type, (*zeronull.Int8)(&c.Incident), &c.Version, &c.Happened, &c.Tries, &c.Told}, k.targets()...), &c.fails)...)
	if absent(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("take a delivery to a webhook: %w", err)
	}
	c.State, c.EventID, c.Webhook, c.URL = string(Sending), s.eventID(&c.WebhookDelivery), k.ID, k.URL
	c.Secrets = []string{s.hookSecret(k.ID, k.secret)}
	if k.OldSecretUntil != nil && now.Before(*k.OldSecretUntil) {
		c.Secrets = append(c.Secrets, s.hookSecret(k.ID, k.secret-1))
	}
	return &c, nil
}

// eventID names an event, the same on every try and for every webhook; no other installation uses it.
func (s *Store) eventID(d *incident.WebhookDelivery) string {
	if d.Incident == 0 {
		return "evt_" + s.PageID() + "_test_" + strconv.FormatInt(d.ID, 10)
	}
	return fmt.Sprintf("evt_%s_%d_%d", s.PageID(), d.Incident, d.Version)
}

// EndHook notes how a delivery went. A webhook that failed rests, the longer the more often it did; one that failed for
// days is disabled, and so is one that is gone.
func (s *Store) EndHook(ctx context.Context, c *HookCall, o HookOutcome) error {
	now := s.clock()
	b := &pgx.Batch{}
	b.Queue(endHook, c.ID, c.worker, o.State, shortened(o.Reason, longestReason), now.Add(o.Again), now,
		o.Status, shortened(o.Request, 2000), shortened(o.Answer, 1000))
	failed := o.State != Delivered
	var fails int
	var since *time.Time
	if o.State == Cancelled {
		b.Queue(freeHook, c.Webhook)
	} else {
		b.Queue(restHook, c.Webhook, failed, restOf(failed, c.fails, now), now).QueryRow(func(row pgx.Row) error { return row.Scan(&fails, &since) })
	}
	err := s.work.SendBatch(ctx, b).Close()
	switch {
	case absent(err):
		return nil // it was removed meanwhile
	case err != nil:
		return fmt.Errorf("note how a webhook does: %w", err)
	case o.Gone:
		return s.disableHook(ctx, c.Webhook, "the receiver answered 410 Gone: it wants no more")
	case failed && fails >= failsAtLeast && since != nil && now.Sub(*since) >= failsFor:
		return s.disableHook(ctx, c.Webhook, fmt.Sprintf("no try since %s went well, the last of them: %s", since.Format("2 January 2006, 15:04 MST"), o.Reason))
	}
	return nil
}

// restOf is until when a webhook rests after a try, nil for one that went well. Fails counts those before.
func restOf(failed bool, fails int, now time.Time) *time.Time {
	if !failed {
		return nil
	}
	until := now.Add(min(firstRest<<min(fails, 10), longestRest))
	return &until
}

// disableHook is done by the installation itself, and says why.
func (s *Store) disableHook(ctx context.Context, id, reason string) error {
	s.log.WarnContext(ctx, "a webhook is disabled: see the page Webhooks", "webhook", id, "because", reason)
	return s.hookWrite(ctx, System(), "disable a webhook", func(w *writer, h head) error {
		before, err := w.hook(ctx, id)
		if err != nil {
			return err
		}
		after := before
		after.State, after.Reason = incident.WebhookDisabled, shortened(reason, longestReason)
		return w.saveHook(ctx, h, didDisableHook, before, after)
	})
}

// LapseHooks makes those due again whose worker has not been heard of for its lease, and tells how many there were.
func (s *Store) LapseHooks(ctx context.Context) (int64, error) {
	tag, err := s.work.Exec(ctx, lapseHooks, s.clock())
	if err != nil {
		return 0, fmt.Errorf("look for webhooks that nobody answers for: %w", err)
	}
	return tag.RowsAffected(), nil
}

// StandInForHooks takes out jobs that ask for the same as job does, which looks for all of it after this.
func (s *Store) StandInForHooks(ctx context.Context, job int64) error {
	if _, err := s.work.Exec(ctx, standInForHooks, job); err != nil {
		return fmt.Errorf("take out other jobs for webhooks: %w", err)
	}
	return nil
}

// NextHook is when there is something to do for webhooks again; nil for nothing.
func (s *Store) NextHook(ctx context.Context) (at *time.Time, err error) {
	if err := s.work.QueryRow(ctx, nextHook).Scan(&at); err != nil {
		return nil, fmt.Errorf("look for what is next for webhooks: %w", err)
	}
	return at, nil
}

// ScheduleHooks asks for workers at a time. They come some seconds later.
func (s *Store) ScheduleHooks(ctx context.Context, at time.Time) error {
	if _, err := s.work.Exec(ctx, scheduleHooks, at); err != nil {
		return fmt.Errorf("ask for workers: %w", err)
	}
	return nil
}
