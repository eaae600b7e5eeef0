package store

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/debriefhq/debrief/incident"
)

// What is done to jobs and queues, in one word of history.
const (
	didRetryJob    = "job_retried"
	didPauseQueue  = "queue_paused"
	didResumeQueue = "queue_resumed"
)

// Their places in history.
const (
	jobsPath   = "/jobs/"
	queuesPath = "/queues/" // and the name
)

const (
	// retryJob does what River's own retry would. It leaves alone what runs or is done.
	retryJob = `
	update river_job
	set    state = 'available', max_attempts = greatest(max_attempts, attempt + 1), finalized_at = null,
	       metadata = metadata - 'cancel_attempted_at', scheduled_at = $2
	where  id = $1
	and    state not in ('running', 'completed')
	returning kind`
	// River looks whether a queue is paused every two seconds, and when it begins to work on it.
	pauseQueue = `
	insert into river_queue as q (name, paused_at, updated_at)
	values ($1, $2, $2)
	on conflict (name) do update
	set    paused_at = excluded.paused_at
	where  q.paused_at is null`
	resumeQueue = `
	update river_queue
	set    paused_at = null
	where  name = $1
	and    paused_at is not null`
	// keepPauses keeps River from forgetting a queue that nobody worked on for a day, such as that for mail after its
	// server was taken out of the settings: what was paused stays so.
	keepPauses = `
	update river_queue
	set    updated_at = $1
	where  paused_at is not null
	and    updated_at < $1::timestamptz - interval '1 hour'`
)

// oneLikeIt is River's index that lets one job of a kind wait.
const oneLikeIt = "river_job_unique_idx"

// RetryJob has a job that failed, was cancelled or waits for another try run now.
func (s *Store) RetryJob(ctx context.Context, by incident.Actor, id int64) (Job, error) {
	err := s.write(ctx, by, incident.Administer, "retry a job", func(w *writer) error {
		h, err := w.beginInstallation(ctx)
		if err != nil {
			return err
		}
		var kind string
		var fault *pgconn.PgError
		switch err := w.conn.QueryRow(ctx, retryJob, id, w.at).Scan(&kind); {
		case absent(err):
			return w.notRetried(ctx, id)
		case errors.As(err, &fault) && fault.ConstraintName == oneLikeIt:
			return incident.Refuse(incident.Conflict, "", "another job does the same already: this one is not needed any more")
		case err != nil:
			return err
		}
		changes, err := change(opNote, jobsPath, id, nil, kind)
		if err != nil {
			return err
		}
		if err := w.record(h, 0, didRetryJob, changes); err != nil {
			return err
		}
		return w.commit(ctx, nil)
	})
	var again *repeated
	if err != nil && !errors.As(err, &again) {
		return Job{}, err
	}
	j, err := scanJob(s.pool.QueryRow(ctx, jobByID, id).Scan)
	if absent(err) {
		return j, noJob
	}
	return j, refuse(err, "read a job")
}

var noJob = incident.Refuse(incident.NotFound, "", "there is no such job: those that are done are forgotten after an hour, those that failed after a week")

// notRetried says why.
func (w *writer) notRetried(ctx context.Context, id int64) error {
	j, err := scanJob(w.conn.QueryRow(ctx, jobByID, id).Scan)
	switch {
	case absent(err):
		return noJob
	case err != nil:
		return err
	case j.State == JobRunning:
		return incident.Refuse(incident.Conflict, "", "the job runs right now: wait for its end")
	}
	return incident.Refuse(incident.Conflict, "", "the job is done: there is nothing to try again")
}

// PauseQueue lets nothing of a queue be begun until it is resumed, also after a restart. What runs comes to its end.
func (s *Store) PauseQueue(ctx context.Context, by incident.Actor, name string) (Queue, error) {
	return s.changeQueue(ctx, by, name, didPauseQueue, func(w *writer) (pgconn.CommandTag, error) {
		return w.conn.Exec(ctx, pauseQueue, name, w.at)
	})
}

// ResumeQueue lets a queue be worked on again.
func (s *Store) ResumeQueue(ctx context.Context, by incident.Actor, name string) (Queue, error) {
	return s.changeQueue(ctx, by, name, didResumeQueue, func(w *writer) (pgconn.CommandTag, error) {
		return w.conn.Exec(ctx, resumeQueue, name)
	})
}

// changeQueue pauses or resumes one. One that is so already stays so, and history says nothing.
func (s *Store) changeQueue(ctx context.Context, by incident.Actor, name, did string, do func(*writer) (pgconn.CommandTag, error)) (Queue, error) {
	if !slices.ContainsFunc(queues, func(q workQueue) bool { return q.name == name }) {
		if err := may(by, incident.Administer); err != nil {
			return Queue{}, err
		}
		return Queue{}, noQueue(name)
	}
	err := s.write(ctx, by, incident.Administer, "change a queue", func(w *writer) error {
		h, err := w.beginInstallation(ctx)
		if err != nil {
			return err
		}
		tag, err := do(w)
		if err != nil {
			return err
		}
		if tag.RowsAffected() > 0 {
			value, err := encode(name)
			if err != nil {
				return err
			}
			if err := w.record(h, 0, did, []diff{{op: opNote, path: queuesPath + name, value: value}}); err != nil {
				return err
			}
		}
		return w.commit(ctx, nil)
	})
	var again *repeated
	if err != nil && !errors.As(err, &again) {
		return Queue{}, err
	}
	return s.queue(ctx, by, name)
}
