package incident

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Secret is what looks like a credential in a text: bytes Start to End. Key
// names it without showing it: the first 12 hex digits of its SHA-256.
type Secret struct {
	Kind       string // "AWS access key", for people
	Start, End int
	Key        string
}

// shortestSecret is the length of the shortest text that can hold one: "pwd=ab12cd".
const shortestSecret = 10

// Secrets finds what looks like a credential in a text, in its order. It knows
// the shapes that providers publish and values given to names such as
// password, not every secret. One that Markdown escapes, or that was broken over
// two lines, is found as it reads. It takes time in proportion to the text.
func Secrets(text string) []Secret {
	if len(text) < shortestSecret {
		return nil
	}
	found := lookedFor(text)
	if as, at := asRead(text); at != nil {
		for _, s := range lookedFor(as) {
			found = append(found, secretAt(s.Kind, text, at[s.Start], at[s.End-1]+1))
		}
	}
	return outermost(text, found)
}

// lookedFor is what each shape finds in a text.
func lookedFor(text string) (found []Secret) {
	has, lower := lettersOf(text).anyCase(), ""
	for i := range credentials {
		c := &credentials[i]
		if len(text) < c.least || c.oneOf != none && !has.meet(c.oneOf) {
			continue
		}
		for _, h := range c.hints {
			if !has.hold(h.letters) {
				continue
			}
			in := text
			if c.anyCase {
				if lower == "" {
					lower = lowered(text)
				}
				in = lower
			}
			found = c.find(found, text, in, h.word)
		}
	}
	return inColumns(found, text)
}

// find adds those that begin with a hint. In is the text, perhaps in lower case.
func (c *credential) find(found []Secret, text, in, hint string) []Secret {
	for at := 0; ; {
		i := strings.Index(in[at:], hint)
		if i < 0 {
			return found
		}
		begin := at + i
		at = begin + len(hint)
		if !c.within && !begins(text, begin) {
			continue
		}
		hit := c.shape(text[begin:], len(hint))
		if hit == nil {
			continue
		}
		at = begin + hit[1]
		start, end := begin+hit[len(hit)-2], begin+hit[len(hit)-1]
		if end-start >= c.least && (c.real == nil || c.real(text[start:end], text[begin:start])) {
			found = append(found, secretAt(c.kind, text, start, end))
		}
	}
}

func secretAt(kind, text string, start, end int) Secret {
	sum := sha256.Sum256([]byte(text[start:end]))
	return Secret{kind, start, end, hex.EncodeToString(sum[:])[:12]}
}

// begins tells whether a credential may begin at a place: not inside of a name.
// Underscores at the edge of a word are Markdown's emphasis.
func begins(text string, at int) bool {
	before := strings.TrimRight(text[:at], "_")
	return before == "" || before[len(before)-1] == '.' && len(before) == at || !named(rune(before[len(before)-1]))
}

// outermost makes one of those that overlap: a shape within a shape is the same
// secret.
func outermost(text string, found []Secret) []Secret {
	if len(found) < 2 {
		return found
	}
	slices.SortStableFunc(found, func(a, b Secret) int { return cmp.Or(a.Start-b.Start, b.End-a.End) })
	kept := found[:1]
	for _, s := range found[1:] {
		switch last := &kept[len(kept)-1]; {
		case s.Start >= last.End:
			kept = append(kept, s)
		case s.End > last.End:
			*last = secretAt(last.Kind, text, last.Start, s.End)
		}
	}
	return kept
}

// letters is a set of ASCII characters.
type letters [2]uint64

func lettersOf(text string) (set letters) {
	for i := range len(text) {
		if b := text[i]; b < 128 {
			set[b>>6] |= 1 << (b & 63)
		}
	}
	return set
}

// anyCase adds the small letters of the capital ones in the set.
func (set letters) anyCase() letters {
	const capitals = 1<<('Z'-64+1) - 1<<('A'-64)
	set[1] |= set[1] & capitals << ('a' - 'A')
	return set
}

// hold tells whether all of other are in the set.
func (set letters) hold(other letters) bool {
	return set[0]&other[0] == other[0] && set[1]&other[1] == other[1]
}

// meet tells whether one of other is in the set.
func (set letters) meet(other letters) bool { return set[0]&other[0]|set[1]&other[1] != 0 }

// none is the empty set.
var none letters

// lowered is the text with its ASCII letters in lower case, byte for byte.
func lowered(text string) string {
	b := []byte(text)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
