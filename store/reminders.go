package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/debriefhq/debrief/incident"
)

// ReminderQueue is where mails to people wait.
const ReminderQueue = "reminders"

// Remind is the job that there is somebody to remind: whom, the rows of reminders say.
type Remind struct{}

// Kind is the job's name in the queue.
func (Remind) Kind() string { return "remind" }

// ReminderKind is what somebody is reminded of.
type ReminderKind string

// The kinds: their follow-ups that are overdue, that customers were promised an update which is about to be due, or the
// month that is over, of which they get the digest.
const (
	OfOverdue ReminderKind = "overdue"
	OfPromise ReminderKind = "promise"
	OfMonth   ReminderKind = "digest"
)

const (
	beforePromise = "10 minutes" // is somebody reminded, or half the time of a promise that is shorter
	remindersKept = "1 year"     // rows about what people were reminded of
	digestDays    = 7            // of a month, in which the digest of the last one is sent
)

// People h that mails go to: those who are reminded, and those who want digests.
const (
	mailed     = `h.email <> '' and h.email_fault = '' and not h.disabled`
	reachable  = mailed + ` and h.reminders`
	digestible = mailed + ` and h.digests`
)

// insertRemind asks for the sending of what the statement before it queued.
const insertRemind = `
	-- workers look for it
	insert into river_job (kind, queue, args, max_attempts)
	select 'remind', '` + ReminderQueue + `', '{}', 25
	where  exists (select from queued)`

const (
	// queueOverdue queues a mail to whoever has a follow-up that is overdue on the day $1, and was not in the mail before
	// as due then; and to whoever had that mail a week ago. It is one a day at most. A private part counts for those who
	// may see it.
	queueOverdue = `
	with late as (
		select   h.id as person, array_agg(concat(p.incident, '/', p.id, '/', p.due) order by p.due, p.incident, p.id) as about
		from     people    h
		join     actions   p on lower(p.owner) = h.folded
		join     incidents i on i.number = p.incident
		where    ` + reachable + `
		and      coalesce(p.due, 'infinity'::date) < $1::date
		and      p.state in ('open', 'in_progress')
		and      not i.archived
		and      ((i.visibility = 'internal' and p.audience <> 'private') or exists (
			select from named n where n.incident = i.number and n.name = h.folded))
		group by h.id
	), queued as (
		insert into reminders (person, kind, day, about, state, due_at, at)
		select l.person, 'overdue', $1::date, l.about, 'queued', $2, $2
		from   late l
		left   join lateral (
			select   r.day, r.about
			from     reminders r
			where    r.person = l.person
			and      r.day is not null
			order by r.day desc
			limit    1) before on true
		where  before.day is null
		or     not l.about <@ before.about
		or     before.day <= $1::date - 7
		on conflict on constraint reminder_of_follow_ups_is_once_a_day do nothing
		returning id
	)` + insertRemind

	// queuePromises queues a mail about each promise that is about to be due, to the one who leads communications, else
	// the commander: the last of them who is so now and can be reached. Which promise holds, lastPromises says.
	queuePromises = `
	with due as (
		select p.incident, p.id as message, (p.next_update_at).at as promised_at
		from   messages p
		join   incidents i on i.number = p.incident
		cross  join lateral (
			select   q.id
			from     messages q
			where    q.incident = p.incident
			and      q.audience = 'public'
			and      q.state <> 'draft'
			and      (q.at).at is not null
			and      (q.at).precision <> 'day'
			and      (q.corrects is null or (q.next_update_at).at is not null and (q.next_update_at).precision <> 'day')
			order by (q.at).at desc, q.position desc, q.id desc
			limit    1) last
		where  p.id = last.id
		and    p.audience = 'public'
		and    p.state <> 'draft'
		and    (p.next_update_at).at is not null
		and    (p.next_update_at).precision <> 'day'
		and    (p.next_update_at).at > $1
		and    (p.next_update_at).at <= $1::timestamptz + interval '` + beforePromise + `'
		and    (p.next_update_at).at - least(interval '` + beforePromise + `', ((p.next_update_at).at - (p.at).at) / 2) <= $1
		and    not i.archived
		and    i.status not in ('resolved', 'completed')
	), queued as (
		insert into reminders (person, kind, incident, message, promised_at, state, due_at, at)
		select to_whom.id, 'promise', d.incident, d.message, d.promised_at, 'queued', $1, $1
		from   due d
		cross  join lateral (
			select   h.id
			from     incident_people n
			join     people h on h.folded = lower(n.name)
			where    n.incident = d.incident
			and      n.role in ('communications', 'commander')
			and      coalesce((n."from").at, '-infinity') <= $1
			and      coalesce((n.until).at, 'infinity') > $1
			and      ` + reachable + `
			order by (n.role = 'communications') desc, n.position desc
			limit    1) to_whom
		on conflict on constraint reminder_of_a_promise_is_once do nothing
		returning id
	)` + insertRemind

	// queueDigests queues the digest of the month $1 for those who want it.
	queueDigests = `
	with queued as (
		insert into reminders (person, kind, period, state, due_at, at)
		select h.id, 'digest', $1, 'queued', $2, $2
		from   people h
		where  ` + digestible + `
		on conflict on constraint reminder_of_a_digest_is_once do nothing
		returning id
	)` + insertRemind

	claimReminder = `
	with next as (
		select   r.id
		from     reminders r
		where    r.state = 'queued'
		and      r.due_at <= $1
		and      not exists (select from river_queue q where q.name = '` + ReminderQueue + `' and q.paused_at is not null)
		order by r.due_at, r.id
		limit    1
		for      update of r skip locked
	)
	update reminders r
	set    state = 'sending', tries = r.tries + 1, worker = $2, lease = $3, at = $1, reason = ''
	from   next, people h
	where  r.id = next.id
	and    h.id = r.person
	returning r.id, r.kind, r.incident, r.promised_at, coalesce(r.period, ''), r.tries, coalesce(h.email, ''),
		case r.kind when 'digest' then ` + digestible + ` else ` + reachable + ` end, h.id, h.name, h.role`
	// endReminder notes how it went. The worker that sent it knows, also after it was thought dead.
	endReminder = `
	update reminders
	set    state = $3, reason = $4, due_at = $5, at = $6, tries = tries - $7::integer, lease = null, worker = ''
	where  id = $1
	and    worker = $2
	and    state in ('sending', 'unknown')`
	lapseReminders = `
	update reminders
	set    state = 'unknown', lease = null, at = $1, reason = '` + lapsed + `'
	where  state = 'sending'
	and    lease < $1`
	nextReminder = `
	select least(
		(select due_at from reminders where state = 'queued' order by due_at limit 1),
		(select lease from reminders where state = 'sending' order by lease limit 1))`
	setEmailFault = `
	update people
	set    email_fault = $3
	where  id = $1
	and    email = $2`
	// dropOldReminders looks at the first ones alone, as dropOldDeliveries does.
	dropOldReminders = `
	delete from reminders
	where  id in (select id from reminders order by id limit 10000)
	and    at < $1::timestamptz - interval '` + remindersKept + `'`
)

