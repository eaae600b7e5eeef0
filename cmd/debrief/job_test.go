package main

import (
	"context"

	"github.com/riverqueue/river"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/debriefhq/debrief/store"
)

// givesUp leaves a job that was cancelled.
func givesUp(st *store.Store) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, _ []string) {
		jobs, err := st.Jobs(river.Config{})
		ts.Check(err)
		job, err := jobs.Insert(context.Background(), store.DoChore{Name: "sweep"}, &river.InsertOpts{Queue: store.ChoreQueue})
		ts.Check(err)
		_, err = jobs.JobCancel(context.Background(), job.Job.ID)
		ts.Check(err)
	}
}
