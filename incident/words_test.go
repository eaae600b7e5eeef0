package incident_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

func TestRolesMay(t *testing.T) {
	t.Parallel()
	all := []incident.Deed{incident.Read, incident.Write, incident.ReviewDeed, incident.Administer}
	tests := []struct {
		name  string
		role  incident.Role
		scope incident.Scope
		may   int // how many of all, in their order
	}{
		{"a viewer reads", incident.Viewer, incident.ScopeFull, 1},
		{"a responder writes too", incident.Responder, incident.ScopeFull, 2},
		{"a reviewer reviews too", incident.Reviewer, incident.ScopeFull, 3},
		{"an admin may all", incident.Admin, incident.ScopeFull, 4},
		{"but only read through a token to read", incident.Admin, incident.ScopeRead, 1},
		{"and not administer through one to write", incident.Admin, incident.ScopeWrite, 3},
		{"a scope gives nothing that the role has not", incident.Viewer, incident.ScopeWrite, 1},
		{"an unknown role may nothing", "root", incident.ScopeFull, 0},
		{"nor an unknown scope", incident.Admin, "all", 0},
		{"nor nobody", "", "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			role := incident.Narrow(tt.role, tt.scope)
			for i, deed := range all {
				if got := role.May(deed); got != (i < tt.may) {
					t.Errorf("Narrow(%q, %q).May(%s) = %v, want %v", tt.role, tt.scope, deed, got, i < tt.may)
				}
			}
		})
	}
	if len(incident.Roles) != 4 || len(incident.Scopes) != 3 {
		t.Errorf("Roles = %v, Scopes = %v", incident.Roles, incident.Scopes)
	}
}

func TestNumbersAreReadInBothForms(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]incident.Number{"42": 42, "INC-42": 42, "inc-7": 7, "0042": 42} {
		var n incident.Number
		if err := n.UnmarshalText([]byte(text)); err != nil || n != want {
			t.Errorf("UnmarshalText(%q) = %d, %v; want %d", text, n, err, want)
		}
	}
	for _, text := range []string{"", "0", "-1", "+1", "INC-", "INC-+1", "1.0", "42 ", "INC42", "99999999999999999999"} {
		n := incident.Number(5)
		if err := n.UnmarshalText([]byte(text)); !errors.Is(err, incident.Malformed) || n != 5 {
			t.Errorf("UnmarshalText(%q) = %d, %v; want Malformed", text, n, err)
		}
	}
	data, err := json.Marshal(map[string]incident.Number{"n": 42})
	if err != nil || string(data) != `{"n":42}` || incident.Number(42).String() != "INC-42" {
		t.Errorf("a number is %s, %v, shown %s; want the JSON number 42, shown INC-42", data, err, incident.Number(42))
	}
}

func TestAnIDHasTwelveLettersAndDigits(t *testing.T) {
	t.Parallel()
	for _, random := range [][8]byte{{}, {1}, {255, 255, 255, 255, 255, 255, 255, 255}, {7: 35}} {
		if id := incident.NewID(random); !incident.IsID(id) {
			t.Errorf("NewID(%v) = %q, want 12 of a-z0-9", random, id)
		}
	}
	if a, b := incident.NewID([8]byte{7: 1}), incident.NewID([8]byte{7: 2}); a == b || a != "000000000001" {
		t.Errorf("NewID(1) = %q, NewID(2) = %q", a, b)
	}
	for _, text := range []string{"", "short", "ABCDEFGHIJKL", "abcdefghijklm", "abcdefghijk\n"} {
		if incident.IsID(text) {
			t.Errorf("IsID(%q) = true", text)
		}
	}
}

func TestNamesAreThoseWhoMayReadAPrivateIncident(t *testing.T) {
	t.Parallel()
	in := &incident.Incident{
		Heading: incident.Heading{CreatedBy: "Zoe", Review: incident.Review{Reviewers: []string{" Bob "}}},
		People:  []incident.Person{{Name: "ann"}, {Name: "ANN"}},
		Actions: []incident.Action{{Owner: ""}, {Owner: "Änne"}},
	}
	if got, want := in.Names(), []string{"ann", "bob", "zoe", "änne"}; !slices.Equal(got, want) {
		t.Errorf("Names = %q, want %q", got, want)
	}
}

