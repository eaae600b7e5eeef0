package store_test

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// secretNumber is a private incident of Ada's, and absentNumber is none.
const (
	secretNumber incident.Number = 1
	absentNumber incident.Number = 4711
)

// relatives files INC-1, which only Ada may know of, and INC-2 and INC-3, which everybody may.
func relatives(t testing.TB, s *store.Store) (ada, bob incident.Actor) {
	t.Helper()
	ada = storetest.Person(t, s, "Ada", incident.Admin)
	bob = storetest.Person(t, s, "Bob", incident.Responder)
	secret := titled("Secret")
	secret.Visibility = incident.VisiblePrivate
	must(s.FileAll(t.Context(), ada, []*incident.Incident{secret, titled("Two"), titled("Three")}))
	return ada, bob
}

// alsoFor is a new action that also serves another incident.
func alsoFor(n incident.Number) *incident.Action {
	return &incident.Action{Title: "Do it", AlsoFor: []incident.Number{n}}
}

// naming is a way to name another incident, and where a refusal points.
type naming struct {
	name, pointer string
	do            func(incident.Number) error
}

// namingsByFiling are those of new incidents, and of a move.
func namingsByFiling(t *testing.T, s *store.Store, bob incident.Actor) []naming {
	ctx := t.Context()
	return []naming{
		{"filing a relative", "/related/1", func(n incident.Number) error {
			in := titled("Four")
			in.Related = []incident.Number{2, n}
			_, err := s.File(ctx, bob, in)
			return err
		}},
		{"filing many", "/1/recurrence_of", func(n incident.Number) error {
			in := titled("Five")
			in.RecurrenceOf = &n
			_, err := s.FileAll(ctx, bob, []*incident.Incident{titled("Four"), in})
			return err
		}},
		{"filing an action", "/actions/0/also_for/0", func(n incident.Number) error {
			in := titled("Four")
			in.Actions = []incident.Action{*alsoFor(n)}
			_, err := s.File(ctx, bob, in)
			return err
		}},
		{"resolving as a duplicate", "/duplicate_of", func(n incident.Number) error {
			_, err := s.Move(ctx, bob, 2, 0, incident.StatusMove{To: incident.Resolved, Resolution: incident.Duplicate, DuplicateOf: &n})
			return err
		}},
	}
}

// namingsByEdits are those of edits of INC-2.
func namingsByEdits(t *testing.T, s *store.Store, bob incident.Actor) []naming {
	ctx := t.Context()
	action := must(s.Append(ctx, bob, 2, []incident.Part{&incident.Action{Title: "Do it"}}))[0].Head().ID
	edit := func(f func(*incident.Incident)) error {
		_, err := s.Change(ctx, bob, 2, 0, func(in *incident.Incident) error { f(in); return nil })
		return err
	}
	return []naming{
		{"editing the relatives", "/related/0", func(n incident.Number) error {
			return edit(func(in *incident.Incident) { in.Related = []incident.Number{n, 3} })
		}},
		{"editing the original", "/duplicate_of", func(n incident.Number) error {
			return edit(func(in *incident.Incident) { in.DuplicateOf = &n })
		}},
		{"editing an action in the record", "/actions/0/also_for/1", func(n incident.Number) error {
			return edit(func(in *incident.Incident) { in.Actions[0].AlsoFor = []incident.Number{3, n} })
		}},
		{"editing an action", "/also_for/0", func(n incident.Number) error {
			_, err := s.ChangePart(ctx, bob, 2, incident.Actions, action, 0, func(p incident.Part) error {
				p.(*incident.Action).AlsoFor = []incident.Number{n}
				return nil
			})
			return err
		}},
		{"adding an action", "/also_for/0", func(n incident.Number) error {
			_, err := s.Append(ctx, bob, 2, []incident.Part{alsoFor(n)})
			return err
		}},
		{"adding two actions", "/1/also_for/0", func(n incident.Number) error {
			_, err := s.Append(ctx, bob, 2, []incident.Part{alsoFor(3), alsoFor(n)})
			return err
		}},
	}
}

