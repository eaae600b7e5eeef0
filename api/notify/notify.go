// Package notify sends what goes out: messages to those who subscribed, by mail
// and to receivers of webhooks, Slack and Teams, and before that the question
// whether they meant to subscribe. What is sent to them is made of incident.Public
// alone. The team's own webhooks are told that something happened, and where it
// can be read. Who is told, and what became of it, is kept by the store. All
// background work is done here, so chores are, too.
package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/debriefhq/debrief/store"
)

const (
	hands    = 4                // that deliver at once, in each queue
	shift    = 30 * time.Second // after which a job makes room for others
	jobTime  = 4 * time.Minute  // for a job: a shift, and the last delivery of it
	rescue   = 5 * time.Minute  // after which River takes a job for lost whose process died
	lookTime = time.Second      // between looks for jobs
	oldJobs  = time.Hour        // how long jobs that are done can be looked at
	resting  = 10 * time.Second // before another shift when the database or the mail server is away
	endTime  = 10 * time.Second // for noting how a delivery went while we stop
)

// Options say what is sent, and how.
type Options struct {
	Store *store.Store
	Log   *slog.Logger // nil is silent

	Name   string      // of the status page
	URL    string      // that links begin with: https://status.example.com
	Mail   *MailServer // nil sends no mail
	Inside bool        // receivers of webhooks may be inside, at any address
	Chores []store.Chore

	Web      *http.Transport // nil is the usual one; its dialing is guarded all the same
	MailTime time.Duration   // that a mail server may take for one mail; 0 is 2 minutes
	WebTime  time.Duration   // that a receiver may take; 0 is 10 seconds
	HookTime time.Duration   // that a webhook of the team may take; 0 is 15 seconds
	Lease    time.Duration   // after which a delivery whose worker is silent counts as unknown; 0 is a minute more than the longer of both
}

// Notifier delivers what is queued and does chores, until it is stopped.
type Notifier struct {
	Options
	river.WorkerDefaults[store.Deliver]
	jobs  *river.Client[pgx.Tx]
	web   *http.Client
	hooks *http.Client // of the team
	told  kept
	stop  chan struct{} // closed when no further delivery is to be begun
	once  sync.Once
}

// New makes a notifier that does nothing yet.
func New(o Options) (*Notifier, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.MailTime, o.WebTime = orTime(o.MailTime, 2*time.Minute), orTime(o.WebTime, 10*time.Second)
	o.HookTime = orTime(o.HookTime, 15*time.Second)
	o.Lease = orTime(o.Lease, max(o.MailTime, o.WebTime, o.HookTime)+time.Minute)
	n := &Notifier{Options: o, web: newClient(o), stop: make(chan struct{})}
	hooks := *n.web
	hooks.Timeout, n.hooks = o.HookTime, &hooks
	chores := &chores{store: o.Store, all: o.Chores, log: o.Log}
	workers, queues, err := n.crew(chores)
	if err != nil {
		return nil, fmt.Errorf("register the workers: %w", err)
	}
	n.jobs, err = o.Store.Jobs(river.Config{
		Queues: queues, Workers: workers, PeriodicJobs: chores.periodic(), FetchPollInterval: lookTime, FetchCooldown: lookTime / 10,
		JobTimeout: jobTime, RescueStuckJobsAfter: rescue, CompletedJobRetentionPeriod: oldJobs,
	})
	return n, err
}

// crew is who works in the background: a worker for each kind of job, and the queues that this process looks into. A new
// kind of job is added here, and its queue in store.
func (n *Notifier) crew(chores *chores) (*river.Workers, map[string]river.QueueConfig, error) {
	workers, alone := river.NewWorkers(), river.QueueConfig{MaxWorkers: 1}
	err := errors.Join(
		river.AddWorkerSafely(workers, n),
		river.AddWorkerSafely(workers, chores),
		river.AddWorkerSafely(workers, &hookWorker{n: n}),
		river.AddWorkerSafely(workers, &reminders{n: n}),
	)
	queues := map[string]river.QueueConfig{store.WebQueue: alone, store.HookQueue: alone, store.ChoreQueue: {MaxWorkers: choreHands}}
	if n.Mail != nil {
		queues[store.MailQueue], queues[store.ReminderQueue] = alone, alone
	}
	return workers, queues, err
}

