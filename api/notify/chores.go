package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/debriefhq/debrief/store"
)

const (
	choreHands = 2           // that do chores at once
	choreAgain = time.Minute // before one that failed is tried again
	choreTime  = 2 * time.Minute
	choreLost  = choreTime + 30*time.Second // after which its process counts as dead
)

// unfinished are the states of a job that is not over.
var unfinished = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

// chores does what is due now and then. The queue lets one process of all ask for it, and one do it.
type chores struct {
	river.WorkerDefaults[store.DoChore]
	store *store.Store
	all   []store.Chore
	log   *slog.Logger
}

// periodic asks for each chore at the start and then every so often, unless it waits or runs already.
func (c *chores) periodic() []*river.PeriodicJob {
	var all []*river.PeriodicJob
	for _, chore := range c.all {
		ask := func() (river.JobArgs, *river.InsertOpts) {
			return store.DoChore{Name: chore.Name}, asked()
		}
		all = append(all, river.NewPeriodicJob(river.PeriodicInterval(chore.Every), ask, &river.PeriodicJobOpts{RunOnStart: true}))
	}
	return all
}

// asked is how a chore is asked for: one of each waits or runs.
func asked() *river.InsertOpts {
	return &river.InsertOpts{Queue: store.ChoreQueue, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished}}
}

// Work is called by River.
func (c *chores) Work(ctx context.Context, job *river.Job[store.DoChore]) error {
	at := slices.IndexFunc(c.all, func(chore store.Chore) bool { return chore.Name == job.Args.Name })
	if at < 0 {
		return river.JobCancel(fmt.Errorf("this version of Debrief has no chore %q", job.Args.Name))
	}
	err := errors.Join(c.store.FreeChores(ctx, choreLost), c.all[at].Do(ctx))
	if err != nil && ctx.Err() == nil {
		c.log.ErrorContext(ctx, "do what is due now and then", "chore", job.Args.Name, "error", err)
	}
	return err
}

// Timeout is called by River.
func (c *chores) Timeout(*river.Job[store.DoChore]) time.Duration { return choreTime }

// NextRetry is called by River.
func (c *chores) NextRetry(*river.Job[store.DoChore]) time.Time { return time.Now().Add(choreAgain) }
