package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// kept are the tallies that by is told.
func kept(t testing.TB, s *store.Store, by incident.Actor) map[store.Tally]bool {
	t.Helper()
	all := map[store.Tally]bool{}
	for _, y := range must(s.Tallies(t.Context(), by)) {
		all[y] = true
	}
	return all
}

// listed counts what the list shows to by.
func listed(t testing.TB, s *store.Store, by incident.Actor) map[store.Tally]bool {
	t.Helper()
	count := map[store.Tally]int64{}
	for f := (store.Filter{Limit: 200}); ; {
		page := must(s.Incidents(t.Context(), by, f))
		for _, h := range page.Items {
			count[store.Tally{Status: h.Status, Severity: h.Severity}]++
		}
		if f.Cursor = page.Next; f.Cursor == "" {
			break
		}
	}
	all := map[store.Tally]bool{}
	for y, n := range count {
		y.Incidents = n
		all[y] = true
	}
	return all
}

// wantTallies checks that each reader is told what the list shows them.
func wantTallies(t testing.TB, s *store.Store, when string, readers ...incident.Actor) {
	t.Helper()
	for _, by := range readers {
		if got, want := fmt.Sprint(kept(t, s, by)), fmt.Sprint(listed(t, s, by)); got != want {
			t.Errorf("%s, %s is told %s, and the list shows %s", when, by.Name, got, want)
		}
	}
}

// deeds are what a person may do to an incident that moves it from one tally to another.
var deeds = []func(t testing.TB, s *store.Store, by incident.Actor, n incident.Number, pick *rand.Rand) error{
	func(t testing.TB, s *store.Store, by incident.Actor, _ incident.Number, pick *rand.Rand) error {
		in := titled("Another")
		in.Severity = []incident.Severity{"", incident.SEV1, incident.SEV4}[pick.IntN(3)]
		in.Visibility = []incident.Visibility{incident.VisibleInternal, incident.VisiblePrivate}[pick.IntN(2)]
		_, err := s.FileAll(t.Context(), by, []*incident.Incident{in, titled("And one")})
		return err
	},
	func(t testing.TB, s *store.Store, by incident.Actor, n incident.Number, pick *rand.Rand) error {
		to := []incident.Status{incident.Identified, incident.Resolved, incident.Investigating, incident.MaintenanceInProgress}[pick.IntN(4)]
		_, err := s.Move(t.Context(), by, n, 0, incident.StatusMove{To: to, Reason: "Because."})
		return err
	},
	func(t testing.TB, s *store.Store, by incident.Actor, n incident.Number, pick *rand.Rand) error {
		_, err := s.Change(t.Context(), by, n, 0, func(in *incident.Incident) error {
			switch pick.IntN(5) {
			case 0:
				in.Severity = incident.SEV2
			case 1:
				in.Visibility = incident.VisiblePrivate
			case 2:
				in.Visibility = incident.VisibleInternal
			case 3:
				in.People = []incident.Person{{Name: " BOB", Role: "scribe"}}
			case 4:
				in.People = nil
			}
			return nil
		})
		return err
	},
	func(t testing.TB, s *store.Store, by incident.Actor, n incident.Number, _ *rand.Rand) error {
		_, err := s.Append(t.Context(), by, n, []incident.Part{&incident.Action{Title: "Do", Owner: "Carol"}})
		return err
	},
	func(t testing.TB, s *store.Store, by incident.Actor, n incident.Number, _ *rand.Rand) error {
		_, err := s.Review(t.Context(), by, n, store.Seen{}, incident.ReviewStep{Move: incident.Submit, Reviewers: []string{"Bob"}})
		return err
	},
	func(t testing.TB, s *store.Store, by incident.Actor, n incident.Number, pick *rand.Rand) error {
		if pick.IntN(3) > 0 {
			return nil
		}
		return s.Archive(t.Context(), by, n, 0)
	},
	func(t testing.TB, s *store.Store, _ incident.Actor, _ incident.Number, _ *rand.Rand) error {
		return s.FoldTallies(t.Context())
	},
}

func TestTalliesAreWhatTheListShows(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	people := []incident.Actor{
		storetest.Person(t, s, "Ada", incident.Admin), storetest.Person(t, s, "Bob", incident.Admin), storetest.Person(t, s, "Carol", incident.Admin),
	}
	seed := rand.Uint64()
	pick := rand.New(rand.NewPCG(seed, 0))
	done := make([]int, len(deeds))
	for range 300 {
		i := pick.IntN(len(deeds))
		n := incident.Number(1 + pick.IntN(20))
		if deeds[i](t, s, people[pick.IntN(len(people))], n, pick) == nil {
			done[i]++
		}
		if pick.IntN(20) == 0 {
			wantTallies(t, s, fmt.Sprintf("with the seed %d", seed), people...)
		}
	}
	for i, n := range done {
		if n == 0 {
			t.Errorf("deed %d was never done, with the seed %d", i, seed)
		}
	}
	wantTallies(t, s, fmt.Sprintf("at the end, with the seed %d", seed), people...)
	wantTrue(t, s)
}

