package api_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// visitJobs pauses and resumes a queue, and tries a job again that is given up.
func visitJobs(t *testing.T, h *house, ada *person) {
	t.Helper()
	ctx := t.Context()
	q, err := ada.PauseQueue(ctx, store.ChoreQueue)
	if err != nil || q.PausedAt == nil || q.Name != store.ChoreQueue {
		t.Errorf("PauseQueue = %+v, %v", q, err)
	}
	all, err := ada.Queues(ctx)
	if err != nil || len(all) < 3 {
		t.Errorf("Queues = %+v, %v", all, err)
	}
	if q, err = ada.ResumeQueue(ctx, store.ChoreQueue); err != nil || q.PausedAt != nil {
		t.Errorf("ResumeQueue = %+v, %v", q, err)
	}
	given := giveUp(t, h.store)
	failed, err := ada.Jobs(ctx, client.JobFilter{State: "cancelled", Kind: "chore", Queue: store.ChoreQueue})
	if err != nil || len(failed.Items) != 1 || failed.Items[0].ID != given || failed.Items[0].Name != "sweep" {
		t.Fatalf("Jobs = %+v, %v, want the one that was given up", failed, err)
	}
	if j, err := ada.RetryJob(ctx, given); err != nil || j.State != "waiting" {
		t.Errorf("RetryJob = %+v, %v", j, err)
	}
	if _, err := ada.RetryJob(ctx, given+1); !errors.Is(err, incident.NotFound) {
		t.Errorf("RetryJob of none = %v", err)
	}
	if _, err := ada.PauseQueue(ctx, "nowhere"); !errors.Is(err, incident.NotFound) {
		t.Errorf("PauseQueue of none = %v", err)
	}
}

// giveUp leaves a job that was cancelled.
func giveUp(t *testing.T, s *store.Store) int64 {
	t.Helper()
	jobs, err := s.Jobs(river.Config{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	job, err := jobs.Insert(ctx, store.DoChore{Name: "sweep"}, &river.InsertOpts{Queue: store.ChoreQueue})
	if err == nil {
		_, err = jobs.JobCancel(ctx, job.Job.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return job.Job.ID
}
