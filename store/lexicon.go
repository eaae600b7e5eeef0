package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	box "github.com/debriefhq/debrief/incident/query"
)

const (
	shortestLearned = 3   // characters of a word that can be mistyped
	longestLearned  = 25  // characters
	newsAtOnce      = 200 // writes whose words are added up together
)

// inLexicon tells whether a word is one that somebody may have meant: made of letters, and saying something.
func inLexicon(w box.Word) bool {
	n := utf8.RuneCountInString(w.Text)
	return n >= shortestLearned && n <= longestLearned && !w.Joined && !w.Idle() && !strings.ContainsFunc(w.Text, func(r rune) bool { return !unicode.IsLetter(r) })
}

// lexicon notes the words that everybody may find, but those known. New says that the incident is.
func (w *writer) lexicon(s *side, known map[string]bool, isNew bool) {
	learned := s.surface(map[string]bool{})
	maps.DeleteFunc(learned, func(word string, _ bool) bool { return known[word] })
	for word := range learned {
		w.learned[word]++
	}
	if isNew {
		w.learned[everybodys]++
	}
}

// addNews notes words that incidents have had since, and in how many each; no times are once.
const addNews = `
	insert into word_news (words, times, records)
	values ($1, $2, $3)`

func (w *writer) queueNews() {
	records := w.learned[everybodys]
	delete(w.learned, everybodys)
	if records == 0 && len(w.learned) == 0 {
		return
	}
	words := orEmpty(slices.Sorted(maps.Keys(w.learned)))
	times, often := make([]int64, len(words)), false
	for i, word := range words {
		times[i] = w.learned[word]
		often = often || times[i] > 1
	}
	if !often {
		times = []int64{}
	}
	w.batch.Queue(addNews, words, times, records)
}

const (
	// takeNews takes notes to add up. It takes none while another does.
	takeNews = `
	delete from word_news
	where  id in (
		select   id
		from     word_news
		where    (select pg_try_advisory_xact_lock(hashtext('debrief lexicon')))
		order by id
		limit    $1)
	returning words, times, records`
	// learn adds words to the lexicon, in their order.
	learn = `
	insert into lexicon as l (word, stem, near, records)
	select   word, stem, string_to_array(near, ' '), records
	from     unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) as given (word, stem, near, records)
	order by word collate "C"
	on conflict on constraint lexicon_pkey do update
	set      records = l.records + excluded.records`
)

// FoldWords adds up the words that writers noted since the last time. It is a chore; writers do not wait for it.
func (s *Store) FoldWords(ctx context.Context) error {
	for {
		taken, err := s.foldSomeWords(ctx)
		if err != nil {
			return fmt.Errorf("add up words: %w", err)
		}
		if taken < newsAtOnce {
			return nil
		}
	}
}

func (s *Store) foldSomeWords(ctx context.Context) (taken int, err error) {
	err = pgx.BeginFunc(ctx, s.work, func(tx pgx.Tx) error {
		counts := map[string]int64{}
		rows, err := tx.Query(ctx, takeNews, newsAtOnce) //nolint:rowserrcheck // ForEachRow asks
		if err != nil {
			return err
		}
		var words []string
		var times []int64
		var records int64
		_, err = pgx.ForEachRow(rows, []any{&words, &times, &records}, func() error {
			taken++
			counts[everybodys] += records
			for i, word := range words {
				if counts[word]++; len(times) > 0 {
					counts[word] += times[i] - 1
				}
			}
			return nil
		})
		if err != nil || taken == 0 {
			return err
		}
		all := slices.Sorted(maps.Keys(counts))
		stems, near, times := make([]string, len(all)), make([]string, len(all)), make([]int64, len(all))
		for i, word := range all {
			times[i] = counts[word]
			for _, w := range box.Words(word) {
				stems[i] = w.Stem()
			}
			if word != everybodys {
				near[i] = strings.Join(lacking(word), " ")
			}
		}
		_, err = tx.Exec(ctx, learn, all, stems, near, times)
		return err
	})
	return taken, err
}

// lacking lists a word, and what it is without any one of its letters. Two words that one slip of the fingers makes
// of each other have one of these in common (the idea is SymSpell's, github.com/wolfgarbe/SymSpell).
func lacking(word string) []string {
	all := []string{word}
	for i, r := range word {
		all = append(all, word[:i]+word[i+utf8.RuneLen(r):])
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// lackingTwo are lacking, and of long words also what they are without two letters.
func lackingTwo(word string) []string {
	all := lacking(word)
	if utf8.RuneCountInString(word) >= longEnough {
		for _, w := range lacking(word) {
			all = append(all, lacking(w)...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

const (
	longEnough = 6  // characters of a word in which two slips are forgiven
	mostNear   = 40 // words that are compared
)

// nearWords finds the words of the lexicon that one or two slips make of $1.
const nearWords = `
	select   word, records
	from     lexicon
	where    near && $1::text[]
	order by records desc, word
	limit    $2`

// near lists words that may have been meant, the likeliest first. Whether the reader may find them is another question.
func (s *Store) near(ctx context.Context, word string) ([]string, error) {
	type known struct {
		word    string
		records int64
		slips   int
	}
	rows, err := s.pool.Query(ctx, nearWords, lackingTwo(word), mostNear)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (k known, err error) {
		return k, r.Scan(&k.word, &k.records)
	})
	if err != nil {
		return nil, err
	}
	forgiven := 1
	if utf8.RuneCountInString(word) >= longEnough {
		forgiven = 2
	}
	for i := range all {
		all[i].slips = slips([]rune(word), []rune(all[i].word))
	}
	all = slices.DeleteFunc(all, func(k known) bool { return k.slips > forgiven || k.slips == 0 })
	slices.SortStableFunc(all, func(a, b known) int {
		return cmp.Or(cmp.Compare(a.slips, b.slips), cmp.Compare(b.records, a.records))
	})
	var words []string
	for _, k := range all {
		words = append(words, k.word)
	}
	return words, nil
}

// slips counts the letters that were left out, added, mistaken, or swapped with their neighbour (optimal string alignment).
func slips(a, b []rune) int {
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := range a {
		before, last, row := rows[0], rows[1], rows[2]
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, row[j]+1, last[j+1]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		rows = [3][]int{last, row, before}
	}
	return rows[1][len(b)]
}
