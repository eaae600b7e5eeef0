package document

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// section is what stands under one heading.
type section struct {
	name  string // "" for what stands before the first heading
	line  int    // of its first line of text, from 1
	lines []string
}

// split cuts lines at the headings that start with marks, outside code; after
// one section too many for a document it cuts no more.
func split(lines []string, from int, marks string) []section {
	inCode := fenced(lines)
	all := []section{{line: from}}
	for i, line := range lines {
		rest, found := strings.CutPrefix(line, marks)
		if found && !inCode[i] && (rest == "" || rest[0] == ' ' || rest[0] == '\t') && len(all) <= mostPieces {
			all = append(all, section{strings.TrimSpace(rest), from + i + 1, nil})
			continue
		}
		last := &all[len(all)-1]
		last.lines = append(last.lines, line)
	}
	return all
}

// sectionReaders understand the sections, each under all its names.
var sectionReaders = map[string]func(*reader, section){
	"summary":              (*reader).summary,
	"background":           (*reader).background,
	"public summary":       (*reader).publicSummary,
	"timeline":             (*reader).timeline,
	"impact":               (*reader).impacts,
	"impacts":              (*reader).impacts,
	"causes":               (*reader).causes,
	"cause":                (*reader).causes,
	"root cause":           (*reader).causes,
	"root causes":          (*reader).causes,
	"analysis":             (*reader).causes,
	"lessons":              (*reader).lessons,
	"lessons learned":      (*reader).lessons,
	"messages":             (*reader).messages,
	"communication":        (*reader).messages,
	"communications":       (*reader).messages,
	"actions":              (*reader).actions,
	"action items":         (*reader).actions,
	"follow-ups":           (*reader).actions,
	"what will we do next": (*reader).actions,
}

// body reads the sections; from is the number of the first line.
func (r *reader) body(lines []string, from int) {
	lines, written := withoutHints(lines)
	sections := split(lines, from, "##")
	for i, s := range sections {
		if r.crowded(1, s.line) {
			return
		}
		read, ok := sectionReaders[sectionName(s.name)]
		switch {
		case i == 0:
			r.preamble(s)
		case ok:
			read(r, s)
		default:
			r.unknown(s, "kept in the background: there is no section of that name")
		}
	}
	r.fromHints(written, from)
}

var numbered = regexp.MustCompile(`^\d+[.)]?\s+`)

// sectionName is a heading as sectionReaders have it: "2. **Timeline**: ##".
func sectionName(heading string) string {
	return strings.ToLower(strings.Trim(numbered.ReplaceAllString(strings.Trim(heading, "*_# "), ""), "*_#: "))
}

// preamble reads what stands before the first heading: maybe a title, maybe a
// few words that a person wrote as a summary.
func (r *reader) preamble(s section) {
	lines, skipped := trim(s.lines)
	if len(lines) > 0 && r.in.Title == "" && strings.HasPrefix(lines[0], "# ") {
		r.in.Title = strings.TrimSpace(lines[0][1:])
		lines, skipped = lines[1:], skipped+1
	}
	inCode := fenced(lines)
	for i, line := range lines {
		name, ok := headingAt(lines, i)
		if _, meant := sectionReaders[sectionName(name)]; ok && meant && !inCode[i] {
			r.lose(s.line+skipped+i, line, "kept as text: a section begins with two marks, such as ## Timeline")
		}
	}
	r.summary(section{line: s.line + skipped, lines: lines})
}

// write adds a text to a field; more than one section may belong there.
func (r *reader) write(field *string, pointer string, s section) {
	if body := textOf(s.lines, 2); body != "" {
		r.texts[field] = append(r.texts[field], body)
		r.lines[pointer] = cmp.Or(r.lines[pointer], s.line)
	}
}

func (r *reader) summary(s section)       { r.write(&r.in.Summary, "/summary", s) }
func (r *reader) background(s section)    { r.write(&r.in.Background, "/background", s) }
func (r *reader) publicSummary(s section) { r.write(&r.in.PublicSummary, "/public_summary", s) }

// causes reads the statements, the whys and the factors. Words without a
// heading of their own are the technical cause.
func (r *reader) causes(s section) {
	a := &r.in.Analysis
	parts := split(s.lines, s.line, "###")
	if r.crowded(len(parts), s.line) {
		return
	}
	for i, part := range parts {
		name, said := part.name, &attrs{}
		if i > 0 {
			name, said = statementWords.cut(part.name)
		}
		braces, _ := misspelt(name)
		switch strings.ToLower(strings.TrimSpace(strings.TrimSuffix(name, braces))) {
		case "", "technical cause":
			r.statement(&a.TechnicalCause, "/analysis/technical_cause", part, name, said)
		case "trigger":
			r.statement(&a.Trigger, "/analysis/trigger", part, name, said)
		case "process cause":
			r.statement(&a.ProcessCause, "/analysis/process_cause", part, name, said)
		case "whys", "five whys", "5 whys":
			r.each(part, r.why)
		case "contributing factors", "factors":
			r.each(part, r.factor)
		default:
			r.unknown(part, "kept in the background: the causes have no part of that name")
		}
	}
}

