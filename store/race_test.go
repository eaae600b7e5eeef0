package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// race calls f at once from n goroutines and gives their errors.
func race(n int, f func(i int) error) []error {
	errs := make([]error, n)
	var ready, done sync.WaitGroup
	ready.Add(1)
	for i := range n {
		done.Go(func() {
			ready.Wait()
			errs[i] = f(i)
		})
	}
	ready.Done()
	done.Wait()
	return errs
}

func TestTwentyRacingRepetitionsFileOneIncident(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := storetest.Person(t, s, "Ada", incident.Responder)
	by.Once = incident.Once{Key: "one morning", Hash: []byte("the same")}
	numbers := make([]incident.Number, 20)
	errs := race(20, func(i int) error {
		in, err := s.File(t.Context(), by, titled("Filed once"))
		if err == nil {
			numbers[i] = in.Number
		}
		return err
	})
	for i, err := range errs {
		if err != nil || numbers[i] != 1 {
			t.Errorf("File %d = %v, %v, want INC-1", i, numbers[i], err)
		}
	}
	by.Once = incident.Once{}
	if next := must(s.File(t.Context(), by, titled("The next"))); next.Number != 2 {
		t.Errorf("the next incident is %v, want INC-2: repetitions take no numbers", next.Number)
	}
}

func TestOfTenRacingEditsOneWins(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := storetest.Person(t, s, "Ada", incident.Responder)
	in := must(s.File(t.Context(), by, titled("Ten want it")))
	errs := race(10, func(i int) error {
		_, err := s.Change(t.Context(), by, in.Number, in.Revision, func(in *incident.Incident) error {
			in.Title = fmt.Sprintf("Writer %d was here", i)
			return nil
		})
		return err
	})
	won, stale := 0, 0
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case errors.Is(err, incident.Stale):
			stale++
		default:
			t.Errorf("Change: %v", err)
		}
	}
	if won != 1 || stale != 9 {
		t.Errorf("%d won and %d were told, want 1 and 9", won, stale)
	}
}

func TestTenLogAtOnce(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := storetest.Person(t, s, "Ada", incident.Responder)
	in := must(s.File(t.Context(), by, titled("Everybody logs")))
	for _, err := range race(10, func(i int) error {
		_, err := s.Append(t.Context(), by, in.Number, entries(fmt.Sprintf("Entry %d.", i)))
		return err
	}) {
		if err != nil {
			t.Errorf("Append: %v", err)
		}
	}
	read := must(s.Incident(t.Context(), by, in.Number))
	if len(read.Timeline) != 10 || read.Version != 11 || read.Revision != 1 {
		t.Errorf("%d entries, version %d, revision %d; want 10, 11, 1", len(read.Timeline), read.Version, read.Revision)
	}
	for i, e := range read.Timeline {
		if e.Position != int64(i+1) {
			t.Errorf("entry %d has position %d", i, e.Position)
		}
	}
	wantTrue(t, s)
}

func TestTenThousandEntriesGoInOneTransaction(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := storetest.Person(t, s, "Ada", incident.Responder)
	in := must(s.File(t.Context(), by, titled("A long day")))
	parts := make([]incident.Part, 10_000)
	for i := range parts {
		at := incident.Exactly(time.Unix(int64(i)*60, 0), "UTC", incident.Minute)
		parts[i] = &incident.Entry{At: &at, Text: fmt.Sprintf("Minute %d of a long day.", i)}
	}
	must(s.Append(t.Context(), by, in.Number, parts))
	if read := must(s.Incident(t.Context(), by, in.Number)); len(read.Timeline) != 10_000 || read.Version != 2 {
		t.Errorf("%d entries, version %d; want 10,000 and 2", len(read.Timeline), read.Version)
	}
	_, err := s.Append(t.Context(), by, in.Number, entries("One too many."))
	refused(t, "one entry more", err, incident.TooLarge)
	wantTrue(t, s)
}

