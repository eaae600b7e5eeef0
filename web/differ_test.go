package web

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTextsAreComparedByWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ old, now, want string }{
		{"The cache was empty.", "The cache was full.", "The cache was [-empty-][+full+]."},
		{"One two", "One two three", "One two[+ three+]"},
		{"", "new", "[+new+]"},
		{"same", "same", "same"},
		{"Zürich 02:42", "Zürich 02:43", "Zürich 02:[-42-][+43+]"},
	} {
		got := ""
		for _, p := range differ(tt.old, tt.now) {
			switch p.Op {
			case "ins":
				got += "[+" + p.Text + "+]"
			case "del":
				got += "[-" + p.Text + "-]"
			default:
				got += p.Text
			}
		}
		if got != tt.want {
			t.Errorf("differ(%q, %q) = %s, want %s", tt.old, tt.now, got, tt.want)
		}
	}
}

func TestADifferenceHoldsBothTextsWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.OneOf(rapid.String(), rapid.StringMatching(`([a-c]{1,2} ?[.,]?){0,12}`))
		old, now := texts.Draw(t, "old"), texts.Draw(t, "now")
		var was, is string
		for _, p := range differ(old, now) {
			if p.Op != "ins" {
				was += p.Text
			}
			if p.Op != "del" {
				is += p.Text
			}
		}
		if was != old || is != now {
			t.Fatalf("differ(%q, %q) holds %q and %q", old, now, was, is)
		}
	})
}

func TestLongTextsOfManyWordsAreCompared(t *testing.T) {
	t.Parallel()
	var old, now strings.Builder
	for i := range 12_000 { // more words than letters before the surrogates are tried by codeOf below
		fmt.Fprintf(&old, "w%d ", i)
		fmt.Fprintf(&now, "w%d ", i+i%97/96)
	}
	is := ""
	for _, p := range differ(old.String(), now.String()) {
		if p.Op != "del" {
			is += p.Text
		}
	}
	if is != now.String() {
		t.Error("a long text does not survive")
	}
	for _, i := range []int{0, 0xD7FE, 0xD7FF, 0xD800, 0xE000, 100_000} {
		if code := codeOf(i); indexOf(code) != i || code >= 0xD800 && code < 0xE000 {
			t.Errorf("word %d becomes %x, which is %d again", i, code, indexOf(code))
		}
	}
}
