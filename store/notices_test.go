package store_test

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/status"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// outage is an incident with words for outsiders, an impact that they may know of and a draft to send.
func outage() *incident.Incident {
	in := titled("Internal title")
	in.PublicTitle, in.PublicSummary = "Wrong charges", "Some cards were charged again."
	in.Impacts = []incident.Impact{{Component: "Billing", Level: incident.MajorOutage, Audience: incident.AudiencePublic}}
	in.Messages = []incident.Message{{Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Body: "We are looking."}}
	return in
}

func page(t *testing.T, s *store.Store) *status.Page {
	t.Helper()
	p, late, err := s.StatusPage(t.Context())
	if err != nil || late != nil {
		t.Fatalf("StatusPage: late because of %v, %v", late, err)
	}
	return p
}

func TestOutsidersLearnOfAnIncidentWhenAMessageIsSent(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	by := storetest.Person(t, s, "Ada", incident.Reviewer)
	in := must(s.File(ctx, by, outage()))
	if p := page(t, s); len(p.Open) != 0 {
		t.Fatalf("before anything was sent outsiders see %+v", p.Open[0].Incident)
	}
	id := in.Messages[0].ID
	_, err := s.Send(ctx, by, in.Number, id, 7)
	refused(t, "Send at a revision that is not", err, incident.Stale)
	sent := must(s.Send(ctx, by, in.Number, id, 1))
	if m := sent.Messages[0]; m.State != incident.Sent || m.Author != "Ada" || !m.At.Known() || m.Revision != 2 {
		t.Errorf("the message is %+v, want it sent by Ada", m)
	}
	p := page(t, s)
	if len(p.Open) != 1 || p.Open[0].Incident.Title != "Wrong charges" || len(p.Open[0].Updates()) != 1 {
		t.Fatalf("outsiders see %+v, want the one incident", p.Open)
	}
	_, err = s.Send(ctx, by, in.Number, id, 0)
	refused(t, "Send of what was sent", err, incident.Conflict)

	must(s.Append(ctx, by, in.Number, []incident.Part{&incident.Impact{Component: "Payments", Audience: incident.AudiencePublic}}))
	if p := page(t, s); len(p.Open[0].Incident.Impacts) != 2 {
		t.Errorf("an impact that was added is not seen: %+v", p.Open[0].Incident.Impacts)
	}
	must(s.Change(ctx, by, in.Number, 0, func(in *incident.Incident) error {
		in.Visibility, in.People = incident.VisiblePrivate, []incident.Person{{Role: "commander", Name: "Ada"}}
		return nil
	}))
	if p := page(t, s); len(p.Open) != 0 {
		t.Errorf("outsiders see a private incident: %+v", p.Open[0].Incident)
	}
}

func TestWhatWasSentCannotBeEditedNorTakenOut(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	by := storetest.Person(t, s, "Ada", incident.Reviewer)
	in := must(s.File(ctx, by, outage()))
	id := in.Messages[0].ID
	must(s.Send(ctx, by, in.Number, id, 0))
	_, err := s.ChangePart(ctx, by, in.Number, incident.Messages, id, 0, func(p incident.Part) error {
		p.(*incident.Message).Body = "Nothing happened."
		return nil
	})
	refused(t, "an edit of what was sent", err, incident.Invalid)
	refused(t, "taking out what was sent", s.RemovePart(ctx, by, in.Number, incident.Messages, id, 0), incident.Conflict)
	correction := must(s.Append(ctx, by, in.Number, []incident.Part{&incident.Message{
		Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Body: "It began at 9:42 UTC.", Corrects: id,
	}}))[0].Head().ID
	must(s.Send(ctx, by, in.Number, correction, 0))
	updates := page(t, s).Open[0].Updates()
	if len(updates) != 1 || updates[0].Body != "It began at 9:42 UTC." || updates[0].Earlier[0] != "We are looking." {
		t.Errorf("outsiders read %+v, want one update with both wordings", updates)
	}
}

func TestAnEditDoesNotChangeWhatWasPublished(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	by, other := storetest.Person(t, s, "Ada", incident.Reviewer), storetest.Person(t, s, "Bo", incident.Reviewer)
	n := must(s.File(ctx, by, outage())).Number
	publish(ctx, t, s, by, other, n)
	must(s.Change(ctx, by, n, 0, func(in *incident.Incident) error { in.PublicTitle = "Not approved"; return nil }))
	p := page(t, s)
	all := append(p.Open, p.Past...)
	if len(all) != 1 || all[0].Postmortem == nil || all[0].Postmortem.Title != "Wrong charges" || all[0].Incident.Title != "Wrong charges" {
		t.Fatalf("after an edit outsiders see %+v, want what was approved", all)
	}
	must(s.Review(ctx, by, n, store.Seen{}, incident.ReviewStep{Move: incident.Withdraw}))
	if p := page(t, s); len(p.Open)+len(p.Past) != 0 {
		t.Error("outsiders still see what was withdrawn")
	}
	publish(ctx, t, s, by, other, n)
	p = page(t, s)
	if all := append(p.Open, p.Past...); len(all) != 1 || all[0].Postmortem.Title != "Not approved" {
		t.Errorf("published anew, outsiders see %+v", all)
	}
}

// publish takes a postmortem to outsiders, by two people.
func publish(ctx context.Context, t *testing.T, s *store.Store, by, other incident.Actor, n incident.Number) {
	t.Helper()
	for _, step := range []struct {
		by   incident.Actor
		move incident.ReviewMove
	}{{by, incident.Submit}, {other, incident.Approve}, {other, incident.ApprovePublic}, {other, incident.Publish}} {
		must(s.Review(ctx, step.by, n, store.Seen{}, incident.ReviewStep{Move: step.move}))
	}
}

