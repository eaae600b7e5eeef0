package main

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// demoNow is after every date in the records.
var demoNow = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func TestDemoRecordsAreSound(t *testing.T) {
	t.Parallel()
	// The only oddities, each of which its original has: a label of winter on
	// summer's times, and durations that count working hours.
	odd := map[string][]string{
		"mybinder-build-cpu": {"zone_label_contradicts"},
		"chia-account":       {"zone_label_contradicts"},
		"moj-certificate":    {"stated_differs"},
	}
	for _, r := range demoRecords {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			in, err := r.read()
			if err != nil {
				t.Fatalf("read = %v", err)
			}
			in.Normalize()
			if err := in.Check(); err != nil {
				t.Errorf("Check = %v, want no fault", err)
			}
			var rules []string
			for _, w := range incident.Odd(in) {
				rules = append(rules, w.Rule)
			}
			slices.Sort(rules)
			if rules = slices.Compact(rules); !slices.Equal(rules, odd[r.name]) {
				t.Errorf("Odd = %v, want %v", rules, odd[r.name])
			}
			if len(in.Sources) == 0 || !strings.HasPrefix(in.Sources[0], "https://") {
				t.Errorf("sources = %v, want the original's address first", in.Sources)
			}
		})
	}
}

func TestDemoNamesEveryFileAndItsOrigin(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(demoFiles, "demo/*.md")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(demoRecords)+1 {
		t.Errorf("demo/ holds %d files, want %d records and the attribution", len(files), len(demoRecords))
	}
	text, err := demoFiles.ReadFile("demo/ATTRIBUTION.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range demoRecords {
		if !strings.Contains(string(text), "| `"+r.name+"` |") {
			t.Errorf("ATTRIBUTION.md does not name %s", r.name)
		}
	}
}

// filedDemo files the demo and gives it as its own people see it, by file.
func filedDemo(t *testing.T) (*store.Store, map[string]*incident.Incident) {
	t.Helper()
	st := storetest.New(t)
	if err := fileDemo(t.Context(), st, demoNow); err != nil {
		t.Fatalf("fileDemo = %v", err)
	}
	return st, demoAsFiled(t, st)
}

