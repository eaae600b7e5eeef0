package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// jobs is the page of background work, for admins.
type jobs struct {
	Done   string
	Queues []queue
	State  string // of the jobs that are listed
	States []option
	All    []job
	Older  string
	Astray []astray
}

// astray is a reminder that did not reach its person, as far as anybody knows.
type astray struct {
	store.AstrayReminder
	At stamp
}

// queue is one that jobs wait in.
type queue struct {
	store.Queue
	Paused *stamp
	Due    *stamp // when the first is due; nil for none, or now
	Says   string // how much is in it
}

// job is one that is listed.
type job struct {
	store.Job
	What      string // what it does, in words
	At        stamp  // when it was tried last, or made
	Due       *stamp // when it is tried again
	Retryable bool
}

// mostCounted is how many deliveries of a queue the store counts.
const mostCounted = 10_000

// jobsDone says what was done, by the word that the address ends with.
var jobsDone = map[string]string{
	"retry": "The job is tried again now.", "pause": "The queue is paused: what comes waits, also after a restart.", "resume": "The queue works again.",
}

// jobsShown are the states that jobs are listed by, the usual one first.
var jobsShown = []option{
	{Value: string(store.JobFailed), Label: "given up"}, {Value: string(store.JobRetrying), Label: "to be tried again"},
	{Value: string(store.JobWaiting), Label: "waiting"}, {Value: string(store.JobRunning), Label: "running"},
	{Value: string(store.JobDone), Label: "done"}, {Value: string(store.JobCancelled), Label: "cancelled"},
}

func (s *site) jobRoutes(r chi.Router) {
	r.Get("/jobs", s.member(s.jobs))
	r.Post("/jobs", s.member(s.changeJobs))
}

func (s *site) jobs(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	q := r.URL.Query()
	page := jobs{Done: jobsDone[q.Get("done")], State: q.Get("state")}
	all, err := s.Store.Queues(r.Context(), by)
	if err != nil {
		return err
	}
	now := s.Now()
	for _, q := range all {
		page.Queues = append(page.Queues, newQueue(q, now))
	}
	page.States = choose(jobsShown, cmp.Or(page.State, troubled(all)))
	for _, o := range page.States {
		if o.Chosen {
			page.State = o.Value
		}
	}
	found, err := s.Store.JobsPage(r.Context(), by, store.JobFilter{State: store.JobState(page.State), Cursor: q.Get("cursor")})
	if err != nil {
		return err
	}
	for _, j := range found.Items {
		page.All = append(page.All, newJob(j))
	}
	if found.Next != "" {
		page.Older = "/jobs?" + url.Values{"state": {page.State}, "cursor": {found.Next}}.Encode()
	}
	lost, err := s.Store.AstrayReminders(r.Context(), by)
	if err != nil {
		return err
	}
	for _, a := range lost {
		page.Astray = append(page.Astray, astray{a, stamp(a.At)})
	}
	return s.show(w, http.StatusOK, frame{Name: "jobs", Title: "Jobs", By: by, Page: page})
}

// troubled is the state of jobs to be looked at first: those given up, else those that will be tried again.
func troubled(all []store.Queue) string {
	for _, q := range all {
		if q.Failed > 0 {
			return string(store.JobFailed)
		}
	}
	return string(store.JobRetrying)
}

func newQueue(q store.Queue, now time.Time) queue {
	shown := queue{Queue: q, Says: amounts(q)}
	if q.PausedAt != nil {
		at := stamp(*q.PausedAt)
		shown.Paused = &at
	}
	if q.DueAt != nil && q.DueAt.After(now) {
		at := stamp(*q.DueAt)
		shown.Due = &at
	}
	return shown
}

// amounts says how much is in a queue.
func amounts(q store.Queue) string {
	var all []string
	say := func(n int64, what string) {
		if n > 0 {
			all = append(all, strconv.FormatInt(n, 10)+" "+what)
		}
	}
	if q.Deliveries > mostCounted {
		all = append(all, fmt.Sprintf("more than %d to deliver", mostCounted))
	} else {
		say(q.Deliveries, "to deliver")
	}
	say(q.Waiting, "waiting")
	say(q.Running, "running")
	say(q.Failed, "given up in a week")
	return cmp.Or(strings.Join(all, ", "), "nothing waits")
}

func newJob(j store.Job) job {
	shown := job{Job: j, What: word(strings.TrimSpace(j.Kind + " " + j.Name)), At: stamp(j.CreatedAt)}
	if j.TriedAt != nil {
		shown.At = stamp(*j.TriedAt)
	}
	switch j.State {
	case store.JobRetrying, store.JobWaiting:
		due := stamp(j.DueAt)
		shown.Due, shown.Retryable = &due, true
	case store.JobFailed, store.JobCancelled:
		shown.Retryable = true
	}
	return shown
}

// changeJobs does what a button of the page says.
func (s *site) changeJobs(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	form, err := sent(w, r)
	if err != nil {
		return err
	}
	back := url.Values{"done": {form.Get("do")}}
	switch form.Get("do") {
	case "pause":
		_, err = s.Store.PauseQueue(r.Context(), by, form.Get("queue"))
	case "resume":
		_, err = s.Store.ResumeQueue(r.Context(), by, form.Get("queue"))
	case "retry":
		id, _ := strconv.ParseInt(form.Get("id"), 10, 64) // 0 is none
		_, err = s.Store.RetryJob(r.Context(), by, id)
		back.Set("state", form.Get("state"))
	default:
		err = incident.Refuse(incident.Malformed, "", "This button is none of ours. Go back, and try again.")
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/jobs?"+back.Encode(), http.StatusSeeOther)
	return nil
}
