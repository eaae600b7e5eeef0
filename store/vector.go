package store

import (
	"strconv"

	box "github.com/debriefhq/debrief/incident/query"
)

// The weights of words, as PostgreSQL names them: of titles, of summaries, of causes and lessons, of all the rest.
const (
	titleWeight   = 'A'
	summaryWeight = 'B'
	causeWeight   = 'C'
	restWeight    = 'D'
)

const (
	mostPlaces    = 255     // of one word in a tsvector
	lastPlace     = 16_383  // in a tsvector
	longestVector = 400_000 // bytes of a tsvector; PostgreSQL takes a little more than twice as much
	eraLength     = 1_000   // incidents
	ageLength     = 32_000  // incidents
)

// Beside its words an incident is found by marks, which no word looks like: the words of its title and summary once
// more, and when it was filed, so that a search for a common word need not look at more than the newest.
const (
	headMark = "="
	eraMark  = "~"
	ageMark  = "^"
)

// vector is a tsvector under construction.
type vector struct {
	places map[string][]spot
	stems  map[string]string // of words, which repeat
	next   int               // place of the next word
	size   int               // of the tsvector, at most
}

// spot is where a word stands, and its weight; 0 is none.
type spot struct {
	at     int
	weight byte
}

// text adds the words of a text, apart from those before it.
func (v *vector) text(p *piece) {
	last := -1
	for _, w := range p.words() {
		if last = max(last, w.At); w.Idle() {
			continue
		}
		stem := v.stem(w)
		v.add(stem, spot{min(v.next+w.At+1, lastPlace), p.weight})
		if p.weight == titleWeight || p.weight == summaryWeight {
			v.add(headMark+stem, spot{})
		}
	}
	v.next += last + 2
}

func (v *vector) stem(w box.Word) string {
	if v.stems == nil {
		v.stems = map[string]string{}
	}
	stem, known := v.stems[w.Text]
	if !known {
		stem = w.Stem()
		v.stems[w.Text] = stem
	}
	return stem
}

func (v *vector) add(lexeme string, p spot) {
	if v.places == nil {
		v.places = map[string][]spot{}
	}
	places, known := v.places[lexeme]
	if !known {
		v.size += len(lexeme) + 8
	}
	if v.size > longestVector || len(places) == mostPlaces || p == (spot{}) && known {
		return
	}
	if p != (spot{}) {
		v.size += 2
	}
	v.places[lexeme] = append(places, p)
}

// String writes it for PostgreSQL. Lexemes hold nothing that would have to be quoted.
func (v *vector) String() string {
	b := make([]byte, 0, v.size*2)
	for lexeme, places := range v.places {
		b = append(b, lexeme...)
		for i, p := range places {
			if p == (spot{}) {
				continue
			}
			if b = append(b, ','); i == 0 {
				b[len(b)-1] = ':'
			}
			b = append(strconv.AppendInt(b, int64(p.at), 10), p.weight)
		}
		b = append(b, ' ')
	}
	return string(b)
}