// demoAsFiled reads the demo's records back.
func demoAsFiled(t *testing.T, st *store.Store) map[string]*incident.Incident {
	t.Helper()
	d := &demo{st: st, people: map[string]incident.Actor{}, filed: map[string]incident.Heading{}}
	if _, err := d.know(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := d.find(t.Context()); err != nil {
		t.Fatal(err)
	}
	records := map[string]*incident.Incident{}
	for _, r := range demoRecords {
		in, err := st.Incident(t.Context(), d.people[r.by], d.filed[r.name].Number)
		if err != nil {
			t.Fatalf("Incident(%s) = %v", r.name, err)
		}
		records[r.name] = in
	}
	return records
}

// demoClaims are what a reader must find somewhere in the demo.
var demoClaims = map[string]func(*incident.Incident) bool{
	"one is open, with impacts that last": func(in *incident.Incident) bool {
		return !in.Status.Over() && slices.ContainsFunc(in.Impacts, func(i incident.Impact) bool { return i.Until == nil })
	},
	"a near miss":   func(in *incident.Incident) bool { return in.Kind == incident.NearMiss },
	"a maintenance": func(in *incident.Incident) bool { return in.Kind == incident.Maintenance },
	"a private one about security": func(in *incident.Incident) bool {
		return in.Visibility == incident.VisiblePrivate && in.Impacts[0].Kind == incident.Security
	},
	"a false alarm": func(in *incident.Incident) bool { return in.Resolution == incident.FalseAlarm },
	"one in review": func(in *incident.Incident) bool { return in.Review.State == incident.InReview },
	"one approved":  func(in *incident.Incident) bool { return in.Review.State == incident.ReviewApproved },
	"a draft":       func(in *incident.Incident) bool { return in.Review.State == incident.ReviewDraft },
	"relatives":     func(in *incident.Incident) bool { return len(in.Related) > 0 },
	"components on three levels": func(in *incident.Incident) bool {
		levels := map[incident.Level]bool{}
		for _, i := range in.Impacts {
			levels[i.Level] = true
		}
		return len(levels) == 3
	},
	"a handover": func(in *incident.Incident) bool {
		return len(in.People) > 1 && in.People[0].Role == in.People[1].Role && in.People[0].Until != nil
	},
	"a range of time": func(in *incident.Incident) bool {
		return slices.ContainsFunc(in.Timeline, func(e incident.Entry) bool { return e.Until != nil })
	},
	"a follow-up that is still to come": func(in *incident.Incident) bool {
		return slices.ContainsFunc(in.Actions, func(a incident.Action) bool {
			return a.State == incident.InProgress && a.Due != nil && *a.Due == "2026-11-16"
		})
	},
}

func TestDemoShowsEverything(t *testing.T) {
	t.Parallel()
	_, records := filedDemo(t)
	for claim, holds := range demoClaims {
		found := slices.ContainsFunc(demoRecords, func(r demoRecord) bool { return holds(records[r.name]) })
		if !found {
			t.Errorf("the demo has not: %s", claim)
		}
	}
	if told := records["twilio-billing"].Measures.TimeToTell; told != nil {
		t.Errorf("time to tell of the billing incident = %d s, want none: only the day is known", *told)
	}
	for _, name := range []string{"jenkins-agents", "twilio-billing"} {
		if state := records[name].Review.State; state != incident.ReviewPublished {
			t.Errorf("review of %s = %s, want published", name, state)
		}
	}
}

func TestDemoHasAStatusPage(t *testing.T) {
	t.Parallel()
	st, records := filedDemo(t)
	if err := fileDemo(t.Context(), st, demoNow); err != nil {
		t.Fatalf("fileDemo = %v", err)
	}
	page, late, err := st.StatusPage(t.Context())
	if err != nil || late != nil {
		t.Fatalf("StatusPage = %v, %v", late, err)
	}
	levels := map[string]incident.Level{}
	for _, g := range page.Groups {
		for _, c := range g.Components {
			levels[g.Name+": "+c.Name] = c.Level
		}
	}
	if len(levels) != len(demoComponents) || levels["Messages: Voice"] != incident.Operational || levels["Plugins and builds: plugins.jenkins.io"] != incident.PartialOutage {
		t.Errorf("outsiders see %v, want %d components, Voice at its best and plugins.jenkins.io partly down", levels, len(demoComponents))
	}
	if len(page.Open) != 1 || page.Open[0].Incident.ID != records["jenkins-search"].ID || !strings.Contains(page.Open[0].Updates()[0].Body, "watching the quota") {
		t.Errorf("%d incidents go on, want that of the plugin search with what was sent", len(page.Open))
	}
	for _, name := range []string{"jenkins-agents", "twilio-billing"} {
		if n := page.Find(records[name].ID); n == nil || n.Postmortem == nil {
			t.Errorf("the postmortem of %s is not published", name)
		}
	}
	if !slices.ContainsFunc(records["jenkins-search"].Messages, func(m incident.Message) bool { return m.State == incident.Draft }) {
		t.Error("the demo has no draft left to send")
	}
}

func TestNobodyWhoSubscribedIsToldOfTheDemo(t *testing.T) {
	t.Parallel()
	st := storetest.New(t)
	if err := st.Subscribe(t.Context(), incident.Subscription{Kind: incident.ByWebhook, Address: "https://hooks.example/status"}, "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	ask, err := st.Claim(t.Context(), false, time.Minute)
	if err != nil || ask == nil {
		t.Fatalf("Claim = %+v, %v", ask, err)
	}
	if err := errors.Join(st.End(t.Context(), ask, store.Outcome{State: store.Delivered}), st.Confirm(t.Context(), ask.Confirm)); err != nil {
		t.Fatal(err)
	}
	if err := fileDemo(t.Context(), st, demoNow); err != nil {
		t.Fatalf("fileDemo = %v", err)
	}
	if d, err := st.Claim(t.Context(), false, time.Minute); d != nil || err != nil {
		t.Errorf("a subscriber is told %+v (%v), want nothing that is made up", d, err)
	}
}

func TestDemoUsesEveryWord(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	shown := 0 // records that a status page has something to tell of
	for _, r := range demoRecords {
		in, err := r.read()
		if err != nil {
			t.Fatal(err)
		}
		used[string(in.Severity)] = true
		for _, a := range in.Actions {
			used[string(a.State)] = true
		}
		for _, l := range in.Analysis.Lessons {
			used[string(l.Kind)] = true
		}
		for _, f := range in.Analysis.Factors {
			used[string(f.Confidence)] = true
		}
		if slices.ContainsFunc(in.Messages, func(m incident.Message) bool {
			return m.Channel == incident.StatusPage && m.Audience == incident.AudiencePublic && m.State == incident.Recorded
		}) {
			shown++
		}
	}
	for _, word := range strings.Fields("sev1 sev2 sev3 sev4 open in_progress done not_doing " +
		"went_well went_wrong lucky confirmed likely unknown") {
		if !used[word] {
			t.Errorf("no record of the demo says %s", word)
		}
	}
	if shown < 5 {
		t.Errorf("%d records have public messages of a status page, want 5 or more", shown)
	}
}
