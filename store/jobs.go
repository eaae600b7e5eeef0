package store

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// workConns are the connections of background work: its own, so that no request waits for it.
const workConns = 4

// The queues of background work.
const (
	MailQueue = "mail" // to mailboxes
	WebQueue  = "web"  // to receivers of webhooks, any of which may be slow
)

// Deliver is the job that there is something to deliver: which, the rows of deliveries say. It may run at any time, and
// more than once.
type Deliver struct {
	Mail bool `json:"mail"`
}

// Kind is the job's name in the queue.
func (Deliver) Kind() string { return "deliver" }

// Queue is where it waits.
func (d Deliver) Queue() string {
	if d.Mail {
		return MailQueue
	}
	return WebQueue
}

// queueOfKind is where what a kind of subscriber gets waits.
const queueOfKind = `case when kind = 'email' then '` + MailQueue + `' else '` + WebQueue + `' end`

// insertJobs asks for the delivery of what the statement before it queued. It writes what River's own insert would, in
// the transaction and the round trip of whoever writes; workers look every second.
const insertJobs = `
	-- workers look for these
	insert into river_job (kind, queue, args, max_attempts)
	select   'deliver', ` + queueOfKind + `, jsonb_build_object('mail', kind = 'email'), 25
	from     queued
	group by kind = 'email', 2`

// Jobs is the queue of background work, with the workers and queues that config names; without any it only looks and
// changes. It polls and does not listen: a pooler of connections may stand before the database.
func (s *Store) Jobs(config river.Config) (*river.Client[pgx.Tx], error) {
	config.PollOnly, config.Logger = true, slog.New(warnings{s.log.Handler()})
	client, err := river.NewClient(riverpgxv5.New(s.work), &config)
	if err != nil {
		return nil, fmt.Errorf("open the queue of jobs: %w", err)
	}
	return client, nil
}

// warnings leaves out what River tells of its ordinary life.
type warnings struct{ slog.Handler }

// Enabled implements slog.Handler.
func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}

// WithAttrs implements slog.Handler.
func (w warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{w.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }
