package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Job is a piece of background work.
type Job struct {
	ID        int64      `json:"id"`
	Kind      string     `json:"kind"`
	Name      string     `json:"name"` // which chore; else ""
	Queue     string     `json:"queue"`
	State     string     `json:"state"` // waiting, running, retrying, done, failed, cancelled
	Tries     int        `json:"tries"`
	MostTries int        `json:"most_tries"`
	DueAt     time.Time  `json:"due_at"`
	CreatedAt time.Time  `json:"created_at"`
	TriedAt   *time.Time `json:"tried_at"`
	EndedAt   *time.Time `json:"ended_at"`
	Reason    string     `json:"reason"` // why the last try failed
}

// Queue is where jobs of one sort wait.
type Queue struct {
	Name       string     `json:"name"`
	Does       string     `json:"does"`      // in words
	PausedAt   *time.Time `json:"paused_at"` // nil: it is worked on
	Waiting    int64      `json:"waiting"`
	Running    int64      `json:"running"`
	Failed     int64      `json:"failed"` // within the last week
	DueAt      *time.Time `json:"due_at"`
	Deliveries int64      `json:"deliveries"` // more than 10,000 are not counted
	Off        bool       `json:"off"`        // no mail server is set
}

// JobFilter says which jobs to list; what is empty does not matter.
type JobFilter struct {
	State, Kind, Queue string
	Cursor             string
}

// Jobs lists background work, the newest first.
func (c *Client) Jobs(ctx context.Context, f JobFilter) (Page[Job], error) {
	query := url.Values{}
	for key, value := range map[string]string{"state": f.State, "kind": f.Kind, "queue": f.Queue, "cursor": f.Cursor} {
		if value != "" {
			query.Set(key, value)
		}
	}
	return get[Page[Job]](ctx, c, "/jobs", query)
}

// Queues lists where jobs wait.
func (c *Client) Queues(ctx context.Context) ([]Queue, error) {
	page, err := get[Page[Queue]](ctx, c, "/jobs/queues", nil)
	return page.Items, err
}

// bid posts nothing: the address says all.
func bid[T any](ctx context.Context, c *Client, path string) (T, error) {
	var into T
	_, err := c.do(ctx, call{method: http.MethodPost, path: path, into: &into})
	return into, err
}

// RetryJob has a job run now.
func (c *Client) RetryJob(ctx context.Context, id int64) (Job, error) {
	return bid[Job](ctx, c, fmt.Sprintf("/jobs/%d/retry", id))
}

// PauseQueue lets nothing of a queue be begun until it is resumed.
func (c *Client) PauseQueue(ctx context.Context, name string) (Queue, error) {
	return bid[Queue](ctx, c, "/jobs/queues/"+url.PathEscape(name)+"/pause")
}

// ResumeQueue lets a queue be worked on again.
func (c *Client) ResumeQueue(ctx context.Context, name string) (Queue, error) {
	return bid[Queue](ctx, c, "/jobs/queues/"+url.PathEscape(name)+"/resume")
}
