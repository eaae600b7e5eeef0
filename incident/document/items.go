package document

import (
	"regexp"
	"strings"
)

// item is one point of a list, its marker and indentation taken off.
type item struct {
	line int // where it begins, from 1
	text []string
}

var bullet = regexp.MustCompile(`^([-*+]|\d{1,9}[.)])([ \t]+|$)(.*)$`)

// writeItem puts a text after a marker such as "- ", the rest under it.
func writeItem(b *strings.Builder, marker, text string) {
	indent := strings.Repeat(" ", len(marker))
	for i, line := range strings.Split(text, "\n") {
		switch {
		case i == 0:
			b.WriteString(marker)
		case line != "":
			b.WriteString(indent)
		}
		b.WriteString(line)
		b.WriteByte('\n')
	}
}

// readItems finds the points of the lists in a section, and the lines that
// belong to none. After one point too many for a document it finds no more.
func readItems(s section) (items []item, stray section) {
	lines, from := s.lines, s.line
	width, open := 0, false
	for i, line := range lines {
		if len(items) > mostPieces {
			break
		}
		m := bullet.FindStringSubmatch(line)
		blank := strings.TrimSpace(line) == ""
		switch {
		case m != nil:
			width, open = len(m[1])+max(len(m[2]), 1), true
			items = append(items, item{from + i, []string{m[3]}})
		case open && (line == "" || line[0] == ' ' || !afterBlank(lines, i)):
			last := &items[len(items)-1]
			last.text = append(last.text, dedent(line, width))
		case open && blank:
		case !blank:
			open = false
			stray = stray.with(line, from+i)
		}
	}
	for i := range items {
		items[i].text, _ = trim(items[i].text)
	}
	return items, stray
}

// with adds a line; the section begins at the first.
func (s section) with(line string, number int) section {
	if len(s.lines) == 0 {
		s.line = number
	}
	s.lines = append(s.lines, line)
	return s
}

func afterBlank(lines []string, i int) bool { return strings.TrimSpace(lines[i-1]) == "" }

// dedent takes at most width spaces off.
func dedent(line string, width int) string {
	for ; width > 0 && strings.HasPrefix(line, " "); width-- {
		line = line[1:]
	}
	return line
}

// readText splits an item into its text, still escaped, and its properties.
func (k known) readText(it item) (string, *attrs) {
	return k.cut(strings.TrimRight(strings.Join(it.text, "\n"), " \t"))
}

// plain takes the escapes off a text that is not between headings.
func plain(text string) string { return unescape(strings.Split(text, "\n"), 0) }

// writeText is the other way: the text escaped, its properties after it.
func (k known) writeText(text string, a *attrs) string {
	return k.join(strings.Join(escape(text, 0), "\n"), a, "internal")
}
