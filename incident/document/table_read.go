package document

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// columnNames are the columns of a timeline, each under all its names.
var columnNames = map[string]string{
	"time": "time", "when": "time", "at": "time", "date": "date", "day": "date",
	"until": "until", "end": "until",
	"kind": "kind", "type": "kind",
	"what happened": "text", "what": "text", "event": "text", "entry": "text", "description": "text", "text": "text",
	"actor": "actor", "who": "actor", "by": "actor",
	"audience": "audience", "seen by": "audience",
	"source": "source", "link": "source",
}

var (
	ruler = regexp.MustCompile(`^\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$`)
	// zoneInHeading finds "Time (UTC)", which holds for the times below that have no zone.
	zoneInHeading = regexp.MustCompile(`\(([^()]+)\)`)
	bareTime      = regexp.MustCompile(`^~?[\d :.-]*\d$`)
	lineBreak     = regexp.MustCompile(`(?i)<br ?/?>`)
)

// row is one line of the table: the cells by column, and those of columns that
// we do not know, under their own names.
type row struct {
	line  int
	cells map[string]string
	other []string
}

// timeline reads the table, and the texts that stand below it.
func (r *reader) timeline(s section) {
	parts := split(s.lines, s.line, "###")
	long := map[string]section{}
	for _, part := range parts[1:] {
		if number, ok := strings.CutPrefix(part.name, "Row "); ok && long[number].name == "" {
			long[number] = part
			continue
		}
		r.unknown(part, "kept in the background: write an entry as a row of the timeline's table")
	}
	found, stray := readTable(parts[0])
	start := r.clock
	for _, one := range found {
		r.entry(one, long)
	}
	r.clock = start
	for number, ok := nextRow(long); ok; number, ok = nextRow(long) {
		r.unknown(long[number], "kept in the background: no row of the table points here")
		delete(long, number)
	}
	r.keep(stray.line, "Timeline", stray.lines, "kept in the background: write an entry as a row of the timeline's table")
}

// nextRow is the text below the table that stands first of those left.
func nextRow(long map[string]section) (number string, ok bool) {
	for n, s := range long {
		if !ok || s.line < long[number].line {
			number, ok = n, true
		}
	}
	return number, ok
}

// readTable finds the rows; stray are the lines that are no part of a table,
// and headers with a column that we do not know and that no row fills.
func readTable(s section) (rows []row, stray section) {
	columns, header, headerLine := []string{"Time", "Kind", "What happened", "Actor", "Audience", "Source"}, "", 0
	named := func() {
		for _, c := range columns {
			told := func(one row) bool {
				return slices.ContainsFunc(one.other, func(o string) bool { return strings.HasPrefix(o, c+": ") })
			}
			if _, ok := columnKey(c); !ok && c != "" && header != "" && !slices.ContainsFunc(rows, told) {
				stray = stray.with(header, headerLine)
				return
			}
		}
	}
	for i, line := range s.lines {
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "" || !strings.HasPrefix(trimmed, "|"):
			if trimmed != "" {
				stray = stray.with(line, s.line+i)
			}
		case ruler.MatchString(trimmed):
		case i+1 < len(s.lines) && ruler.MatchString(strings.TrimSpace(s.lines[i+1])):
			named()
			columns, header, headerLine = cutRow(trimmed), line, s.line+i
		default:
			rows = append(rows, readRow(columns, cutRow(trimmed), s.line+i))
		}
	}
	named()
	return rows, stray
}

// columnKey finds what a column holds by its heading, without what stands there
// in brackets.
func columnKey(heading string) (string, bool) {
	name, _, _ := strings.Cut(heading, "(")
	key, ok := columnNames[strings.ToLower(strings.TrimSpace(name))]
	return key, ok
}

