package store

import (
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// longestBody bounds the text of an incident that is searched, in bytes, far below what a tsvector holds.
const longestBody = 250_000

// texts gathers the searched text of a record, what is private apart.
type texts struct{ open, private strings.Builder }

func (t *texts) add(a incident.Audience, words ...string) {
	to := &t.open
	if a == incident.AudiencePrivate {
		to = &t.private
	}
	for _, w := range words {
		if w == "" || to.Len() >= longestBody {
			continue
		}
		_, _ = to.WriteString(cut(w, longestBody-to.Len())) // a builder never fails
		_ = to.WriteByte('\n')
	}
}

// cut takes at most n bytes of a text, whole characters.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "")
}

// part adds the words of a part. A remark on something hidden is hidden too.
func (t *texts) part(p incident.Part, hidden map[string]bool) {
	a := p.Seen()
	if hides(p, hidden) {
		a = incident.AudiencePrivate
	}
	switch p := p.(type) {
	case *incident.Entry:
		t.add(a, p.Text, p.Actor)
	case *incident.Impact:
		t.add(a, p.Component, p.Text)
	case *incident.Why:
		t.add(a, p.Why, p.Because)
	case *incident.Factor:
		t.add(a, p.Text, p.Category)
	case *incident.Lesson:
		t.add(a, p.Text)
	case *incident.Message:
		t.add(a, p.Body, p.Author)
	case *incident.Action:
		t.add(a, p.Title, p.Owner, p.Reason)
	case *incident.Comment:
		t.add(a, p.Text)
	}
}

// record adds the words of a record, the most telling first, because what is over the bound is left out.
func (t *texts) record(in *incident.Incident) {
	t.add("", in.Title, in.Summary, in.PublicTitle, in.PublicSummary, strings.Join(in.Tags, " "))
	for _, s := range []*incident.Statement{in.Analysis.Trigger, in.Analysis.TechnicalCause, in.Analysis.ProcessCause} {
		if s != nil {
			t.add(s.Audience, s.Text)
		}
	}
	t.add("", in.Background)
	for _, p := range in.People {
		t.add("", p.Name)
	}
	hidden := in.Hidden()
	for _, k := range incident.PartKinds {
		for _, p := range in.Parts(k) {
			t.part(p, hidden)
		}
	}
}

// setWords replaces the searched words of an incident. The whole is kept only where a part of it is private.
const setWords = `
	insert into search (incident, body, words, private_body, whole_words)
	select $1, $2, open.words, $3, case $3 when '' then '' else more_words(open.words, $3) end
	from   more_words('', $2) as open (words)
	on conflict on constraint search_pkey do update
	set    body = excluded.body, words = excluded.words,
	       private_body = excluded.private_body, whole_words = excluded.whole_words`

// addWords adds to them, up to the bound.
const addWords = `
	update search s
	set    body = s.body || more.open,
	       words = more_words(s.words, more.open),
	       private_body = s.private_body || more.private,
	       whole_words = case s.private_body || more.private
			when '' then ''
			else more_words(more_words(case s.private_body when '' then s.words else s.whole_words end, more.open), more.private)
		end
	from   (
		select left($2, greatest(0, $4 - octet_length(body))), left($3, greatest(0, $4 - octet_length(private_body)))
		from   search
		where  incident = $1) as more (open, private)
	where  s.incident = $1`

// searched is the text of a record that is searched, the open and the private.
type searched struct{ open, private string }

func wordsOf(in *incident.Incident) searched {
	var t texts
	t.record(in)
	return searched{t.open.String(), t.private.String()}
}

// index queues the words of the whole record.
func (w *writer) index(in *incident.Incident) {
	words := wordsOf(in)
	w.batch.Queue(setWords, in.Number, words.open, words.private)
}