func orTime(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}

// Start begins to deliver, with what a process before this one left.
func (n *Notifier) Start(ctx context.Context) error {
	if err := n.jobs.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start the queue of jobs: %w", err)
	}
	first := map[string]river.JobArgs{store.WebQueue: store.Deliver{}, store.HookQueue: store.CallHooks{}}
	if n.Mail != nil {
		first[store.MailQueue], first[store.ReminderQueue] = store.Deliver{Mail: true}, store.Remind{}
	}
	for queue, args := range first {
		if _, err := n.jobs.Insert(ctx, args, &river.InsertOpts{Queue: queue}); err != nil {
			return errors.Join(fmt.Errorf("look for what is to be delivered: %w", err), n.Stop(ctx))
		}
	}
	return nil
}

// Stop begins no further delivery, and waits for those under way until ctx ends. Then they are cut off: what had not
// gone out is queued again, and of what nobody can know it is unknown.
func (n *Notifier) Stop(ctx context.Context) error {
	n.once.Do(func() { close(n.stop) })
	if err := n.jobs.Stop(ctx); err == nil {
		return nil
	}
	cut, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	if err := n.jobs.StopAndCancel(cut); err != nil {
		return fmt.Errorf("stop delivering: %w", err)
	}
	return nil
}

// Work is called by River: it delivers what is due, for a shift, and asks to come back when there is more.
func (n *Notifier) Work(ctx context.Context, job *river.Job[store.Deliver]) error {
	next, err := n.shift(ctx, job.Args.Mail)
	if err != nil {
		n.Log.ErrorContext(ctx, "deliver what is queued", "error", err)
		return river.JobSnooze(resting)
	}
	if next == nil {
		return nil
	}
	return river.JobSnooze(max(*next, 0))
}

// shift delivers with all hands, and tells after how long there is more to do; nil for nothing.
func (n *Notifier) shift(ctx context.Context, mail bool) (next *time.Duration, err error) {
	lapsed, err := n.Store.Lapse(ctx)
	if err != nil {
		return nil, err
	}
	if lapsed > 0 {
		n.Log.WarnContext(ctx, "nobody can know whether these were delivered: see the page Subscribers", "deliveries", lapsed)
	}
	until := time.Now().Add(shift)
	failed := make(chan error, hands)
	for range hands {
		go func() { failed <- n.hand(ctx, mail, until) }()
	}
	var away error
	for range hands {
		if e := <-failed; errors.Is(e, errAway) {
			away = e
		} else {
			err = errors.Join(err, e)
		}
	}
	switch {
	case err != nil:
		return nil, err
	case away != nil:
		n.Log.WarnContext(ctx, "mail waits", "error", away)
		rest := resting
		return &rest, nil
	}
	at, err := n.Store.NextDelivery(ctx, mail)
	if err != nil || at == nil {
		return nil, err
	}
	in := max(time.Until(*at), lookTime/10)
	return &in, nil
}

// hand delivers one after the other until nothing is due, its time is over, or the mail server is away.
func (n *Notifier) hand(ctx context.Context, mail bool, until time.Time) error {
	var post *postman
	if mail {
		post = &postman{server: n.Mail, patience: n.MailTime}
		defer post.close()
	}
	for ctx.Err() == nil && time.Now().Before(until) {
		select {
		case <-n.stop:
			return nil
		default:
		}
		d, err := n.Store.Claim(ctx, mail, n.Lease)
		if err != nil || d == nil {
			return err
		}
		outcome, away := n.deliver(ctx, d, post)
		if err := n.end(ctx, d, outcome); err != nil {
			return err
		}
		if away {
			return fmt.Errorf("%w: %s", errAway, outcome.Reason)
		}
	}
	return nil
}

// errAway ends a shift: the mail server cannot be reached, and every further mail would learn just that.
var errAway = errors.New("no further mail is tried now")

// end notes how a delivery went, also when the job was cut off meanwhile.
func (n *Notifier) end(ctx context.Context, d *store.Delivery, o store.Outcome) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	if o.State == store.Failed || o.State == store.Unknown {
		n.Log.WarnContext(ctx, "a delivery did not go well", "delivery", d.ID, "state", o.State, "reason", o.Reason)
	}
	return n.Store.End(ctx, d, o)
}
