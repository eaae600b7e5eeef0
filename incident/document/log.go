package document

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/debriefhq/debrief/incident"
)

// MostNoted is how many entries ReadLog makes of one text.
const MostNoted = 500

// Noted is an entry as it was pasted, from a chat, a terminal or a list. Its
// time is kept as written beside how it was understood.
type Noted struct {
	Line  int              // of the text, from 1
	When  string           // the time as written, or two with a dash between; "" where none was told
	At    *incident.Moment // nil where When is "", or could not be read
	Until *incident.Moment // the end of a range
	Why   string           // what is unclear about When, "" for nothing
	Actor string           // "" where nobody is named
	Text  string           // Markdown, perhaps over several lines
	Kind  incident.EntryKind
}

// ReadLog reads what people paste into a timeline: lines of Slack, Teams,
// Discord, WhatsApp and IRC, of syslog, journalctl and CloudWatch, of lists and
// tables. Each line that begins with a time is an entry, and so are a name and a
// time above the words that were said. A line without a time belongs to the entry
// before it; where it stands first, or where no line tells a time, it is an entry
// by itself, without a time. A line that is a day gives that day to the times
// below it. A time without a day is told near the one before it, at first near
// w.Near. No word of the text is left out, but for bullets, the frames of tables
// and days, and the numbers of a shell's history and processes. More than MostNoted
// entries, and text that is not UTF-8, are refused.
func ReadLog(text string, w incident.When) ([]Noted, error) {
	if !utf8.ValidString(text) {
		return nil, incident.Refuse(incident.Invalid, "/text", "is not UTF-8: copy it again")
	}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "", "\u200b", "", "\ufeff", "").Replace(text)
	l := &log{when: w, lines: strings.Split(text, "\n")}
	l.timeless = !l.tellsTimes()
	for l.at = 0; l.at < len(l.lines); l.at++ {
		if l.read(l.lines[l.at]); len(l.found) > MostNoted {
			return nil, incident.Refuse(incident.Invalid, "/text", fmt.Sprintf("holds more than %d entries: paste it in parts", MostNoted))
		}
	}
	l.endDay()
	l.keep()
	for i := range l.found {
		n := &l.found[i]
		n.Text = strings.Trim(n.Text, "\n")
		if n.Text == "" {
			n.Text, n.Actor = n.Actor, "" // a name alone is all that was said
		}
		if n.Text == "" {
			n.Text = n.When
		}
		if n.Kind == "" {
			n.Kind = kindOf(n.Text)
		}
	}
	return l.found, nil
}

// ReadTimes reads a time as people write it, or two with a dash between. What it
// refuses is Invalid, and says what to write.
func ReadTimes(text string, w incident.When) (at, until *incident.Moment, err error) {
	whole, err := w.Read(text)
	if err == nil {
		return &whole, nil, nil
	}
	start, end, ranged := cutRange(text)
	if !ranged {
		return nil, nil, err
	}
	from, errFrom := w.Read(start)
	if errFrom != nil {
		return nil, nil, err
	}
	if from.Known() {
		w.Near = &from
	}
	to, errTo := w.Read(end)
	if errTo != nil {
		return nil, nil, err
	}
	return &from, &to, nil
}

// log is a text that is being read.
type log struct {
	when     incident.When
	lines    []string
	at       int
	timeless bool // no line tells a time: each is an entry
	indent   int  // of the bullets that the entries begin with, -1 for none
	found    []Noted
	more     []string // lines that belong to the last one found
	headed   bool     // the last entry began with a name and a time on a line of their own
	day      string   // the day told by a line of its own, "" for none
	dayLine  int      // of it, from 1, while no time followed; 0 after
	columns  []column
}

