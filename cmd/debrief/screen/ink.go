// Package screen draws for a person at a terminal: words in its width, Markdown,
// colour where it is wanted, and a bar of an incident. It writes to no terminal
// and asks none: what comes out is text.
package screen

import (
	"regexp"
	"strings"
	"unicode"
)

// Ink says how to set text off: true with the escapes that every terminal knows,
// in the reader's own sixteen colours, so that light and dark are both theirs;
// false with letters alone.
type Ink bool

// Style is the parameters of one such escape, such as "1;31"; "" is as the text is.
type Style string

// The styles, by what they say.
const (
	Strong  Style = "1"
	Faint   Style = "2"
	Slanted Style = "3"
	Linked  Style = "4"
	Struck  Style = "9"
	Alarm   Style = "31"
	Good    Style = "32"
	Caution Style = "33"
	Calm    Style = "34"
	Violet  Style = "35"
	Code    Style = "36"
	Badge   Style = "1;7"
)

// Put sets text off. The text must be plain.
func (k Ink) Put(s Style, text string) string {
	if !k || s == "" || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// and joins two styles.
func (s Style) and(more Style) Style {
	return Style(strings.Trim(string(s)+";"+string(more), ";"))
}

// Plain removes control characters, and those that turn the direction of what
// follows, so that no text can drive the terminal or hide what it says.
func Plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, text)
}

// escape is what Put writes.
var escape = regexp.MustCompile("\x1b\\[[0-9;]*m")

// Bare is a line without the styles that Put gave it.
func Bare(line string) string { return escape.ReplaceAllString(line, "") }