func TestNobodyNamesAnIncidentThatTheyMayNotKnowOf(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	_, bob := relatives(t, s)
	for _, tt := range slices.Concat(namingsByFiling(t, s, bob), namingsByEdits(t, s, bob)) {
		texts := map[incident.Number]string{}
		for _, n := range []incident.Number{secretNumber, absentNumber, -1} {
			var refusal *incident.Error
			if err := tt.do(n); !errors.As(err, &refusal) || refusal.Kind != incident.Invalid || !slices.Equal(slices.Collect(maps.Keys(refusal.Fields)), []string{tt.pointer}) {
				t.Errorf("%s with %s = %v, want %s to be invalid", tt.name, n, err, tt.pointer)
				continue
			}
			texts[n] = strings.ReplaceAll(fmt.Sprint(refusal.Detail, refusal.Fields), n.String(), "INC-N")
		}
		if texts[secretNumber] != texts[absentNumber] || !strings.Contains(texts[absentNumber], "leave it out") {
			t.Errorf("%s: of a secret incident it says %q, of none %q", tt.name, texts[secretNumber], texts[absentNumber])
		}
	}
	if read := must(s.Incident(t.Context(), bob, 2)); read.Version != 2 {
		t.Errorf("after refusals INC-2 has version %d, want 2", read.Version)
	}
	wantTrue(t, s)
}

// entwine makes INC-2 name the secret incident everywhere, and INC-3 too.
func entwine(t testing.TB, s *store.Store, ada incident.Actor) {
	t.Helper()
	secret := secretNumber
	must(s.Change(t.Context(), ada, 2, 0, func(in *incident.Incident) error {
		in.Related = []incident.Number{secret, 3}
		in.RecurrenceOf = &secret
		in.Actions = []incident.Action{{Title: "Do it", AlsoFor: []incident.Number{3, secret}}}
		return nil
	}))
	must(s.Move(t.Context(), ada, 2, 0, incident.StatusMove{To: incident.Resolved, Resolution: incident.Duplicate, DuplicateOf: &secret}))
}

func linksShown(in *incident.Incident) string {
	show := func(n *incident.Number) int64 {
		if n == nil {
			return 0
		}
		return int64(*n)
	}
	return fmt.Sprintf("%d %d %d %d", in.Related, show(in.RecurrenceOf), show(in.DuplicateOf), in.Actions[0].AlsoFor)
}

func TestTheNumberOfASecretIncidentIsNotShown(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada, bob := relatives(t, s)
	entwine(t, s, ada)
	ctx := t.Context()
	if got := linksShown(must(s.Incident(ctx, bob, 2))); got != "[3] 0 0 [3]" {
		t.Errorf("Bob sees %s", got)
	}
	if got := linksShown(must(s.Incident(ctx, ada, 2))); got != "[1 3] 1 1 [3 1]" {
		t.Errorf("Ada sees %s", got)
	}
	for by, want := range map[*incident.Actor]string{&ada: "[INC-3 INC-1]", &bob: "[INC-3]"} {
		if got := fmt.Sprint(must(s.ActionsPage(ctx, *by, store.ActionFilter{})).Items[0].AlsoFor); got != want {
			t.Errorf("ActionsPage shows %s that the action also serves %s, want %s", by.Name, got, want)
		}
	}
}

func TestHistoryDoesNotNameASecretIncident(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada, bob := relatives(t, s)
	entwine(t, s, ada)
	secret := secretNumber
	ctx := t.Context()
	id := must(s.Incident(ctx, ada, 2)).Actions[0].ID
	must(s.ChangePart(ctx, ada, 2, incident.Actions, id, 0, func(p incident.Part) error {
		p.(*incident.Action).AlsoFor = []incident.Number{secret}
		return nil
	}))
	must(s.Change(ctx, ada, 2, 0, func(in *incident.Incident) error { in.Related = []incident.Number{}; return nil }))
	in := titled("Filed with a relative")
	in.Related, in.RecurrenceOf, in.Actions = []incident.Number{secret}, &secret, []incident.Action{*alsoFor(secret)}
	n := must(s.File(ctx, ada, in)).Number
	changes(t, s, bob, 7, "") // until the feed has them
	shows := func(by incident.Actor) string {
		all := must(s.History(ctx, by, 2, 0, "")).Items
		all = append(all, must(s.History(ctx, by, n, 0, "")).Items...)
		all = append(all, must(s.Changes(ctx, by, 0, 0, "")).Items...)
		var values []string
		for _, c := range all {
			for _, d := range c.Changes {
				if links.MatchString(d.Path) {
					values = append(values, fmt.Sprintf("%s %s→%s", d.Path, d.Old, d.Value))
				}
			}
		}
		return strings.Join(values, "\n")
	}
	if text := shows(ada); strings.Count(text, "[1") < 10 {
		t.Errorf("Ada sees too little: %s", text)
	}
	if text := shows(bob); numberOne.MatchString(text) || strings.Contains(text, " →null") || strings.Contains(text, " →[]") || !strings.Contains(text, "/related []→[3]") {
		t.Errorf("Bob sees the secret incident, or not the other one: %s", text)
	}
}

