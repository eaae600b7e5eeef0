package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestAPartHasARevisionOfItsOwn(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	by := storetest.Person(t, s, "Ada", incident.Responder)
	n := must(s.File(ctx, by, titled("Parts"))).Number
	id := must(s.Append(ctx, by, n, entries("Frist.")))[0].Head().ID
	spell := func(p incident.Part) error {
		p.(*incident.Entry).Text = "First."
		p.Head().ID = "cccccccccccc"
		return nil
	}
	p := must(s.ChangePart(ctx, by, n, incident.Timeline, id, 1, spell))
	if p.(*incident.Entry).Text != "First." || p.Head().ID != id || p.Head().Revision != 2 {
		t.Errorf("ChangePart = %+v", p)
	}
	_, err := s.ChangePart(ctx, by, n, incident.Timeline, id, 1, spell)
	refused(t, "ChangePart at an old revision", err, incident.Stale)
	_, err = s.ChangePart(ctx, by, n, incident.Timeline, "nosuchentry0", 0, spell)
	refused(t, "ChangePart of nothing", err, incident.NotFound)
	_, err = s.ChangePart(ctx, by, n, "nonsense", id, 0, spell)
	refused(t, "ChangePart of no collection", err, incident.NotFound)
	_, err = s.ChangePart(ctx, by, n, incident.Timeline, id, 0, func(p incident.Part) error {
		p.(*incident.Entry).Text = ""
		return nil
	})
	var refusal *incident.Error
	if !errors.As(err, &refusal) || refusal.Fields["/text"] == "" {
		t.Errorf("ChangePart to an empty text = %v, want /text to be named", err)
	}
	refused(t, "RemovePart at an old revision", s.RemovePart(ctx, by, n, incident.Timeline, id, 1), incident.Stale)
	if err := s.RemovePart(ctx, by, n, incident.Timeline, id, 2); err != nil {
		t.Error(err)
	}
	read := must(s.Incident(ctx, by, n))
	if len(read.Timeline) != 0 || read.Revision != 1 || read.Version != 4 {
		t.Errorf("after all: %d entries, revision %d, version %d; want 0, 1, 4", len(read.Timeline), read.Revision, read.Version)
	}
}

func TestAnEntryAtTheLastPositionKeepsNobodyFromLogging(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	by := storetest.Person(t, s, "Ada", incident.Responder)
	n := must(s.File(ctx, by, titled("Positions"))).Number
	last := &incident.Entry{PartHead: incident.PartHead{Position: 1_000_000_000}, Text: "The last."}
	must(s.Append(ctx, by, n, []incident.Part{last}))
	if _, err := s.Append(ctx, by, n, entries("Later.")); err != nil {
		t.Errorf("Append after the last position = %v, want it kept", err)
	}
}

func TestAppendedPartsKeepTheRules(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	by := storetest.Person(t, s, "Ada", incident.Responder)
	n := must(s.File(ctx, by, titled("Rules"))).Number
	_, err := s.Append(ctx, by, n, []incident.Part{&incident.Why{Why: "Why?", Evidence: []string{"nosuchentry0"}}})
	refused(t, "evidence that is not there", err, incident.Invalid)
	id := must(s.Append(ctx, by, n, entries("Evidence.")))[0].Head().ID
	must(s.Append(ctx, by, n, []incident.Part{&incident.Why{Why: "Why?", Evidence: []string{id}}}))
	_, err = s.Append(ctx, by, n, entries("Good.", ""))
	var refusal *incident.Error
	if !errors.As(err, &refusal) || refusal.Fields["/1/text"] == "" {
		t.Errorf("Append of an empty second entry = %v, want /1/text to be named", err)
	}
	_, err = s.Append(ctx, by, n, []incident.Part{&incident.Entry{Text: "x"}, &incident.Lesson{Text: "x"}})
	refused(t, "Append of two kinds", err, incident.Invalid)
	_, err = s.Append(ctx, by, n, nil)
	refused(t, "Append of nothing", err, incident.Invalid)
	_, err = s.Append(ctx, by, n, entries("A NUL \x00 inside."))
	refused(t, "Append of a NUL", err, incident.Invalid)
	_, err = s.Append(ctx, by, n, entries(strings.Repeat("x", 70_000)))
	refused(t, "Append of a text that is too long", err, incident.Invalid)
	read := must(s.Incident(ctx, by, n))
	if len(read.Timeline) != 1 || len(read.Analysis.Whys) != 1 {
		t.Errorf("after refusals: %d entries, %d whys; want 1 and 1", len(read.Timeline), len(read.Analysis.Whys))
	}
	wantTrue(t, s)
}

