package api

import (
	"context"
	"net/http"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// jobTable is about background work.
func (a *API) jobTable() []row {
	const queue = "/jobs/queues/{name}"
	return []row{
		operation[listingJobs, list[store.Job]]{id: "listJobs", method: http.MethodGet, path: "/jobs", summary: "List background work: what waits, runs, and failed and why",
			about: "The newest first. Jobs that are done are forgotten after an hour, those that failed after a week.", deed: incident.Administer, do: a.jobs},
		operation[retryingJob, jobAnswered]{id: "retryJob", method: http.MethodPost, path: "/jobs/{id}/retry", summary: "Try a job again, now",
			about: "One that failed, was cancelled, or waits for another try.", deed: incident.Administer, do: a.retryJob, adjust: answersOK},
		operation[asking, list[store.Queue]]{id: "listQueues", method: http.MethodGet, path: "/jobs/queues", summary: "List the queues that jobs wait in", deed: incident.Administer, do: a.queues},
		operation[ofQueue, queueAnswered]{id: "pauseQueue", method: http.MethodPost, path: queue + "/pause", summary: "Pause a queue: nothing of it is begun",
			about: "What is under way comes to its end, what comes waits. It stays paused until it is resumed, also after a restart.", deed: incident.Administer, do: a.pauseQueue, adjust: answersOK},
		operation[ofQueue, queueAnswered]{id: "resumeQueue", method: http.MethodPost, path: queue + "/resume", summary: "Resume a queue", deed: incident.Administer, do: a.resumeQueue, adjust: answersOK},
	}
}

type listingJobs struct {
	State store.JobState `query:"state" enum:"waiting,running,retrying,done,failed,cancelled"`
	Kind  string         `query:"kind" maxLength:"100" doc:"deliver, chore, …"`
	Queue string         `query:"queue" maxLength:"100"`
	Paging
}

func (a *API) jobs(ctx context.Context, by incident.Actor, req *listingJobs) (*list[store.Job], error) {
	page, err := a.store.JobsPage(ctx, by, store.JobFilter{State: req.State, Kind: req.Kind, Queue: req.Queue, Limit: req.Limit, Cursor: req.Cursor})
	return listed(ctx, page, err)
}

func (a *API) queues(ctx context.Context, by incident.Actor, _ *asking) (*list[store.Queue], error) {
	found, err := a.store.Queues(ctx, by)
	return all(ctx, found, err)
}

type retryingJob struct {
	ByID
	PostsNothing
}

type jobAnswered struct{ Body store.Job }

func (a *API) retryJob(ctx context.Context, by incident.Actor, req *retryingJob) (*jobAnswered, error) {
	job, err := a.store.RetryJob(ctx, by, req.ID)
	if err != nil {
		return nil, err
	}
	return &jobAnswered{job}, nil
}

type ofQueue struct {
	Name string `path:"name" maxLength:"100"`
	PostsNothing
}

type queueAnswered struct{ Body store.Queue }

func answerQueue(q store.Queue, err error) (*queueAnswered, error) {
	if err != nil {
		return nil, err
	}
	return &queueAnswered{q}, nil
}

func (a *API) pauseQueue(ctx context.Context, by incident.Actor, req *ofQueue) (*queueAnswered, error) {
	return answerQueue(a.store.PauseQueue(ctx, by, req.Name))
}

func (a *API) resumeQueue(ctx context.Context, by incident.Actor, req *ofQueue) (*queueAnswered, error) {
	return answerQueue(a.store.ResumeQueue(ctx, by, req.Name))
}
