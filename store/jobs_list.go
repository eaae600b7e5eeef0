package store

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/debriefhq/debrief/incident"
)

// JobState says how far a job has come.
type JobState string

// A job waits until it is due and a worker is free. One that failed is retrying until it is tried again, and failed when
// it was given up.
const (
	JobWaiting   JobState = "waiting"
	JobRunning   JobState = "running"
	JobRetrying  JobState = "retrying"
	JobDone      JobState = "done"
	JobFailed    JobState = "failed"
	JobCancelled JobState = "cancelled"
)

// jobStates are River's words for ours.
var jobStates = map[JobState][]string{
	JobWaiting: {"available", "pending", "scheduled"}, JobRunning: {"running"}, JobRetrying: {"retryable"},
	JobDone: {"completed"}, JobFailed: {"discarded"}, JobCancelled: {"cancelled"},
}

// ours is our word for one of River's.
func ours(river string) JobState {
	for state, words := range jobStates {
		if slices.Contains(words, river) {
			return state
		}
	}
	return JobState(river)
}

// workQueue is one that jobs wait in, and what is done there, for people.
type workQueue struct{ name, does string }

// queues are all of them, in the order that they are shown in.
var queues = []workQueue{
	{MailQueue, "mails to subscribers"},
	{WebQueue, "webhooks and chats of subscribers"},
	{HookQueue, "webhooks of the team"},
	{ReminderQueue, "reminders to people here"},
	{ChoreQueue, "chores that keep the database in order"},
}

// Queue is where jobs of one sort wait.
type Queue struct {
	Name       string     `json:"name"`
	Does       string     `json:"does" doc:"What is done there, in words."`
	PausedAt   *time.Time `json:"paused_at" doc:"Since when nothing of it is begun; null when it is worked on."`
	Waiting    int64      `json:"waiting" doc:"Jobs that wait, also for another try."`
	Running    int64      `json:"running" doc:"Jobs that run now."`
	Failed     int64      `json:"failed" doc:"Jobs that were given up within the last week."`
	DueAt      *time.Time `json:"due_at" doc:"When the first of those that wait is due."`
	Deliveries int64      `json:"deliveries" doc:"What waits to be delivered by its jobs, of which one delivers many; more than 10,000 are not counted."`
	Off        bool       `json:"off" doc:"Nothing works on it, because no mail server is set."`
}

// Job is a piece of background work.
type Job struct {
	ID        int64      `json:"id"`
	Kind      string     `json:"kind" doc:"deliver, chore, …"`
	Name      string     `json:"name" doc:"Which chore; else empty."`
	Queue     string     `json:"queue"`
	State     JobState   `json:"state" enum:"waiting,running,retrying,done,failed,cancelled" doc:"retrying failed and waits for another try; failed was given up."`
	Tries     int        `json:"tries"`
	MostTries int        `json:"most_tries"`
	DueAt     time.Time  `json:"due_at"`
	CreatedAt time.Time  `json:"created_at"`
	TriedAt   *time.Time `json:"tried_at" doc:"When the last try began."`
	EndedAt   *time.Time `json:"ended_at"`
	Reason    string     `json:"reason" doc:"Why the last try failed."`
}

const jobColumns = `j.id, j.kind, j.args->>'name', j.queue, j.state::text, j.attempt, j.max_attempts, j.scheduled_at, j.created_at, j.attempted_at, j.finalized_at,
	       j.errors[array_upper(j.errors, 1)]->>'error'`

func scanJob(scan func(...any) error) (j Job, err error) {
	var state string
	err = scan(&j.ID, &j.Kind, (*zeronull.Text)(&j.Name), &j.Queue, &state, &j.Tries, &j.MostTries, &j.DueAt, &j.CreatedAt, &j.TriedAt, &j.EndedAt, (*zeronull.Text)(&j.Reason))
	j.State = ours(state)
	return j, err
}

