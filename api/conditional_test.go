package api

import (
	"errors"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

func TestReadSeen(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, tag string
		want      store.Seen
		refused   error
	}{
		{"a record's tag names both counters", `"7.12"`, store.Seen{Revision: 7, Version: 12}, nil},
		{"a part's is its revision", `"7"`, store.Seen{Revision: 7}, nil},
		{"a proxy that packs answers marks it weak", `W/"7.12"`, store.Seen{Revision: 7, Version: 12}, nil},
		{"a star asks for nothing", `*`, store.Seen{}, nil},
		{"without quotes it is none", `7`, store.Seen{}, incident.Malformed},
		{"with one neither", `"7`, store.Seen{}, incident.Malformed},
		{"a list is not read", `"7", "8"`, store.Seen{}, incident.Malformed},
		{"a sign is in none of ours", `"-7"`, store.Seen{}, incident.Stale},
		{"nor another sign", `"7.+1"`, store.Seen{}, incident.Stale},
		{"nor a word", `"seven"`, store.Seen{}, incident.Stale},
		{"nor zero, which no revision is", `"0.1"`, store.Seen{}, incident.Stale},
		{"nor zero, which no version is", `"7.0"`, store.Seen{}, incident.Stale},
		{"nor a zero before it", `"07.1"`, store.Seen{}, incident.Stale},
		{"nor a version that is none", `"7."`, store.Seen{}, incident.Stale},
		{"nor a number too long", `"99999999999999999999"`, store.Seen{}, incident.Stale},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := readSeen(tt.tag)
			if got != tt.want || !errors.Is(err, tt.refused) {
				t.Errorf("readSeen(%s) = %+v, %v, want %+v, %v", tt.tag, got, err, tt.want, tt.refused)
			}
		})
	}
}

func TestHas(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		given string
		want  bool
	}{
		{`"7.12"`, true}, {`W/"7.12"`, true}, {`"1.1", "7.12"`, true}, {`*`, true},
		{``, false}, {`"7.13"`, false}, {`"8.12"`, false}, {`7.12`, false},
	} {
		if got := (UnlessSame{tt.given}).has(`"7.12"`); got != tt.want {
			t.Errorf("If-None-Match %s has %v, want %v", tt.given, got, tt.want)
		}
	}
}
