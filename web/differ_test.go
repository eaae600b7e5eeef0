package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func soon() time.Time { return time.Now().Add(time.Minute) }

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
		for _, p := range differ(tt.old, tt.now, soon()) {
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
		for _, p := range differ(old, now, soon()) {
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
	for i := range 5_000 {
		fmt.Fprintf(&old, "w%d ", i)
		fmt.Fprintf(&now, "w%d ", i+i%97/96)
	}
	is := ""
	for _, p := range differ(old.String(), now.String(), soon()) {
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

func TestAPageOfLongTextsIsComparedInTime(t *testing.T) {
	t.Parallel()
	long := func(step int) string {
		var b strings.Builder
		for i := range 6_000 {
			fmt.Fprintf(&b, "w%d ", i*step%6_007)
		}
		return b.String()
	}
	old, now := long(5), long(7)
	for name, until := range map[string]time.Time{"two texts": soon(), "after the page's time": time.Now()} {
		began := time.Now()
		is := ""
		for _, p := range differ(old, now, until) {
			if p.Op != "del" {
				is += p.Text
			}
		}
		if took := time.Since(began); is != now || took > 20*longestComparing {
			t.Errorf("%s are compared in %s, and what came back is whole: %t", name, took, is == now)
		}
	}
}
