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
	// columnHeading is "Time (UTC)", where the zone is that of the times below.
	columnHeading = regexp.MustCompile(`^[*_ ]*([^()]*?)[*_ ]*(?:\(([^()]+)\))?[*_ ]*$`)
	lineBreak     = regexp.MustCompile(`(?i)<br ?/?>`)
)

// column is one of a table.
type column struct {
	heading string // as it was written
	key     string // what it holds, "" for what we do not know
	zone    string // that of its times, "" for the record's
	lost    bool   // the heading says something that the rows do not
}

// columnOf finds what a column holds by its heading.
func columnOf(heading string) column {
	c := column{heading: heading, lost: heading != ""}
	m := columnHeading.FindStringSubmatch(heading)
	if m == nil {
		return c
	}
	switch c.key = columnNames[strings.ToLower(m[1])]; {
	case c.key == "":
	case m[2] == "":
		c.lost = false
	case (c.key == "time" || c.key == "until") && isZone(m[2]):
		c.zone, c.lost = m[2], false
	}
	return c
}

// isZone tells whether a label names a zone without doubt.
func isZone(label string) bool {
	_, err := incident.When{Zone: "UTC"}.Read("2013-07-18 12:00 " + label)
	return err == nil
}

func columnsOf(headings []string) []column {
	all := make([]column, len(headings))
	for i, h := range headings {
		all[i] = columnOf(h)
	}
	return all
}

// row is one line of the table: the cells by column, and those of columns that
// we do not know, under their own names.
type row struct {
	line  int
	cells map[string]string
	zones map[string]string // those that the headings of columns name
	other []string
}

// timeline reads the table, and the texts that stand below it.
func (r *reader) timeline(s section) {
	parts := split(s.lines, s.line, "###")
	found, stray := readTable(parts[0])
	if r.crowded(len(parts)+len(found), s.line) {
		return
	}
	long, order := map[string]section{}, []string{}
	for _, part := range parts[1:] {
		if number, ok := strings.CutPrefix(part.name, "Row "); ok && long[number].name == "" {
			long[number] = part
			order = append(order, number)
			continue
		}
		r.unknown(part, "kept in the background: write an entry as a row of the timeline's table")
	}
	start := r.clock
	for _, one := range found {
		r.entry(one, long)
	}
	r.clock = start
	for _, number := range order {
		if part, left := long[number]; left {
			r.unknown(part, "kept in the background: no row of the table points here")
		}
	}
	r.keep(stray.line, "Timeline", stray.lines, "kept in the background: write an entry as a row of the timeline's table")
}

// table gathers the rows of the tables of a section.
type table struct {
	columns []column
	header  string // as it was written, "" where there is none
	line    int    // of the header
	open    bool   // rows may lack the pipe at their start
	rows    []row
	stray   section // the lines that are no part of a table
}

// readTable finds the rows; stray are the lines that are no part of a table,
// and headers with a column that we do not know and that no row fills. After
// one row too many for a document it finds no more.
func readTable(s section) (rows []row, stray section) {
	t := &table{columns: columnsOf([]string{"Time", "Kind", "What happened", "Actor", "Audience", "Source"})}
	for i, line := range s.lines {
		trimmed, next := strings.TrimSpace(line), ""
		if i+1 < len(s.lines) {
			next = strings.TrimSpace(s.lines[i+1])
		}
		piped := strings.HasPrefix(trimmed, "|")
		switch {
		case len(t.rows) > mostPieces:
			return t.rows, t.stray
		case trimmed == "":
			t.open = false
		case (piped || t.open) && ruler.MatchString(trimmed):
		case strings.Contains(trimmed, "|") && (piped || strings.Contains(next, "|")) && ruler.MatchString(next):
			t.end()
			t.columns, t.header, t.line, t.open = columnsOf(cutRow(trimmed)), line, s.line+i, true
		case piped, t.open && strings.Contains(trimmed, "|"):
			t.rows = append(t.rows, t.read(cutRow(trimmed), s.line+i))
		default:
			t.stray = t.stray.with(line, s.line+i)
		}
	}
	t.end()
	return t.rows, t.stray
}

// end keeps a header whose names would be lost with it.
func (t *table) end() {
	if t.header != "" && slices.ContainsFunc(t.columns, func(c column) bool { return c.lost }) {
		t.stray = t.stray.with(t.header, t.line)
	}
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

// read reads one row.
func (t *table) read(cells []string, line int) row {
	one := row{line: line, cells: map[string]string{}, zones: map[string]string{}}
	for i, cell := range cells {
		c := &column{}
		if i < len(t.columns) {
			c = &t.columns[i]
		}
		if _, told := one.cells[c.key]; c.key != "" && !told {
			one.cells[c.key], one.zones[c.key] = cell, c.zone
		} else if cell != "" {
			one.other = append(one.other, strings.TrimPrefix(c.heading+": "+cell, ": "))
			c.lost = false
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
	if e.Text = c["text"]; strings.Contains(e.Text, "<") {
		e.Text = lineBreak.ReplaceAllString(e.Text, "\n")
	}
	if m := below.FindStringSubmatch(c["text"]); m != nil {
		if part, ok := long[m[1]]; ok {
			e.Text = textOf(part.lines, 3)
			delete(long, m[1])
		}
	}
	at, until := r.times(strings.TrimSpace(c["date"]+" "+c["time"]), one.zones["time"], one.line)
	if c["until"] != "" {
		until = r.momentIn(r.clock.after(at), one.zones["until"], c["until"], one.line)
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
	r.place(incident.Timeline, one.line)
	r.in.Timeline = append(r.in.Timeline, e)
}

// times reads a time, or two with a dash between them; zone is that of the
// column.
func (r *reader) times(text, zone string, line int) (at, until *incident.Moment) {
	start, end, ranged := cutRange(text)
	if _, ok := r.clock.own(text); ok || !ranged {
		return r.momentIn(r.clock, zone, text, line), nil
	}
	from, _, ok := r.clock.readIn(zone, start)
	if !ok {
		return r.momentIn(r.clock, zone, text, line), nil
	}
	to, _, ok := r.clock.after(from).readIn(zone, end)
	if !ok {
		return r.momentIn(r.clock, zone, text, line), nil
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
