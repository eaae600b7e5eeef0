package incident_test

import (
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

func TestWhatEverybodyReadsHoldsNothingPrivateAndBreaksNoRule(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := incidenttest.Records().Draw(t, "record")
		before := in.Clone()
		out := in.For(incident.AudienceInternal)
		for _, k := range incident.PartKinds {
			for _, p := range out.Parts(k) {
				if p.Seen() == incident.AudiencePrivate {
					t.Fatalf("For(internal) holds the private %s %s", k, p.Head().ID)
				}
			}
		}
		for _, s := range []*incident.Statement{out.Analysis.Trigger, out.Analysis.TechnicalCause, out.Analysis.ProcessCause} {
			if s != nil && s.Audience == incident.AudiencePrivate {
				t.Fatalf("For(internal) holds the private statement %q", s.Text)
			}
		}
		if err := out.Check(); err != nil {
			t.Fatalf("Check(For(internal)) = %v", err)
		}
		if !reflect.DeepEqual(in, before) {
			t.Fatal("For changed the record itself")
		}
	})
}

func TestForShowsNoPrivateText(t *testing.T) {
	t.Parallel()
	for _, on := range []string{"", "process_cause"} { // a part, a statement
		testForShowsNoPrivateText(t, on)
	}
}

func testForShowsNoPrivateText(t *testing.T, on string) {
	t.Helper()
	own := canaries(t, incident.AudiencePrivate, func(in *incident.Incident) any {
		in.Comments[0].On = cmp.Or(on, in.Timeline[0].ID)
		return in.For(incident.AudienceInternal)
	})
	for _, pointer := range own {
		for _, hidden := range []string{"/timeline", "/impacts", "/analysis", "/messages", "/actions", "/comments", "/warnings"} {
			if strings.HasPrefix(pointer, hidden) {
				t.Errorf("For(internal) shows the private text of %s", pointer)
			}
		}
	}
	if !slices.Contains(own, "/summary") {
		t.Error("For(internal) hides the summary, which is everybody's")
	}
}

func TestForGivesPeopleOnTheIncidentEverything(t *testing.T) {
	t.Parallel()
	in := full()
	incidenttest.SetAudience(in, incident.AudiencePrivate)
	if got := in.For(incident.AudiencePrivate); !reflect.DeepEqual(got, in) || got == in {
		t.Error("For(private) is not a copy of the whole record")
	}
}

func TestForIsNoWayForOutsiders(t *testing.T) {
	t.Parallel()
	for _, a := range []incident.Audience{incident.AudiencePublic, "", "everybody"} {
		data, err := json.Marshal(full().For(a))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), "a-") {
			t.Errorf("For(%q) = %s, want an empty record", a, data)
		}
	}
}

func TestMomentsVisitsEveryMomentAtItsPlace(t *testing.T) {
	t.Parallel()
	in := full()
	var got []string
	for at, m := range incident.Moments(in) {
		got = append(got, at)
		m.Zone = "UTC"
	}
	want := []string{"/milestones/triggered", "/milestones/started", "/milestones/detected", "/milestones/acknowledged", "/milestones/mitigated",
		"/milestones/resolved", "/people/0/from", "/people/0/until", "/timeline/0/at", "/timeline/0/until", "/impacts/0/from", "/impacts/0/until",
		"/messages/0/at", "/messages/0/next_update_at"}
	if !slices.Equal(got, want) {
		t.Errorf("Moments = %q, want %q", got, want)
	}
	if in.Timeline[0].Until.Zone != "UTC" {
		t.Error("Moments yields copies, want pointers into the record")
	}
	for range incident.Moments(in) {
		break // must not call yield again
	}
}
