package incident

import (
	"strings"
	"unicode"
)

// zeros are the noughts of other scripts whose digits people type into times:
// Arabic, Persian, Devanagari, Bengali and Thai. Those as wide as Chinese
// letters are in the wide block.
var zeros = []rune{0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50}

// plainly writes spaces, dashes, colons and digits of all sorts as ASCII has
// them, and leaves out what has no width, such as the marks of direction that
// some programs put around a date.
func plainly(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.Map(plainRune, text), "\u2026", "..."))
}

func plainRune(r rune) rune {
	switch {
	case r < unicode.MaxASCII:
		return r
	case unicode.IsSpace(r), unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.Is(unicode.Cf, r):
		return -1
	case unicode.Is(unicode.Pd, r) && r < 0x3000, r == '\u2212': // the minus sign
		return '-'
	case r == '\u2236': // the ratio sign
		return ':'
	case r >= '\uff01' && r <= '\uff5e': // the wide block
		return r - '\uff01' + '!'
	case !unicode.Is(unicode.Nd, r):
		return r
	}
	for _, zero := range zeros {
		if r >= zero && r <= zero+9 {
			return r - zero + '0'
		}
	}
	return r
}
