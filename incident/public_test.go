package incident_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

// canaries fills a record with words that are found nowhere else, and returns
// the pointers of those that stand in the JSON of what form makes of it.
func canaries(t *testing.T, a incident.Audience, form func(*incident.Incident) any) []string {
	t.Helper()
	words := map[string]string{}
	in := incidenttest.Fill(func(pointer string) string {
		words[pointer] = "canary" + strings.NewReplacer("/", "-", "_", "-").Replace(pointer) + "-end"
		return words[pointer]
	})
	incidenttest.SetAudience(in, a)
	data, err := json.Marshal(form(in))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for pointer, word := range words {
		if strings.Contains(string(data), word) {
			found = append(found, pointer)
		}
	}
	slices.Sort(found)
	return found
}

func public(in *incident.Incident) any { return in.Public() }

// always is what outsiders may read of every incident that is public.
var always = []string{"/public_summary", "/public_title"}

func TestOutsidersReadThePublicPartsAndNothingElse(t *testing.T) {
	t.Parallel()
	parts := []string{
		"/actions/0/title",
		"/analysis/factors/0/category", "/analysis/factors/0/text", "/analysis/lessons/0/text",
		"/analysis/process_cause/text", "/analysis/technical_cause/text", "/analysis/trigger/text",
		"/analysis/whys/0/because", "/analysis/whys/0/why",
		"/impacts/0/component", "/impacts/0/figures/0/measure", "/impacts/0/figures/0/unit", "/impacts/0/text",
		"/messages/0/body", "/messages/0/link", "/messages/0/role", "/messages/0/status",
		"/timeline/0/source", "/timeline/0/text",
	}
	tests := []struct {
		name     string
		audience incident.Audience
		want     []string
	}{
		{"of a record of public parts", incident.AudiencePublic, slices.Sorted(slices.Values(append(parts, always...)))},
		{"of internal ones the public title and summary only", incident.AudienceInternal, always},
		{"of private ones no more", incident.AudiencePrivate, always},
		{"nor of parts without an audience", "", always},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := canaries(t, tt.audience, public); !slices.Equal(got, tt.want) {
				t.Errorf("Public shows the texts of %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPublicHasNoNumberAndNoHandWrittenTime(t *testing.T) {
	t.Parallel()
	in := full()
	incidenttest.SetAudience(in, incident.AudiencePublic)
	data, err := json.Marshal(in.Public())
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	want := []string{"actions", "analysis", "id", "impacts", "kind", "measures", "messages", "milestones", "people", "published_at",
		"status", "summary", "timeline", "title", "updated_at", "zone"}
	if keys := slices.Sorted(maps.Keys(got)); !slices.Equal(keys, want) {
		t.Errorf("Public has the keys %q, want %q", keys, want)
	}
	if strings.Contains(string(data), "as_written") {
		t.Errorf("Public shows what somebody wrote: %s", data)
	}
}

func TestPublicKeepsDraftsAndNamesToOurselves(t *testing.T) {
	t.Parallel()
	in := full()
	incidenttest.SetAudience(in, incident.AudiencePublic)
	in.People[0].Role = "commander"
	in.Timeline[0].Actor = strings.ToUpper(in.People[0].Name)
	in.Timeline[0].Source = "ticket 12"
	in.Messages[0].State = incident.Draft
	in.Timeline = append(in.Timeline, incident.Entry{PartHead: incident.PartHead{ID: "hidden000000"}, Audience: incident.AudiencePrivate})
	in.Analysis.Whys[0].Evidence = []string{in.Timeline[0].ID, "hidden000000"}
	p := in.Public()
	if p.Timeline[0].Actor != in.People[0].Role {
		t.Errorf("the actor is %q, want the role %q", p.Timeline[0].Actor, in.People[0].Role)
	}
	if got := p.People; len(got) != 1 || got[0].Role != "commander" {
		t.Errorf("the people are %v, want a commander", got)
	}
	if p.Timeline[0].Source != "" {
		t.Errorf("the source is %q, want none: it is no web address", p.Timeline[0].Source)
	}
	if len(p.Messages) != 0 {
		t.Errorf("a draft is shown: %+v", p.Messages)
	}
	if got, want := p.Analysis.Whys[0].Evidence, []string{in.Timeline[0].ID}; !reflect.DeepEqual(got, want) {
		t.Errorf("evidence is %q, want only the entry that is shown: %q", got, want)
	}
}

func TestPublicSharesNothingWithTheRecord(t *testing.T) {
	t.Parallel()
	in := full()
	incidenttest.SetAudience(in, incident.AudiencePublic)
	before, p := in.Clone(), in.Public()
	p.Milestones.Started.Zone, *p.Milestones.Started.At = "UTC", *when(1999)
	*p.Actions[0].Due, p.Impacts[0].Figures[0].Unit = "", ""
	if !reflect.DeepEqual(in, before) {
		t.Error("changing what Public returned changed the record")
	}
}

func TestAnnounced(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		edit func(*incident.Incident)
		want bool
	}{
		{"an incident is ours until somebody tells", func(*incident.Incident) {}, false},
		{"a message on the status page tells", func(in *incident.Incident) { sent(in) }, true},
		{"one only recorded does not", func(in *incident.Incident) { sent(in).Messages[0].State = incident.Recorded }, false},
		{"nor one that is internal", func(in *incident.Incident) { sent(in).Messages[0].Audience = incident.AudienceInternal }, false},
		{"nor a mail", func(in *incident.Incident) { sent(in).Messages[0].Channel = incident.Email }, false},
		{"a published postmortem tells", func(in *incident.Incident) { in.Review.State = incident.ReviewPublished }, true},
		{"an approved one not yet", func(in *incident.Incident) { in.Review.State = incident.ReviewApproved }, false},
		{"a private incident is never told", func(in *incident.Incident) { sent(in).Visibility = incident.VisiblePrivate }, false},
		{"nor one that was deleted", func(in *incident.Incident) { sent(in).Archived = true }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := full()
			tt.edit(in)
			if got := in.Announced(); got != tt.want {
				t.Errorf("Announced = %v, want %v", got, tt.want)
			}
		})
	}
}
