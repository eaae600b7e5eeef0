package notify

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// counted is a chore that two processes share, and what became of it.
type counted struct{ runs, atOnce, most atomic.Int32 }

func (c *counted) do(ctx context.Context) error {
	c.most.Store(max(c.most.Load(), c.atOnce.Add(1)))
	defer c.atOnce.Add(-1)
	time.Sleep(1500 * time.Millisecond) // longer than until it is due again
	if c.runs.Add(1) == 1 {
		return errors.New("the first one fails")
	}
	return ctx.Err()
}

// begins starts a process that shares a database with others.
func begins(t *testing.T, url string, chore func(context.Context) error) *Notifier {
	t.Helper()
	n, err := New(Options{Store: storetest.Open(t, url), URL: "https://status.example.com", Chores: []store.Chore{
		{Name: "counted", Every: time.Second, Do: chore}, {Name: "other", Every: time.Second, Do: func(context.Context) error { return nil }},
	}})
	if err == nil {
		err = n.Start(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Stop(context.Background()) }) // it may have been stopped already
	return n
}

func TestAChoreIsDoneByOneOfTheProcessesThatShareADatabase(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	c := &counted{}
	first := begins(t, url, c.do)
	until := func(runs int32, why string) {
		t.Helper()
		for deadline := time.Now().Add(3 * time.Minute); c.runs.Load() < runs; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("the chore ran %d times, want %d: %s", c.runs.Load(), runs, why)
			}
		}
	}
	until(1, "the first process begins at once")
	begins(t, url, c.do)
	s := storetest.Open(t, url)
	jobs, err := s.Jobs(river.Config{})
	if err != nil {
		t.Fatal(err)
	}
	failed, err := jobs.JobList(t.Context(), nil)
	if err != nil || len(failed.Jobs) == 0 {
		t.Fatalf("JobList = %v, %v", failed, err)
	}
	for _, job := range failed.Jobs {
		if len(job.Errors) > 0 {
			if _, err := jobs.JobRetry(t.Context(), job.ID); err != nil {
				t.Error(err)
			}
		}
	}
	until(3, "one that failed is tried again")
	if err := first.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	until(5, "another process takes over")
	if most := c.most.Load(); most != 1 {
		t.Errorf("the chore ran %d times at once", most)
	}
}

func TestAChoreWhoseProcessDiedIsDoneByAnother(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	jobs, err := s.Jobs(river.Config{})
	if err != nil {
		t.Fatal(err)
	}
	left, err := jobs.Insert(t.Context(), store.DoChore{Name: "counted"}, asked())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }() // the database goes with the test
	if _, err := conn.Exec(t.Context(), `update river_job set state = 'running', attempt = 1, attempted_at = now() - interval '3 minutes' where id = $1`, left.Job.ID); err != nil {
		t.Fatal(err)
	}
	c := &counted{}
	begins(t, url, c.do)
	for deadline := time.Now().Add(time.Minute); c.runs.Load() == 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("what a process left that died stands in the way of the chore")
		}
	}
}
