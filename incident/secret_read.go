package incident

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// unseen are characters that take no room on a page.
const unseen = "\u00ad\u200b\u200c\u200d\u2060\ufeff"

// asRead is a text as its reader puts it together: without the backslashes of
// Markdown, without characters that nobody sees, and with a long word that was
// broken over two lines in one piece. at is where each byte of it stands in the
// text; nil when nothing is different.
func asRead(text string) (as string, at []int) {
	if !strings.ContainsAny(text, "\\\n"+unseen) {
		return text, nil
	}
	var b strings.Builder
	from := 0
	keep := func(until, next int) {
		if at == nil {
			at = make([]int, 0, len(text))
		}
		for ; from < until; from++ {
			at = append(at, from)
			b.WriteByte(text[from])
		}
		from = next
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\\' && i+1 < len(text) && strings.IndexByte("\"'_-.=+~`*:/", text[i+1]) >= 0,
			r > unicode.MaxASCII && strings.ContainsRune(unseen, r):
			keep(i, i+size)
		case r == '\n':
			if next := brokenAt(text, i); next > 0 {
				keep(strings.LastIndexFunc(text[:i], func(r rune) bool { return r != '\r' && r != '\\' })+1, next)
				size = next - i
			}
		}
		i += size
	}
	if at == nil {
		return text, nil
	}
	keep(len(text), len(text))
	return b.String(), at
}

// brokenAt is where a word goes on that the end of a line at i breaks; 0 where
// none is broken. Words of a language are never: each piece is long, and one is
// no word.
func brokenAt(text string, i int) int {
	const piece, most = 12, 200 // bytes of each piece, and of those that are looked at
	before := strings.TrimRight(text[max(0, i-most):i], "\r\\")
	after := strings.TrimLeft(text[i+1:min(len(text), i+1+most)], " \t>")
	next := i + 1 + strings.Index(text[i+1:], after)
	head := before[strings.LastIndexFunc(before, notDense)+1:]
	if end := strings.IndexFunc(after, notDense); end >= 0 {
		after = after[:end]
	}
	if equals := strings.TrimRight(after, "="); strings.Contains(equals, "=") {
		return 0 // the next setting of a list
	}
	if len(head) < piece || len(after) < piece && !strings.Contains(head, "eyJ") || !dense(head) || !dense(after) {
		return 0
	}
	return next
}

// notDense tells what stands in no token.
func notDense(r rune) bool { return !named(r) && r != '+' && r != '/' && r != '=' }

// dense tells a piece of a random text from a word: digits among its letters, or
// capitals after small ones.
func dense(piece string) bool {
	digit, letter, bumpy := false, false, false
	small := false
	for _, r := range piece {
		digit = digit || unicode.IsDigit(r)
		letter = letter || unicode.IsLetter(r)
		bumpy = bumpy || small && unicode.IsUpper(r)
		small = unicode.IsLower(r)
	}
	return letter && (digit || bumpy) && !inWords(piece)
}
