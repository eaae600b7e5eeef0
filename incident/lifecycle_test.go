package incident_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

func ten() *incident.Moment {
	m := incident.Exactly(*when(2013), "UTC", incident.Minute)
	return &m
}

func TestMove(t *testing.T) {
	t.Parallel()
	why := "it came back"
	tests := []struct {
		name string
		kind incident.IncidentKind
		from incident.Status
		move incident.StatusMove
		want error
		at   string // the pointer of a refusal
	}{
		{"an incident is identified", "incident", "investigating", incident.StatusMove{To: "identified", At: ten()}, nil, ""},
		{"steps may be skipped", "near_miss", "investigating", incident.StatusMove{To: "resolved", At: ten()}, nil, ""},
		{"it reopens with a reason", "incident", "resolved", incident.StatusMove{To: "investigating", At: ten(), Reason: why}, nil, ""},
		{"but not without", "incident", "resolved", incident.StatusMove{To: "investigating", At: ten(), Reason: " "}, incident.Invalid, "/reason"},
		{"as every step back", "incident", "monitoring", incident.StatusMove{To: "identified", At: ten()}, incident.Invalid, "/reason"},
		{"it does not resolve twice", "incident", "resolved", incident.StatusMove{To: "resolved", At: ten()}, incident.Conflict, "/to"},
		{"nor complete", "incident", "monitoring", incident.StatusMove{To: "completed", At: ten()}, incident.Conflict, "/to"},
		{"nor become what is no status", "incident", "monitoring", incident.StatusMove{To: "fixed", At: ten()}, incident.Invalid, "/to"},
		{"nor nothing", "incident", "monitoring", incident.StatusMove{At: ten()}, incident.Invalid, "/to"},
		{"a maintenance completes", "maintenance", "scheduled", incident.StatusMove{To: "completed", At: ten()}, nil, ""},
		{"but is not resolved", "maintenance", "verifying", incident.StatusMove{To: "resolved", At: ten()}, incident.Conflict, "/to"},
		{"somebody says when", "incident", "investigating", incident.StatusMove{To: "resolved"}, incident.Invalid, "/at"},
		{"in a zone that exists", "incident", "investigating", incident.StatusMove{To: "resolved", At: &incident.Moment{Zone: "X", Precision: "unknown"}}, incident.Invalid, "/at/zone"},
		{"or in that of the incident", "incident", "investigating", incident.StatusMove{To: "resolved", At: &incident.Moment{At: when(2013)}}, nil, ""},
		{"in a year that we keep", "incident", "investigating", incident.StatusMove{To: "resolved", At: &incident.Moment{At: when(9999)}}, incident.Invalid, "/at/at"},
		{"a false alarm is resolved", "incident", "investigating", incident.StatusMove{To: "resolved", At: ten(), Resolution: "false_alarm"}, nil, ""},
		{"and not identified", "incident", "investigating", incident.StatusMove{To: "identified", At: ten(), Resolution: "false_alarm"}, incident.Invalid, "/resolution"},
		{"a duplicate names the original", "incident", "investigating", incident.StatusMove{To: "resolved", At: ten(), Resolution: "duplicate", DuplicateOf: number(3)}, nil, ""},
		{"or is refused", "incident", "investigating", incident.StatusMove{To: "resolved", At: ten(), Resolution: "duplicate"}, incident.Invalid, "/duplicate_of"},
		{"and an original goes with a duplicate only", "incident", "investigating", incident.StatusMove{To: "resolved", At: ten(), DuplicateOf: number(3)}, incident.Invalid, "/duplicate_of"},
		{"also when it names itself", "incident", "investigating", incident.StatusMove{To: "resolved", At: ten(), Resolution: "duplicate", DuplicateOf: number(7)}, incident.Invalid, "/duplicate_of"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := &incident.Incident{Heading: incident.Heading{Number: 7, Title: "x", Kind: tt.kind, Status: tt.from, Zone: "UTC"}}
			err := in.Move(tt.move)
			if !errors.Is(err, tt.want) || tt.want != nil && fields(err)[tt.at] == "" {
				t.Errorf("Move from %s = %v %q, want %v at %q", tt.from, err, fields(err), tt.want, tt.at)
			}
			if moved := in.Status == tt.move.To && tt.from != tt.move.To; moved != (tt.want == nil) {
				t.Errorf("after Move the status is %s, want a move: %v", in.Status, tt.want == nil)
			}
		})
	}
}

