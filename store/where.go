package store

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	box "github.com/debriefhq/debrief/incident/query"
)

const (
	snippetWords = 28 // of a piece of text that is shown
	leadingWords = 6  // of them before the first that was found
)

// marker finds in the texts of a hit what was sought.
type marker struct {
	all   []sought
	stems map[string][]int // of words, which of all they are of
	begun []begun
	heads string   // first bytes of what is in stems and begun
	opens []string // of each what every word of it opens with
	has   []bool   // of all
}

// begun is a word of which only the beginning is sought.
type begun struct {
	text string
	of   int
}

func newMarker(all []sought) *marker {
	m := &marker{all: all, stems: map[string][]int{}, has: make([]bool, len(all))}
	for i, s := range all {
		for _, t := range s.terms {
			m.term(i, t)
		}
		for _, word := range s.meant {
			m.term(i, box.Term{Text: word})
		}
	}
	return m
}

func (m *marker) term(i int, t box.Term) {
	for _, w := range telling(t) {
		if m.heads += w.Text[:1]; t.Prefix && w.To == len(t.Text) {
			m.begun, m.opens = append(m.begun, begun{w.Text, i}), append(m.opens, opening(w.Text))
			continue
		}
		m.stems[w.Stem()], m.opens = append(m.stems[w.Stem()], i), append(m.opens, opening(w.Stem()))
	}
}

// of tells which of all a word is of. Its stem begins like it, so most words need no stem.
func (m *marker) of(w box.Word) []int {
	if !strings.Contains(m.heads, w.Text[:1]) {
		return nil
	}
	of := m.stems[w.Stem()]
	for _, b := range m.begun {
		if strings.HasPrefix(w.Text, b.text) {
			of = append(slices.Clip(of), b.of)
		}
	}
	return of
}

// opening is what every word opens with that begins so, or has this stem. Stems differ from their words at the end:
// of dying it is die, of skies sky.
func opening(stem string) string {
	return stem[:max(1, min(3, len(stem)-2))]
}

// may tells whether there can be any of what is sought in a text: most have none, and splitting into words takes long.
func (m *marker) may(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return true
		}
		for _, opening := range m.opens {
			if opens(text[i:], opening) {
				return true
			}
		}
	}
	return false
}