const (
	listJobs = `
	select ` + jobColumns + `
	from   river_job j
	where  j.id < $?`
	inJobStates = ` and j.state = any($?::text[]::river_job_state[])`
	ofJobKind   = ` and j.kind = $?`
	inQueue     = ` and j.queue = $?`
	newestJobs  = ` order by j.id desc`

	jobByID = `
	select ` + jobColumns + `
	from   river_job j
	where  j.id = $1`

	// readQueues counts what is in queues. Of jobs that are done nothing is counted, they would be many.
	readQueues = `
	select   n.name, q.paused_at, coalesce(j.waiting, 0), coalesce(j.running, 0), coalesce(j.failed, 0), j.due_at,
	         (select count(*) from (
	          select from deliveries where state = 'queued' and ` + queueOfKind + ` = n.name
	          union  all
	          select from webhooks w join webhook_deliveries d on d.webhook = w.id and d.state = 'queued'
	          where  w.state = 'active' and n.name = '` + HookQueue + `'
	          union  all
	          select from reminders where state = 'queued' and n.name = '` + ReminderQueue + `'
	          limit  10001) d)
	from     unnest($1::text[]) with ordinality n (name, place)
	left     join river_queue q on q.name = n.name
	left     join (
		select   queue,
		         count(*) filter (where state not in ('running', 'discarded')) as waiting,
		         count(*) filter (where state = 'running')                     as running,
		         count(*) filter (where state = 'discarded')                   as failed,
		         min(scheduled_at) filter (where state not in ('running', 'discarded')) as due_at
		from     river_job
		where    state in ('available', 'pending', 'scheduled', 'retryable', 'running', 'discarded')
		group by queue) j on j.queue = n.name
	order by n.place`
)

const jobList = "jobs" // in cursors

// JobFilter says which jobs to list.
type JobFilter struct {
	State  JobState
	Kind   string
	Queue  string
	Limit  int    // 1–200; 0 is 50
	Cursor string // of the page before
}

// JobsPage lists jobs, the newest first, for an admin.
func (s *Store) JobsPage(ctx context.Context, by incident.Actor, f JobFilter) (Page[Job], error) {
	var page Page[Job]
	if err := may(by, incident.Administer); err != nil {
		return page, err
	}
	limit, err := checkLimit(f.Limit)
	if err != nil {
		return page, err
	}
	before := int64(math.MaxInt64)
	if f.Cursor != "" {
		if err := resume(f.Cursor, jobList, &before); err != nil {
			return page, err
		}
	}
	q := &query{}
	q.add(listJobs, before)
	if f.State != "" {
		q.add(inJobStates, jobStates[f.State])
	}
	if f.Kind != "" {
		q.add(ofJobKind, f.Kind)
	}
	if f.Queue != "" {
		q.add(inQueue, f.Queue)
	}
	q.fresh = len(q.args) > 1
	q.add(newestJobs)
	q.add(upTo, limit+1)
	found, err := collect(ctx, s, q, "list jobs", scanJob)
	if err != nil {
		return page, err
	}
	var more bool
	if page.Items, more = paged(found, limit); more {
		page.Next, err = next(jobList, page.Items[limit-1].ID)
	}
	return page, err
}

// Queues lists the queues and how much waits in them, for an admin.
func (s *Store) Queues(ctx context.Context, by incident.Actor) ([]Queue, error) {
	if err := may(by, incident.Administer); err != nil {
		return nil, err
	}
	names, does := make([]string, len(queues)), map[string]string{}
	for i, q := range queues {
		names[i], does[q.name] = q.name, q.does
	}
	rows, err := s.pool.Query(ctx, readQueues, names)
	if err != nil {
		return nil, refuse(err, "list queues")
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (q Queue, err error) {
		err = row.Scan(&q.Name, &q.PausedAt, &q.Waiting, &q.Running, &q.Failed, &q.DueAt, &q.Deliveries)
		q.Does, q.Off = does[q.Name], (q.Name == MailQueue || q.Name == ReminderQueue) && !s.mails
		return q, err
	})
	return all, refuse(err, "list queues")
}

// queue reads one.
func (s *Store) queue(ctx context.Context, by incident.Actor, name string) (Queue, error) {
	all, err := s.Queues(ctx, by)
	if err != nil {
		return Queue{}, err
	}
	if at := slices.IndexFunc(all, func(q Queue) bool { return q.Name == name }); at >= 0 {
		return all[at], nil
	}
	return Queue{}, noQueue(name)
}

func noQueue(name string) error {
	return incident.Refuse(incident.NotFound, "", fmt.Sprintf("there is no queue %.60q: the list of queues has their names", name))
}
