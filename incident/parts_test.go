package incident_test

import (
	"errors"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

func TestEveryKindOfPartsIsAddedFoundAndRemoved(t *testing.T) {
	t.Parallel()
	for _, k := range incident.PartKinds {
		t.Run(string(k), func(t *testing.T) {
			t.Parallel()
			in := full()
			p, ok := incident.NewPart(k)
			if !ok || p.PartKind() != k {
				t.Fatalf("NewPart(%s) = %T, %v", k, p, ok)
			}
			p.Head().ID = "added0000000"
			in.AddPart(p)
			found, ok := in.Part(k, "added0000000")
			if !ok || found.Head().Position != 2 || p.Head().Position != 2 || found == p || len(in.Parts(k)) != 2 {
				t.Fatalf("after AddPart: Part = %+v, %v; want a copy at position 2", found, ok)
			}
			found.Head().Revision = 9
			if again, _ := in.Part(k, "added0000000"); again.Head().Revision != 9 {
				t.Error("Part gives a copy, want a pointer into the record")
			}
			if !in.RemovePart(k, "added0000000") || in.RemovePart(k, "added0000000") || len(in.Parts(k)) != 1 {
				t.Error("RemovePart does not remove exactly once")
			}
			if !strings.HasSuffix(k.Pointer(), "/"+string(k)) {
				t.Errorf("Pointer = %q", k.Pointer())
			}
		})
	}
	if p, ok := incident.NewPart("feelings"); ok || full().Parts("feelings") != nil || full().RemovePart("feelings", "x") {
		t.Errorf("NewPart(feelings) = %v, want none of that kind", p)
	}
	if _, ok := full().Part(incident.Timeline, ""); ok {
		t.Error("a part without an id is found by it")
	}
}

func TestARemovedEntryIsNoEvidenceAnyMore(t *testing.T) {
	t.Parallel()
	in := full()
	in.RemovePart(incident.Timeline, in.Timeline[0].ID)
	if len(in.Analysis.Whys[0].Evidence)+len(in.Analysis.Factors[0].Evidence) != 0 {
		t.Errorf("evidence is %q and %q, want none", in.Analysis.Whys[0].Evidence, in.Analysis.Factors[0].Evidence)
	}
	if err := in.Check(); err != nil {
		t.Errorf("Check = %v", err)
	}
}

// at is an entry at a minute past ten, or without an instant when below 0.
func at(minute int, position int64, text string) incident.Entry {
	e := incident.Entry{PartHead: incident.PartHead{Position: position}, Text: text}
	if minute >= 0 {
		m := incident.Exactly(time.Date(2013, 7, 18, 10, minute, 0, 0, time.UTC), "UTC", incident.Minute)
		e.At = &m
	}
	return e
}

func TestTheTimelineIsInTheOrderOfTime(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		entries []incident.Entry
		want    string
	}{
		{"by instant", []incident.Entry{at(5, 1, "b"), at(3, 2, "a")}, "a b"},
		{"inside a minute as written", []incident.Entry{at(5, 2, "b"), at(5, 1, "a"), at(5, 3, "c")}, "a b c"},
		{"an entry without a time stays after the one before it", []incident.Entry{at(5, 1, "c"), at(-1, 2, "d"), at(3, 3, "a"), at(-1, 4, "b")}, "a b c d"},
		{"or comes first", []incident.Entry{at(-1, 1, "a"), at(5, 2, "b")}, "a b"},
		{"new ones without a position come last", []incident.Entry{at(5, 0, "b"), at(5, 7, "a"), at(5, 0, "c")}, "a b c"},
		{"of one position the later moves on", []incident.Entry{at(5, 1, "a"), at(5, 1, "b"), at(5, 2, "c")}, "a b c"},
		{"at the last position there is no later one", []incident.Entry{at(5, 1_000_000_000, "a"), at(5, 0, "b"), at(5, 0, "c")}, "a b c"},
		{"nor after what is refused", []incident.Entry{at(5, math.MaxInt64, "b"), at(5, 0, "a")}, "a b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := &incident.Incident{Timeline: tt.entries}
			in.Normalize()
			var got []string
			for _, e := range in.Timeline {
				got = append(got, e.Text)
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("the timeline is %q, want %s", got, tt.want)
			}
		})
	}
}