func TestAPrivateIncidentIsInNoTallyOfThoseItDoesNotName(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada, bob, root := storetest.Person(t, s, "Ada", incident.Responder), storetest.Person(t, s, "Bob", incident.Responder), storetest.Person(t, s, "Root", incident.Admin)
	must(s.File(t.Context(), bob, titled("Known to all")))
	before := fmt.Sprint(kept(t, s, bob), kept(t, s, root))
	in := titled("A canary sings")
	in.Visibility, in.Severity = incident.VisiblePrivate, incident.SEV1
	n := must(s.File(t.Context(), ada, in)).Number
	for range 2 {
		if after := fmt.Sprint(kept(t, s, bob), kept(t, s, root)); after != before {
			t.Errorf("after a private incident was filed, those whom it does not name are told %s, and before it %s", after, before)
		}
		if !kept(t, s, ada)[store.Tally{Status: incident.Investigating, Severity: incident.SEV1, Incidents: 1}] {
			t.Error("she who filed it is not told of it")
		}
		if err := s.FoldTallies(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	must(s.Append(t.Context(), ada, n, []incident.Part{&incident.Action{Title: "Feed it", Owner: "Bob"}}))
	if !kept(t, s, bob)[store.Tally{Status: incident.Investigating, Severity: incident.SEV1, Incidents: 1}] {
		t.Error("the owner of an action is not told of it")
	}
	if _, err := s.Tallies(t.Context(), incident.Actor{Name: "Ada"}); err == nil {
		t.Error("somebody without a role is told tallies")
	}
}

func TestTenWritersBesideAFoldKeepTalliesExact(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := storetest.Person(t, s, "Ada", incident.Responder)
	errs := race(12, func(i int) error {
		for range 20 {
			if i >= 10 {
				if err := s.FoldTallies(t.Context()); err != nil {
					return err
				}
				continue
			}
			in, err := s.File(t.Context(), by, titled("One of many"))
			if err != nil {
				return err
			}
			if _, err := s.Move(t.Context(), by, in.Number, 0, incident.StatusMove{To: incident.Resolved}); err != nil {
				return err
			}
		}
		return nil
	})
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	if got := must(s.Tallies(t.Context(), by)); len(got) != 1 || got[0] != (store.Tally{Status: incident.Resolved, Incidents: 200}) {
		t.Errorf("after 200 incidents were resolved the tallies are %v", got)
	}
	wantTrue(t, s)
}

func TestNoWriterWaitsForAnothersTallyOrForTheFold(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url+"&lock_timeout=3000") // a writer that waits fails
	by := storetest.Person(t, s, "Ada", incident.Responder)
	for range 10 {
		must(s.File(t.Context(), by, titled("One of ten")))
	}
	fold, writer := begin(t, url), begin(t, url)
	_ = must(fold.conn.Exec(t.Context(), store.Statements()["foldTallies"], 100))
	_ = must(writer.conn.Exec(t.Context(), store.Statements()["addTallyChanges"], []string{""}, []string{"resolved"}, []string{""}, []int64{1}))
	for i, err := range race(10, func(i int) error {
		_, err := s.Move(t.Context(), by, incident.Number(i+1), 0, incident.StatusMove{To: incident.Resolved})
		return err
	}) {
		if err != nil {
			t.Errorf("writer %d, while others have not committed: %v", i, err)
		}
	}
	if err := s.FoldTallies(t.Context()); err != nil {
		t.Errorf("a fold beside another: %v", err)
	}
	wantTallies(t, s, "while a fold has not committed", by)
	fold.commit(t)
	writer.run(t, `rollback`)
	if err := s.FoldTallies(t.Context()); err != nil {
		t.Error(err)
	}
	wantTallies(t, s, "after it", by)
	if left := ask[int](t, url, `select count(*) from tally_changes`); left != 0 {
		t.Errorf("a fold leaves %d changes", left)
	}
}

func TestTalliesAreNotGuessedBeforeTheyAreAddedUp(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	by := storetest.Person(t, s, "Ada", incident.Responder)
	must(s.File(t.Context(), by, titled("Only one")))
	execute(t, url, `insert into tally_changes (reader, status, severity, change) select 'bob', 'resolved', '', 1 - 2 * (i % 2) from generate_series(1, 10000) i`)
	if got := must(s.Tallies(t.Context(), by)); got != nil {
		t.Errorf("before 10,001 changes were added up the tallies are %v, want none", got)
	}
	if err := s.FoldTallies(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantTallies(t, s, "after it", by)
}

func TestIncidentsFromBeforeTalliesWereKeptAreInThem(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	ada := shelf(t, s)
	bob := storetest.Person(t, s, "Bob", incident.Responder)
	in := titled("A canary sings")
	in.Visibility = incident.VisiblePrivate
	must(s.File(t.Context(), ada, in))
	goDown(t, url, 18)
	if err := store.Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	wantTallies(t, s, "after the migration", ada, bob)
	wantTrue(t, s)
}
