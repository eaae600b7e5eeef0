package document

import (
	"slices"
	"strings"
)

// Texts stand in the document as they are. Only a line that would be taken for
// the document's own structure gets a backslash before it, which reading takes
// off again: a heading of the document's levels, the opening of a code fence
// that is never closed, a hint, and a blank line at the edge of the text.

// hint begins the comments of the template. Only these are left out on reading.
const hint = "<!-- hint:"

// fenceOf is the run of at least three backticks or tildes that a text begins
// with, "" for none.
func fenceOf(text string) string {
	if text == "" || text[0] != '`' && text[0] != '~' {
		return ""
	}
	run := text[:len(text)-len(strings.TrimLeft(text, text[:1]))]
	if len(run) < 3 {
		return ""
	}
	return run
}

// opener is the fence that a line opens, "" for none. Only fences at the left
// margin count: nothing of ours stands inside an indented one.
func opener(line string) string {
	open := fenceOf(line)
	if open != "" && open[0] == '`' && strings.Contains(line[len(open):], "`") {
		return ""
	}
	return open
}

// closing is the fence that a line may close, "" for none.
func closing(line string) string {
	bare := strings.TrimLeft(line, " ")
	run := fenceOf(bare)
	if len(line)-len(bare) > 3 || strings.Trim(bare[len(run):], " \t") != "" {
		return ""
	}
	return run
}

// closes tells whether a line ends the fence.
func closes(line, fence string) bool {
	m := closing(line)
	return m != "" && m[0] == fence[0] && len(m) >= len(fence)
}

// fenced marks the lines that belong to a closed fence, its own two lines too.
func fenced(lines []string) []bool {
	marks := make([]bool, len(lines))
	if !slices.ContainsFunc(lines, func(line string) bool { return opener(line) != "" }) {
		return marks
	}
	after := map[byte][]int{'`': make([]int, len(lines)+1), '~': make([]int, len(lines)+1)}
	for i := len(lines) - 1; i >= 0; i-- { // the longest closing fence from here on
		run := closing(lines[i])
		for char, longest := range after {
			longest[i] = longest[i+1]
			if run != "" && run[0] == char {
				longest[i] = max(longest[i], len(run))
			}
		}
	}
	for i := 0; i < len(lines); i++ {
		fence := opener(lines[i])
		if fence == "" || after[fence[0]][i+1] < len(fence) {
			continue
		}
		for marks[i] = true; ; {
			i++
			marks[i] = true
			if closes(lines[i], fence) {
				break
			}
		}
	}
	return marks
}

// structure tells whether a line would be taken for structure in a text whose
// document has headings down to level.
func structure(line string, level int) bool {
	hashes := len(line) - len(strings.TrimLeft(line, "#"))
	heading := hashes >= 2 && hashes <= level && (len(line) == hashes || line[hashes] == ' ' || line[hashes] == '\t')
	return heading || opener(line) != "" || strings.HasPrefix(line, hint)
}

// escapable tells whether what follows backslashes may have needed one.
func escapable(rest string, level int) bool {
	return strings.TrimSpace(rest) == "" || rest[0] == ' ' || rest[0] == '\t' || structure(rest, level)
}

// escape makes a text safe to stand in the document.
func escape(text string, level int) []string {
	lines := strings.Split(text, "\n")
	marks := fenced(lines)
	for i, line := range lines {
		rest := strings.TrimLeft(line, `\`)
		edge := (i == 0 || i == len(lines)-1) && strings.TrimSpace(line) == ""
		indented := i == 0 && line != "" && (line[0] == ' ' || line[0] == '\t')
		switch {
		case marks[i]:
		case edge, indented, structure(line, level), rest != line && escapable(rest, level):
			lines[i] = `\` + line
		}
	}
	return lines
}

// unescape gives the text of lines that escape made, or that a person wrote.
func unescape(lines []string, level int) string {
	marks := fenced(lines)
	out := make([]string, len(lines))
	for i, line := range lines {
		rest := strings.TrimLeft(line, `\`)
		if !marks[i] && rest != line && escapable(rest, level) {
			line = line[1:]
		}
		out[i] = line
	}
	return strings.Join(out, "\n")
}

// trim leaves out the blank lines at both ends, and counts those at the start.
func trim(lines []string) (kept []string, skipped int) {
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines, skipped = lines[1:], skipped+1
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	return lines, skipped
}

// textOf is what the lines between two headings say.
func textOf(lines []string, level int) string {
	kept, _ := trim(lines)
	return unescape(kept, level)
}
