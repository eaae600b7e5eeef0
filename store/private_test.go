package store_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestAPrivateIncidentIsUnknownToThoseItDoesNotName(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	bob := storetest.Person(t, s, "Bob", incident.Responder)
	admin := storetest.Person(t, s, "Root", incident.Admin)
	in := titled("A canary sings")
	in.Visibility = incident.VisiblePrivate
	in.Impacts = []incident.Impact{{Component: "Canaries"}}
	in.Actions = []incident.Action{{Title: "Teach the canary"}}
	in.Messages = []incident.Message{{Channel: incident.Email, Body: "The canary sings."}}
	n := must(s.File(t.Context(), ada, in)).Number

	unknown := func(t *testing.T, by incident.Actor) {
		t.Helper()
		ctx := t.Context()
		_, err := s.Incident(ctx, by, n)
		refused(t, "Incident", err, incident.NotFound)
		_, _, err = s.Tag(ctx, by, n)
		refused(t, "Tag", err, incident.NotFound)
		_, err = s.History(ctx, by, n, 0, "")
		refused(t, "History", err, incident.NotFound)
		_, err = s.Append(ctx, by, n, entries("?"))
		refused(t, "Append", err, incident.NotFound)
		_, err = s.Append(ctx, by, n, []incident.Part{&incident.Action{Title: "?"}})
		refused(t, "Append of an action", err, incident.NotFound)
		_, err = s.Change(ctx, by, n, 0, func(*incident.Incident) error { panic("it was shown") })
		refused(t, "Change", err, incident.NotFound)
		_, err = s.Move(ctx, by, n, 0, incident.StatusMove{To: incident.Resolved})
		refused(t, "Move", err, incident.NotFound)
		_, err = s.Review(ctx, by, n, store.Seen{}, incident.ReviewStep{Move: incident.Submit})
		refused(t, "Review", err, incident.NotFound)
		twin := titled("Twin")
		twin.RecurrenceOf = &n
		_, err = s.File(ctx, by, twin)
		refused(t, "File of its recurrence", err, incident.Invalid)
		if text := seenOfCanaries(t, s, by); strings.Contains(text, "canar") {
			t.Errorf("%s sees %s", by.Name, text)
		}
	}
	unknown(t, bob)
	unknown(t, admin)

	must(s.Append(t.Context(), ada, n, []incident.Part{&incident.Action{Title: "Feed it", Owner: " BOB "}}))
	if read, err := s.Incident(t.Context(), bob, n); err != nil || len(read.Actions) != 2 {
		t.Errorf("the owner of an action reads %v, %v", read, err)
	}
	if hits := must(s.Search(t.Context(), bob, "canary", 0, "")); len(hits.Items) != 1 {
		t.Errorf("the owner of an action finds %d incidents, want 1", len(hits.Items))
	}
	must(s.Change(t.Context(), ada, n, 0, func(in *incident.Incident) error {
		in.Actions = in.Actions[:1]
		return nil
	}))
	unknown(t, bob)
	wantTrue(t, s)
}

// seenOfCanaries is all that lists, searches and feeds show of the canary to somebody, in lower case.
func seenOfCanaries(t *testing.T, s *store.Store, by incident.Actor) string {
	t.Helper()
	ctx := t.Context()
	everything := []any{
		must(s.Incidents(ctx, by, store.Filter{})), must(s.Incidents(ctx, by, store.Filter{Component: "canaries"})),
		must(s.Incidents(ctx, by, store.Filter{Query: "canary"})), must(s.Search(ctx, by, "canary", 0, "")),
		must(s.Changes(ctx, by, 0, 0, "")).Items, must(s.ActionsPage(ctx, by, store.ActionFilter{})), must(s.MessagesPage(ctx, by, store.MessageFilter{})),
	}
	return strings.ToLower(string(must(json.Marshal(everything))))
}

// secretive files an incident that everybody may read, with parts that only Ada may, whom it names.
func secretive(t testing.TB, s *store.Store, ada incident.Actor) incident.Number {
	t.Helper()
	in := titled("Everybody knows")
	in.Analysis.Trigger = &incident.Statement{Text: "canary trigger", Audience: incident.AudiencePrivate}
	in.Timeline = []incident.Entry{
		{PartHead: incident.PartHead{ID: "aaaaaaaaaaaa"}, Text: "Seen by all."},
		{PartHead: incident.PartHead{ID: "bbbbbbbbbbbb"}, Text: "canary entry", Audience: incident.AudiencePrivate},
	}
	in.Analysis.Whys = []incident.Why{{Why: "Why?", Evidence: []string{"aaaaaaaaaaaa", "bbbbbbbbbbbb"}}}
	n := must(s.File(t.Context(), ada, in)).Number
	for _, on := range []string{"bbbbbbbbbbbb", "trigger"} {
		must(s.Append(t.Context(), ada, n, []incident.Part{&incident.Comment{On: on, Text: "canary remark"}}))
	}
	return n
}

