package document

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// writer gathers a document in our own Markdown.
type writer struct {
	b         strings.Builder
	clock     clockwork
	outsiders bool           // nothing that Debrief assigns, no audiences
	rows      map[string]int // id of an entry → its row in the timeline, from 1
}

// WriteMarkdown writes the whole record in our own form, which ReadMarkdown
// reads back without loss. Comments, measures and warnings are not part of it.
// The timeline alone is for reading only.
func WriteMarkdown(out io.Writer, in *incident.Incident, o Options) error {
	if o.Only != "" {
		return writeTimeline(out, newStory(in, o, false))
	}
	return writeMarkdown(out, in, false)
}

func writePublicMarkdown(out io.Writer, p *incident.Public, o Options) error {
	if o.Only != "" {
		return writeTimeline(out, newStory(view(p), o, true))
	}
	return writeMarkdown(out, view(p), true)
}

func writeMarkdown(out io.Writer, in *incident.Incident, outsiders bool) error {
	w := &writer{clock: clockwork{home: in.Zone}, outsiders: outsiders, rows: map[string]int{}}
	for i, e := range in.Timeline {
		if e.ID != "" {
			w.rows[e.ID] = i + 1
		}
	}
	w.front(in)
	w.section("Summary", in.Summary)
	w.section("Background", in.Background)
	w.section("Public summary", in.PublicSummary)
	w.timeline(in.Timeline)
	w.impacts(in.Impacts)
	w.causes(&in.Analysis)
	w.lessons(in.Analysis.Lessons)
	w.messages(in.Messages)
	w.actions(in.Actions)
	return flush(out, w.b.String())
}

// flush hands a finished document over; a fault is the reader's connection.
func flush(out io.Writer, text string) error {
	b := bufio.NewWriter(out)
	if _, err := b.WriteString(text); err != nil {
		return fmt.Errorf("write document: %w", err)
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write document: %w", err)
	}
	return nil
}

func (w *writer) line(s string) {
	w.b.WriteString(s)
	w.b.WriteByte('\n')
}

// heading opens a section or a part of one.
func (w *writer) heading(marks, name string) {
	w.line("")
	w.line(marks + " " + name)
	w.line("")
}

// section writes a text under a heading of its own; an empty one is left out.
func (w *writer) section(name, body string) {
	if body == "" {
		return
	}
	w.heading("##", name)
	w.text(body, 2)
}

func (w *writer) text(body string, level int) {
	for _, line := range escape(body, level) {
		w.line(line)
	}
}

// audience adds who may see a part, where that is not the default.
func (w *writer) audience(a *attrs, who incident.Audience) {
	if !w.outsiders && who != incident.AudienceInternal {
		a.say(string(who))
	}
}

// evidence names entries by their rows; one that is not in the timeline by its id.
func (w *writer) evidence(a *attrs, ids []string) {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = id
		if row, ok := w.rows[id]; ok {
			all[i] = strconv.Itoa(row)
		}
	}
	a.set("evidence", strings.Join(all, ", "))
}

func (w *writer) causes(a *incident.Analysis) {
	if a.Trigger == nil && a.TechnicalCause == nil && a.ProcessCause == nil && len(a.Whys)+len(a.Factors) == 0 {
		return
	}
	w.line("")
	w.line("## Causes")
	w.statement("Trigger", a.Trigger)
	w.statement("Technical cause", a.TechnicalCause)
	w.statement("Process cause", a.ProcessCause)
	if len(a.Whys) > 0 {
		w.heading("###", "Whys")
	}
	for i := range a.Whys {
		w.why(i, &a.Whys[i])
	}
	if len(a.Factors) > 0 {
		w.heading("###", "Contributing factors")
	}
	for _, f := range a.Factors {
		said := &attrs{}
		said.say(string(f.Confidence))
		w.audience(said, f.Audience)
		said.set("category", f.Category)
		w.evidence(said, f.Evidence)
		writeItem(&w.b, "- ", factorWords.writeText(f.Text, said))
	}
}

func (w *writer) statement(name string, s *incident.Statement) {
	if s == nil {
		return
	}
	said := &attrs{}
	w.audience(said, s.Audience)
	if a := said.String(); a != "" {
		name += " " + a
	}
	w.heading("###", name)
	w.text(s.Text, 3)
}

// because begins the answer to a why, in a paragraph of its own.
const because = "Because:"

func (w *writer) why(i int, why *incident.Why) {
	said := &attrs{}
	w.audience(said, why.Audience)
	w.evidence(said, why.Evidence)
	lines := strings.Split(whyWords.writeText(why.Why, said), "\n")
	for n, line := range lines {
		if strings.HasPrefix(strings.TrimLeft(line, `\`), because) {
			lines[n] = `\` + line
		}
	}
	text := strings.Join(lines, "\n")
	if why.Because != "" {
		text += "\n\n" + because + " " + strings.Join(escape(why.Because, 0), "\n")
	}
	if i > 0 {
		w.line("")
	}
	writeItem(&w.b, strconv.Itoa(i+1)+". ", text)
}

func (w *writer) lessons(all []incident.Lesson) {
	if len(all) == 0 {
		return
	}
	w.line("")
	w.line("## Lessons")
	last := incident.LessonKind("")
	for _, l := range all {
		if l.Kind != last {
			last = l.Kind
			w.heading("###", lessonHeading(l.Kind))
		}
		said := &attrs{}
		w.audience(said, l.Audience)
		writeItem(&w.b, "- ", lessonWords.writeText(l.Text, said))
	}
}

func (w *writer) actions(all []incident.Action) {
	if len(all) == 0 {
		return
	}
	w.heading("##", "Actions")
	for _, a := range all {
		said, box := &attrs{}, "[ ] "
		switch a.State {
		case incident.Done:
			box = "[x] "
		case incident.Open:
		default:
			said.say(string(a.State))
		}
		said.say(string(a.Kind))
		said.say(string(a.Priority))
		w.audience(said, a.Audience)
		said.set("owner", a.Owner)
		if a.Due != nil {
			said.set("due", *a.Due)
		}
		said.set("reason", a.Reason)
		said.set("ticket", a.Ticket)
		said.set("also_for", strings.Join(numbers(a.AlsoFor), ", "))
		writeItem(&w.b, "- ", box+actionWords.writeText(a.Title, said))
	}
}
