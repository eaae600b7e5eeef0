package incident

import (
	"fmt"
	"reflect"
	"testing"
	"time"
)

// publicly is a public message of a day, with the update that it promises.
func publicly(clock, promised string) Message {
	m := Message{Audience: AudiencePublic, State: Recorded, At: entryAt("2026-03-02T" + clock + ":00Z")}
	if promised != "" {
		m.NextUpdateAt = entryAt("2026-03-02T" + promised + ":00Z")
	}
	return m
}

func TestQuietsAndPromises(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	draft, inside, unknown := publicly("10:10", ""), publicly("10:10", ""), publicly("10:10", "")
	first, fixed, sooner := publicly("11:00", "11:30"), publicly("11:10", "11:30"), publicly("11:10", "11:20")
	first.ID, fixed.Corrects, sooner.Corrects = "message00001", "message00001", "message00001"
	draft.State, inside.Audience, unknown.At = Draft, AudienceInternal, &Moment{Precision: UnknownPrecision}
	tests := []struct {
		name     string
		started  string
		resolved string
		messages []Message
		quiets   []string
		promises []string
	}{
		{"nobody was told", "10:00", "11:00", nil, []string{"1h0m0s 2"}, nil},
		{"while it goes on, until now", "10:00", "", []Message{publicly("10:30", "")}, []string{"30m0s 2", "1h30m0s 0"}, nil},
		{"drafts, internal messages and unknown times tell nobody", "10:00", "11:00", []Message{draft, inside, unknown}, []string{"1h0m0s 2"}, nil},
		{"messages in whatever order they were noted", "10:00", "11:00", []Message{publicly("10:40", ""), publicly("10:10", "")}, []string{"10m0s 1", "30m0s 1", "20m0s 0"}, nil},
		{"a message before the start bounds no silence before it", "10:00", "11:00", []Message{publicly("09:00", "")}, []string{"2h0m0s 2"}, nil},
		{"nothing after the end", "10:00", "10:20", []Message{publicly("10:30", "")}, []string{"30m0s 2"}, nil},
		{"without a start nobody knows", "", "11:00", nil, nil, nil},
		{"a promise kept, give or take", "10:00", "11:00", []Message{publicly("10:00", "10:30"), publicly("10:35", "")}, []string{"35m0s 2", "25m0s 0"}, []string{"kept 0s"}},
		{"kept late", "10:00", "11:00", []Message{publicly("10:00", "10:30"), publicly("10:50", "")}, []string{"50m0s 2", "10m0s 0"}, []string{"late 20m0s"}},
		{"never kept", "10:00", "11:00", []Message{publicly("10:00", "10:30")}, []string{"1h0m0s 2"}, []string{"broken 0s"}},
		{"a correction keeps none, nor makes another", "11:00", "12:00", []Message{first, fixed}, []string{"10m0s 0", "50m0s 0"}, []string{"broken 0s"}},
		{"but what it promises anew counts", "11:00", "12:00", []Message{first, sooner, publicly("11:25", "")}, []string{"10m0s 0", "15m0s 0", "35m0s 0"}, []string{"kept 0s", "kept 0s"}},
		{"not due yet", "10:00", "", []Message{publicly("11:50", "12:10")}, []string{"1h50m0s 2", "10m0s 0"}, []string{"open 0s"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := &Incident{Heading: Heading{Zone: "UTC", Status: Investigating}, Messages: tt.messages}
			in.Timeline = []Entry{{At: entryAt("2026-03-02T10:05:00Z")}, {At: entryAt("2026-03-02T10:20:00Z")}, {}}
			if tt.started != "" {
				in.Milestones.Started = entryAt("2026-03-02T" + tt.started + ":00Z")
			}
			if tt.resolved != "" {
				in.Status, in.Milestones.Resolved = Resolved, entryAt("2026-03-02T"+tt.resolved+":00Z")
			}
			var quiets, promises []string
			for _, q := range in.Quiets(noon) {
				quiets = append(quiets, fmt.Sprint(q.Length(), " ", q.Happened))
			}
			for _, p := range in.Promises(noon) {
				promises = append(promises, fmt.Sprint(p.Kept, " ", p.Late))
			}
			if !reflect.DeepEqual(quiets, tt.quiets) || !reflect.DeepEqual(promises, tt.promises) {
				t.Errorf("Quiets = %q, want %q; Promises = %q, want %q", quiets, tt.quiets, promises, tt.promises)
			}
		})
	}
}

func TestAwaited(t *testing.T) {
	t.Parallel()
	first, correction, anew := publicly("11:00", "11:30"), publicly("11:10", ""), publicly("11:20", "12:00")
	first.ID, correction.Corrects, anew.Corrects = "message00001", "message00001", "message00001"
	tests := []struct {
		name     string
		status   Status
		messages []Message
		want     string
	}{
		{"nobody was told", Investigating, nil, ""},
		{"what was promised last", Investigating, []Message{first}, "11:30"},
		{"a message without a promise ends the waiting", Investigating, []Message{first, publicly("11:10", "")}, ""},
		{"a correction without one does not", Investigating, []Message{first, correction}, "11:30"},
		{"one that promises anew does", Investigating, []Message{first, correction, anew}, "12:00"},
		{"nobody waits when it is over", Resolved, []Message{first}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := &Incident{Heading: Heading{Zone: "UTC", Status: tt.status}, Messages: tt.messages}
			got := ""
			if due := in.Awaited(); due != nil {
				got = due.At.UTC().Format("15:04")
			}
			if got != tt.want {
				t.Errorf("Awaited = %q, want %q", got, tt.want)
			}
		})
	}
}
