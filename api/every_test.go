package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/debriefhq/debrief/api"
	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
	"github.com/debriefhq/debrief/store"
)

// visits remembers which operations were called.
type visits struct {
	mu  sync.Mutex
	all map[string]bool // "METHOD /path"
}

var reached = visits{all: map[string]bool{}}

func (v *visits) note(req *http.Request) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.all[req.Method+" "+strings.TrimPrefix(req.URL.Path, "/api/v1")] = true
}

// has tells whether an operation with that path pattern was called.
func (v *visits) has(method, pattern string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	is := regexp.MustCompile("^" + method + " " + regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(pattern, "[^/]+") + "$")
	for call := range v.all {
		if is.MatchString(call) {
			return true
		}
	}
	return false
}

func serveContract(w http.ResponseWriter) {
	req, _ := http.NewRequestWithContext(context.Background(), "GET", "/api/v1/openapi.json", nil)
	api.New(api.Options{}).ServeHTTP(w, req)
}

func TestEveryOperationAnswersAsOpenAPISays(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada := h.as("Ada", incident.Admin)
	in := ada.file(golden(t, "record.json"))
	visitRecords(t, ada, in.Number)
	visitParts(t, ada, in.Number)
	visitImages(t, ada, in.Number)
	visitCustomers(t, ada, in.Number)
	visitSubscribers(t, h, ada, in.Number)
	visitDeployments(t, ada, in.Number)
	visitJobs(t, h, ada)
	visitWebhooks(t, h, ada)
	visitInsights(t, ada)
	visitSimilar(t, ada, in.Number)
	visitPeople(t, ada)
	visitContacts(t, h, ada)
	bo := h.as("Bo", incident.Reviewer)
	visitReview(t, ada, bo, in.Number)
	if _, err := ada.Lint(t.Context(), in.Number); err != nil {
		t.Errorf("Lint = %v", err)
	}
	if d, err := ada.Digest(t.Context(), "2013-07"); err != nil || len(d.Incidents) == 0 {
		t.Errorf("Digest = %+v, %v", d, err)
	}
	if err := ada.Archive(t.Context(), in.Number, 0); err != nil {
		t.Errorf("Archive = %v", err)
	}

	var doc struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(contract(t), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Paths) < 30 {
		t.Fatalf("OpenAPI has %d paths: this test is not looking at it", len(doc.Paths))
	}
	for path, methods := range doc.Paths {
		for method := range methods {
			if !reached.has(strings.ToUpper(method), path) {
				t.Errorf("no test calls %s %s", strings.ToUpper(method), path)
			}
		}
	}
}

func visitRecords(t *testing.T, ada *person, n incident.Number) {
	t.Helper()
	ctx := t.Context()
	must := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s = %v", what, err)
		}
	}
	list, err := ada.Incidents(ctx, client.Filter{Severity: "sev1", Sort: "-started"})
	must("Incidents", err)
	if len(list.Items) != 1 || list.Items[0].Number != n {
		t.Errorf("Incidents = %+v, want the one", list)
	}
	in, err := ada.Incident(ctx, n)
	must("Incident", err)
	same, err := ada.Newer(ctx, in)
	if same != nil || err != nil {
		t.Errorf("Newer = %v, %v, want nothing newer", same, err)
	}
	_, err = ada.Patch(ctx, n, in.Revision, map[string]any{"summary": "Changed by a patch.", "milestones": map[string]any{"mitigated": "2013-07-19T01:00:00Z"}})
	must("Patch", err)
	_, err = ada.Move(ctx, n, incident.StatusMove{To: incident.Investigating, Reason: "charges came back"})
	must("Move back", err)
	_, err = ada.Move(ctx, n, incident.StatusMove{To: incident.Resolved})
	must("Move on", err)
	for _, f := range document.Formats {
		format := f.Name
		doc, err := ada.Export(ctx, n, client.Form{Format: format})
		must("Export "+format, err)
		if len(doc.Text) == 0 || doc.Name == "" || doc.MediaType == "" {
			t.Errorf("Export %s = %d bytes of %q called %q", format, len(doc.Text), doc.MediaType, doc.Name)
		}
	}
	changes, err := ada.History(ctx, n, client.Paging{})
	must("History", err)
	if len(changes.Items) < 4 {
		t.Errorf("History has %d changes, want at least 4", len(changes.Items))
	}
	visitFeed(t, ada, n)
	_, err = ada.Messages(ctx, client.MessageFilter{Channel: incident.Forum})
	must("Messages", err)
	_, err = ada.Actions(ctx, client.ActionFilter{State: incident.Open})
	must("Actions", err)
	hits, err := ada.Search(ctx, "redis", client.Paging{})
	must("Search", err)
	if len(hits.Items) != 1 {
		t.Errorf("Search = %+v, want the one", hits)
	}
	doc, err := ada.Export(ctx, n, client.Form{Format: "markdown", Audience: incident.AudienceInternal, Zone: "UTC"})
	must("Export", err)
	tried, err := ada.Import(ctx, "markdown", true, strings.NewReader(string(doc.Text)))
	must("Import, dry", err)
	if len(tried.Incidents) != 1 {
		t.Errorf("Import, dry = %+v, want one", tried)
	}
	_, err = ada.Import(ctx, "markdown", false, strings.NewReader("# Disk full\n\nThe disk was full.\n"))
	must("Import", err)
}