func (r *reader) statement(into **incident.Statement, pointer string, s section, name string, said *attrs) {
	body := textOf(s.lines, 3)
	switch {
	case body == "":
	case *into != nil:
		r.keep(s.line, "Cause", s.lines, "kept in the background: this cause was told before")
	default:
		r.said(s.line-1, name, said)
		*into = &incident.Statement{Text: body, Audience: said.audience()}
		r.lines[pointer] = s.line
	}
}

// each reads the points of a list; what is not in one is kept aside.
func (r *reader) each(s section, read func(item)) {
	items, stray := readItems(s)
	if r.crowded(len(items), s.line) {
		return
	}
	for _, it := range items {
		if len(it.text) > 0 {
			read(it)
		}
	}
	r.keep(stray.line, s.name, stray.lines, "kept in the background: write each as a point of a list")
}

func (r *reader) why(it item) {
	var why incident.Why
	for i, line := range it.text {
		if rest, found := strings.CutPrefix(line, because); found && i > 0 {
			answer := append([]string{strings.TrimPrefix(rest, " ")}, it.text[i+1:]...)
			why.Because = unescape(answer, 0)
			it.text, _ = trim(it.text[:i])
			break
		}
	}
	for i, line := range it.text {
		if bare := strings.TrimLeft(line, `\`); bare != line && strings.HasPrefix(bare, because) {
			it.text[i] = line[1:]
		}
	}
	question, said := whyWords.readText(it)
	r.said(it.line, question, said)
	why.Why, why.Audience, why.Evidence = plain(question), said.audience(), rows(said.get("evidence"))
	r.place(incident.Whys, it.line)
	r.in.Analysis.Whys = append(r.in.Analysis.Whys, why)
}

// rows reads "3, 5".
func rows(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

func (r *reader) factor(it item) {
	what, said := factorWords.readText(it)
	r.said(it.line, what, said)
	r.place(incident.Factors, it.line)
	r.in.Analysis.Factors = append(r.in.Analysis.Factors, incident.Factor{
		Text: plain(what), Category: said.get("category"),
		Confidence: incident.Confidence(said.pick(confidences...)),
		Evidence:   rows(said.get("evidence")), Audience: said.audience(),
	})
}

func (r *reader) lessons(s section) {
	const why = "kept in the background: write lessons under What went well, What went wrong or Where we got lucky"
	parts := split(s.lines, s.line, "###")
	if r.crowded(len(parts), s.line) {
		return
	}
	for i, part := range parts {
		kind, ok := lessonKind(part.name)
		switch {
		case i == 0:
			r.keep(part.line, "Lessons", part.lines, why)
			continue
		case !ok:
			r.unknown(part, why)
			continue
		}
		r.each(part, func(it item) {
			what, said := lessonWords.readText(it)
			r.said(it.line, what, said)
			r.place(incident.Lessons, it.line)
			r.in.Analysis.Lessons = append(r.in.Analysis.Lessons,
				incident.Lesson{Kind: kind, Text: plain(what), Audience: said.audience()})
		})
	}
}

func (r *reader) actions(s section) { r.each(s, r.action) }

func (r *reader) action(it item) {
	a := incident.Action{}
	if box, rest := it.text[0], ""; len(box) >= 3 && box[0] == '[' && box[2] == ']' {
		if rest = strings.TrimPrefix(box[3:], " "); box[1] == 'x' || box[1] == 'X' {
			a.State = incident.Done
		}
		if strings.ContainsRune(" xX", rune(box[1])) {
			it.text[0] = rest
		}
	}
	title, said := actionWords.readText(it)
	r.said(it.line, title, said)
	a.Title, a.Audience = plain(title), said.audience()
	if state := said.pick(actionStates...); state != "" {
		a.State = incident.ActionState(state)
	}
	a.Kind, a.Priority = incident.ActionKind(said.pick(actionKinds...)), incident.Priority(said.pick(priorities...))
	a.Owner, a.Reason, a.Ticket = said.get("owner"), said.get("reason"), said.get("ticket")
	if due := said.get("due"); due != "" {
		a.Due = &due
	}
	var err error
	if a.AlsoFor, err = readNumbers(rows(said.get("also_for")), it.line); err != nil {
		r.keep(it.line, "Action", []string{"also for: " + said.get("also_for")}, "kept in the background: "+err.Error())
	}
	r.place(incident.Actions, it.line)
	r.in.Actions = append(r.in.Actions, a)
}