var (
	links     = regexp.MustCompile(`^/(related|recurrence_of|duplicate_of|actions/.*)$`)
	numberOne = regexp.MustCompile(`(→|\[|,)1[\],]|_of .*1\b`)
)

func TestTheNumberOfASecretIncidentOutlivesTheEditsOfOthers(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada, bob := relatives(t, s)
	entwine(t, s, ada)
	ctx := t.Context()
	edited := must(s.Change(ctx, bob, 2, 0, func(in *incident.Incident) error {
		in.Title = "Two, edited"
		return nil
	}))
	if got := linksShown(edited); got != "[3] 0 0 [3]" {
		t.Errorf("Bob's edit answers with %s", got)
	}
	if got := linksShown(must(s.Incident(ctx, ada, 2))); got != "[1 3] 1 1 [3 1]" {
		t.Errorf("after Bob's edit Ada sees %s", got)
	}
	three := incident.Number(3)
	must(s.Change(ctx, bob, 2, 0, func(in *incident.Incident) error {
		in.Related, in.RecurrenceOf, in.Actions[0].AlsoFor = []incident.Number{}, &three, nil
		return nil
	}))
	if got := linksShown(must(s.Incident(ctx, ada, 2))); got != "[1] 3 1 [1]" {
		t.Errorf("after Bob named another original Ada sees %s", got)
	}
	must(s.Move(ctx, bob, 2, 0, incident.StatusMove{To: incident.Investigating, Reason: "It is back."}))
	if got := linksShown(must(s.Incident(ctx, ada, 2))); got != "[1] 3 0 [1]" {
		t.Errorf("after the incident was reopened Ada sees %s, want a duplicate of nothing", got)
	}
	wantTrue(t, s)
}

func TestRecordsAreBroughtBackInAnyOrder(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	root := storetest.Person(t, s, "Root", incident.Admin)
	ctx := t.Context()
	later := incident.Number(9)
	in := titled("Before what it names")
	in.Number, in.Related, in.RecurrenceOf, in.Actions = 3, []incident.Number{5}, &later, []incident.Action{*alsoFor(7)}
	in.Status, in.Resolution, in.DuplicateOf = incident.Resolved, incident.Duplicate, &later
	if got := linksShown(must(s.Restore(ctx, root, in))); got != "[] 0 0 []" {
		t.Errorf("Restore shows numbers that are not there: %s", got)
	}
	if n := must(s.File(ctx, root, titled("A new one"))).Number; n != 10 {
		t.Errorf("the next incident is %s, want INC-10: the numbers up to it belong to records that may be brought back", n)
	}
	for _, n := range []incident.Number{9, 5, 7} {
		named := titled("What it names")
		named.Number = n
		must(s.Restore(ctx, root, named))
	}
	if got := linksShown(must(s.Incident(ctx, root, 3))); got != "[5] 9 9 [7]" {
		t.Errorf("once all are back INC-3 shows %s", got)
	}
	in.Number, in.RecurrenceOf = 4, nil
	for _, n := range []incident.Number{-1, 1 << 62} {
		in.Related = []incident.Number{n}
		_, err := s.Restore(ctx, root, in)
		refused(t, fmt.Sprintf("Restore of a relative of %s", n), err, incident.Invalid)
	}
	in.Related, in.Number = nil, 1<<62
	_, err := s.Restore(ctx, root, in)
	refused(t, "Restore under a number that leaves none", err, incident.Invalid)
	wantTrue(t, s)
}