func TestPrivatePartsAreSeenByThePeopleNamed(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	bob := storetest.Person(t, s, "Bob", incident.Responder)
	n := secretive(t, s, ada)
	ctx := t.Context()

	read := must(s.Incident(ctx, bob, n))
	everything := []any{
		read, must(s.History(ctx, bob, n, 0, "")), must(s.Changes(ctx, bob, 0, 0, "")), must(s.Search(ctx, bob, "canary", 0, "")),
		must(s.Search(ctx, bob, "everybody", 0, "")),
	}
	if text := string(must(json.Marshal(everything))); strings.Contains(text, "canary") {
		t.Errorf("Bob sees %s", text)
	}
	must(s.Change(ctx, ada, n, 0, func(in *incident.Incident) error {
		in.Analysis.Factors = []incident.Factor{{Text: "A factor.", Evidence: []string{"bbbbbbbbbbbb"}}}
		in.Analysis.Whys[0].Evidence = []string{"bbbbbbbbbbbb"}
		return nil
	}))
	for name, of := range map[string]func(incident.Actor) any{
		"record":  func(by incident.Actor) any { return must(s.Incident(ctx, by, n)) },
		"history": func(by incident.Actor) any { return must(s.History(ctx, by, n, 0, "")) },
		"feed":    func(by incident.Actor) any { return must(s.Changes(ctx, by, 0, 0, "")) },
	} {
		if text := string(must(json.Marshal(of(bob)))); strings.Contains(text, "bbbbbbbbbbbb") {
			t.Errorf("Bob sees the id of a private entry in the %s: %s", name, text)
		}
		if text := string(must(json.Marshal(of(ada)))); name != "feed" && !strings.Contains(text, "bbbbbbbbbbbb") {
			t.Errorf("Ada misses her entry in the %s: %s", name, text)
		}
	}
	if hits := must(s.Search(ctx, ada, "canary", 0, "")); len(hits.Items) != 1 || !strings.Contains(hits.Items[0].Snippet, "**canary**") {
		t.Errorf("Ada finds %v, want her canary", hits.Items)
	}
}

func TestASearchLooksAtAllThatItsReaderMaySee(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	bob := storetest.Person(t, s, "Bob", incident.Responder)
	ctx := t.Context()
	secretive(t, s, ada) // by filing
	must(s.File(ctx, ada, titled("Everybody knows nothing private")))
	grown := must(s.File(ctx, ada, titled("Everybody knows"))).Number // by appending, the open word after the private one
	must(s.Append(ctx, ada, grown, []incident.Part{&incident.Entry{Text: "A canary sings.", Audience: incident.AudiencePrivate}}))
	must(s.Append(ctx, ada, grown, entries("Afterwards.")))
	tests := []struct {
		words    string
		ada, bob []int
	}{
		{"everybody canary", []int{3, 1}, []int{}},
		{"canary OR nothing", []int{3, 2, 1}, []int{2}},
		{"everybody -canary", []int{2}, []int{3, 2, 1}},
		{"-everybody", []int{}, []int{}},
		{"canary afterwards", []int{3}, []int{}},
		{`"seen by all"`, []int{1}, []int{1}},
	}
	for _, tt := range tests {
		for by, want := range map[*incident.Actor][]int{&ada: tt.ada, &bob: tt.bob} {
			hits := []incident.Heading{}
			for _, hit := range must(s.Search(ctx, *by, tt.words, 0, "")).Items {
				if len(hit.Lacks) == 0 { // the others stand where few have all words
					hits = append(hits, hit.Heading)
				}
			}
			slices.SortFunc(hits, func(a, b incident.Heading) int { return int(b.Number - a.Number) })
			listed := must(s.Incidents(ctx, *by, store.Filter{Query: tt.words})).Items
			if !slices.Equal(numbers(hits), want) || !slices.Equal(numbers(listed), want) {
				t.Errorf("%s finds %v for %q and lists %v, want %v", by.Name, numbers(hits), tt.words, numbers(listed), want)
			}
		}
	}
	for _, hit := range must(s.Search(ctx, ada, "everybody canary", 0, "")).Items {
		if hit.Number == grown && (hit.Where[0].Snippet != "**Everybody** knows" || hit.Where[1].Snippet != "A **canary** sings.") {
			t.Errorf("Ada is shown %+v, want both words", hit.Where)
		}
	}
}

