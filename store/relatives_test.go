package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// told is an incident with a title, a summary and a component.
func told(title, summary, component string) *incident.Incident {
	in := titled(title)
	in.Summary = summary
	if component != "" {
		in.Impacts = []incident.Impact{{Component: component, Kind: incident.Availability}}
	}
	return in
}

// likeOnes are the titles of those of an incident, with the reasons.
func likeOnes(t testing.TB, s *store.Store, by incident.Actor, n incident.Number) string {
	t.Helper()
	var all []string
	for _, r := range must(s.Similar(t.Context(), by, must(s.Incident(t.Context(), by, n)), 10)) {
		all = append(all, r.Title+": "+strings.Join(r.Reasons, "; "))
	}
	return strings.Join(all, "\n")
}

// noise are incidents about other things, so that words are rare.
func noise(t testing.TB, s *store.Store, by incident.Actor) {
	t.Helper()
	var all []*incident.Incident
	for i := range 60 {
		all = append(all, told(fmt.Sprintf("Something else %c", 'a'+i%26), strings.Repeat(fmt.Sprintf("word%c other%c ", 'a'+i%26, 'a'+i/26), 3), ""))
	}
	must(s.FileAll(t.Context(), by, all))
	if err := s.FoldWords(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestRelativesComeWithTheReasonsInWords(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	old := must(s.File(t.Context(), ada, told("Balances read as zero", "Redis replicas lost their master; a resync left it read-only with the wrong configuration.", "Billing")))
	must(s.File(t.Context(), ada, told("Calls are not connected", "A carrier was away.", "Voice")))
	n := must(s.File(t.Context(), ada, told("Cards are charged again", "After the restart a resync began, and the master was read-only: a misconfigured file.", "billing"))).Number
	noise(t, s, ada)
	got := likeOnes(t, s, ada, n)
	for _, want := range []string{"Balances read as zero: ", "same component: billing", "same kind of cause: ", "shares rare words: ", "resync"} {
		if !strings.Contains(got, want) {
			t.Errorf("relatives = %q, want %q", got, want)
		}
	}
	if strings.Contains(got, "Calls are not connected") || strings.Contains(got, "Something else") {
		t.Errorf("relatives = %q, want those alone that have something in common", got)
	}
	draft := store.Draft{Title: "Cards are charged twice", Summary: "The resync left the master read-only."}
	if got := must(s.SimilarToDraft(t.Context(), ada, draft, 3)); len(got) == 0 || !slices.ContainsFunc(got, func(r store.Relative) bool { return r.Number == old.Number }) {
		t.Errorf("relatives of a draft = %+v, want those of what it says", got)
	}
	if got := must(s.SimilarToDraft(t.Context(), ada, store.Draft{}, 3)); len(got) != 0 {
		t.Errorf("relatives of nothing = %+v", got)
	}
}

func TestAPersonConfirmsOrDismissesARelativeAndThatIsRemembered(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada, eve := storetest.Person(t, s, "Ada", incident.Responder), storetest.Person(t, s, "Eve", incident.Viewer)
	old := must(s.File(t.Context(), ada, told("The certificate of the mail server expired", "Nobody had renewed it.", ""))).Number
	n := must(s.File(t.Context(), ada, told("Expired certificate on the mail server", "Renewed by hand.", ""))).Number
	noise(t, s, ada)
	relate := func(a, b incident.Number, as store.Relation) {
		t.Helper()
		if err := s.Relate(t.Context(), ada, a, b, as); err != nil {
			t.Fatal(err)
		}
	}
	want := func(when string, some bool) {
		t.Helper()
		for _, pair := range [][2]incident.Number{{n, old}, {old, n}} {
			if got := likeOnes(t, s, ada, pair[0]); (got != "") != some {
				t.Errorf("%s, relatives of %s are %q", when, pair[0], got)
			}
		}
	}
	want("before anybody said anything", true)
	relate(old, n, store.NoRelative)
	relate(n, old, store.NoRelative)
	want("after it was dismissed, looked at from either side", false)
	if all := must(s.Dismissed(t.Context(), ada, n)); len(all) != 1 || all[0].Number != old {
		t.Errorf("Dismissed = %+v", all)
	}
	if err := s.TakeBack(t.Context(), ada, n, old); err != nil {
		t.Fatal(err)
	}
	want("after that was taken back", true)
	relate(n, old, store.Related)
	relate(n, old, store.RecurrenceOf)
	if in := must(s.Incident(t.Context(), ada, n)); in.RecurrenceOf == nil || *in.RecurrenceOf != old || len(in.Related) != 0 {
		t.Errorf("after it was confirmed: recurrence of %v, related to %v", in.RecurrenceOf, in.Related)
	}
	want("after it was confirmed", false)
	third := must(s.File(t.Context(), ada, titled("Another"))).Number
	refused(t, "a second recurrence", s.Relate(t.Context(), ada, n, third, store.RecurrenceOf), incident.Conflict)
	refused(t, "itself", s.Relate(t.Context(), ada, n, n, store.NoRelative), incident.Invalid)
	refused(t, "a relation that there is not", s.Relate(t.Context(), ada, n, third, "cousin"), incident.Invalid)
	refused(t, "a viewer's", s.Relate(t.Context(), eve, n, third, store.NoRelative), incident.Forbidden)
	refused(t, "one that is not there", s.Relate(t.Context(), ada, n, 999, store.NoRelative), incident.NotFound)
}

// What is private must not be told of by what is suggested, nor by why.
func TestRelativesTellNobodyOfWhatIsPrivate(t *testing.T) {
	t.Parallel()
	const canary = "quetzalcoatl"
	s := storetest.New(t)
	ada, bob := storetest.Person(t, s, "Ada", incident.Responder), storetest.Person(t, s, "Bob", incident.Responder)
	file := func(in *incident.Incident) incident.Number { return must(s.File(t.Context(), ada, in)).Number }
	hidden := told("The "+canary+" overheated", canary+" smoke in the server room.", "Room 7")
	hidden.Visibility, hidden.People = incident.VisiblePrivate, []incident.Person{{Name: "Ada", Role: "commander"}}
	secret := file(hidden)
	half := told("A fan stopped", "The fan of a rack stopped.", "")
	half.People = []incident.Person{{Name: "Ada", Role: "commander"}}
	half.Impacts = []incident.Impact{{Component: "Room 7", Text: canary, Audience: incident.AudiencePrivate}}
	half.Analysis.Trigger = &incident.Statement{Text: "The " + canary + " had overheated.", Audience: incident.AudiencePrivate}
	open := file(half)
	noise(t, s, ada)
	mine := must(s.File(t.Context(), bob, told("The "+canary+" is hot", "Smoke of a "+canary+" in the server room, overheated.", "Room 7"))).Number
	if err := s.FoldWords(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := likeOnes(t, s, bob, mine); strings.Contains(got, "overheated:") || strings.Contains(got, "A fan stopped") {
		t.Errorf("somebody who may not know of them is told %q", got)
	}
	draft := store.Draft{Title: canary, Summary: canary + " smoke, overheated", Components: []string{"Room 7"}}
	for _, r := range must(s.SimilarToDraft(t.Context(), bob, draft, 20)) {
		if r.Number == secret || r.Number == open {
			t.Errorf("a draft of somebody who may not know of them finds %s: %v", r.Number, r.Reasons)
		}
	}
	if got := likeOnes(t, s, ada, mine); !strings.Contains(got, "The "+canary+" overheated") {
		t.Errorf("who is named on it is told %q, want it", got)
	}
	if got := likeOnes(t, s, ada, open); strings.Contains(got, canary) && strings.Contains(got, "rare words: "+canary) {
		t.Errorf("a private part is a reason: %q", got)
	}
	refused(t, "dismissing what one may not know of", s.Relate(t.Context(), bob, mine, secret, store.NoRelative), incident.NotFound)
	refused(t, "confirming what one may not know of", s.Relate(t.Context(), bob, mine, secret, store.Related), incident.Invalid)
	if err := s.Relate(t.Context(), ada, mine, secret, store.NoRelative); err != nil {
		t.Fatal(err)
	}
	if all := must(s.Dismissed(t.Context(), bob, mine)); len(all) != 0 {
		t.Errorf("Dismissed tells of %+v", all)
	}
}

func TestARecordSaysWhatWasLeftOfAnOlderOnesFollowUps(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	before := titled("It broke")
	before.Milestones.Started = on(time.Now().Add(-48 * time.Hour))
	for _, title := range []string{"done in time", "done later", "not done", "given up", "begun"} {
		before.Actions = append(before.Actions, incident.Action{Title: title})
	}
	before = must(s.File(t.Context(), ada, before))
	move := func(i int, to incident.ActionState) {
		t.Helper()
		must(s.Change(t.Context(), ada, before.Number, 0, func(in *incident.Incident) error {
			in.Actions[i].State, in.Actions[i].Reason = to, map[bool]string{true: "no time"}[to == incident.NotDoing]
			return nil
		}))
	}
	for i, to := range map[int]incident.ActionState{0: incident.Done, 3: incident.NotDoing, 4: incident.InProgress} {
		move(i, to)
	}
	time.Sleep(2 * time.Millisecond)
	start := incident.Exactly(time.Now(), "UTC", incident.Second)
	time.Sleep(2 * time.Millisecond)
	move(1, incident.Done)
	move(4, incident.Done)
	must(s.Change(t.Context(), ada, before.Number, 0, func(in *incident.Incident) error {
		in.Actions = append(in.Actions, incident.Action{Title: "thought of later"})
		return nil
	}))
	again := titled("It broke again")
	again.Milestones.Started, again.RecurrenceOf = &start, &before.Number
	again = must(s.File(t.Context(), ada, again))
	check := func(all []store.KnownBefore) {
		t.Helper()
		var left []string
		if len(all) == 1 {
			for _, a := range all[0].Left {
				left = append(left, a.Title+" "+string(a.Then))
			}
		}
		if want := "done later open, not done open, given up not_doing, begun in_progress"; len(all) != 1 || all[0].Actions != 5 || all[0].As != store.RecurrenceOf || strings.Join(left, ", ") != want {
			t.Errorf("KnownBefore = %+v, want 5 follow-ups with %s", all, want)
		}
	}
	check(must(s.KnownBefore(t.Context(), ada, again)))
	across := must(s.Recurrences(t.Context(), ada, time.Now().Add(-time.Hour), time.Now().Add(time.Hour), 10))
	if len(across) != 1 || across[0].Number != again.Number {
		t.Fatalf("Recurrences = %+v", across)
	}
	check(across[0].Before)
	if late, early := must(s.RecurrencesOfMonths(t.Context(), ada, "", "")), must(s.RecurrencesOfMonths(t.Context(), ada, "2013-01", "2013-12")); len(late) != 1 || len(early) != 0 {
		t.Errorf("RecurrencesOfMonths = %+v of the last twelve, %+v of 2013; want one, none", late, early)
	}
	if none := must(s.KnownBefore(t.Context(), ada, before)); len(none) != 0 {
		t.Errorf("KnownBefore of the older one = %+v", none)
	}
}

// However many records there are, relatives are looked for by words that few of them hold.
func TestCandidatesAreFoundByIndexes(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	for range 20 {
		noise(t, s, ada)
	}
	conn := must(pgx.Connect(t.Context(), url))
	defer func() { _ = conn.Close(t.Context()) }()                              // the database goes with the test
	for _, statement := range []string{`analyze`, `set enable_seqscan = off`} { // unless there is no other way
		_ = must(conn.Exec(t.Context(), statement))
	}
	for _, tt := range []struct{ name, args, reads string }{
		{"holdingWords", `(array['worda', 'otherb'], 100)`, "search_words"},
		{"ofSameKind", `(array['Billing'], array['process'], 'ada', 30)`, "Index Scan"},
		{"readKin", `(array[1, 2, 3], 'ada', 4, 6000)`, "search_pkey"},
		{"recurring", `(now() - interval '1 year', now(), 'ada', 50)`, "recurrences_by_"},
	} {
		_ = must(conn.Exec(t.Context(), `deallocate all; prepare x as `+store.Statements()[tt.name]))
		rows, err := conn.Query(t.Context(), `explain (costs off) execute x`+tt.args, pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		plan := strings.Join(must(pgx.CollectRows(rows, pgx.RowTo[string])), "\n")
		if !strings.Contains(plan, tt.reads) || strings.Contains(plan, "Seq Scan") {
			t.Errorf("%s%s does not read its indexes alone:\n%s", tt.name, tt.args, plan)
		}
	}
}