// opens tells whether an ASCII text begins so, whatever its case, and with what is in no word left out.
func opens(text, opening string) bool {
	at := 0
	for i := 0; i < len(text) && at < len(opening); i++ {
		c := text[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		switch {
		case c == opening[at]:
			at++
		case at == 0 || c != '-' && c != '\'':
			return false
		}
	}
	return at == len(opening)
}

// found is a line of a body with what was found in it.
type foundLine struct {
	place, text string
	words       []box.Word
	of          [][]int // of each word
	has         []bool  // of all that is sought
	unseen      float64 // what it adds to the lines before it
}

// places are the lines of a body that show most of what was found, the most telling first.
func (m *marker) places(body string, weights []float64) []Place {
	var lines []*foundLine
	for text := range strings.Lines(body) {
		if l := m.line(strings.TrimSuffix(text, "\n")); l != nil {
			lines = append(lines, l)
		}
	}
	shown := make([]bool, len(m.all))
	all := []Place{}
	if len(lines) > 0 && lines[0].place == "title" { // it stands above the others, which show the same words in their places
		all = append(all, lines[0].shown())
		m.note(lines[0])
		lines = lines[1:]
	}
	for len(all) < mostPlacesOf {
		var best *foundLine
		for _, l := range lines {
			m.note(l)
			l.unseen = 0
			for i, has := range l.has {
				if has && !shown[i] {
					l.unseen += weights[i]
				}
			}
			if best == nil || l.unseen > best.unseen {
				best = l
			}
		}
		if best == nil || best.unseen == 0 {
			break
		}
		for i, has := range best.has {
			shown[i] = shown[i] || has
		}
		all = append(all, best.shown())
	}
	return all
}

// note keeps what the line has.
func (m *marker) note(l *foundLine) {
	for i, has := range l.has {
		m.has[i] = m.has[i] || has
	}
}

func (l *foundLine) shown() Place {
	part, id, _ := strings.Cut(l.place, " ")
	return Place{Part: part, ID: id, Snippet: l.snippet()}
}

// line is nil where nothing was found.
func (m *marker) line(text string) *foundLine {
	place, text, _ := strings.Cut(text, "\t")
	text = strings.ReplaceAll(text, "**", "") // only what was found is marked so
	if !m.may(text) {
		return nil
	}
	l := &foundLine{place: place, text: text, words: box.Words(text), has: make([]bool, len(m.all))}
	l.of = make([][]int, len(l.words))
	any := false
	for i, w := range l.words {
		l.of[i] = m.of(w)
		for _, of := range l.of[i] {
			l.has[of], any = true, true
		}
	}
	if !any {
		return nil
	}
	return l
}

// snippet is the piece of the line with most of what was found, that between ** and **.
func (l *foundLine) snippet() string {
	from, to := l.window()
	var b strings.Builder
	at := 0
	if from > 0 {
		at = l.words[from].From
		_, _ = b.WriteString("… ") // a builder never fails
	}
	marked := 0 // up to where
	for i := from; i < to; i++ {
		w := l.words[i]
		if len(l.of[i]) == 0 || w.From < marked {
			continue
		}
		_, _ = b.WriteString(l.text[at:w.From] + "**" + l.text[w.From:w.To] + "**")
		at, marked = w.To, w.To
	}
	end := len(l.text)
	if to < len(l.words) {
		end = max(at, l.words[to-1].To)
	}
	_, _ = b.WriteString(l.text[at:end])
	if end < len(l.text) {
		_, _ = b.WriteString(" …")
	}
	return b.String()
}

// window is the span of words that holds most different things that are sought.
func (l *foundLine) window() (from, to int) {
	best := 0
	for i := range l.words {
		if len(l.of[i]) == 0 {
			continue
		}
		seen := map[int]bool{}
		for j := i; j < min(i+snippetWords-leadingWords, len(l.words)); j++ {
			for _, of := range l.of[j] {
				seen[of] = true
			}
		}
		if len(seen) > best {
			best, from = len(seen), max(0, i-leadingWords)
		}
	}
	return from, min(from+snippetWords, len(l.words))
}

// lacks are the terms that were found nowhere in the hit.
func (m *marker) lacks() (all []string) {
	for i, s := range m.all {
		if !m.has[i] {
			all = append(all, s.terms[0].String())
		}
	}
	return all
}

// partsWhen reads the moments of parts $2 of incidents $1.
const partsWhen = `
	select x.incident, x.id, coalesce(e.at, m.at, p."from")
	from   unnest($1::bigint[], $2::text[]) as x (incident, id)
	left   join entries  e on e.incident = x.incident and e.id = x.id
	left   join messages m on m.incident = x.incident and m.id = x.id
	left   join impacts  p on p.incident = x.incident and p.id = x.id`

// tellWhen fills in the moments of places. The places are those that the reader may see.
func (s *Store) tellWhen(ctx context.Context, hits []Hit) error {
	var numbers []incident.Number
	var ids []string
	for _, h := range hits {
		for _, p := range h.Where {
			if timedParts[incident.PartKind(p.Part)] {
				numbers, ids = append(numbers, h.Number), append(ids, p.ID)
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := s.pool.Query(ctx, partsWhen, numbers, ids) //nolint:rowserrcheck // ForEachRow asks
	if err != nil {
		return refuse(err, "read when it was")
	}
	type part struct {
		of incident.Number
		id string
	}
	when := map[part]*incident.Moment{}
	var p part
	var at *incident.Moment
	_, err = pgx.ForEachRow(rows, []any{&p.of, &p.id, told{&at}}, func() error {
		when[p] = at
		return nil
	})
	for i := range hits {
		for j := range hits[i].Where {
			hits[i].Where[j].At = when[part{hits[i].Number, hits[i].Where[j].ID}]
		}
	}
	return refuse(err, "read when it was")
}

// timedParts are those that have a moment.
var timedParts = map[incident.PartKind]bool{incident.Timeline: true, incident.Messages: true, incident.Impacts: true}
