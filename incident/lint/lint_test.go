package lint_test

import (
	"encoding/json"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
	"github.com/debriefhq/debrief/incident/lint"
)

// whole is a record that no rule finds anything in.
func whole(t *testing.T) *incident.Incident {
	t.Helper()
	text, err := os.ReadFile("testdata/whole.json")
	if err != nil {
		t.Fatal(err)
	}
	in := &incident.Incident{}
	if err := json.Unmarshal(text, in); err != nil {
		t.Fatal(err)
	}
	in.Normalize()
	if err := in.Check(); err != nil {
		t.Fatalf("the whole record is not valid: %v", err)
	}
	return in
}

// of are the findings of one rule.
func of(in *incident.Incident, rule string) []incident.Finding {
	return slices.DeleteFunc(found(in), func(f incident.Finding) bool { return f.Rule != rule })
}

func found(in *incident.Incident) []incident.Finding {
	found, _ := lint.Check(in)
	return found
}

func moment(text string) *incident.Moment {
	m, err := incident.When{Zone: "America/Los_Angeles"}.Read(text)
	if err != nil {
		panic(err)
	}
	return &m
}

func TestAWholeRecordHasNoFindings(t *testing.T) {
	t.Parallel()
	for _, f := range found(whole(t)) {
		t.Errorf("%s at %s: %s", f.Rule, f.Place, f.Detail)
	}
}

func TestEveryRuleFindsItsRecordAndNotTheOneNearIt(t *testing.T) {
	t.Parallel()
	for _, rule := range lint.Rules {
		tried := trials[rule.ID]
		if len(tried) == 0 {
			t.Errorf("%s has no record that it must find", rule.ID)
		}
		for _, c := range tried {
			t.Run(rule.ID+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				in := whole(t)
				c.lacking(in)
				if got := of(in, rule.ID); len(got) == 0 {
					t.Errorf("%s finds nothing in the record it is for", rule.ID)
				}
				in = whole(t)
				c.near(in)
				for _, f := range of(in, rule.ID) {
					t.Errorf("%s at %s in the record near it: %s", f.Rule, f.Place, f.Detail)
				}
			})
		}
	}
	for id := range trials {
		if _, ok := lint.Lookup(id); !ok {
			t.Errorf("there is no rule %s", id)
		}
	}
}

func TestEveryRuleSaysWhyFromWhere(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range lint.Rules {
		if !regexp.MustCompile(`^[a-z_]{3,60}$`).MatchString(r.ID) || seen[r.ID] {
			t.Errorf("the id %q is not one of its own", r.ID)
		}
		seen[r.ID] = true
		if r.Title == "" || r.Why == "" || !slices.Contains([]incident.FindingLevel{incident.FindingError, incident.FindingWarning, incident.FindingNote}, r.Level) {
			t.Errorf("%s lacks a title, a level or a reason", r.ID)
		}
		if u, err := url.Parse(r.Source); err != nil || u.Scheme != "https" || u.Host == "" {
			t.Errorf("%s has no source: %q", r.ID, r.Source)
		}
	}
}

func TestAFindingSaysWhereAndWhatToDo(t *testing.T) {
	t.Parallel()
	in := whole(t)
	in.Actions[0].Owner = ""
	in.Timeline[1].Text = "The engineer should have known."
	found := found(in)
	if len(found) != 2 {
		t.Fatalf("found %d things, want 2: %+v", len(found), found)
	}
	for _, f := range found {
		if f.Detail == "" || f.Do == "" || f.Why == "" || f.Source == "" || f.Key == "" || f.Place == "" || f.Pointer[:1] != "/" {
			t.Errorf("%+v leaves something open", f)
		}
	}
	if want := "timeline, 2:42 AM PDT / 09:42 UTC"; found[0].Place != want {
		t.Errorf("Place = %q, want %q", found[0].Place, want)
	}
}

func TestASilenceCoversWhatItNames(t *testing.T) {
	t.Parallel()
	in := whole(t)
	in.Actions[0].Owner, in.Actions[1].Owner = "", ""
	all := of(in, "action_without_owner")
	if len(all) != 2 {
		t.Fatalf("found %d, want 2", len(all))
	}
	in.Silenced = []incident.Silence{{Rule: "action_without_owner", Key: all[0].Key, Reason: "the team's board names owners"}}
	if got := of(in, "action_without_owner"); len(got) != 1 || got[0].Key != all[1].Key {
		t.Errorf("after silencing one, found %+v", got)
	}
	if _, got := lint.Check(in); len(got) != 1 || got[0].Key != all[0].Key {
		t.Errorf("silenced = %+v, want the one", got)
	}
	in.Silenced[0].Key = ""
	if got := of(in, "action_without_owner"); len(got) != 0 {
		t.Errorf("after silencing the rule, found %+v", got)
	}
	in.Silenced[0].Reason = " "
	if got := of(in, "action_without_owner"); len(got) != 2 {
		t.Errorf("silenced without a reason, found %+v, want both", got)
	}
}

