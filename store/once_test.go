package store_test

import (
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// once gives the actor a request of its own.
func once(by incident.Actor, key, request string) incident.Actor {
	by.Once = incident.Once{Key: key, Hash: []byte(request)}
	return by
}

func TestARepeatedRequestMakesNothingNew(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := storetest.Person(t, s, "Ada", incident.Admin)
	in := must(s.File(t.Context(), by, titled("Repeated")))

	first := must(s.Append(t.Context(), once(by, "log", "a"), in.Number, entries("Said once.")))
	again := must(s.Append(t.Context(), once(by, "log", "a"), in.Number, entries("Said once.")))
	wantSame(t, "the repeated Append", again, first)

	title := func(in *incident.Incident) error {
		in.Title += "!"
		return nil
	}
	changed := must(s.Change(t.Context(), once(by, "edit", "b"), in.Number, 1, title))
	repeated := must(s.Change(t.Context(), once(by, "edit", "b"), in.Number, 1, title))
	wantSame(t, "the repeated Change", repeated, changed)
	if repeated.Title != "Repeated!" || len(repeated.Timeline) != 1 || repeated.Version != 3 {
		t.Errorf("after repetitions: %q, %d entries, version %d", repeated.Title, len(repeated.Timeline), repeated.Version)
	}

	_, err := s.Append(t.Context(), once(by, "log", "another"), in.Number, entries("Another."))
	refused(t, "the key of another request", err, incident.Invalid)
	other := storetest.Person(t, s, "Bob", incident.Responder)
	if parts := must(s.Append(t.Context(), once(other, "log", "c"), in.Number, entries("Mine."))); len(parts) != 1 {
		t.Errorf("another person's key of the same name gave %v", parts)
	}
	_, err = s.File(t.Context(), once(by, "a key\nof two lines", "d"), titled("x"))
	refused(t, "a key that is no line", err, incident.Malformed)
}

func TestARefusedRequestLeavesItsKeyFree(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := once(storetest.Person(t, s, "Ada", incident.Responder), "key", "hash")
	_, err := s.Append(t.Context(), by, 7, entries("To nobody."))
	refused(t, "Append to no incident", err, incident.NotFound)
	if in := must(s.File(t.Context(), by, titled("Now it works"))); in.Number != 1 {
		t.Errorf("File = %v, want INC-1", in.Number)
	}
}

func TestAKeyIsNewAgainAfterADay(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	now := time.Date(2026, 1, 1, 10, 0, 0, 0, time.UTC)
	s := must(store.Open(t.Context(), store.Options{URL: url, Key: storetest.Key, Now: func() time.Time { return now }}))
	t.Cleanup(s.Close)
	by := once(storetest.Person(t, s, "Ada", incident.Responder), "key", "hash")
	first := must(s.File(t.Context(), by, titled("Today")))
	now = now.Add(23 * time.Hour)
	same := must(s.File(t.Context(), by, titled("Today")))
	now = now.Add(2 * time.Hour)
	second := must(s.File(t.Context(), by, titled("Tomorrow")))
	if same.Number != first.Number || second.Number == first.Number {
		t.Errorf("File with one key = %v, %v after 23 hours, %v after 25", first.Number, same.Number, second.Number)
	}
	now = now.Add(30 * time.Hour)
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := ask[int](t, url, `select count(*) from idempotency_keys`); left != 0 {
		t.Errorf("Sweep left %d old keys", left)
	}
}