func TestNormalizeFillsWhatIsLeftOpen(t *testing.T) {
	t.Parallel()
	empty := ""
	in := &incident.Incident{
		Heading:  incident.Heading{Title: "  x ", Kind: incident.Maintenance},
		Summary:  "\r\n \n  a  \r\nb\rc \n",
		Timeline: []incident.Entry{{Text: "e", At: &incident.Moment{At: when(2013)}}, {Text: "f", At: &incident.Moment{AsWritten: " TBC "}}},
		Actions:  []incident.Action{{Title: "t", Due: &empty}},
		Stated:   incident.Stated{TimeToTell: &empty},
	}
	in.Normalize()
	if err := in.Check(); err != nil {
		t.Fatalf("Check = %v %q", err, fields(err))
	}
	got := []any{in.Title, in.Summary, in.Status, in.Zone, in.Visibility, in.Review.State, in.Timeline[0].Kind, in.Timeline[0].Audience,
		in.Timeline[0].At.Zone, in.Timeline[0].At.Precision, in.Timeline[1].At.Precision, in.Timeline[1].At.AsWritten, in.Timeline[1].Position,
		in.Actions[0].Kind, in.Actions[0].State, in.Actions[0].Due, in.Stated.TimeToTell}
	want := []any{"x", "  a  \nb\nc", incident.Scheduled, "UTC", incident.VisibleInternal, incident.ReviewDraft, incident.EntryObservation, incident.AudienceInternal,
		"UTC", incident.Minute, incident.UnknownPrecision, "TBC", int64(2),
		incident.Prevent, incident.Open, (*string)(nil), (*string)(nil)}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Normalize gives %v, want %v", got, want)
	}
	part := &incident.Entry{At: &incident.Moment{}}
	if incident.NormalizePart(part, "Europe/Berlin"); part.At.Zone != "Europe/Berlin" || part.Position != 0 || part.Kind != incident.EntryObservation {
		t.Errorf("NormalizePart = %+v, want the incident's zone and no position yet", part)
	}
}

func TestADraftHasNothingThatDebriefAssigns(t *testing.T) {
	t.Parallel()
	in := full()
	in.Messages[0].State = incident.Sent
	before, d := in.Clone(), in.Draft()
	if d.Number != 0 || d.ID != "" || d.Revision != 0 || d.Version != 0 || d.CreatedBy != "" || !d.CreatedAt.IsZero() || !d.UpdatedAt.IsZero() ||
		d.Archived || d.Comments != nil || d.Measures != nil || d.Timeline[0].Revision != 0 || d.Review.State != incident.ReviewDraft ||
		len(d.Review.Reviewers)+len(d.Review.Approvals) != 0 || d.Review.PublishedAt != nil {
		t.Errorf("Draft = %+v, want nothing assigned", d)
	}
	if d.Messages[0].State != incident.Recorded || len(d.Warnings) != 1 || d.Warnings[0].Rule != "sent_kept_as_recorded" || d.Warnings[0].Pointer != "/messages/0/state" {
		t.Errorf("the sent message is %s, with %v; want recorded and a warning", d.Messages[0].State, d.Warnings)
	}
	if d.Timeline[0].ID != in.Timeline[0].ID || !reflect.DeepEqual(in, before) {
		t.Error("Draft lost the ids that were chosen, or changed the record")
	}
}

func TestIsLinkTakesWebAddressesOnly(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"https://example.org": true, "HTTP://example.org/a?b#c": true, "https://example.org/ü": true,
		"": false, "example.org": false, "https://": false, "https:///x": false, "mailto:a@b": false, "javascript:alert(1)": false,
		"https://a b": false, "https://a/\"onclick": false, " https://a": false, "https://a/<b>": false,
		"https://ops:secret@example.org/a": false, "https://ops@example.org": false, "https://example.org/@ops?to=a@b": true,
	} {
		if got := incident.IsLink(text); got != want {
			t.Errorf("IsLink(%q) = %v, want %v", text, got, want)
		}
	}
}
