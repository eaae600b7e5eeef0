package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// jobsPage has queues and jobs in every state.
func jobsPage() jobs {
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	page := jobs{Done: hostile, State: hostile, Older: "/jobs?cursor=x", States: choose(jobsShown, "")}
	for _, q := range []store.Queue{{Name: "mail", Does: "mails", PausedAt: &at, DueAt: &at, Deliveries: 20_000}, {Name: hostile, Does: hostile, Off: true, Deliveries: 3}} {
		page.Queues = append(page.Queues, newQueue(q, at.Add(-time.Hour)))
	}
	for _, state := range jobsShown {
		page.All = append(page.All, newJob(store.Job{ID: 7, Kind: hostile, Name: hostile, Queue: "web", State: store.JobState(state.Value), Tries: 2, TriedAt: &at, Reason: hostile}))
	}
	for _, state := range []store.DeliveryState{store.Unknown, store.Failed} {
		page.Astray = append(page.Astray, astray{store.AstrayReminder{Kind: store.OfPromise, Person: hostile, State: state, Reason: hostile}, stamp(at)})
	}
	return page
}

func TestAnAdminPausesAQueueAndTriesAJobAgain(t *testing.T) {
	t.Parallel()
	in := installed(t)
	storetest.Person(t, in.store, "Root", incident.Admin)
	v := in.as(t, "Root")
	queue, err := in.store.Jobs(river.Config{})
	if err != nil {
		t.Fatal(err)
	}
	job, err := queue.Insert(t.Context(), store.DoChore{Name: "sweep"}, &river.InsertOpts{Queue: store.ChoreQueue})
	if err == nil {
		_, err = queue.JobCancel(t.Context(), job.Job.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	after := func(form url.Values) string {
		t.Helper()
		res, body := v.post("/jobs", form, nil)
		if res.StatusCode != http.StatusSeeOther {
			t.Fatalf("POST /jobs %v = %d\n%s", form, res.StatusCode, body)
		}
		_, body = v.get(res.Header.Get("Location"))
		return plain(body)
	}
	if text := after(url.Values{"do": {"pause"}, "queue": {store.WebQueue}}); !strings.Contains(text, "The queue is paused") || !strings.Contains(text, "paused since") {
		t.Errorf("after it was paused:\n%s", text)
	}
	if text := after(url.Values{"do": {"resume"}, "queue": {store.WebQueue}}); !strings.Contains(text, "works again") || strings.Contains(text, "paused since") {
		t.Errorf("after it was resumed:\n%s", text)
	}
	_, body := v.get("/jobs?state=cancelled")
	if !strings.Contains(plain(body), "Chore sweep") {
		t.Errorf("jobs that were cancelled:\n%s", plain(body))
	}
	if text := after(url.Values{"do": {"retry"}, "id": {strconv.FormatInt(job.Job.ID, 10)}, "state": {"cancelled"}}); !strings.Contains(text, "tried again now") || strings.Contains(text, "Chore sweep") {
		t.Errorf("after it was tried again:\n%s", text)
	}
	for _, form := range []url.Values{{"do": {"pause"}, "queue": {"nowhere"}}, {"do": {"retry"}, "id": {"x"}}, {"do": {"else"}}} {
		if res, _ := v.post("/jobs", form, nil); res.StatusCode < 400 {
			t.Errorf("POST /jobs %v = %d", form, res.StatusCode)
		}
	}
}

func TestJobsAreForAdmins(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	if res, body := v.get("/jobs"); res.StatusCode != http.StatusForbidden || strings.Contains(body, "Queues") {
		t.Errorf("GET /jobs by a reviewer = %d", res.StatusCode)
	}
	if res, _ := v.post("/jobs", url.Values{"do": {"pause"}, "queue": {store.MailQueue}}, nil); res.StatusCode != http.StatusForbidden {
		t.Errorf("POST /jobs by a reviewer = %d", res.StatusCode)
	}
}
