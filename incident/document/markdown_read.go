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

const (
	longestDocument = 64 << 20 // bytes
	// mostPieces bounds the sections and parts of a document of ours: more than
	// a record can hold, so that what could not be kept is refused early.
	mostPieces = 20_000
)

// reader gathers a record from our own Markdown.
type reader struct {
	in      *incident.Incident
	clock   clockwork
	losses  losses
	aside   []string             // what belongs nowhere, to be kept in the background
	texts   map[*string][]string // the pieces of a text that has several sections
	heads   map[incident.PartKind][]string
	lines   map[string]int // JSON pointer → line, from 1
	parts   map[incident.PartKind][]int
	pieces  int   // sections and parts read
	refused error // the first reason to refuse the document

	frontLines []string     // of the front matter, from the document's second on
	unknownAt  map[int]bool // those that mean nothing to us, by their number
}

func newReader() *reader {
	return &reader{
		in: &incident.Incident{}, texts: map[*string][]string{}, heads: map[incident.PartKind][]string{},
		lines: map[string]int{}, parts: map[incident.PartKind][]int{}, unknownAt: map[int]bool{},
	}
}

// ReadMarkdown reads a record from Markdown. A front matter with the key
// debrief, even an empty one, makes it our own form: what WriteMarkdown wrote
// comes back without loss, and what a person wrote by hand is understood as far
// as it goes. Any other Markdown is a stranger's: its text is kept whole in the
// background. In both, nothing that was in the document vanishes, and Report
// names what is kept only as text.
//
// It refuses a document that is not UTF-8 with Malformed, one over 64 MiB with
// TooLarge, and with Invalid and the line a front matter of ours that is not
// YAML, and a document of more parts than a record can hold.
func ReadMarkdown(in io.Reader) (*Reading, error) {
	text, err := readAll(in)
	if err != nil {
		return nil, err
	}
	front, body, start, ok := cutFront(text)
	if !ok {
		if err := unended(text); err != nil {
			return nil, err
		}
		return stranger(text, nil), nil
	}
	keys, comments, err := readYAML(front)
	ours := slices.ContainsFunc(keys, func(f field) bool { return f.key == assignedKey })
	switch {
	case err != nil && (strings.HasPrefix(front, assignedKey+":") || strings.Contains(front, "\n"+assignedKey+":")):
		return nil, err
	case !ours:
		return stranger(text, keys), nil
	}
	r := newReader()
	r.frontLines = strings.Split(front, "\n")
	if err := r.front(keys, comments); err != nil {
		return nil, err
	}
	r.body(strings.Split(body, "\n"), start)
	if r.refused != nil {
		return nil, r.refused
	}
	r.finish()
	return &Reading{Incident: r.in, Ours: true, Report: r.losses.all(), lines: r.lines}, nil
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

// cutFront takes the front matter off, with the blank lines before it as blank
// lines of its own; start is the number of the first line of the body.
func cutFront(text string) (front, body string, start int, ok bool) {
	lines := strings.Split(text, "\n")
	_, blank := trim(lines)
	if blank == len(lines) || !ruled(lines[blank], "---") {
		return "", text, 1, false
	}
	for i := blank + 1; i < len(lines); i++ {
		if ruled(lines[i], "---") || ruled(lines[i], "...") {
			front = strings.Repeat("\n", blank) + strings.Join(lines[blank+1:i], "\n")
			return front, strings.Join(lines[i+1:], "\n"), i + 2, true
		}
	}
	return "", text, 1, false
}

func ruled(line, mark string) bool { return strings.TrimRight(line, " \t") == mark }

// unended refuses a front matter of ours that has no end: all that follows
// would be taken for a stranger's.
func unended(text string) error {
	lines := strings.Split(text, "\n")
	kept, _ := trim(lines)
	at := slices.IndexFunc(lines, func(line string) bool { return ruled(line, assignedKey+":") })
	if at < 0 || !ruled(kept[0], "---") {
		return nil
	}
	return badAt(at+1, "it has no end: put a line --- after its last key")
}

// crowded refuses a document of more sections and parts than a record can hold.
func (r *reader) crowded(more, line int) bool {
	if r.pieces += more; r.pieces > mostPieces && r.refused == nil {
		r.refused = incident.Refuse(incident.Invalid, "",
			fmt.Sprintf("the section of line %d brings more than %d sections and parts: split the document into several records", max(line-1, 1), mostPieces))
	}
	return r.refused != nil
}

// place remembers the line of the part that is added next.
func (r *reader) place(k incident.PartKind, line int) { r.parts[k] = append(r.parts[k], line) }

func (r *reader) lose(line int, text, why string) { r.losses.add(line, text, why) }

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
	return r.momentIn(clock, "", text, line)
}

// momentIn is moment for a time whose column may name a zone.
func (r *reader) momentIn(clock clockwork, zone, text string, line int) *incident.Moment {
	m, why, ok := clock.readIn(zone, text)
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
	for text, pieces := range r.texts {
		*text = strings.Join(append(nonempty(*text), pieces...), "\n\n")
	}
	if len(r.aside) > 0 {
		r.in.Background = strings.Join(append(nonempty(r.in.Background), r.aside...), "\n\n")
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
	for i := range r.in.Messages {
		m := &r.in.Messages[i]
		if at, is := rowOf(m.Corrects, len(r.in.Messages)); is {
			m.Corrects = idIn(r.in.Messages[at-1].Head(), "msg", at)
		}
	}
	placed := r.placed()
	r.in.Normalize()
	for _, k := range incident.PartKinds {
		for i, p := range r.in.Parts(k) {
			r.lines[fmt.Sprintf("%s/%d", k.Pointer(), i)] = placed[k][p.Head().Position]
		}
	}
}

// placed are the lines of the parts by position, which putting them in order
// does not change.
func (r *reader) placed() map[incident.PartKind]map[int64]int {
	all := map[incident.PartKind]map[int64]int{}
	for _, k := range incident.PartKinds {
		all[k] = map[int64]int{}
		for i, p := range r.in.Parts(k) {
			all[k][p.Head().Position] = r.parts[k][i]
		}
	}
	return all
}

func nonempty(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
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

// resolve turns rows of the timeline into ids.
func (r *reader) resolve(evidence *[]string) {
	for i, token := range *evidence {
		if row, is := rowOf(token, len(r.in.Timeline)); is {
			(*evidence)[i] = idIn(r.in.Timeline[row-1].Head(), "row", row)
		}
	}
}

// rowOf reads a number from 1 to last. What is none is an id, or a row that is
// not there: checking refuses that.
func rowOf(token string, last int) (int, bool) {
	row, err := strconv.Atoi(token)
	return row, err == nil && len(token) <= 6 && row >= 1 && row <= last
}

// idIn is the id of the part in a row. One that has none gets one made from its
// row and three letters, so that what points at it finds it.
func idIn(h *incident.PartHead, letters string, row int) string {
	if h.ID == "" {
		h.ID = fmt.Sprintf("%s%09d", letters, row)
	}
	return h.ID
}
