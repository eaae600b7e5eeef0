package store_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestAllAreFiledOrNone(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := storetest.Person(t, s, "Ada", incident.Responder)
	_, err := s.FileAll(t.Context(), by, []*incident.Incident{titled("Good"), titled("")})
	var refusal *incident.Error
	if !errors.As(err, &refusal) || refusal.Fields["/1/title"] == "" {
		t.Errorf("FileAll with an empty title = %v, want /1/title to be named", err)
	}
	filed := must(s.FileAll(t.Context(), by, []*incident.Incident{titled("One"), titled("Two")}))
	if len(filed) != 2 || filed[0].Number != 1 || filed[1].Number != 2 {
		t.Errorf("FileAll = %v", filed)
	}
	wantTrue(t, s)
}

func TestWhatIsFiledIsAssigned(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := storetest.Person(t, s, "Ada", incident.Responder)
	in := titled("Says much of itself")
	in.Number, in.ID, in.Revision, in.CreatedBy, in.Archived = 77, "aaaaaaaaaaaa", 9, "Eve", true
	in.Review = incident.Review{State: incident.ReviewPublished}
	in.Messages = []incident.Message{{Channel: incident.Email, State: incident.Sent, Body: "Sorry."}}
	filed := must(s.File(t.Context(), by, in))
	if filed.Number != 1 || filed.ID == "aaaaaaaaaaaa" || filed.Revision != 1 || filed.CreatedBy != "Ada" || filed.Archived ||
		filed.Review.State != incident.ReviewDraft || filed.Messages[0].State != incident.Recorded {
		t.Errorf("File = %+v", filed)
	}
	if len(filed.Warnings) == 0 || filed.Measures == nil {
		t.Errorf("File gives warnings %v and measures %v, want both", filed.Warnings, filed.Measures)
	}
}

func TestRestoreBringsARecordBack(t *testing.T) {
	t.Parallel()
	from, to := storetest.New(t), storetest.New(t)
	ctx := t.Context()
	ada := storetest.Person(t, from, "Ada", incident.Responder)
	in := must(from.File(ctx, ada, titled("To be moved")))
	must(from.Append(ctx, ada, in.Number, entries("It happens.")))
	in = must(from.Change(ctx, ada, in.Number, 0, func(in *incident.Incident) error {
		in.Number, in.Summary = 12, "Moved."
		return nil
	}))
	in.Number = 12
	root := storetest.Person(t, to, "Root", incident.Admin)
	_, err := to.Restore(ctx, storetest.Person(t, to, "Bob", incident.Responder), in)
	refused(t, "Restore by a responder", err, incident.Forbidden)
	back := must(to.Restore(ctx, root, in))
	if back.Number != 12 || back.ID != in.ID || back.Revision != 2 || back.CreatedBy != "Ada" || !back.CreatedAt.Equal(in.CreatedAt) || back.Version != 1 {
		t.Errorf("Restore = %+v", back.Heading)
	}
	wantSame(t, "the restored timeline", back.Timeline, in.Timeline)
	wantSame(t, "Incident after Restore", must(to.Incident(ctx, root, 12)), back)
	_, err = to.Restore(ctx, root, in)
	refused(t, "Restore of the same again", err, incident.Conflict)
	last := in.Clone()
	last.Number, last.ID = math.MaxInt64, ""
	_, err = to.Restore(ctx, root, last)
	refused(t, "Restore of the last number there is", err, incident.Invalid)
	last.Number, last.Timeline[0].Revision = 14, math.MaxInt64
	_, err = to.Restore(ctx, root, last)
	refused(t, "Restore of the last revision there is", err, incident.Invalid)
	if next := must(to.File(ctx, root, titled("The next"))); next.Number != 13 {
		t.Errorf("the next incident is %v, want INC-13", next.Number)
	}
	wantTrue(t, to)
}

func TestHistoryTellsWhoDidWhat(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	n := must(s.File(ctx, ada, titled("Old"))).Number
	must(s.Change(ctx, ada, n, 0, func(in *incident.Incident) error {
		in.Title = "New"
		return nil
	}))
	must(s.Move(ctx, ada, n, 0, incident.StatusMove{To: incident.Resolved}))
	must(s.Move(ctx, ada, n, 0, incident.StatusMove{To: incident.Investigating, Reason: "It is back."}))
	first := must(s.History(ctx, ada, n, 3, ""))
	rest := must(s.History(ctx, ada, n, 3, first.Next))
	if len(first.Items) != 3 || len(rest.Items) != 1 || rest.Next != "" || rest.Items[0].Did != "filed" {
		t.Fatalf("History = %d, then %d", len(first.Items), len(rest.Items))
	}
	change := first.Items[2]
	if change.By != "Ada" || change.Did != "changed" || change.Version != 2 || change.Revision != 2 || len(change.Changes) != 1 ||
		change.Changes[0].Path != "/title" || string(change.Changes[0].Old) != `"Old"` || string(change.Changes[0].Value) != `"New"` {
		t.Errorf("History says %+v of the edit", change)
	}
	if text := string(must(json.Marshal(first.Items[0]))); !strings.Contains(text, "It is back.") {
		t.Errorf("History does not keep the reason: %s", text)
	}
}

func TestAnEditThatChangesNothingWritesNothing(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := storetest.Person(t, s, "Ada", incident.Responder)
	in := must(s.File(t.Context(), by, titled("The same")))
	after := must(s.Change(t.Context(), by, in.Number, 0, func(in *incident.Incident) error {
		in.Title = " The same "
		return nil
	}))
	if after.Version != 1 || after.Revision != 1 {
		t.Errorf("Change to the same = version %d, revision %d; want 1 and 1", after.Version, after.Revision)
	}
}

func TestACallerWhoLeavesLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := storetest.Person(t, s, "Ada", incident.Responder)
	n := must(s.File(t.Context(), by, titled("Broken off"))).Number
	broken := errors.New("the edit broke")
	_, err := s.Change(t.Context(), by, n, 0, func(in *incident.Incident) error {
		in.Title = "Half done"
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("Change = %v, want the edit's error", err)
	}
	if read := must(s.Incident(t.Context(), by, n)); read.Title != "Broken off" || read.Version != 1 {
		t.Errorf("after the broken edit: %q, version %d", read.Title, read.Version)
	}
}
