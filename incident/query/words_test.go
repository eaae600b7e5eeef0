package query_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	. "github.com/debriefhq/debrief/incident/query"
)

func TestTextsAndQueriesBecomeTheSameWords(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"in small letters, by their stems", "Replicas RESTARTED", "replica@0 restart@1"},
		{"without accents", "Café Zürich Łódź Straße Søren", "cafe@0 zurich@1 lodz@2 strass@3 soren@4"},
		{"without apostrophes", "don't O’Brien the slave's", "dont@0 obrien@1 the@2 slave@3"},
		{"with and without a hyphen", "read-only mode", "read@0 onli@1 readon@0 mode@2"},
		{"of a name of a host, its pieces", "plugins.jenkins.io:443", "plugin@0 jenkin@1 io@2 443@3"},
		{"with digits as they are", "sev1 5xx INC-42", "sev1@0 5xx@1 inc@2 42@3"},
		{"one of each sign", "停止した", "停@0 止@1 し@2 た@3"},
		{"among other signs", "redisを再", "redi@0 を@1 再@2"},
		{"in wide letters", "ＡＰＩ", "api@0"},
		{"of other alphabets", "Сервер упал", "сервер@0 упал@1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, w := range Words(tt.text) {
				got = append(got, fmt.Sprintf("%s@%d", w.Stem(), w.At))
			}
			if text := strings.Join(got, " "); text != tt.want {
				t.Errorf("Words(%q) = %s, want %s", tt.text, text, tt.want)
			}
		})
	}
}

func FuzzWords(f *testing.F) {
	for _, seed := range []string{"read-only's", "a-b-c-d", "ﬁ ͺ ½ ① \xff'", "ẞ-ß", "停-a"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, w := range Words(text) {
			switch {
			case w.Stem() == "", len(w.Text) > 1000, w.From >= w.To, w.To > len(text):
				t.Errorf("Words(%q) has %+v", text, w)
			case !w.Joined && w.From < last:
				t.Errorf("Words(%q) goes back to %+v", text, w)
			case strings.ContainsFunc(w.Stem(), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`'\:*|&!()<>=~`, r) || r == 0 }):
				t.Errorf("Words(%q) has signs in %+v", text, w)
			}
			if !w.Joined {
				last = w.To
			}
		}
	})
}