// visitFeed reads changes, and goes on with events.
func visitFeed(t *testing.T, ada *person, n incident.Number) {
	t.Helper()
	first, err := ada.Changes(t.Context(), client.Paging{Limit: 2})
	if err != nil {
		t.Errorf("Changes = %v", err)
	}
	enough := errors.New("enough")
	if err := ada.Events(t.Context(), client.EventFilter{Incident: n, After: first.Next}, func(client.Event) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("Events = %v, want one at least", err)
	}
}

// visitParts does everything with one part of each kind.
func visitParts(t *testing.T, ada *person, n incident.Number) {
	t.Helper()
	ctx := t.Context()
	for _, part := range []incident.Part{
		&incident.Entry{Text: "one"}, &incident.Impact{Text: "one"}, &incident.Why{Why: "one"}, &incident.Factor{Text: "one"},
		&incident.Lesson{Kind: incident.Lucky, Text: "one"}, &incident.Message{Channel: incident.Blog, Body: "one"},
		&incident.Action{Title: "one"}, &incident.Comment{Text: "one"},
	} {
		kind := part.PartKind()
		kept, err := ada.Append(ctx, n, part)
		if err != nil || len(kept) != 1 || kept[0].Head().ID == "" {
			t.Errorf("Append to %s = %v, %v", kind, kept, err)
			continue
		}
		head := *kept[0].Head()
		if all, err := ada.Parts(ctx, n, kind); err != nil || len(all) == 0 {
			t.Errorf("Parts %s = %v, %v", kind, all, err)
		}
		if got, err := ada.Part(ctx, n, kind, head.ID); err != nil || got.Head().ID != head.ID {
			t.Errorf("Part %s = %v, %v", kind, got, err)
		}
		changed, err := ada.PatchPart(ctx, n, kind, head.ID, head.Revision, map[string]any{"position": 77})
		if err != nil || changed.Head().Position != 77 || changed.Head().Revision == head.Revision {
			t.Errorf("PatchPart %s = %v, %v, want position 77 and a new revision", kind, changed, err)
			continue
		}
		if err := ada.RemovePart(ctx, n, kind, head.ID, changed.Head().Revision); err != nil {
			t.Errorf("RemovePart %s = %v", kind, err)
		}
		if _, err := ada.Part(ctx, n, kind, head.ID); err == nil {
			t.Errorf("Part %s is still there after it was removed", kind)
		}
	}
}

// visitCustomers shows a part of the product, and sends a message.
func visitCustomers(t *testing.T, ada *person, n incident.Number) {
	t.Helper()
	ctx := t.Context()
	c, err := ada.AddComponent(ctx, incident.Component{Name: "Voice"})
	if err != nil || c.ID == "" || c.Audience != incident.AudienceInternal {
		t.Errorf("AddComponent = %+v, %v", c, err)
	}
	if c, err = ada.ChangeComponent(ctx, c.ID, c.Revision, map[string]any{"audience": "public"}); err != nil || c.Audience != incident.AudiencePublic || c.Revision != 2 {
		t.Errorf("ChangeComponent = %+v, %v", c, err)
	}
	if got, err := ada.Component(ctx, c.ID); err != nil || got != c {
		t.Errorf("Component = %+v, %v, want %+v", got, err, c)
	}
	if all, err := ada.Components(ctx); err != nil || len(all) < 2 {
		t.Errorf("Components = %+v, %v, want those that impacts named too", all, err)
	}
	kept, err := ada.Append(ctx, n, &incident.Message{Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Body: "We are looking."})
	if err != nil {
		t.Fatal(err)
	}
	if m, err := ada.Send(ctx, n, kept[0].Head().ID, 1); err != nil || m.State != incident.Sent || m.Author != "Ada" {
		t.Errorf("Send = %+v, %v", m, err)
	}
}