func TestThePageStaysTheSameUntilSomethingChanges(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	by := storetest.Person(t, s, "Ada", incident.Reviewer)
	first := page(t, s)
	must(s.File(ctx, by, outage()))
	if page(t, s) != first {
		t.Error("what outsiders may not know of made the page anew")
	}
	must(s.AddComponent(ctx, by, incident.Component{Name: "Voice", Audience: incident.AudiencePublic}))
	if p := page(t, s); p == first || len(p.Groups) != 1 {
		t.Errorf("a component that was added is not on the page: %+v", p.Groups)
	}
}

func TestComponentsAreShownByAPerson(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	by, viewer := storetest.Person(t, s, "Ada", incident.Reviewer), storetest.Person(t, s, "Vi", incident.Viewer)
	in := must(s.File(ctx, by, outage()))
	must(s.Send(ctx, by, in.Number, in.Messages[0].ID, 0))
	all := must(s.Components(ctx, viewer))
	if len(all) != 1 || all[0].Name != "Billing" || all[0].Audience != incident.AudienceInternal || all[0].Level != incident.MajorOutage {
		t.Fatalf("the components are %+v, want Billing, for the team alone, with a major outage", all)
	}
	if p := page(t, s); len(p.Groups) != 0 {
		t.Errorf("outsiders see %+v", p.Groups)
	}
	show := func(c *incident.Component) error {
		c.Audience, c.Group, c.Position = incident.AudiencePublic, "Money", 3
		return nil
	}
	_, err := s.ChangeComponent(ctx, viewer, all[0].ID, 0, show)
	refused(t, "a change by a viewer", err, incident.Forbidden)
	_, err = s.ChangeComponent(ctx, by, all[0].ID, 9, show)
	refused(t, "a change at a revision that is not", err, incident.Stale)
	_, err = s.ChangeComponent(ctx, by, all[0].ID, 1, func(c *incident.Component) error { c.Name = "Other"; return nil })
	refused(t, "another name", err, incident.Invalid)
	_, err = s.AddComponent(ctx, by, incident.Component{Name: "BILLING "})
	refused(t, "a second one of the name", err, incident.Conflict)
	_, err = s.AddComponent(ctx, by, incident.Component{Name: strings.Repeat("x", 201)})
	refused(t, "a long name", err, incident.Invalid)
	c := must(s.ChangeComponent(ctx, by, all[0].ID, 1, show))
	if c.Revision != 2 || c.Group != "Money" {
		t.Errorf("after the change it is %+v", c)
	}
	p := page(t, s)
	if len(p.Groups) != 1 || p.Groups[0].Name != "Money" || p.Groups[0].Components[0].Level != incident.MajorOutage || p.Level != incident.MajorOutage {
		t.Errorf("outsiders see %+v, want Billing under Money with a major outage", p.Groups)
	}
}

func TestWhatWasToldStaysAtItsAddress(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 9, 0, 0, 0, time.UTC)
	s := must(store.Open(t.Context(), store.Options{URL: storetest.URL(t), Key: storetest.Key, Now: func() time.Time { return now }}))
	t.Cleanup(s.Close)
	by := storetest.Person(t, s, "Ada", incident.Reviewer)
	in := must(s.File(t.Context(), by, outage()))
	must(s.Send(t.Context(), by, in.Number, in.Messages[0].ID, 0))
	must(s.Move(t.Context(), by, in.Number, 0, incident.StatusMove{To: incident.Resolved}))
	now = now.AddDate(5, 0, 0)
	if p := page(t, s); p.Find(in.ID) == nil {
		t.Error("five years later nobody finds the incident that outsiders were told of")
	}
}

var rowsRead = regexp.MustCompile(`actual rows=(\d+)`)

// Outsiders' look comes every second, however many incidents are over.
func TestTheStatusPageReadsNoMoreIncidentsThanItKnows(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	must(s.File(t.Context(), storetest.Person(t, s, "Ada", incident.Responder), outage()))
	conn := must(pgx.Connect(t.Context(), url))
	defer func() { _ = conn.Close(t.Context()) }() // the database goes with the test
	for _, statement := range []string{
		`insert into incidents select (jsonb_populate_record(i, jsonb_build_object('number', n, 'id', lpad(n::text, 12, '0'),
			'status', case when n > 1003 then 'resolved' else i.status end))).* from incidents i, generate_series(1001, 3000) n`,
		`insert into chains select (jsonb_populate_record(c, jsonb_build_object('incident', n))).* from chains c, generate_series(1001, 3000) n where c.incident > 0`,
		`insert into notices select n, '2026-11-25'::timestamptz - n * interval '1 minute' from generate_series(1001, 3000) n`,
		`analyze`,
		`set enable_seqscan = off`, `set enable_bitmapscan = off`, `set enable_hashjoin = off`, `set enable_mergejoin = off`, // as it is with many more
		`prepare x as ` + store.Statements()["listNotices"],
	} {
		_ = must(conn.Exec(t.Context(), statement))
	}
	rows, err := conn.Query(t.Context(), `explain (analyze, timing off, costs off) execute x(20)`, pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		t.Fatal(err)
	}
	plan := strings.Join(must(pgx.CollectRows(rows, pgx.RowTo[string])), "\n")
	for _, read := range rowsRead.FindAllStringSubmatch(plan, -1) {
		if must(strconv.Atoi(read[1])) > 2*20 {
			t.Fatalf("to know 20 of 2000 incidents it reads %s:\n%s", read[1], plan)
		}
	}
}