// tellsTimes looks for a line with a time, and at how entries are marked.
func (l *log) tellsTimes() bool {
	found := false
	l.indent = -1
	for i, line := range l.lines {
		rest, bulleted := withoutMarker(line)
		_, _, timed := l.cutTime(rest)
		if _, _, head := l.cutHead(i); !timed && !head && !strings.HasPrefix(rest, "|") {
			continue
		}
		if found = true; bulleted && l.indent < 0 {
			l.indent = indentOf(line)
		}
	}
	return found
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

// read takes in the line at l.at.
func (l *log) read(line string) {
	rest, bulleted := withoutMarker(line)
	if rest == "" {
		l.join("")
		return
	}
	if strings.HasPrefix(rest, "|") && l.row(rest) {
		return
	}
	if l.isDay(rest) {
		l.endDay()
		l.day, l.dayLine, l.headed = dayOf(rest), l.at+1, false
		return
	}
	if name, when, ok := l.cutHead(l.at); ok {
		l.add(Noted{When: when, Actor: name})
		l.headed = true
		return
	}
	if when, said, ok := l.cutTime(rest); ok {
		l.timed(when, said)
		return
	}
	if when, ok := l.cutNameAlone(l.at); ok {
		l.add(Noted{When: when, Actor: rest})
		l.at++
		l.headed = true
		return
	}
	if l.dayLine != 0 {
		l.endDay()
	}
	if l.timeless || len(l.found) == 0 || bulleted && indentOf(line) == l.indent {
		n := Noted{Line: l.at + 1}
		n.Actor, n.Text = cutActor(rest)
		l.keep(n)
		l.headed = false
		return
	}
	l.join(strings.TrimRight(line, " \t"))
}

// timed adds an entry that begins with its time.
func (l *log) timed(when, said string) {
	n := Noted{When: when}
	if said == "" { // the next thing that the same person said
		if last := len(l.found) - 1; last >= 0 && l.headed {
			n.Actor = l.found[last].Actor
		}
		l.add(n)
		l.headed = true
		return
	}
	if l.headed && cutBracket.MatchString(strings.TrimSpace(l.lines[l.at])) && len(l.found) > 0 {
		n.Actor, n.Text = cutActor(said)
		if n.Actor == "" {
			n.Actor = l.found[len(l.found)-1].Actor
		}
		l.add(n)
		l.headed = true
		return
	}
	if fullName.MatchString(said) && l.saysMore() {
		n.Actor = said
		l.add(n)
		l.headed = true
		return
	}
	n.Actor, n.Text = cutSaid(when, said)
	l.add(n)
	l.headed = false
}

// saysMore tells whether the next line goes on with this one.
func (l *log) saysMore() bool {
	if l.at+1 >= len(l.lines) {
		return false
	}
	rest, bulleted := withoutMarker(l.lines[l.at+1])
	_, _, timed := l.cutTime(rest)
	_, _, head := l.cutHead(l.at + 1)
	return rest != "" && !bulleted && !timed && !head
}

// add reads the time of an entry, and keeps it.
func (l *log) add(n Noted) {
	n.Line = l.at + 1
	if l.day != "" && bareTime.MatchString(n.When) {
		if _, _, err := ReadTimes(l.day+" "+n.When, l.when); err == nil {
			n.When, l.dayLine = l.day+" "+n.When, 0
		}
	}
	l.endDay()
	l.readTime(&n)
	l.keep(n)
}

func (l *log) readTime(n *Noted) {
	at, until, err := ReadTimes(n.When, l.when)
	var refusal *incident.Error
	switch {
	case errors.As(err, &refusal):
		n.Why = refusal.Detail
		return
	case err != nil:
		n.Why = err.Error()
		return
	}
	n.At, n.Until = at, until
	if at.Known() {
		l.when.Near = at
	}
}

// endDay keeps a day that no time followed as an entry of that day.
func (l *log) endDay() {
	if l.dayLine == 0 {
		return
	}
	n := Noted{Line: l.dayLine, When: l.day, Text: l.day}
	l.readTime(&n)
	l.keep(n)
	l.dayLine = 0
}

// join puts a line under the last entry.
func (l *log) join(line string) {
	if len(l.found) == 0 || l.timeless {
		return
	}
	if last := &l.found[len(l.found)-1]; last.Text == "" {
		last.Text = strings.TrimSpace(line)
		return
	}
	l.more = append(l.more, line)
}

// keep adds an entry. What was joined to the last one is put into it at once,
// so that a long text takes no longer than it is.
func (l *log) keep(n ...Noted) {
	if len(l.more) > 0 {
		l.found[len(l.found)-1].Text += "\n" + strings.Join(l.more, "\n")
		l.more = nil
	}
	l.found = append(l.found, n...)
}

// row reads a line of a table; false leaves it to be read as any other.
func (l *log) row(line string) bool {
	next := ""
	if l.at+1 < len(l.lines) {
		next = strings.TrimSpace(l.lines[l.at+1])
	}
	if ruler.MatchString(line) {
		return true
	}
	cells := cutRow(line)
	if ruler.MatchString(next) && strings.Contains(next, "-") {
		if l.columns = columnsOf(cells); l.known() {
			return true
		}
		l.columns = nil
		return false
	}
	if l.columns == nil {
		l.columns = columnsOf([]string{"Time", "What happened", "Actor"})
	}
	t := table{columns: l.columns}
	one := t.read(cells, l.at+1)
	n := Noted{When: strings.TrimSpace(one.cells["date"] + " " + one.cells["time"]), Actor: one.cells["actor"], Text: one.cells["text"]}
	if until := one.cells["until"]; until != "" {
		n.When += " – " + until
	}
	n.Text = strings.TrimSpace(strings.Join(append([]string{n.Text, one.cells["source"], one.cells["audience"]}, one.other...), "\n"))
	if kind := incident.EntryKind(chosen(one.cells["kind"])); kindKnown(kind) {
		n.Kind = kind
	} else if one.cells["kind"] != "" {
		n.Text = strings.TrimSpace(n.Text + "\n" + one.cells["kind"])
	}
	if n.When == "" && n.Actor+n.Text == "" {
		return true // an empty row of a template
	}
	if n.When == "" {
		n.Line = l.at + 1
		l.keep(n)
		return true
	}
	l.add(n)
	l.headed = false
	return true
}

// known tells whether a table's columns are those of a timeline, so that its
// header says nothing more.
func (l *log) known() bool {
	time := false
	for _, c := range l.columns {
		if c.lost {
			return false
		}
		time = time || c.key == "time" || c.key == "date"
	}
	return time
}
