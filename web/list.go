package web

import (
	"net/http"
	"net/url"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// perPage is how many incidents a page of the list shows.
const perPage = 50

// list is the page of incidents.
type list struct {
	Filter   store.Filter
	Choices  []choice
	Rows     []listed
	Filtered bool
	Narrowed bool   // by more than words
	Later    bool   // not the newest page
	Newest   string // address of the first page of the same filter
	Older    string // address of the next page, "" on the last
}

// listed is an incident in the list.
type listed struct {
	incident.Heading
	First   shown  // when it started, else the first milestone known
	What    string // which milestone that is, "" for the start
	Lasted  string
	Ongoing bool
}

// choice is a filter with a closed set of values.
type choice struct {
	Label, Name, Chosen string
	Values              []string
}

func choices(f store.Filter) []choice {
	return []choice{
		{"Status", "status", f.Status, []string{"investigating", "identified", "monitoring", "resolved", "scheduled", "in_progress", "verifying", "completed"}},
		{"Severity", "severity", f.Severity, []string{"sev1", "sev2", "sev3", "sev4"}},
		{"Postmortem", "review", f.Review, []string{"draft", "in_review", "approved", "published"}},
		{"Kind", "kind", f.Kind, []string{"incident", "near_miss", "maintenance"}},
	}
}

// newList prepares a page of headings.
func newList(f store.Filter, page store.Page[incident.Heading], now time.Time) list {
	narrow := url.Values{}
	for name, value := range map[string]string{"q": f.Query, "status": f.Status, "severity": f.Severity, "tag": f.Tag, "review": f.Review, "kind": f.Kind} {
		if value != "" {
			narrow.Set(name, value)
		}
	}
	l := list{Filter: f, Choices: choices(f), Filtered: len(narrow) > 0, Narrowed: len(narrow) > 1 || len(narrow) == 1 && f.Query == "", Later: f.Cursor != "", Newest: at(narrow)}
	if page.Next != "" {
		narrow.Set("cursor", page.Next)
		l.Older = at(narrow)
	}
	for _, h := range page.Items {
		l.Rows = append(l.Rows, newListed(h, now))
	}
	return l
}

// at is the address of the list with a query.
func at(query url.Values) string {
	if len(query) == 0 {
		return "/incidents"
	}
	return "/incidents?" + query.Encode()
}

// newListed says how long users were hurt: until mitigation, else until the
// incident was resolved, else until now.
func newListed(h incident.Heading, now time.Time) listed {
	m := h.Milestones
	row := listed{Heading: h, First: newClock(h.Zone).show(m.Started)}
	for _, other := range milestonesOf(&incident.Incident{Heading: h}) {
		if !row.First.Known && other.moment.Known() {
			row.First, row.What = newClock(h.Zone).show(other.moment), other.Name
		}
	}
	until := m.Mitigated
	if !timed(until) {
		until = m.Resolved
	}
	if row.Ongoing = !over(h.Status) && h.Status != incident.Scheduled && !m.Mitigated.Known(); row.Ongoing {
		today := incident.Exactly(now.Truncate(time.Minute), "UTC", incident.Minute)
		until = &today
	}
	row.Lasted = lasted(m.Started, until)
	if timed(m.Started) && timed(until) && until.At.Sub(*m.Started.At) >= 48*time.Hour {
		row.Lasted = "about " + incident.Span(until.At.Sub(*m.Started.At).Round(24*time.Hour))
	}
	return row
}

// list shows the incidents that the reader may see.
func (s *site) list(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	q := r.URL.Query()
	f := store.Filter{
		Query: q.Get("q"), Status: q.Get("status"), Severity: q.Get("severity"), Tag: q.Get("tag"),
		Review: q.Get("review"), Kind: q.Get("kind"), Cursor: q.Get("cursor"), Limit: perPage,
	}
	page, err := s.Store.Incidents(r.Context(), by, f)
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, frame{Name: "list", Title: "Incidents", By: by, Here: "incidents", Page: newList(f, page, s.Now())})
}
