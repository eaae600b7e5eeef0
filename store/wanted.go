package store

import (
	"context"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	box "github.com/debriefhq/debrief/incident/query"
)

// wanted are the words of a query, and what is known of how rare they are.
type wanted struct {
	all      []sought
	without  []box.Term
	rarity   []int64 // about how many records hold each of all
	records  int64   // about how many there are
	top      int64   // the greatest number, if there are any
	idle     bool    // there were only words that are in nearly every text
	building bool    // records are being indexed
}

const (
	fewRecords = 1000 // so many can all be compared
	someShare  = 50   // one in so many is thought to hold a word of which nothing is known
)

// readRarity tells how many records hold words of these stems; the empty one counts all.
const readRarity = `
	select   stem, sum(records)::bigint
	from     lexicon
	where    stem = any($1)
	group by stem`

// readTop reads the greatest number.
const readTop = `
	select   number
	from     incidents
	order by number desc
	limit    1`

// readBox understands what is written into the search box. It refuses what is no text.
func (s *Store) readBox(text string) (box.Query, error) {
	if strings.ContainsRune(text, 0) || !utf8.ValidString(text) {
		return box.Query{}, incident.Refuse(incident.Invalid, "/q", "is no text: it holds bytes that are no characters, or a NUL")
	}
	return box.Parse(text, s.clock()), nil
}

// wordsIn looks up the words of a query.
func (s *Store) wordsIn(ctx context.Context, q box.Query) (w wanted, err error) {
	w.all, w.without = soughtIn(q)
	w.idle = len(q.Terms) > 0 && len(w.all)+len(w.without) == 0
	if len(w.all) == 0 {
		return w, nil
	}
	known, stems := map[string]int64{}, []string{everybodys}
	for _, all := range w.all {
		for _, t := range all.terms {
			for _, word := range telling(t) {
				stems = append(stems, word.Stem())
			}
		}
	}
	b := &pgx.Batch{}
	b.Queue(readRarity, stems).Query(func(rows pgx.Rows) error {
		var stem string
		var records int64
		_, err := pgx.ForEachRow(rows, []any{&stem, &records}, func() error {
			known[stem] = records
			return nil
		})
		return err
	})
	b.Queue(readTop).Query(func(rows pgx.Rows) error {
		_, err := pgx.ForEachRow(rows, []any{&w.top}, func() error { return nil })
		return err
	})
	b.Queue(isUnindexed).QueryRow(func(row pgx.Row) error { return row.Scan(&w.building) })
	if err := s.send(ctx, b); err != nil {
		return w, refuse(err, "look up words")
	}
	w.records = max(1, known[everybodys])
	for _, all := range w.all {
		w.rarity = append(w.rarity, all.rarity(known, w.records))
	}
	return w, nil
}

// rarity is about how many records hold what is sought, given how many hold the stems.
func (s sought) rarity(known map[string]int64, records int64) (sum int64) {
	for _, t := range s.terms {
		least := records
		for _, word := range telling(t) {
			n := min(known[word.Stem()], records)
			switch {
			case word.Joined:
				continue
			case t.Prefix && word.To == len(t.Text), !inLexicon(word):
				n = 1 + records/someShare
			}
			least = min(least, n)
		}
		sum += least
	}
	return min(sum, records)
}

// few tells whether so few records hold all that is sought that each can be looked at.
func (w *wanted) few() bool {
	for _, n := range w.rarity {
		if n <= fewRecords {
			return true
		}
	}
	return w.top <= fewRecords
}

// weight is what it says of a record that it holds the i-th of what is sought (inverse document frequency).
func (w *wanted) weight(i int) float64 {
	return math.Log(1 + float64(w.records)/float64(1+w.rarity[i]))
}

// narrow adds that all words are held, and none of those to be without.
func (w *wanted) narrow(q *query, reader string) {
	if len(w.all) > 0 && w.few() {
		q.add(withRareWords, allOf(w.all), reader, reader, allOf(w.all))
	} else if len(w.all) > 0 {
		q.add(withWords, reader, allOf(w.all))
	}
	w.leaveOut(q, reader)
}

func (w *wanted) leaveOut(q *query, reader string) {
	if len(w.without) > 0 {
		q.add(withoutWords, reader, noneOf(w.without))
	}
}

// hints tell what the words can't find.
func (w *wanted) hints() (all []string) {
	if w.idle {
		all = append(all, "these words are in nearly every record: add one that says more")
	}
	if w.building {
		all = append(all, "the words of older records are still being gathered: some can't be found yet")
	}
	return all
}