func TestAKeyStaysTheSameWhileOtherPartsComeAndGo(t *testing.T) {
	t.Parallel()
	in := whole(t)
	in.Actions[1].Owner = ""
	before := of(in, "action_without_owner")
	in.Actions = append([]incident.Action{{Title: "Another", Owner: "Mira", Due: in.Actions[1].Due}}, in.Actions...)
	in.Timeline[0].ID = "aaaaaaaaaaaa"
	after := of(in, "action_without_owner")
	if len(before) != 1 || len(after) != 1 || before[0].Key != after[0].Key || before[0].Pointer == after[0].Pointer {
		t.Errorf("before %+v, after %+v: want the same key at another pointer", before, after)
	}
}

func TestWhatOutsidersMayReadIsSilencedOnceAndTheRestIsFoundStill(t *testing.T) {
	t.Parallel()
	in := whole(t)
	in.PublicSummary = "Ana Reyes restarted redis-master-01, see https://grafana.acme.example/d/1."
	in.Timeline[0].Text = "Ana Reyes asked Bo Lind: redis-master-01 and redis-master-02 hung, see https://grafana.acme.example/d/2 and https://jira.acme.example/1."
	in.Timeline[0].Audience = incident.AudiencePublic
	for rule, want := range map[string]string{"public_person": "Bo Lind", "public_host": "redis-master-02", "public_internal_link": "jira.acme.example"} {
		all := of(in, rule)
		if len(all) != 3 || all[0].Key != all[1].Key || all[2].Key == all[0].Key {
			t.Errorf("%s finds %+v, want two of one key and one of another", rule, all)
			continue
		}
		in.Silenced = append(in.Silenced, incident.Silence{Rule: rule, Key: all[0].Key, Reason: "outsiders know it"})
		if left := of(in, rule); len(left) != 1 || !strings.Contains(left[0].Detail, want) {
			t.Errorf("after silencing one, %s finds %+v, want %s", rule, left, want)
		}
	}
}

func TestEachParagraphThatBlamesIsAFindingOfItsOwn(t *testing.T) {
	t.Parallel()
	in := whole(t)
	in.Background = "It was human error.\n\n- The intern was careless.\n- The disk was full.\n"
	found := of(in, "blame")
	if len(found) != 2 || found[0].Key == found[1].Key || !strings.Contains(found[1].Detail, "careless") {
		t.Errorf("found %+v, want two", found)
	}
}

func TestNoFindingShowsASecret(t *testing.T) {
	t.Parallel()
	in := whole(t)
	const key = accessKey
	in.Timeline[1].Text = "Ana ran it with " + key + " and should have revoked it."
	in.Timeline[1].Audience = incident.AudiencePublic
	in.PublicSummary = "The host db03 had " + key + " in its settings at 7:11 UTC, Ana Reyes says."
	text, err := json.Marshal(found(in))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), `"secret"`) {
		t.Fatalf("the secret was not found: %s", text)
	}
	if strings.Contains(string(text), key) {
		t.Errorf("a finding shows the secret: %s", text)
	}
}

func TestAnyRecordCanBeLinted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := incidenttest.Records().Draw(t, "record")
		before, _ := json.Marshal(in)
		count := map[string]int{}
		for _, f := range found(in) {
			if count[f.Rule]++; count[f.Rule] > 50 {
				t.Fatalf("%s finds more than fifty", f.Rule)
			}
		}
		if after, _ := json.Marshal(in); string(before) != string(after) {
			t.Fatal("linting changed the record")
		}
	})
}

func TestTenThousandEntriesAreLintedInGoodTime(t *testing.T) {
	t.Parallel()
	in := whole(t)
	e := in.Timeline[1]
	e.Text, e.Audience = strings.Repeat("the team saw 10:11 UTC / 3:12 AM PDT on node-7, people should ", 4), incident.AudiencePublic
	for len(in.Timeline) < 10_000 {
		in.Timeline = append(in.Timeline, e)
	}
	small := whole(t)
	ratio := float64(testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			lint.Check(in)
		}
	}).NsPerOp()) / float64(testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			lint.Check(small)
		}
	}).NsPerOp())
	if limit := 20.0 * 10_000 / float64(len(small.Timeline)); ratio > limit {
		t.Errorf("10,000 entries cost %.0f times %d: more than in proportion (%.0f)", ratio, len(small.Timeline), limit)
	}
}
