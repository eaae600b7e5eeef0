package notify

import (
	"context"
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
)

// unfinished are the states of a job that is not over.
var unfinished = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

// chores does what is due now and then. The queue lets one process of all ask for it, and one do it.
type chores struct {
	river.WorkerDefaults[store.DoChore]
	all []store.Chore
	log *slog.Logger
}

// periodic asks for each chore at the start and then every so often, unless it waits or runs already.
func (c *chores) periodic() []*river.PeriodicJob {
	var all []*river.PeriodicJob
	for _, chore := range c.all {
		ask := func() (river.JobArgs, *river.InsertOpts) {
			return store.DoChore{Name: chore.Name}, &river.InsertOpts{
				Queue: store.ChoreQueue, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished},
			}
		}
		all = append(all, river.NewPeriodicJob(river.PeriodicInterval(chore.Every), ask, &river.PeriodicJobOpts{RunOnStart: true}))
	}
	return all
}

// Work is called by River.
func (c *chores) Work(ctx context.Context, job *river.Job[store.DoChore]) error {
	at := slices.IndexFunc(c.all, func(chore store.Chore) bool { return chore.Name == job.Args.Name })
	if at < 0 {
		return river.JobCancel(fmt.Errorf("this version of Debrief has no chore %q", job.Args.Name))
	}
	err := c.all[at].Do(ctx)
	if err != nil && ctx.Err() == nil {
		c.log.ErrorContext(ctx, "do what is due now and then", "chore", job.Args.Name, "error", err)
	}
	return err
}

// NextRetry is called by River.
func (c *chores) NextRetry(*river.Job[store.DoChore]) time.Time { return time.Now().Add(choreAgain) }
