package incident

import "strings"

// inColumns adds what stands in the columns of a Markdown table that are headed
// by a name such as password.
func inColumns(found []Secret, text string) []Secret {
	if !strings.Contains(text, "|") || !strings.Contains(text, "-") {
		return found
	}
	var head string
	var named []string // by column; "" for one of something else
	for at := 0; at < len(text); {
		line, _, _ := strings.Cut(text[at:], "\n")
		switch {
		case !strings.Contains(line, "|"):
			named = nil
		case strings.Trim(line, "|-: \t\r>") == "" && strings.Contains(line, "-"):
			named = namesOfColumns(head)
		case named != nil:
			found = inRow(found, text, at, line, named)
		}
		head = line
		at += len(line) + 1
	}
	return found
}

// namesOfColumns is nil where no column holds credentials.
func namesOfColumns(head string) []string {
	var names []string
	some := false
	for cell := range strings.SplitSeq(inner(head), "|") {
		name := ""
		if cell = lowered(strings.Trim(cell, cellEdge)); isName(cell) {
			name, some = cell, true
		}
		names = append(names, name)
	}
	if !some {
		return nil
	}
	return names
}

// isName tells whether a heading is no more than a name, with what it is of before it: "DB password".
func isName(heading string) bool {
	for _, name := range names {
		if rest, ok := strings.CutSuffix(heading, name); ok && len(rest) <= 20 {
			return true
		}
	}
	return false
}

func inRow(found []Secret, text string, at int, line string, named []string) []Secret {
	from := at + strings.Index(line, inner(line))
	i := 0
	for cell := range strings.SplitSeq(inner(line), "|") {
		if i < len(named) && named[i] != "" {
			value := strings.Trim(cell, cellEdge)
			if start := from + strings.Index(cell, value); len(value) > 0 && !strings.ContainsAny(value, " \t()") && pasted(value, nameAlone(named[i])) {
				found = append(found, secretAt("password", text, start, start+len(value)))
			}
		}
		from += len(cell) + 1
		i++
	}
	return found
}

// cellEdge is what stands around the text of a cell.
const cellEdge = " \t\r`*\"'>"

// inner is a row without the bars at its ends.
func inner(row string) string {
	row = strings.TrimRight(row, " \t\r")
	row = strings.TrimLeft(row, " \t>")
	return strings.TrimSuffix(strings.TrimPrefix(row, "|"), "|")
}

// nameAlone is the name at the end of a heading: api key, of "billing api key".
func nameAlone(heading string) string {
	best := heading
	for _, name := range names {
		if strings.HasSuffix(heading, name) {
			best = name
		}
	}
	return best
}
