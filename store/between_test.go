package store_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// told gives what is different as text, by path.
func toldBetween(all []store.Diff) map[string]string {
	text := map[string]string{}
	for _, d := range all {
		text[d.Op+" "+d.Path] = string(d.Old) + " → " + string(d.Value)
	}
	return text
}

func TestSeveralChangesComeToWhatIsDifferentAtTheEnd(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	by := storetest.Person(t, s, "Ada", incident.Responder)
	n := must(s.File(ctx, by, titled("Sums"))).Number
	first := must(s.Append(ctx, by, n, entries("One.")))[0].Head().ID // version 2
	retitle := func(title string) {
		must(s.Change(ctx, by, n, 0, func(in *incident.Incident) error {
			in.Title = title
			return nil
		}))
	}
	say := func(id, text string) {
		must(s.ChangePart(ctx, by, n, incident.Timeline, id, 0, func(p incident.Part) error {
			p.(*incident.Entry).Text = text
			return nil
		}))
	}
	retitle("Once")                                                        // 3
	retitle("Twice")                                                       // 4
	say(first, "One, changed.")                                            // 5
	second := must(s.Append(ctx, by, n, entries("Two.")))[0].Head().ID     // 6
	say(second, "Two, changed.")                                           // 7
	brief := must(s.Append(ctx, by, n, entries("Mistaken.")))[0].Head().ID // 8
	if err := s.RemovePart(ctx, by, n, incident.Timeline, brief, 0); err != nil {
		t.Fatal(err)
	} // 9
	retitle("Sums")                                                               // 10
	if err := s.RemovePart(ctx, by, n, incident.Timeline, first, 0); err != nil { // 11
		t.Fatal(err)
	}
	steps, different, err := s.Between(ctx, by, n, 2, 7)
	if err != nil || len(steps) != 5 {
		t.Fatalf("Between = %d steps, %v, want 5", len(steps), err)
	}
	got := toldBetween(different)
	if got["replace /title"] != `"Sums" → "Twice"` || got["replace /timeline/"+first+"/text"] != `"One." → "One, changed."` ||
		!strings.Contains(got["add /timeline/"+second], "Two, changed.") || len(got) != 3 {
		t.Errorf("from 2 to 7: %v", got)
	}
	_, different, err = s.Between(ctx, by, n, 2, 11)
	if got := toldBetween(different); err != nil || !strings.Contains(got["remove /timeline/"+first], `"One."`) || len(got) != 2 {
		t.Errorf("from 2 to 11: %v, %v, want what stood at 2 to be removed, and nothing of what came back", got, err)
	}
	if _, none, err := s.Between(ctx, by, n, 7, 7); err != nil || len(none) != 0 {
		t.Errorf("from a version to itself: %v, %v", none, err)
	}
	_, _, err = s.Between(ctx, by, n, 7, 2)
	refused(t, "Between backwards", err, incident.Invalid)
}

func TestNothingPrivateIsInADifference(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	ada, bob := storetest.Person(t, s, "Ada", incident.Responder), storetest.Person(t, s, "Bob", incident.Reviewer)
	in := titled("Veiled")
	in.Timeline = []incident.Entry{{Text: "canary", Audience: incident.AudiencePrivate}, {Text: "open"}}
	in.Analysis.Trigger = &incident.Statement{Text: "canary", Audience: incident.AudiencePrivate}
	filed := must(s.File(ctx, ada, in))
	must(s.Append(ctx, ada, filed.Number, []incident.Part{&incident.Comment{On: filed.Timeline[0].ID, Text: "canary"}}))
	steps, different, err := s.Between(ctx, bob, filed.Number, 0, 9)
	if err != nil {
		t.Fatal(err)
	}
	r := must(s.Reviewing(ctx, bob, filed.Number))
	all := slices.Collect(maps.Values(toldBetween(different)))
	for _, c := range slices.Concat(steps, r.Life) {
		all = append(all, slices.Collect(maps.Values(toldBetween(c.Changes)))...)
	}
	if text := strings.Join(all, "\n"); strings.Contains(text, "canary") || !strings.Contains(text, "open") {
		t.Errorf("Bob is told\n%s", text)
	}
	_, _, err = s.Between(ctx, bob, 99, 0, 9)
	refused(t, "Between versions of nothing", err, incident.NotFound)
}

func TestReviewingSaysWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	ada, bob := storetest.Person(t, s, "Ada", incident.Reviewer), storetest.Person(t, s, "Bob", incident.Reviewer)
	n := must(s.File(ctx, ada, titled("Choices"))).Number
	must(s.Review(ctx, ada, n, store.Seen{}, incident.ReviewStep{Move: incident.Submit, Reviewers: []string{"Bob"}}))
	for who, want := range map[string]bool{"Ada": false, "Bob": true} {
		by := map[string]incident.Actor{"Ada": ada, "Bob": bob}[who]
		r := must(s.Reviewing(ctx, by, n))
		for _, c := range r.Choices {
			if c.Move == incident.Approve && (c.Refused == nil) != want {
				t.Errorf("%s, who may approve: %t, is told %v", who, want, c.Refused)
			}
		}
		if len(r.Life) != 2 || r.Life[0].Did != "reviewed" || r.Life[0].By != "Ada" {
			t.Errorf("the review's life is %+v", r.Life)
		}
	}
}
