package screen

import (
	"strings"
	"unicode"

	"github.com/clipperhouse/displaywidth"
)

// Width is how many columns a plain text takes: two for each wide character.
func Width(text string) int { return displaywidth.String(text) }

// Cut is the text in at most width columns, with … for what is left out.
func Cut(text string, width int) string {
	if Width(text) <= width {
		return text
	}
	return displaywidth.TruncateString(text, width, "…")
}

// Pad fills the text up to width columns.
func Pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-Width(text)))
}

// Run is plain text in one style.
type Run struct {
	Text  string
	Style Style
}

// token is what a line is not broken within.
type token struct {
	runs   []Run
	width  int
	spaced bool // a space goes before it, unless it begins a line
}

// Wrap breaks a plain text into lines of at most width columns, between words,
// and between wide characters, which have no spaces. A word that is longer, such
// as a link, stays whole so that it can be copied.
func (k Ink) Wrap(s Style, text string, width int) []string {
	return k.Flow([]Run{{text, s}}, width)
}

// Flow is Wrap for text of several styles; a newline in it is kept.
func (k Ink) Flow(runs []Run, width int) []string {
	var lines []string
	var line token
	end := func() {
		var b strings.Builder
		for _, r := range line.runs {
			b.WriteString(k.Put(r.Style, r.Text))
		}
		lines, line = append(lines, b.String()), token{}
	}
	for _, t := range tokens(runs) {
		if t.runs[0].Text == "\n" {
			end()
			continue
		}
		if line.width > 0 && line.width+len(t.gap(&line))+t.width > width {
			end()
		}
		if gap := t.gap(&line); gap != "" {
			line.put(gap, 1, line.between(t))
		}
		for _, r := range t.runs {
			line.put(r.Text, Width(r.Text), r.Style)
		}
	}
	if line.width > 0 || len(lines) == 0 {
		end()
	}
	return lines
}

// gap is the space that t has behind a line.
func (t *token) gap(line *token) string {
	if t.spaced && line.width > 0 {
		return " "
	}
	return ""
}

// between is the style of the space before next: that of both sides, or none.
func (t *token) between(next token) Style {
	if s := t.runs[len(t.runs)-1].Style; s == next.runs[0].Style {
		return s
	}
	return ""
}

// noBreakBefore are the marks that no line of Chinese or Japanese begins with.
const noBreakBefore = "、。，．！？：；）」』】〉》〕・ー々…"

// tokens takes runs apart where a line may be broken.
func tokens(runs []Run) []token {
	var all []token
	var t token
	flush := func(spaced bool) {
		if len(t.runs) > 0 {
			all = append(all, t)
		}
		t = token{spaced: spaced}
	}
	wide := false // the cluster before was
	for _, r := range runs {
		clusters := displaywidth.StringGraphemes(r.Text)
		for clusters.Next() {
			c, w := clusters.Value(), clusters.Width()
			switch {
			case strings.Contains(c, "\n"):
				flush(false)
				all = append(all, token{runs: []Run{{"\n", ""}}})
				wide = false
				continue
			case strings.IndexFunc(c, unicode.IsSpace) == 0 && c != "\u00a0":
				flush(true)
				wide = false
				continue
			case w > 1 && !strings.Contains(noBreakBefore, c) || wide && w == 1 && !strings.Contains(noBreakBefore, c):
				if len(t.runs) > 0 {
					flush(false)
				}
			}
			t.put(c, w, r.Style)
			wide = w > 1
		}
	}
	flush(false)
	return all
}

func (t *token) put(cluster string, width int, s Style) {
	t.width += width
	if n := len(t.runs); n > 0 && t.runs[n-1].Style == s {
		t.runs[n-1].Text += cluster
		return
	}
	t.runs = append(t.runs, Run{cluster, s})
}
