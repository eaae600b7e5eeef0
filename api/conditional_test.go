package api

import (
	"errors"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

func TestReadRevision(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, tag string
		want      int64
		refused   bool
	}{
		{"a record's tag is read up to the dot", `"7.12"`, 7, false},
		{"a part's is the whole", `"7"`, 7, false},
		{"a proxy that packs answers marks it weak", `W/"7.12"`, 7, false},
		{"a star asks for no revision", `*`, 0, false},
		{"without quotes it is none", `7`, 0, true},
		{"with one neither", `"7`, 0, true},
		{"a list is not read", `"7", "8"`, 0, true},
		{"nor a sign", `"-7"`, 0, true},
		{"nor a word", `"seven"`, 0, true},
		{"nor zero, which no revision is", `"0.1"`, 0, true},
		{"nor a version that is none", `"7."`, 0, true},
		{"nor a number too long", `"99999999999999999999"`, 0, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := readRevision(tt.tag)
			if got != tt.want || errors.Is(err, incident.Malformed) != tt.refused {
				t.Errorf("readRevision(%s) = %d, %v, want %d, refused %v", tt.tag, got, err, tt.want, tt.refused)
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
