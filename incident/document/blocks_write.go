package document

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/debriefhq/debrief/incident"
)

// longestCell is the longest text in bytes that a table is asked to hold.
const longestCell = 600

// below is what stands in the table for a text that does not fit a cell; the
// text follows the table, under a heading with the number of the row.
var below = regexp.MustCompile(`^\[in full below\]\(#row-(\d+)\)$`)

// timeline writes the table of entries, then the texts that are too much for it.
func (w *writer) timeline(entries []incident.Entry) {
	if len(entries) == 0 {
		return
	}
	columns := w.columns(entries)
	w.heading("##", "Timeline")
	w.line("| " + strings.Join(columns, " | ") + " |")
	w.line("|" + strings.Repeat(" --- |", len(columns)))
	clock, long := w.clock, []int{}
	for i := range entries {
		e := &entries[i]
		what, fits := cellText(e.Text)
		if !fits {
			what = fmt.Sprintf("[in full below](#row-%d)", i+1)
			long = append(long, i)
		}
		cells := map[string]string{
			"Time": clock.span(e.At, e.Until), "Kind": string(e.Kind), "What happened": what,
			"Actor": shortCell(e.Actor), "Audience": string(e.Audience), "Source": shortCell(e.Source),
		}
		row := "|"
		for _, c := range columns {
			row += " " + strings.ReplaceAll(cells[c], "|", `\|`) + " |"
		}
		w.line(row)
		clock = clock.after(e.At)
	}
	for _, i := range long {
		w.heading("###", "Row "+strconv.Itoa(i+1))
		w.text(entries[i].Text, 3)
	}
}

// columns leaves out those that no entry needs.
func (w *writer) columns(entries []incident.Entry) []string {
	actor, source := false, false
	for _, e := range entries {
		actor = actor || e.Actor != ""
		source = source || e.Source != ""
	}
	columns := []string{"Time", "Kind", "What happened"}
	if actor {
		columns = append(columns, "Actor")
	}
	if !w.outsiders {
		columns = append(columns, "Audience")
	}
	if source {
		columns = append(columns, "Source")
	}
	return columns
}

// span writes a time or a range of times.
func (c clockwork) span(at, until *incident.Moment) string {
	text := c.write(at)
	if until == nil {
		return text
	}
	return strings.TrimSpace(text + " – " + c.after(at).write(until))
}

func shortCell(s string) string {
	if s == "" {
		return ""
	}
	return word(s, "")
}

// cellText writes a text into one cell, and tells whether it fits there: a
// paragraph of a few lines does, what has a structure of its own does not.
func cellText(s string) (string, bool) {
	lines := strings.Split(s, "\n")
	if len(s) > longestCell || len(lines) > 3 || strings.Contains(strings.ToLower(s), "<br") || below.MatchString(s) {
		return "", false
	}
	for i, line := range lines {
		if line == "" || strings.TrimSpace(line) != line || strings.ContainsFunc(line, unicode.IsControl) {
			return "", false
		}
		if i > 0 && (bullet.MatchString(line) || strings.ContainsRune("#>`~=-*_", rune(line[0]))) {
			return "", false
		}
	}
	if opener(lines[0]) != "" {
		return "", false
	}
	return strings.Join(lines, "<br>"), true
}

// property writes one line of the list that stands under the heading of an
// impact or a message; an empty value is not said.
func (w *writer) property(name, value string) {
	if value != "" {
		w.line("- " + name + ": " + word(value, ""))
	}
}

func (w *writer) moments(name string, m *incident.Moment) {
	if m != nil {
		w.line("- " + name + ": " + w.clock.write(m))
	}
}

func (w *writer) audienceLine(who incident.Audience) {
	if !w.outsiders {
		w.property("Audience", string(who))
	}
}

// body writes what follows the properties.
func (w *writer) body(text string) {
	if text == "" {
		return
	}
	w.line("")
	w.text(text, 3)
}

// noComponent is the heading of an impact that names none.
const noComponent = "(no component)"

func (w *writer) impacts(all []incident.Impact) {
	if len(all) == 0 {
		return
	}
	w.line("")
	w.line("## Impact")
	for i := range all {
		p := &all[i]
		name := noComponent
		if p.Component != "" {
			if name = word(p.Component, ""); name == noComponent {
				name = quote(name)
			}
		}
		w.heading("###", name)
		w.property("Kind", string(p.Kind))
		w.property("Level", string(p.Level))
		w.moments("From", p.From)
		w.moments("Until", p.Until)
		for _, f := range p.Figures {
			w.line("- Figure: " + figure(f))
		}
		w.audienceLine(p.Audience)
		w.body(p.Text)
	}
}

// figure writes "customers affected: 1.4 %".
func figure(f incident.Figure) string {
	text := word(f.Measure, `:"`) + ": " + number(f.Value)
	if f.Unit != "" {
		text += " " + word(f.Unit, "")
	}
	return text
}

// number writes a value as people do, without an exponent unless it is huge.
func number(v float64) string {
	if v > -1e15 && v < 1e15 && (v == 0 || v > 1e-6 || v < -1e-6) {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

func (w *writer) messages(all []incident.Message) {
	if len(all) == 0 {
		return
	}
	w.line("")
	w.line("## Messages")
	for i := range all {
		m := &all[i]
		name := string(m.Channel)
		if m.At != nil {
			name += ", " + w.clock.write(m.At)
		}
		w.heading("###", name)
		w.property("State", string(m.State))
		w.property("Status", m.Status)
		w.property("Author", m.Author)
		w.property("Role", m.Role)
		w.moments("Next update", m.NextUpdateAt)
		w.property("Corrects", placeOf(m.Corrects, all))
		w.property("Link", m.Link)
		w.audienceLine(m.Audience)
		w.body(m.Body)
	}
}

// placeOf is which of the messages has the id, counted from 1; the id where none has.
func placeOf(id string, all []incident.Message) string {
	if at := slices.IndexFunc(all, func(m incident.Message) bool { return m.ID == id }); id != "" && at >= 0 {
		return strconv.Itoa(at + 1)
	}
	return id
}
