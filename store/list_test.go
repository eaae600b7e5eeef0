package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// moment is a minute of the first of January 2026, UTC.
func moment(minute int) *incident.Moment {
	m := incident.Exactly(time.Date(2026, 1, 1, 0, minute, 0, 0, time.UTC), "UTC", incident.Minute)
	return &m
}

// shelf files INC-1 to INC-5, each with its own traits.
func shelf(t testing.TB, s *store.Store) incident.Actor {
	t.Helper()
	by := storetest.Person(t, s, "Ada", incident.Admin)
	for i := range 5 {
		in := titled(fmt.Sprintf("Incident %d of the shelf", i+1))
		in.Milestones.Started = moment(50 - i*10) // the later filed, the earlier begun
		if i%2 == 0 {
			in.Tags, in.Severity = []string{"odd"}, incident.SEV1
		}
		must(s.File(t.Context(), by, in))
	}
	must(s.Append(t.Context(), by, 2, []incident.Part{&incident.Impact{Component: "Billing"}}))
	must(s.Append(t.Context(), by, 3, entries("The replicas lose their MASTER, café and all.")))
	must(s.Move(t.Context(), by, 4, 0, incident.StatusMove{To: incident.Resolved}))
	must(s.Review(t.Context(), by, 4, store.Seen{}, incident.ReviewStep{Move: incident.Submit}))
	if err := s.Archive(t.Context(), by, 5, 0); err != nil {
		t.Fatal(err)
	}
	return by
}

// numbers of a page.
func numbers(items []incident.Heading) []int {
	all := []int{}
	for _, h := range items {
		all = append(all, int(h.Number))
	}
	return all
}

func TestIncidentsFit(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := shelf(t, s)
	tests := []struct {
		name   string
		filter store.Filter
		want   []int
	}{
		{"all but the archived, newest first", store.Filter{}, []int{4, 3, 2, 1}},
		{"oldest first", store.Filter{Sort: "number"}, []int{1, 2, 3, 4}},
		{"by start", store.Filter{Sort: "started"}, []int{4, 3, 2, 1}},
		{"by start, latest first", store.Filter{Sort: "-started"}, []int{1, 2, 3, 4}},
		{"by last change", store.Filter{Sort: "-updated"}, []int{4, 3, 2, 1}},
		{"by first change", store.Filter{Sort: "updated"}, []int{1, 2, 3, 4}},
		{"a status", store.Filter{Status: "resolved"}, []int{4}},
		{"what is going on", store.Filter{Open: true}, []int{3, 2, 1}},
		{"a severity", store.Filter{Severity: "sev1"}, []int{3, 1}},
		{"a tag", store.Filter{Tag: "odd"}, []int{3, 1}},
		{"a component, in any case", store.Filter{Component: "BILLING"}, []int{2}},
		{"a state of review", store.Filter{Review: "in_review"}, []int{4}},
		{"a kind", store.Filter{Kind: "maintenance"}, []int{}},
		{"a word of an entry, in any case", store.Filter{Query: "master"}, []int{3}},
		{"a word beyond ASCII", store.Filter{Query: "CAFÉ"}, []int{3}},
		{"a span of time, its end left out", store.Filter{From: moment(30).At, To: moment(50).At}, []int{3, 2}},
		{"two at once", store.Filter{Tag: "odd", Query: "shelf replicas"}, []int{3}},
		{"what nobody is", store.Filter{Status: "nonsense"}, []int{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			page, err := s.Incidents(t.Context(), by, tt.filter)
			if got := numbers(page.Items); err != nil || !slices.Equal(got, tt.want) || page.Next != "" {
				t.Errorf("Incidents(%+v) = %v, next %q, %v; want %v", tt.filter, got, page.Next, err, tt.want)
			}
		})
	}
}

func TestPagesFollowEachOther(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := shelf(t, s)
	for _, sort := range []string{"number", "-number", "started", "-started", "updated", "-updated"} {
		whole := numbers(must(s.Incidents(t.Context(), by, store.Filter{Sort: sort})).Items)
		var got []int
		f := store.Filter{Sort: sort, Limit: 3}
		for {
			page := must(s.Incidents(t.Context(), by, f))
			got = append(got, numbers(page.Items)...)
			if f.Cursor = page.Next; f.Cursor == "" {
				break
			}
		}
		if !slices.Equal(got, whole) {
			t.Errorf("pages of %s = %v, want %v", sort, got, whole)
		}
	}
}

func TestForeignCursorsAndLimitsAreRefused(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := shelf(t, s)
	ctx := t.Context()
	cursor := must(s.Incidents(ctx, by, store.Filter{Limit: 1})).Next
	forged := []string{"%", "e30", "bnVsbA", "eyJsIjoiLW51bWJlciIsImsiOlsiYSJdfQ", cursor + "AAAA", "eyJsIjoiLW51bWJlciIsImsiOltudWxsXX0"}
	for _, text := range forged {
		_, err := s.Incidents(ctx, by, store.Filter{Cursor: text})
		refused(t, "Incidents with the cursor "+text, err, incident.Malformed)
	}
	_, err := s.Incidents(ctx, by, store.Filter{Sort: "started", Cursor: cursor})
	refused(t, "Incidents with the cursor of another order", err, incident.Malformed)
	_, err = s.Search(ctx, by, "shelf", 0, cursor)
	refused(t, "Search with the cursor of a list", err, incident.Malformed)
	_, err = s.History(ctx, by, 1, 0, cursor)
	refused(t, "History with the cursor of a list", err, incident.Malformed)
	_, err = s.Changes(ctx, by, 0, 0, cursor)
	refused(t, "Changes with the cursor of a list", err, incident.Malformed)
	_, err = s.Incidents(ctx, by, store.Filter{Sort: "title"})
	refused(t, "Incidents by title", err, incident.Malformed)
	_, err = s.Incidents(ctx, by, store.Filter{Limit: 201})
	refused(t, "Incidents, 201 at once", err, incident.Invalid)
	_, err = s.Incidents(ctx, by, store.Filter{Tag: "\x00"})
	refused(t, "Incidents with a NUL", err, incident.Invalid)
}