// changes waits until the feed gives n changes after the cursor: it waits for all older transactions of the
// server, and tests beside this one have some.
func changes(t testing.TB, s *store.Store, by incident.Actor, n int, cursor string) store.Page[store.Change] {
	t.Helper()
	patience := time.After(30 * time.Second)
	for {
		page := must(s.Changes(t.Context(), by, 0, 0, cursor))
		if len(page.Items) >= n {
			return page
		}
		select {
		case <-patience:
			t.Fatalf("the feed gives %d changes, want %d", len(page.Items), n)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func TestTheFeedNeverPassesOverALateCommit(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	by := storetest.Person(t, s, "Ada", incident.Responder)
	must(s.File(t.Context(), by, titled("First")))
	first := changes(t, s, by, 1, "")

	open := begin(t, url) // takes its place in the order, and does not commit yet
	must(s.File(t.Context(), by, titled("Committed while another is open")))
	waiting := must(s.Changes(t.Context(), by, 0, 0, first.Next))
	if len(waiting.Items) != 0 || waiting.Next != first.Next {
		t.Errorf("Changes beside an open transaction = %v, want none yet", waiting.Items)
	}
	open.change(t, 1)
	open.commit(t)

	then := changes(t, s, by, 2, waiting.Next)
	if len(then.Items) != 2 || then.Items[0].Number != 1 || then.Items[1].Number != 2 {
		t.Errorf("Changes after both = %v, want that of INC-1 which began first, then INC-2", then.Items)
	}
}

func TestAWriterThatWaitedSeesWhatTheOtherDid(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	by := storetest.Person(t, s, "Ada", incident.Responder)
	for name, write := range map[string]func(incident.Number) error{
		"an edit": func(n incident.Number) error {
			_, err := s.Change(t.Context(), by, n, 0, func(in *incident.Incident) error { in.Summary = "Edited."; return nil })
			return err
		},
		"an append": func(n incident.Number) error {
			_, err := s.Append(t.Context(), by, n, entries("Logged."))
			return err
		},
	} {
		n := must(s.File(t.Context(), by, titled("Archived meanwhile"))).Number
		other := begin(t, url)
		other.run(t, fmt.Sprintf(`select from chains where incident = %[1]d for update; update incidents set archived = true where number = %[1]d`, n))
		answer := make(chan error)
		go func() { answer <- write(n) }()
		other.waitedFor(t)
		other.commit(t)
		refused(t, name, <-answer, incident.Conflict)
	}
}

func TestAStepOfReviewThatWaitedIsNotOnWhatItsCallerSaw(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	by := storetest.Person(t, s, "Ada", incident.Responder)
	n := must(s.File(t.Context(), by, titled("Edited meanwhile"))).Number
	other := begin(t, url)
	other.run(t, `select from chains where incident = 1 for update; update incidents set revision = 2; update chains set version = 2 where incident = 1`)
	for _, seen := range []store.Seen{{Revision: 1}, {Version: 1}, {Revision: 2, Version: 1}} {
		answer := make(chan error)
		go func() {
			_, err := s.Review(t.Context(), by, n, seen, incident.ReviewStep{Move: incident.Submit})
			answer <- err
		}()
		if seen.Version == 0 {
			other.waitedFor(t)
			other.commit(t)
		}
		refused(t, fmt.Sprintf("a step on %+v", seen), <-answer, incident.Stale)
	}
}

func TestAnAppendThatIsRepeatedTakesItsPlaceAnew(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	for try := range 20 {
		n := must(s.File(t.Context(), store.System(), titled("A ring of locks"))).Number
		other := begin(t, url)
		other.run(t, fmt.Sprintf(`insert into components (id, name, folded) values (lpad('%[1]d', 12, '0'), 'Ring %[1]d', 'ring %[1]d')`, try))
		done := make(chan error)
		impact := &incident.Impact{Component: fmt.Sprintf("Ring %d", try)}
		go func() {
			_, err := s.Append(t.Context(), store.System(), n, []incident.Part{impact})
			done <- err
		}()
		other.waitedFor(t)
		_, broken := other.conn.Exec(t.Context(), fmt.Sprintf(`
			select from chains where incident = %[1]d for update; -- closes the ring
			insert into impacts select %[1]d, 'aaaaaaaaaaaa', 1, 1, '', 'availability', '', null, null, '', '[]', 'internal';
			commit`, n))
		if broken != nil { // the database chose the other one, as it does on a slow machine
			other.run(t, `rollback`)
		}
		err := <-done
		if broken != nil && err == nil {
			continue
		}
		if err != nil || impact.Position != 2 {
			t.Errorf("Append gives the position %d, %v; want 2, after what was written meanwhile", impact.Position, err)
		}
		return
	}
	t.Error("the database never broke the append off")
}

func TestAComponentIsKnownOnceItsIncidentIsNotPrivateAnyMore(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	by := storetest.Person(t, s, "Ada", incident.Responder)
	in := titled("Private first")
	in.Visibility, in.Impacts = incident.VisiblePrivate, []incident.Impact{{Component: "Billing"}}
	n := must(s.File(t.Context(), by, in)).Number
	if known := ask[int](t, url, `select count(*) from components`); known != 0 {
		t.Errorf("a private incident makes %d components known", known)
	}
	must(s.Change(t.Context(), by, n, 0, func(in *incident.Incident) error { in.Visibility = incident.VisibleInternal; return nil }))
	if known := ask[int](t, url, `select count(*) from components`); known != 1 {
		t.Errorf("after it is private no more, %d components are known, want 1", known)
	}
}
