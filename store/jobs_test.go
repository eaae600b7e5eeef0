package store_test

import (
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// queueOf finds a queue by its name.
func queueOf(t *testing.T, s *store.Store, by incident.Actor, name string) store.Queue {
	t.Helper()
	for _, q := range must(s.Queues(t.Context(), by)) {
		if q.Name == name {
			return q
		}
	}
	t.Fatalf("there is no queue %s", name)
	return store.Queue{}
}

func TestAPausedQueueHandsNothingOutUntilItIsResumed(t *testing.T) {
	t.Parallel()
	s, url, now := telling(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	subscribed(t, s, mailbox("bob@example.com"))
	before := *now
	for range 2 {
		q := must(s.PauseQueue(ctx, ada, store.MailQueue))
		if q.PausedAt == nil || !q.PausedAt.Equal(before) {
			t.Errorf("PauseQueue = %+v, want it paused since %s", q, before)
		}
		*now = now.Add(time.Minute)
	}
	sentOutage(t, s, ada)
	if d := claim(t, s, true); d != nil {
		t.Errorf("a paused queue hands out %+v", d)
	}
	if q := queueOf(t, s, ada, store.MailQueue); q.Waiting == 0 || q.Deliveries != 1 || q.DueAt == nil || q.Off {
		t.Errorf("the queue is %+v, want a job and one delivery that wait", q)
	}
	if q := queueOf(t, s, ada, store.WebQueue); q.PausedAt != nil || q.Deliveries != 0 {
		t.Errorf("another queue is %+v", q)
	}
	*now = now.Add(48 * time.Hour)
	ok(t, "Sweep", s.Sweep(ctx))
	if kept := ask[time.Time](t, url, `select updated_at from river_queue where name = 'mail'`); kept.Before(now.Add(-time.Minute)) {
		t.Errorf("River would forget a pause that it heard of at %s last, now is %s", kept, *now)
	}
	for range 2 {
		if q := must(s.ResumeQueue(ctx, ada, store.MailQueue)); q.PausedAt != nil {
			t.Errorf("ResumeQueue = %+v", q)
		}
	}
	if claim(t, s, true) == nil || claim(t, s, true) != nil {
		t.Error("after it was resumed the queue does not hand out its one delivery, once")
	}
	if noted := ask[int](t, url, `select count(*) from history where did in ('queue_paused', 'queue_resumed')`); noted != 2 {
		t.Errorf("history has %d rows about the queue, want that it was paused and that it was resumed", noted)
	}
	wantTrue(t, s)
}

func TestAJobThatWasGivenUpSaysWhyAndCanBeRetried(t *testing.T) {
	t.Parallel()
	s, url, _ := telling(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	execute(t, url, `
		insert into river_job (kind, queue, args, state, attempt, max_attempts, finalized_at, errors, unique_key, unique_states) values
		('chore', 'chores', '{"name": "sweep"}', 'discarded', 25, 25, now(), array['{"error": "the first"}', '{"error": "the disk is full"}']::jsonb[], 'sweep', '11110101'),
		('chore', 'chores', '{"name": "sweep"}', 'running', 1, 25, null, null, null, null),
		('deliver', 'web', '{"mail": false}', 'completed', 1, 25, now(), null, null, null)`)
	page := must(s.JobsPage(ctx, ada, store.JobFilter{State: store.JobFailed, Kind: "chore", Queue: store.ChoreQueue}))
	if len(page.Items) != 1 || page.Items[0].Reason != "the disk is full" || page.Items[0].Name != "sweep" || page.Items[0].State != store.JobFailed || page.Items[0].Tries != 25 {
		t.Fatalf("the jobs that failed are %+v", page.Items)
	}
	all := must(s.JobsPage(ctx, ada, store.JobFilter{Limit: 2}))
	rest := must(s.JobsPage(ctx, ada, store.JobFilter{Limit: 2, Cursor: all.Next}))
	if len(all.Items) != 2 || len(rest.Items) != 1 || rest.Next != "" || all.Items[0].State != store.JobDone || rest.Items[0].ID != page.Items[0].ID {
		t.Errorf("two pages are %+v and %+v", all, rest)
	}
	if q := queueOf(t, s, ada, store.ChoreQueue); q.Failed != 1 || q.Running != 1 || q.Waiting != 0 {
		t.Errorf("the queue is %+v", q)
	}
	job := must(s.RetryJob(ctx, ada, page.Items[0].ID))
	if job.State != store.JobWaiting || job.MostTries != 26 || job.EndedAt != nil {
		t.Errorf("RetryJob = %+v, want it to wait with a try left", job)
	}
	execute(t, url, `update river_job set state = 'discarded', finalized_at = now() where unique_key is not null`,
		`insert into river_job (kind, queue, args, max_attempts, unique_key, unique_states) values ('chore', 'chores', '{"name": "sweep"}', 25, 'sweep', '11110101')`)
	for id, want := range map[int64]incident.Kind{all.Items[0].ID: incident.Conflict, all.Items[1].ID: incident.Conflict, job.ID: incident.Conflict, 99: incident.NotFound} {
		_, err := s.RetryJob(ctx, ada, id)
		refused(t, "RetryJob of one that is done, that runs, that another does the work of, or of none", err, want)
	}
	wantTrue(t, s)
}

func TestBackgroundWorkIsForAdmins(t *testing.T) {
	t.Parallel()
	s, _, _ := telling(t)
	ctx := t.Context()
	bo := storetest.Person(t, s, "Bo", incident.Reviewer)
	_, listed := s.JobsPage(ctx, bo, store.JobFilter{})
	_, queues := s.Queues(ctx, bo)
	_, retried := s.RetryJob(ctx, bo, 1)
	_, paused := s.PauseQueue(ctx, bo, store.MailQueue)
	_, resumed := s.ResumeQueue(ctx, bo, "nowhere")
	for what, err := range map[string]error{"JobsPage": listed, "Queues": queues, "RetryJob": retried, "PauseQueue": paused, "ResumeQueue": resumed} {
		refused(t, what+" by a reviewer", err, incident.Forbidden)
	}
	_, err := s.PauseQueue(ctx, storetest.Person(t, s, "Ada", incident.Admin), "nowhere")
	refused(t, "PauseQueue of none", err, incident.NotFound)
}