func TestRemarksBelongToTheirAuthors(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	bob := storetest.Person(t, s, "Bob", incident.Responder)
	n := must(s.File(ctx, ada, titled("Remarks"))).Number
	said := must(s.Append(ctx, ada, n, []incident.Part{&incident.Comment{Text: "I think so.", Author: "Bob"}}))[0].(*incident.Comment)
	if said.Author != "Ada" || said.At.IsZero() {
		t.Errorf("Append of a remark = %+v, want it to be Ada's", said)
	}
	_, err := s.ChangePart(ctx, bob, n, incident.Comments, said.ID, 0, func(p incident.Part) error {
		p.(*incident.Comment).Text = "I never said so."
		return nil
	})
	refused(t, "putting words in Ada's mouth", err, incident.Forbidden)
	refused(t, "removing Ada's remark", s.RemovePart(ctx, bob, n, incident.Comments, said.ID, 0), incident.Forbidden)
	must(s.ChangePart(ctx, bob, n, incident.Comments, said.ID, 0, func(p incident.Part) error {
		p.(*incident.Comment).Resolved = true
		return nil
	}))
}

func TestAnEditVoidsApprovals(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	rev := storetest.Person(t, s, "Rev", incident.Reviewer)
	in := titled("Reviewed")
	in.Actions = []incident.Action{{Title: "Do it"}}
	n := must(s.File(ctx, ada, in)).Number
	step := func(by incident.Actor, m incident.ReviewMove) *incident.Incident {
		t.Helper()
		return must(s.Review(ctx, by, n, store.Seen{}, incident.ReviewStep{Move: m}))
	}
	approve := func() *incident.Incident {
		t.Helper()
		return step(rev, incident.Approve)
	}
	step(ada, incident.Submit)
	approved := approve()
	if approved.Review.State != incident.ReviewApproved || approved.Revision != 1 {
		t.Fatalf("Review = %+v at revision %d", approved.Review, approved.Revision)
	}
	must(s.Append(ctx, ada, n, []incident.Part{&incident.Comment{Text: "Thanks."}}))
	must(s.ChangePart(ctx, ada, n, incident.Actions, approved.Actions[0].ID, 0, func(p incident.Part) error {
		p.(*incident.Action).State = incident.Done
		return nil
	}))
	if read := must(s.Incident(ctx, ada, n)); read.Review.State != incident.ReviewApproved {
		t.Errorf("after a remark and a follow-up done the review is %s, want it approved still", read.Review.State)
	}
	must(s.Append(ctx, ada, n, entries("Content.")))
	if read := must(s.Incident(ctx, ada, n)); read.Review.State != incident.InReview || len(read.Review.Approvals) != 0 || read.Revision != 1 {
		t.Errorf("after an entry the review is %+v at revision %d, want in_review at 1", read.Review, read.Revision)
	}
	approve()
	edited := must(s.Change(ctx, ada, n, 0, func(in *incident.Incident) error {
		in.Title = "Reviewed, then edited"
		in.Review.State = incident.ReviewPublished // is not Change's to give
		return nil
	}))
	if edited.Review.State != incident.InReview {
		t.Errorf("after an edit the review is %s, want in_review", edited.Review.State)
	}
	_, err := s.Change(ctx, ada, n, 0, func(in *incident.Incident) error {
		in.Status = incident.Resolved
		return nil
	})
	refused(t, "a status by an edit", err, incident.Invalid)
	wantTrue(t, s)
}

