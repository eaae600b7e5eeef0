package document

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/debriefhq/debrief/incident"
)

// longestDocument bounds what is read, in bytes.
const longestDocument = 32 << 20

// reader gathers a record from our own Markdown.
type reader struct {
	in     *incident.Incident
	clock  clockwork
	report []Loss
	aside  []string // what belongs nowhere, to be kept in the background
	heads  map[incident.PartKind][]string
}

// ReadMarkdown reads a record from Markdown. A front matter with the key
// debrief, even an empty one, makes it our own form: what WriteMarkdown wrote
// comes back without loss, and what a person wrote by hand is understood as far
// as it goes. Any other Markdown is a stranger's: its text is kept whole in the
// background. In both, nothing that was in the document vanishes, and Report
// names what is kept only as text.
//
// It refuses a document that is not UTF-8 with Malformed, one over 32 MiB with
// TooLarge, and a front matter of ours that is not YAML with Invalid and the line.
func ReadMarkdown(in io.Reader) (*Reading, error) {
	text, err := readAll(in)
	if err != nil {
		return nil, err
	}
	front, body, start, ok := cutFront(text)
	if !ok {
		return stranger(text, nil), nil
	}
	keys, err := readYAML(front)
	ours := slices.ContainsFunc(keys, func(f field) bool { return f.key == assignedKey })
	switch {
	case err != nil && (strings.HasPrefix(front, assignedKey+":") || strings.Contains(front, "\n"+assignedKey+":")):
		return nil, err
	case !ours:
		return stranger(text, keys), nil
	}
	r := &reader{in: &incident.Incident{}, report: []Loss{}, heads: map[incident.PartKind][]string{}}
	if err := r.front(keys, strings.Split(front, "\n")); err != nil {
		return nil, err
	}
	r.body(strings.Split(body, "\n"), start)
	r.finish()
	return &Reading{Incident: r.in, Ours: true, Report: r.report}, nil
}

// readAll reads a document with line ends as \n and without a byte order mark.
func readAll(in io.Reader) (string, error) {
	data, err := readLimited(in)
	switch {
	case err != nil:
		return "", err
	case !utf8.Valid(data):
		return "", incident.Refuse(incident.Malformed, "", "the document is not UTF-8: save it as UTF-8")
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), nil
}

// cutFront takes the front matter off; start is the number of the first line
// of the body.
func cutFront(text string) (front, body string, start int, ok bool) {
	lines := strings.Split(text, "\n")
	if strings.TrimRight(lines[0], " \t") != "---" {
		return "", text, 1, false
	}
	for i, line := range lines[1:] {
		if end := strings.TrimRight(line, " \t"); end == "---" || end == "..." {
			return strings.Join(lines[1:i+1], "\n"), strings.Join(lines[i+2:], "\n"), i + 3, true
		}
	}
	return "", text, 1, false
}

// lose reports what is kept only as text.
func (r *reader) lose(line int, text, why string) {
	r.report = append(r.report, loss(line, text, why))
}

// loss shows the beginning of a text.
func loss(line int, text, why string) Loss {
	const shown = 80
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	if cut := []rune(text); len(cut) > shown {
		text = string(cut[:shown-1]) + "…"
	}
	return Loss{line, text, why}
}

// keep puts what belongs nowhere into the background, and reports it.
func (r *reader) keep(line int, heading string, lines []string, why string) {
	kept, skipped := trim(lines)
	if len(kept) == 0 {
		return
	}
	r.aside = append(r.aside, "### "+heading+"\n\n"+strings.Join(kept, "\n"))
	r.lose(line+skipped, kept[0], why)
}

// unknown keeps what stands under a heading that means nothing to us, and the
// heading also where nothing stands under it.
func (r *reader) unknown(s section, why string) {
	if kept, _ := trim(s.lines); len(kept) == 0 {
		r.aside = append(r.aside, "### "+s.name)
		r.lose(s.line-1, s.name, why)
		return
	}
	r.keep(s.line, s.name, s.lines, why)
}

// moment reads a time; one that cannot be read stays as it was written.
func (r *reader) moment(clock clockwork, text string, line int) *incident.Moment {
	m, why, ok := clock.read(text)
	if !ok {
		r.lose(line, text, "kept as written, without an instant: "+why)
	}
	return m
}

// audience reads who may see a part.
func (a *attrs) audience() incident.Audience { return incident.Audience(a.pick(audienceNames...)) }

// said reports braces at the end of a text without properties that look like
// some, and mean nothing to us.
func (r *reader) said(line int, text string, a *attrs) {
	if braces, found := misspelt(text); found && a.String() == "" {
		r.lose(line, braces, "kept as text: these braces hold a word or a key that is not known here")
	}
}

// finish puts the parts together, and the record into its normal form.
func (r *reader) finish() {
	if len(r.aside) > 0 {
		all := r.aside
		if r.in.Background != "" {
			all = append([]string{r.in.Background}, all...)
		}
		r.in.Background = strings.Join(all, "\n\n")
	}
	for _, k := range incident.PartKinds {
		r.restore(k)
	}
	for i := range r.in.Analysis.Whys {
		r.resolve(&r.in.Analysis.Whys[i].Evidence)
	}
	for i := range r.in.Analysis.Factors {
		r.resolve(&r.in.Analysis.Factors[i].Evidence)
	}
	r.in.Normalize()
}

// restore gives the parts of a kind the ids, revisions and positions that stand
// under debrief, as long as there is one for each.
func (r *reader) restore(k incident.PartKind) {
	parts, tokens := r.in.Parts(k), r.heads[k]
	if len(tokens) > 0 && len(tokens) != len(parts) {
		r.lose(0, string(k), fmt.Sprintf("the document has %d of these, but %d ids under debrief: they get new ids", len(parts), len(tokens)))
		tokens = nil
	}
	for i, p := range parts {
		p.Head().Position = int64(i + 1)
		if tokens != nil {
			readHead(p.Head(), tokens[i])
		}
	}
}

// readHead reads what headToken wrote.
func readHead(h *incident.PartHead, token string) {
	token, position, placed := strings.Cut(token, "@")
	id, revision, counted := strings.Cut(token, ".")
	if h.ID, h.Revision = id, 1; id == "-" {
		h.ID, h.Revision = "", 0
	}
	if n, err := strconv.ParseInt(revision, 10, 64); counted && err == nil {
		h.Revision = n
	}
	if n, err := strconv.ParseInt(position, 10, 64); placed && err == nil {
		h.Position = n
	}
}

// resolve turns rows of the timeline into ids. An entry that has none gets one
// made from its row, so that what points at it finds it.
func (r *reader) resolve(evidence *[]string) {
	for i, token := range *evidence {
		row, err := strconv.Atoi(token)
		if err != nil || len(token) > 6 || row < 1 || row > len(r.in.Timeline) {
			continue // an id, or a row that is not there: checking refuses it
		}
		entry := &r.in.Timeline[row-1]
		if entry.ID == "" {
			entry.ID = fmt.Sprintf("row%09d", row)
		}
		(*evidence)[i] = entry.ID
	}
}