// cutRow splits a line at the pipes that have no backslash before them.
func cutRow(line string) []string {
	var cells []string
	line = strings.TrimPrefix(line, "|")
	for start, i := 0, 0; i <= len(line); i++ {
		end := i == len(line)
		if end && strings.TrimSpace(line[start:]) == "" && len(cells) > 0 {
			break
		}
		if end || line[i] == '|' && (i == 0 || line[i-1] != '\\') {
			cells = append(cells, strings.ReplaceAll(strings.Trim(line[start:i], " \t"), `\|`, "|"))
			start = i + 1
		}
	}
	return cells
}

func readRow(columns, cells []string, line int) row {
	one := row{line: line, cells: map[string]string{}}
	for i, cell := range cells {
		heading := ""
		if i < len(columns) {
			heading = columns[i]
		}
		key, ok := columnKey(heading)
		if zone := zoneInHeading.FindStringSubmatch(heading); zone != nil && key == "time" && bareTime.MatchString(cell) {
			cell += " " + zone[1]
		}
		if _, told := one.cells[key]; ok && !told {
			one.cells[key] = cell
		} else if cell != "" {
			one.other = append(one.other, strings.TrimPrefix(heading+": "+cell, ": "))
		}
	}
	return one
}

// entry reads one row.
func (r *reader) entry(one row, long map[string]section) {
	c := one.cells
	e := incident.Entry{
		Kind: incident.EntryKind(chosen(c["kind"])), Actor: unword(c["actor"]),
		Audience: incident.Audience(chosen(c["audience"])), Source: unword(c["source"]),
	}
	e.Text = lineBreak.ReplaceAllString(c["text"], "\n")
	if m := below.FindStringSubmatch(c["text"]); m != nil {
		if part, ok := long[m[1]]; ok {
			e.Text = textOf(part.lines, 3)
			delete(long, m[1])
		}
	}
	at, until := r.times(strings.TrimSpace(c["date"]+" "+c["time"]), one.line)
	if c["until"] != "" {
		until = r.moment(r.clock.after(at), c["until"], one.line)
	}
	e.At, e.Until = at, until
	if len(one.other) > 0 {
		e.Text = strings.TrimSpace(e.Text + "\n" + strings.Join(one.other, "\n"))
		r.lose(one.line, one.other[0], "kept in the text of the entry: the timeline has no such column")
	}
	if strings.Join(slices.Collect(maps.Values(c)), "")+strings.Join(one.other, "") == "" {
		return // an empty row of the template
	}
	r.clock = r.clock.after(at)
	r.in.Timeline = append(r.in.Timeline, e)
}

// times reads a time, or two with a dash between them.
func (r *reader) times(text string, line int) (at, until *incident.Moment) {
	start, end, ranged := cutRange(text)
	if _, ok := r.clock.own(text); ok || !ranged {
		return r.moment(r.clock, text, line), nil
	}
	from, _, ok := r.clock.read(start)
	if !ok {
		return r.moment(r.clock, text, line), nil
	}
	to, _, ok := r.clock.after(from).read(end)
	if !ok {
		return r.moment(r.clock, text, line), nil
	}
	return from, to
}

// cutRange splits at a dash between spaces, outside quotes, or between two
// times of day.
func cutRange(text string) (start, end string, ok bool) {
	text = " " + text
	quoted := false
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quoted:
			i++
		case text[i] == '"':
			quoted = !quoted
		case quoted:
		case strings.HasPrefix(text[i:], " – "):
			return strings.TrimSpace(text[:i]), strings.TrimSpace(text[i+len(" – "):]), true
		case strings.HasPrefix(text[i:], " - "):
			return strings.TrimSpace(text[:i]), strings.TrimSpace(text[i+len(" - "):]), true
		}
	}
	if m := twoTimes.FindStringSubmatch(text); m != nil {
		return strings.TrimSpace(m[1]), m[2], true
	}
	return "", "", false
}

var twoTimes = regexp.MustCompile(`^(.*\d:\d\d) ?[-–] ?(\d{1,2}:\d\d.*)$`)