func TestARefusedMoveListsThePossibleOnes(t *testing.T) {
	t.Parallel()
	in := full()
	err := in.Move(incident.StatusMove{To: incident.Completed, At: ten()})
	if err == nil || !strings.Contains(err.Error(), "investigating, identified, monitoring") {
		t.Errorf("Move = %v, want the possible statuses", err)
	}
	in.Status = incident.Monitoring
	if err := in.Move(incident.StatusMove{To: "fixed", At: ten()}); fields(err)["/to"] != `is "fixed": write one of resolved, investigating, identified` {
		t.Errorf("Move to fixed = %q, want the possible statuses", fields(err))
	}
}

func TestResolvingEndsWhatIsOpenAndReopeningForgetsTheEnd(t *testing.T) {
	t.Parallel()
	in := full()
	in.Status, in.Milestones.Resolved, in.Impacts[0].Until = incident.Monitoring, nil, nil
	if err := in.Move(incident.StatusMove{To: incident.Resolved, At: ten(), Resolution: incident.Duplicate, DuplicateOf: number(3)}); err != nil {
		t.Fatal(err)
	}
	if !in.Milestones.Resolved.Known() || !in.Impacts[0].Until.Known() {
		t.Errorf("resolved %v, impact until %v: want both known", in.Milestones.Resolved, in.Impacts[0].Until)
	}
	if n := len(in.Warnings); n == 0 || in.Warnings[n-1].Rule != "impacts_closed" || !strings.HasPrefix(in.Warnings[n-1].Detail, "one impact") {
		t.Errorf("Warnings = %v, want impacts_closed with their count", in.Warnings)
	}
	if err := in.Move(incident.StatusMove{To: incident.Investigating, At: ten(), Reason: "again"}); err != nil {
		t.Fatal(err)
	}
	if in.Milestones.Resolved != nil || in.Resolution != "" || in.DuplicateOf != nil {
		t.Errorf("after reopening: resolved %v, resolution %q, duplicate of %v; want nothing", in.Milestones.Resolved, in.Resolution, in.DuplicateOf)
	}
}

func TestResolvingKeepsAnEndThatIsKnown(t *testing.T) {
	t.Parallel()
	in := full()
	in.Status = incident.Monitoring
	known, ended := *in.Milestones.Resolved, *in.Impacts[0].Until
	in.Warnings = nil
	if err := in.Move(incident.StatusMove{To: incident.Resolved, At: ten()}); err != nil {
		t.Fatal(err)
	}
	if *in.Milestones.Resolved != known || *in.Impacts[0].Until != ended || in.Warnings != nil {
		t.Errorf("resolved %v, until %v, warnings %v: want what was known", in.Milestones.Resolved, in.Impacts[0].Until, in.Warnings)
	}
}

func TestEveryMoveLeadsToAValidRecord(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := incidenttest.Records().Draw(t, "record")
		next := incident.StatusMoves(in)
		if len(next) != 3 || slices.Contains(next, in.Status) {
			t.Fatalf("StatusMoves from %s = %v, want the three others", in.Status, next)
		}
		for _, to := range next {
			moved := in.Clone()
			if err := moved.Move(incident.StatusMove{To: to, At: ten(), Reason: "why"}); err != nil {
				t.Fatalf("Move from %s to %s = %v", in.Status, to, err)
			}
			moved.Normalize()
			if err := moved.Check(); err != nil || moved.Status != to {
				t.Fatalf("after Move from %s to %s: %s, %v", in.Status, to, moved.Status, err)
			}
		}
	})
}