func TestSearchFindsWordsAndShowsThem(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := shelf(t, s)
	tests := []struct {
		words   string
		want    int
		snippet string
	}{
		{"replicas", 1, "**replicas**"},
		{`"lose their master"`, 1, "**master**"},
		{`"master lose"`, 0, ""},
		{"shelf", 4, "**shelf**"},
		{"shelf -replicas", 3, "**shelf**"},
		{"replicas OR billing", 2, "**"},
		{"   ", 0, ""},
		{`"`, 0, ""},
	}
	for _, tt := range tests {
		page, err := s.Search(t.Context(), by, tt.words, 0, "")
		if err != nil || len(page.Items) != tt.want {
			t.Errorf("Search(%q) = %d hits, %v; want %d", tt.words, len(page.Items), err, tt.want)
			continue
		}
		for _, hit := range page.Items {
			if !strings.Contains(strings.ToLower(hit.Snippet), tt.snippet) {
				t.Errorf("Search(%q) shows %q, want %s in it", tt.words, hit.Snippet, tt.snippet)
			}
		}
	}
	first := must(s.Search(t.Context(), by, "shelf", 3, ""))
	rest := must(s.Search(t.Context(), by, "shelf", 3, first.Next))
	if len(first.Items) != 3 || len(rest.Items) != 1 || rest.Next != "" || rest.Items[0].Number != 1 {
		t.Errorf("pages of hits: %d, then %d", len(first.Items), len(rest.Items))
	}
}

func TestTextsBeyondAnyIndexAreKept(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := storetest.Person(t, s, "Ada", incident.Responder)
	in := titled("findable")
	var b strings.Builder
	for i := range 6000 {
		_, _ = fmt.Fprintf(&b, "w%dx-y%d ", i, i) // a builder never fails
	}
	words := b.String()[:65000]
	for i := range 20 {
		in.Timeline = append(in.Timeline, incident.Entry{Text: fmt.Sprint(i) + strings.ReplaceAll(words, "x", fmt.Sprint("x", i))[:65000]})
	}
	filed := must(s.File(t.Context(), by, in))
	must(s.Append(t.Context(), by, filed.Number, entries(words)))
	if hits := must(s.Search(t.Context(), by, "findable", 0, "")); len(hits.Items) != 1 {
		t.Errorf("Search finds %d incidents, want 1", len(hits.Items))
	}
}

func TestPartsAreListedAcrossIncidents(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := shelf(t, s)
	soon, late, day := "2026-02-01", "2199-12-31", time.Date(2026, 2, 1, 23, 0, 0, 0, time.UTC)
	for n, a := range []*incident.Action{
		{Title: "No date"}, {Title: "Late", Due: &late, Owner: "Bob"}, {Title: "Soon", Due: &soon}, {Title: "Done", Due: &soon, State: incident.Done},
	} {
		must(s.Append(t.Context(), by, incident.Number(n+1), []incident.Part{a}))
	}
	titles := func(f store.ActionFilter) (all []string) {
		f.Limit = 1
		for {
			page := must(s.ActionsPage(t.Context(), by, f))
			for _, a := range page.Items {
				all = append(all, a.Title)
			}
			if f.Cursor = page.Next; f.Cursor == "" {
				return all
			}
		}
	}
	for _, tt := range []struct {
		filter store.ActionFilter
		want   string
	}{
		{store.ActionFilter{}, "[Soon Done Late No date]"},
		{store.ActionFilter{Owner: "BOB"}, "[Late]"},
		{store.ActionFilter{State: "done"}, "[Done]"},
		{store.ActionFilter{Overdue: true}, "[Soon]"},
		{store.ActionFilter{Pending: true}, "[Soon Late No date]"},
		{store.ActionFilter{Undated: true}, "[No date]"},
		{store.ActionFilter{Until: &day}, "[Soon Done]"},
		{store.ActionFilter{Until: &day, Pending: true, Kind: "prevent"}, "[Soon]"},
		{store.ActionFilter{Kind: "detect"}, "[]"},
	} {
		if got := fmt.Sprint(titles(tt.filter)); got != tt.want {
			t.Errorf("ActionsPage(%+v) = %s, want %s", tt.filter, got, tt.want)
		}
	}
	must(s.Append(t.Context(), by, 1, []incident.Part{&incident.Message{Channel: incident.Email, Body: "One"}}))
	must(s.Append(t.Context(), by, 2, []incident.Part{&incident.Message{Channel: incident.Forum, Body: "Two"}}))
	page := must(s.MessagesPage(t.Context(), by, store.MessageFilter{Limit: 1}))
	then := must(s.MessagesPage(t.Context(), by, store.MessageFilter{Limit: 1, Cursor: page.Next}))
	mail := must(s.MessagesPage(t.Context(), by, store.MessageFilter{Channel: "email", State: "recorded"}))
	if page.Items[0].Body != "Two" || then.Items[0].Body != "One" || then.Next != "" || len(mail.Items) != 1 || mail.Items[0].Incident != 1 {
		t.Errorf("MessagesPage = %v, %v, %v", page, then, mail)
	}
}