// visitSubscribers tells somebody outside, and decides about what nobody knows the end of.
func visitSubscribers(t *testing.T, h *house, ada *person, n incident.Number) {
	t.Helper()
	ctx := t.Context()
	must := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	claim := func(lease time.Duration) *store.Delivery {
		t.Helper()
		d, err := h.store.Claim(ctx, false, lease)
		if err != nil || d == nil {
			t.Fatalf("Claim = %+v, %v", d, err)
		}
		return d
	}
	must("Subscribe", h.store.Subscribe(ctx, incident.Subscription{Kind: incident.ByWebhook, Address: "https://example.com/hook"}, "192.0.2.1"))
	d := claim(time.Minute)
	must("End", h.store.End(ctx, d, store.Outcome{State: store.Delivered}))
	must("Confirm", h.store.Confirm(ctx, d.Confirm))
	kept, err := ada.Append(ctx, n, &incident.Message{Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Body: "It is mended."})
	must("Append", err)
	if r, err := ada.Recipients(ctx, n, kept[0].Head().ID); err != nil || r.Webhook != 1 || r.Email != 0 {
		t.Errorf("Recipients = %+v, %v, want one webhook", r, err)
	}
	_, err = ada.Send(ctx, n, kept[0].Head().ID, 0)
	must("Send", err)
	claim(time.Microsecond)
	time.Sleep(time.Millisecond)
	_, err = h.store.Lapse(ctx)
	must("Lapse", err)
	page, err := ada.Deliveries(ctx, n, kept[0].Head().ID)
	if err != nil || len(page.Items) != 1 || page.Items[0].State != "unknown" || page.Items[0].Address != "https://example.com/hook" {
		t.Fatalf("Deliveries = %+v, %v, want one that is unknown", page, err)
	}
	if done, err := ada.Decide(ctx, n, kept[0].Head().ID, false, page.Items[0].ID); err != nil || done != 1 {
		t.Errorf("Decide = %d, %v", done, err)
	}
	subs, err := ada.Subscribers(ctx, "EXAMPLE.com")
	if err != nil || len(subs.Items) != 1 || subs.Items[0].State != "active" {
		t.Fatalf("Subscribers = %+v, %v", subs, err)
	}
	must("RemoveSubscriber", ada.RemoveSubscriber(ctx, subs.Items[0].ID))
}

func visitPeople(t *testing.T, ada *person) {
	t.Helper()
	ctx := t.Context()
	if me, err := ada.Me(ctx); err != nil || me.Name != "Ada" || me.Role != incident.Admin {
		t.Errorf("Me = %+v, %v", me, err)
	}
	cy, err := ada.AddPerson(ctx, "Cy", incident.Viewer)
	if err != nil || cy.ID == 0 {
		t.Errorf("AddPerson = %+v, %v", cy, err)
	}
	if again, err := ada.Person(ctx, cy.ID); err != nil || again != cy {
		t.Errorf("Person = %+v, %v, want %+v", again, err, cy)
	}
	role := incident.Responder
	if cy, err = ada.ChangePerson(ctx, cy.ID, client.AccountChange{Role: &role}); err != nil || cy.Role != role {
		t.Errorf("ChangePerson = %+v, %v", cy, err)
	}
	if people, err := ada.People(ctx); err != nil || len(people) < 2 {
		t.Errorf("People = %+v, %v", people, err)
	}
	secret, token, err := ada.NewToken(ctx, client.TokenRequest{Person: "Cy", Name: "laptop"})
	if err != nil || secret == "" {
		t.Errorf("NewToken = %+v, %v", token, err)
	}
	if tokens, err := ada.Tokens(ctx); err != nil || len(tokens) < 2 {
		t.Errorf("Tokens = %+v, %v", tokens, err)
	}
	if me, err := client.New(ada.h.url, secret, nil).Me(ctx); err != nil || me.Name != "Cy" {
		t.Errorf("Me with the new token = %+v, %v", me, err)
	}
	if err := ada.RevokeToken(ctx, token.ID); err != nil {
		t.Errorf("RevokeToken = %v", err)
	}
	if _, err := client.New(ada.h.url, secret, nil).Me(ctx); err == nil {
		t.Error("a revoked token still signs in")
	}
}

func visitReview(t *testing.T, ada, bo *person, n incident.Number) {
	t.Helper()
	for _, step := range []struct {
		by   *person
		move incident.ReviewMove
	}{{ada, incident.Submit}, {bo, incident.Approve}, {bo, incident.ApprovePublic}, {bo, incident.Publish}} {
		in, err := step.by.Review(t.Context(), n, client.ReviewStep{Move: step.move})
		if err != nil {
			t.Fatalf("%s by %s = %v", step.move, step.by.name, err)
		}
		if step.move == incident.Publish && in.Review.State != incident.ReviewPublished {
			t.Errorf("after publishing the review is %s", in.Review.State)
		}
	}
}