func TestNobodyApprovesAloneWhatTheyAloneWrote(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	rev := storetest.Person(t, s, "Rev", incident.Reviewer)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	n := must(s.File(ctx, rev, titled("Written alone"))).Number
	must(s.Review(ctx, rev, n, store.Seen{}, incident.ReviewStep{Move: incident.Submit}))
	_, err := s.Review(ctx, rev, n, store.Seen{}, incident.ReviewStep{Move: incident.Approve, Authors: []string{"somebody"}})
	refused(t, "approving alone", err, incident.Forbidden)
	must(s.Append(ctx, ada, n, entries("Ada adds something.")))
	must(s.Review(ctx, rev, n, store.Seen{}, incident.ReviewStep{Move: incident.Approve}))
}

func TestARefusalPointsIntoWhatWasSent(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	by := storetest.Person(t, s, "Ada", incident.Responder)
	n := must(s.File(ctx, by, titled("Pointers"))).Number
	good, bad := func() *incident.Factor { return &incident.Factor{Text: "Habit."} }, func() *incident.Factor {
		return &incident.Factor{Text: "Habit.", Evidence: []string{"nosuchentry0"}}
	}
	id := must(s.Append(ctx, by, n, []incident.Part{good(), good()}))[1].Head().ID
	_, one := s.Append(ctx, by, n, []incident.Part{bad()})
	_, second := s.Append(ctx, by, n, []incident.Part{good(), bad()})
	_, edit := s.ChangePart(ctx, by, n, incident.Factors, id, 0, func(p incident.Part) error {
		p.(*incident.Factor).Evidence = []string{"nosuchentry0"}
		return nil
	})
	_, alone := s.Append(ctx, by, n, []incident.Part{good(), &incident.Factor{}})
	for name, tt := range map[string]struct {
		err error
		at  string
	}{
		"one":                      {one, "/evidence/0"},
		"the second of two":        {second, "/1/evidence/0"},
		"an edit":                  {edit, "/evidence/0"},
		"a rule of the part alone": {alone, "/1/text"},
	} {
		var refusal *incident.Error
		if !errors.As(tt.err, &refusal) || refusal.Fields[tt.at] == "" || !strings.HasPrefix(refusal.Detail, tt.at+" ") {
			t.Errorf("%s: %v with %v, want %s named in both", name, tt.err, refusal, tt.at)
		}
	}
}

func TestNotingAMessageNeverSendsIt(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	by := storetest.Person(t, s, "Ada", incident.Responder)
	in := titled("Not public")
	in.PublicTitle, in.PublicSummary = "Outage", "It was out."
	n := must(s.File(ctx, by, in)).Number
	message := func(state incident.MessageState) *incident.Message {
		return &incident.Message{Channel: incident.StatusPage, Audience: incident.AudiencePublic, Body: "It is out.", State: state}
	}
	_, err := s.Append(ctx, by, n, []incident.Part{message(incident.Sent)})
	refused(t, "Append of a sent message", err, incident.Invalid)
	_, err = s.Append(ctx, by, n, []incident.Part{message(incident.Draft), message(incident.Sent)})
	refused(t, "Append of a draft and a sent message", err, incident.Invalid)
	id := must(s.Append(ctx, by, n, []incident.Part{message(incident.Recorded)}))[0].Head().ID
	_, err = s.ChangePart(ctx, by, n, incident.Messages, id, 0, func(p incident.Part) error {
		p.(*incident.Message).State = incident.Sent
		return nil
	})
	refused(t, "ChangePart to sent", err, incident.Invalid)
	if read := must(s.Incident(ctx, by, n)); len(read.Messages) != 1 || read.Announced() {
		t.Errorf("after that the record has %+v and is announced: %v, want one message that is recorded", read.Messages, read.Announced())
	}
}
