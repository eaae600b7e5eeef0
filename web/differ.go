package web

import (
	"regexp"
	"time"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// piece is a stretch of a text that is kept, came or went.
type piece struct {
	Op   string // "", "ins" or "del"
	Text string
}

// atoms are what a text is compared by: words, spaces, and single signs.
var atoms = regexp.MustCompile(`[\p{L}\p{M}\p{N}_]+|\s+|[^\p{L}\p{M}\p{N}_\s]`)

// mostCompared bounds the texts that are compared word by word, in bytes; longer
// ones are shown one after the other.
const mostCompared = 80_000

// What comparing takes at most: two texts, and all those of a page together.
// After that texts are shown coarser, or one after the other, which is as true.
const (
	longestComparing     = 100 * time.Millisecond
	longestComparingPage = time.Second
)

// differ compares two texts by words. From until on it does not look into them.
func differ(old, now string, until time.Time) []piece {
	if old == now {
		return []piece{{"", now}}
	}
	left := time.Until(until)
	if left <= 0 || len(old)+len(now) > mostCompared || !utf8.ValidString(old) || !utf8.ValidString(now) {
		return onlyFull(piece{"del", old}, piece{"ins", now})
	}
	codes := map[string]rune{}
	var words []string
	encode := func(text string) []rune {
		var all []rune
		for _, word := range atoms.FindAllString(text, -1) {
			code, known := codes[word]
			if !known {
				code = codeOf(len(words))
				codes[word], words = code, append(words, word)
			}
			all = append(all, code)
		}
		return all
	}
	a, b := encode(old), encode(now)
	d := diffmatchpatch.New()
	d.DiffTimeout = min(left, longestComparing)
	var pieces []piece
	for _, found := range d.DiffCleanupSemantic(d.DiffMainRunes(a, b, false)) {
		p := piece{Op: map[diffmatchpatch.Operation]string{diffmatchpatch.DiffInsert: "ins", diffmatchpatch.DiffDelete: "del"}[found.Type]}
		for _, code := range found.Text {
			p.Text += words[indexOf(code)]
		}
		pieces = append(pieces, p)
	}
	return onlyFull(pieces...)
}

// The letters that stand for words leave out the surrogates, which no text holds.
const (
	surrogates   = 0xD800
	pastThem     = 0xE000
	firstLetter  = 1
	betweenCodes = pastThem - surrogates
)

func codeOf(index int) rune {
	code := rune(index) + firstLetter //nolint:gosec // fewer words than mostCompared
	if code >= surrogates {
		code += betweenCodes
	}
	return code
}

func indexOf(code rune) int {
	if code >= pastThem {
		code -= betweenCodes
	}
	return int(code - firstLetter)
}

func onlyFull(all ...piece) []piece {
	var full []piece
	for _, p := range all {
		if p.Text != "" {
			full = append(full, p)
		}
	}
	return full
}