func TestTheOrderDoesNotDependOnHowTheListWasRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := incidenttest.Records().Draw(t, "record")
		shuffled := in.Clone()
		shuffled.Timeline = rapid.Permutation(shuffled.Timeline).Draw(t, "timeline")
		shuffled.SortTimeline()
		if len(in.Timeline) > 0 && !reflect.DeepEqual(in.Timeline, shuffled.Timeline) {
			t.Fatalf("SortTimeline = %+v, want %+v", shuffled.Timeline, in.Timeline)
		}
	})
}

func TestAPartAtTheLastPositionKeepsNobodyFromAddingOthers(t *testing.T) {
	t.Parallel()
	in := full()
	in.Impacts[0].Position = 1_000_000_000
	in.AddPart(&incident.Impact{Kind: incident.Delay, Audience: incident.AudienceInternal})
	in.Timeline[0].Position = 1_000_000_000
	in.Timeline = append(in.Timeline, at(5, 0, "x"), at(5, 0, "y"))
	in.Normalize()
	if err := in.Check(); err != nil {
		t.Errorf("Check = %v %q, want nil: nobody chose these positions", err, fields(err))
	}
}

func TestAPositionBelowZeroIsNotMendedButRefused(t *testing.T) {
	t.Parallel()
	in := full()
	in.Impacts[0].Position = -5
	in.Normalize()
	if got := fields(in.Check())["/impacts/0/position"]; !strings.Contains(got, "is -5") {
		t.Errorf("Check = %q, want -5 refused", got)
	}
}

// TestHugeListsTakeNoTimeToRefuse: each of these took minutes when lists were
// searched once for every item.
func TestHugeListsTakeNoTimeToRefuse(t *testing.T) {
	t.Parallel()
	const many = 200_000
	words := make([]string, many)
	for i := range words {
		words[i] = strconv.Itoa(i)
	}
	for name, try := range map[string]func(*incident.Incident, []string) error{
		"evidence": func(in *incident.Incident, words []string) error {
			in.Analysis.Factors[0].Evidence = words
			return in.Check()
		},
		"reviewers": func(in *incident.Incident, words []string) error {
			return in.ReviewMove(incident.ReviewStep{Move: incident.Submit, By: incident.Actor{Name: "x", Role: incident.Responder}, Reviewers: words})
		},
		"factors": func(in *incident.Incident, words []string) error {
			for range len(words) / 100 {
				in.AddPart(&incident.Factor{Text: "x"})
			}
			return in.Check()
		},
		"public evidence": func(in *incident.Incident, words []string) error {
			in.Timeline = make([]incident.Entry, len(words)/10)
			in.Analysis.Factors[0].Evidence, in.Analysis.Factors[0].Audience = words, incident.AudiencePublic
			in.Public()
			return in.Check()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			incidenttest.InProportion(t, many, func(size int) {
				if err := try(full(), words[:size]); size == many && !errors.Is(err, incident.Invalid) {
					t.Errorf("%s: %v, want Invalid", name, err)
				}
			})
		})
	}
}

func TestACloneSharesNothing(t *testing.T) {
	t.Parallel()
	in := full()
	before, clone := in.Clone(), in.Clone()
	if !reflect.DeepEqual(in, clone) {
		t.Fatal("Clone is not equal to the record")
	}
	for _, m := range incident.Moments(clone) {
		*m.At, m.Zone = *when(1999), "UTC"
	}
	clone.Tags[0], clone.Impacts[0].Figures[0].Unit, clone.Analysis.Trigger.Text, *clone.Stated.TimeToTell = "", "", "", ""
	*clone.RecurrenceOf = 99
	if !reflect.DeepEqual(in, before) {
		t.Error("changing a clone changed the record")
	}
}

func TestPartKindsListsEveryCollection(t *testing.T) {
	t.Parallel()
	if kinds := slices.Compact(slices.Sorted(slices.Values(incident.PartKinds))); len(kinds) != 8 {
		t.Errorf("PartKinds has %d kinds, want 8", len(kinds))
	}
}
