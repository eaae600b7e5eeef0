package store

import (
	"strconv"
	"strings"

	"github.com/debriefhq/debrief/incident"
	box "github.com/debriefhq/debrief/incident/query"
)

// longestBody bounds the text of an incident that is searched, in bytes, far below what a tsvector holds.
const longestBody = 250_000

// side is a part of the searched text: that which everybody may find who may know of the incident, or the private.
type side struct {
	body   strings.Builder // a line for each text: its place, a tab, the text
	pieces []*piece
}

// piece is a text of a record with what its words weigh.
type piece struct {
	text   string
	weight byte
	split  []box.Word
}

// words are those of the text, split when first asked for.
func (p *piece) words() []box.Word {
	if p.split == nil {
		p.split = box.Words(p.text)
	}
	return p.split
}

// texts gathers the searched text of a record, what is private apart.
type texts struct{ open, private side }

// add adds what stands in one place of the record.
func (t *texts) add(a incident.Audience, weight byte, place string, words ...string) {
	to := &t.open
	if a == incident.AudiencePrivate {
		to = &t.private
	}
	text := strings.Join(strings.FieldsFunc(strings.Join(words, "\n"), func(r rune) bool { return r == '\n' || r == '\t' || r == '\r' }), " ")
	text = cut(text, longestBody-to.body.Len())
	if text == "" {
		return
	}
	_, _ = to.body.WriteString(place + "\t" + text + "\n") // a builder never fails
	to.pieces = append(to.pieces, &piece{text: text, weight: weight})
}

// cut takes at most n bytes of a text, whole characters.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:max(0, n)], "")
}

// part adds the words of a part. A remark on something hidden is hidden too.
func (t *texts) part(p incident.Part, hidden map[string]bool) {
	a := p.Seen()
	if hides(p, hidden) {
		a = incident.AudiencePrivate
	}
	place := string(p.PartKind()) + " " + p.Head().ID
	switch p := p.(type) {
	case *incident.Entry:
		t.add(a, restWeight, place, p.Text, p.Actor)
	case *incident.Impact:
		t.add(a, restWeight, place, p.Component, p.Text)
	case *incident.Why:
		t.add(a, causeWeight, place, p.Why, p.Because)
	case *incident.Factor:
		t.add(a, causeWeight, place, p.Text, p.Category)
	case *incident.Lesson:
		t.add(a, causeWeight, place, p.Text)
	case *incident.Message:
		t.add(a, restWeight, place, p.Body, p.Author)
	case *incident.Action:
		t.add(a, restWeight, place, p.Title, p.Owner, p.Reason)
	case *incident.Comment:
		t.add(a, restWeight, place, p.Text)
	}
}

// record adds the words of a record, the most telling first, because what is over the bound is left out.
func (t *texts) record(in *incident.Incident) {
	t.add("", titleWeight, "title", in.Title)
	t.add("", titleWeight, "public_title", in.PublicTitle)
	t.add("", summaryWeight, "tags", strings.Join(in.Tags, ", "))
	t.add("", summaryWeight, "summary", in.Summary)
	t.add("", summaryWeight, "public_summary", in.PublicSummary)
	for _, name := range []string{"trigger", "technical_cause", "process_cause"} {
		if s := *in.Analysis.Statements()[name]; s != nil {
			t.add(s.Audience, causeWeight, name, s.Text)
		}
	}
	t.add("", restWeight, "background", in.Background)
	var people []string
	for _, p := range in.People {
		people = append(people, p.Name)
	}
	t.add("", restWeight, "people", strings.Join(people, ", "))
	hidden := in.Hidden()
	for _, k := range incident.PartKinds {
		for _, p := range in.Parts(k) {
			t.part(p, hidden)
		}
	}
}

// everybodysIncident tells whether everybody may know of an incident and find it.
func everybodysIncident(in *incident.Incident) bool {
	return in.Visibility != incident.VisiblePrivate && !in.Archived
}

// openWords is the vector of what everybody may find.
func (t *texts) openWords() *vector {
	v := &vector{}
	for _, p := range t.open.pieces {
		v.text(p)
	}
	return v
}

// wholeWords is the vector of all.
func (t *texts) wholeWords() *vector {
	v := t.openWords()
	for _, p := range t.private.pieces {
		v.text(p)
	}
	return v
}

// dated adds the marks of when an incident was filed.
func (v *vector) dated(n incident.Number) *vector {
	v.add(eraMark+strconv.FormatInt(int64(n)/eraLength, 10), spot{})
	v.add(ageMark+strconv.FormatInt(int64(n)/ageLength, 10), spot{})
	return v
}

// setWords replaces the searched words of an incident.
const setWords = `
	insert into search (incident, body, private_body, words, whole_words, hides)
	values ($1, $2, $3, $4::tsvector, $5::tsvector, $6)
	on conflict on constraint search_pkey do update
	set    body = excluded.body, private_body = excluded.private_body,
	       words = excluded.words, whole_words = excluded.whole_words, hides = excluded.hides`

// addWords adds to them, up to the bound: $4 are open words of an incident that everybody may know of, $5 all that are
// added, $6 says that some of them are hidden.
const addWords = `
	update search s
	set    body = s.body || $2, private_body = s.private_body || $3,
	       words = more_words(s.words, $4::tsvector),
	       whole_words = case
			when s.hides then more_words(s.whole_words, $5::text::tsvector)
			when $6 then more_words(s.words, $5::text::tsvector)
			else ''
		end,
	       hides = s.hides or $6
	where  s.incident = $1
	and    octet_length(s.body) + octet_length(s.private_body) < $7`

// searched is the text of a record that is searched.
type searched struct {
	open, private string
	everybodys    bool
}

func wordsOf(in *incident.Incident) (searched, *texts) {
	t := &texts{}
	t.record(in)
	return searched{t.open.body.String(), t.private.body.String(), everybodysIncident(in)}, t
}

// index queues the words of the whole record, whose text before was another; nil when it is new.
func (w *writer) index(before, in *incident.Incident) {
	now, t := wordsOf(in)
	known := map[string]bool{}
	if before != nil {
		was, old := wordsOf(before)
		if was == now {
			return
		}
		if was.everybodys {
			known = old.open.surface(known)
		}
	}
	none, hides := &vector{}, in.Visibility == incident.VisiblePrivate || now.private != ""
	open, whole := none, none
	if now.everybodys {
		open = t.openWords().dated(in.Number)
		w.lexicon(&t.open, known, before == nil)
	}
	if hides && !in.Archived {
		whole = t.wholeWords()
	}
	w.batch.Queue(setWords, in.Number, now.open, now.private, open.String(), whole.String(), hides)
}

// indexMore queues the words of parts that are appended.
func (w *writer) indexMore(in *incident.Incident, t *texts) {
	open, hides := &vector{}, in.Visibility == incident.VisiblePrivate || len(t.private.pieces) > 0
	if everybodysIncident(in) {
		open = t.openWords()
		w.lexicon(&t.open, map[string]bool{}, false)
	}
	w.batch.Queue(addWords, in.Number, t.open.body.String(), t.private.body.String(), open.String(), t.wholeWords().String(), hides, longestBody)
}

// surface adds the words as they are written that a lexicon may hold.
func (s *side) surface(known map[string]bool) map[string]bool {
	for _, p := range s.pieces {
		for _, w := range p.words() {
			if inLexicon(w) {
				known[w.Text] = true
			}
		}
	}
	return known
}
