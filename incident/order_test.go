package incident

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// lined is a timeline of entries such as "a@10:00"; one without a time is "b".
func lined(t interface{ Helper() }, written string) *Incident {
	t.Helper()
	in := &Incident{Heading: Heading{Zone: "UTC"}}
	for i, one := range strings.Fields(written) {
		id, clock, timed := strings.Cut(one, "@")
		e := Entry{PartHead: PartHead{ID: id, Position: int64(i + 1)}}
		if timed {
			e.At = entryAt("2026-03-02T" + clock + ":00Z")
		}
		in.Timeline = append(in.Timeline, e)
	}
	in.SortTimeline()
	return in
}

func order(in *Incident) string {
	var ids []string
	for _, e := range in.Timeline {
		ids = append(ids, e.ID)
	}
	return strings.Join(ids, " ")
}

func TestReorder(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, entries, id, to, want string
		refused                     error
	}{
		{"a step later", "a@10:00 b@10:00 c@10:00", "a", "b", "b a c", nil},
		{"a step earlier", "a@10:00 b@10:00 c@10:00", "c", "b", "a c b", nil},
		{"over several", "a@10:00 b@10:00 c@10:00", "a", "c", "b c a", nil},
		{"onto itself", "a@10:00 b@10:00", "a", "a", "a b", nil},
		{"among those without a time", "a@10:00 b c", "c", "b", "a c b", nil},
		{"not to another time", "a@10:00 b@10:01", "a", "b", "a b", Conflict},
		{"not past another time", "a@10:00 b@10:01 c@10:00", "a", "b", "a c b", Conflict},
		{"not before what it was written after", "a@10:00 b", "b", "a", "a b", Conflict},
		{"not what is not there", "a@10:00", "a", "x", "a", NotFound},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := lined(t, tt.entries)
			err := in.Reorder(tt.id, tt.to)
			if !errors.Is(err, tt.refused) || (err != nil) != (tt.refused != nil) || order(in) != tt.want {
				t.Errorf("Reorder(%s, %s) of %s = %v, then %s; want %v, %s", tt.id, tt.to, tt.entries, err, order(in), tt.refused, tt.want)
			}
		})
	}
}

func TestReorderOnlyExchangesPlaces(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		times := rapid.SliceOfN(rapid.SampledFrom([]string{"", "@10:00", "@10:01"}), 2, 8).Draw(t, "times")
		var written []string
		for i, at := range times {
			written = append(written, string(rune('a'+i))+at)
		}
		in := lined(t, strings.Join(written, " "))
		before := strings.Fields(order(in))
		i, j := rapid.IntRange(0, len(before)-1).Draw(t, "id"), rapid.IntRange(0, len(before)-1).Draw(t, "to")
		want := slices.Clone(before)
		if in.Reorder(before[i], before[j]) == nil {
			want = slices.Insert(slices.Delete(want, i, i+1), j, before[i])
		}
		if order(in) != strings.Join(want, " ") {
			t.Fatalf("Reorder(%s, %s) of %s = %s, want %s", before[i], before[j], strings.Join(before, " "), order(in), strings.Join(want, " "))
		}
	})
}