// FindOverdue queues mails about follow-ups that are overdue. It is a chore.
func (s *Store) FindOverdue(ctx context.Context) error {
	now := s.clock()
	if _, err := s.work.Exec(ctx, queueOverdue, now.Format(time.DateOnly), now); err != nil {
		return fmt.Errorf("look for follow-ups that are overdue: %w", err)
	}
	return nil
}

// FindPromises queues mails about updates that are about to be due. It is a chore.
func (s *Store) FindPromises(ctx context.Context) error {
	if _, err := s.work.Exec(ctx, queuePromises, s.clock()); err != nil {
		return fmt.Errorf("look for promises that are about to be due: %w", err)
	}
	return nil
}

// FindDigests queues digests of the month that is over, in the first days of the next. It is a chore.
func (s *Store) FindDigests(ctx context.Context) error {
	now := s.clock()
	if now.Day() > digestDays {
		return nil
	}
	from := incident.LastMonth(now)
	if _, err := s.work.Exec(ctx, queueDigests, incident.PeriodName(from, from.AddDate(0, 1, 0)), now); err != nil {
		return fmt.Errorf("look for who wants a digest: %w", err)
	}
	return nil
}

// Reminder is one that a worker has taken: "sending" is committed. Nobody else sends it, whatever becomes of this one.
type Reminder struct {
	ID       int64
	Kind     ReminderKind
	Email    string
	Tries    int        // this one counted
	Void     string     // why it is not to be sent any more; "" while it is
	FollowUp []FollowUp // that are overdue, the first fifty
	More     bool       // there are more of them
	Promise  Promise
	Digest   *incident.Digest

	incident incident.Number
	promised time.Time
	period   string
	reached  bool
	to       incident.Actor
	worker   string // names this claim
}

// FollowUp is one that is overdue. A private one has no texts, nor has one of a private incident.
type FollowUp struct {
	Incident incident.Number
	Heading  string // of the incident
	Title    string
	Due      string // the day
	Private  bool
}

// Promise is an update that customers wait for.
type Promise struct {
	Incident incident.Number
	Heading  string // "" of a private incident
	Due      *incident.Moment
}

// ClaimReminder takes the next reminder that is due, for a worker who answers for it until lease has passed; nil when none
// is. What it says is read anew, as its reader may see it now.
func (s *Store) ClaimReminder(ctx context.Context, lease time.Duration) (*Reminder, error) {
	now := s.clock()
	r := Reminder{worker: rand.Text()}
	err := s.work.QueryRow(ctx, claimReminder, now, r.worker, now.Add(lease)).Scan(&r.ID, &r.Kind, (*zeronull.Int8)(&r.incident),
		(*zeronull.Timestamptz)(&r.promised), &r.period, &r.Tries, &r.Email, &r.reached, &r.to.PersonID, &r.to.Name, &r.to.Role)
	if absent(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("take a reminder: %w", err)
	}
	return &r, nil
}

// EndReminder notes how a reminder went.
func (s *Store) EndReminder(ctx context.Context, r *Reminder, o Outcome) error {
	now := s.clock()
	reason, free := shortened(o.Reason, longestReason), 0
	if o.Free {
		free = 1
	}
	b := &pgx.Batch{}
	b.Queue(endReminder, r.ID, r.worker, o.State, reason, now.Add(o.Again), now, free)
	if o.Gone {
		b.Queue(setEmailFault, r.to.PersonID, r.Email, reason)
	}
	if err := s.work.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("note how a reminder went: %w", err)
	}
	return nil
}

// LapseReminders makes those unknown whose worker has not been heard of for its lease, and tells how many there were.
func (s *Store) LapseReminders(ctx context.Context) (int64, error) {
	tag, err := s.work.Exec(ctx, lapseReminders, s.clock())
	if err != nil {
		return 0, fmt.Errorf("look for reminders that nobody answers for: %w", err)
	}
	return tag.RowsAffected(), nil
}

// NextReminder is when there is something to do again; nil for nothing.
func (s *Store) NextReminder(ctx context.Context) (at *time.Time, err error) {
	if err := s.work.QueryRow(ctx, nextReminder).Scan(&at); err != nil {
		return nil, fmt.Errorf("look for the next reminder: %w", err)
	}
	return at, nil
}