func TestPrivatePartsOutliveTheEditsOfOthers(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	bob := storetest.Person(t, s, "Bob", incident.Responder)
	n := secretive(t, s, ada)
	ctx := t.Context()

	_, err := s.ChangePart(ctx, bob, n, incident.Timeline, "bbbbbbbbbbbb", 0, func(incident.Part) error { panic("it was shown") })
	refused(t, "ChangePart of a private part", err, incident.NotFound)
	refused(t, "RemovePart of a private part", s.RemovePart(ctx, bob, n, incident.Timeline, "bbbbbbbbbbbb", 0), incident.NotFound)
	_, err = s.Append(ctx, bob, n, []incident.Part{&incident.Entry{Text: "Mine", Audience: incident.AudiencePrivate}})
	refused(t, "Append of a private part", err, incident.Forbidden)
	_, err = s.Change(ctx, bob, n, 0, func(in *incident.Incident) error {
		in.Visibility = incident.VisiblePrivate
		return nil
	})
	refused(t, "hiding it from oneself", err, incident.Invalid)

	edited := must(s.Change(ctx, bob, n, 0, func(in *incident.Incident) error {
		in.Title = "Everybody knows more"
		in.Timeline = append(in.Timeline, incident.Entry{Text: "Bob's."})
		return nil
	}))
	if len(edited.Timeline) != 2 {
		t.Errorf("Bob's edit gives %d entries, want the 2 that he may see", len(edited.Timeline))
	}
	whole := must(s.Incident(ctx, ada, n))
	if len(whole.Timeline) != 3 || len(whole.Analysis.Whys[0].Evidence) != 2 || whole.Analysis.Trigger == nil || len(whole.Comments) != 2 {
		t.Errorf("after Bob's edit Ada has %d entries, evidence %v, trigger %v, %d remarks", len(whole.Timeline),
			whole.Analysis.Whys[0].Evidence, whole.Analysis.Trigger, len(whole.Comments))
	}
	_, err = s.Change(ctx, bob, n, 0, func(in *incident.Incident) error {
		in.Analysis.Trigger = &incident.Statement{Text: "Mine"}
		return nil
	})
	refused(t, "writing over a private statement", err, incident.Conflict)
	wantTrue(t, s)
}

func TestARemarkGoesWithThePrivatePartThatItIsAbout(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	eve := storetest.Person(t, s, "Eve", incident.Responder)
	bob := storetest.Person(t, s, "Bob", incident.Responder)
	ctx := t.Context()
	for name, remove := range map[string]func(incident.Number) error{
		"one part": func(n incident.Number) error { return s.RemovePart(ctx, ada, n, incident.Timeline, "bbbbbbbbbbbb", 0) },
		"by an edit": func(n incident.Number) error {
			_, err := s.Change(ctx, ada, n, 0, func(in *incident.Incident) error {
				in.Timeline, in.Analysis.Whys, in.Analysis.Trigger = in.Timeline[:1], nil, nil
				return nil
			})
			return err
		},
	} {
		n := secretive(t, s, ada)
		must(s.Change(ctx, ada, n, 0, func(in *incident.Incident) error {
			in.People = []incident.Person{{Role: "scribe", Name: "Eve"}}
			return nil
		}))
		must(s.Append(ctx, eve, n, []incident.Part{&incident.Comment{On: "bbbbbbbbbbbb", Text: "canary remark of Eve's"}}))
		must(s.Append(ctx, eve, n, []incident.Part{&incident.Comment{On: "aaaaaaaaaaaa", Text: "Another remark."}}))
		if err := remove(n); err != nil {
			t.Fatalf("remove %s: %v", name, err)
		}
		read := must(s.Incident(ctx, bob, n))
		text := string(must(json.Marshal([]any{read, must(s.History(ctx, bob, n, 0, "")), must(s.Search(ctx, bob, "canary", 0, ""))})))
		if strings.Contains(text, "canary") || len(read.Comments) != 1 {
			t.Errorf("after Ada removed %s Bob sees %s", name, text)
		}
	}
	wantTrue(t, s)
}

func TestRemovingAnEntryTakesItFromPrivateEvidenceToo(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	bob := storetest.Person(t, s, "Bob", incident.Responder)
	n := secretive(t, s, ada)
	must(s.Append(t.Context(), ada, n, []incident.Part{&incident.Why{Why: "canary why", Evidence: []string{"aaaaaaaaaaaa", "bbbbbbbbbbbb"}, Audience: incident.AudiencePrivate}}))
	if err := s.RemovePart(t.Context(), bob, n, incident.Timeline, "aaaaaaaaaaaa", 0); err != nil {
		t.Errorf("Bob removes an entry that a private why names: %v", err)
	}
	if whys := must(s.Incident(t.Context(), ada, n)).Analysis.Whys; len(whys) != 2 || !slices.Equal(whys[1].Evidence, []string{"bbbbbbbbbbbb"}) {
		t.Errorf("Ada has the whys %+v", whys)
	}
	wantTrue(t, s)
}
