package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	box "github.com/debriefhq/debrief/incident/query"
)

const (
	guessTime  = 200 * time.Millisecond
	mostChosen = 8 // near words that are looked for, to see whether the reader finds them
	mostMeant  = 2 // of those found that take the place of one
)

// findable tells which of the queries $1 find anything that the reader $2 may see.
const findable = `
	select t.i
	from   unnest($1::text[]::tsquery[]) with ordinality as t (words, i)
	where  exists (
		select from search s
		join   incidents i on i.number = s.incident
		where  s.words @@ t.words
		and    not i.archived
		and    i.visibility = 'internal')
	or     exists (
		select from search s
		join   incidents i on i.number = s.incident
		where  s.hides
		and    s.incident = any(array(select n.incident from named n where n.name = $2))
		and    s.whole_words @@ t.words
		and    not i.archived)`

// finds tells which words the reader finds anything by.
func (r *search) finds(ctx context.Context, queries []string) (found map[int]bool, err error) {
	found = map[int]bool{}
	left := min(guessTime, time.Until(r.until))
	if len(queries) == 0 || left < time.Millisecond {
		return found, nil
	}
	err = r.s.within(ctx, left, findable, []any{queries, fold(r.by.Name)}, func(rows pgx.Rows) error {
		var i int
		_, err := pgx.ForEachRow(rows, []any{&i}, func() error {
			found[i-1] = true
			return nil
		})
		return err
	})
	if late(err) {
		return nil, err
	}
	return found, refuse(err, "search for single words")
}

// guess puts words that may have been meant beside those that find nothing, and says so. Only words that the reader
// finds something by are thought of: that another exists would tell of records that they may not know of.
func (r *search) guess(ctx context.Context) (guessed bool, err error) {
	queries := make([]string, len(r.words.all))
	for i, s := range r.words.all {
		queries[i] = s.tsquery("")
	}
	found, err := r.finds(ctx, queries)
	if late(err) {
		r.page.Partial = true
		return false, nil
	}
	if err != nil {
		return false, err
	}
	r.plan.Meant = make([][]string, len(r.words.all))
	for i := range r.words.all {
		if found[i] {
			continue
		}
		word, single := onlyWord(r.words.all[i])
		if !single {
			r.plan.Weights[i] = 0
			continue
		}
		meant, err := r.meant(ctx, word)
		if err != nil {
			return false, err
		}
		if len(meant) == 0 {
			r.plan.Weights[i] = 0 // nothing can have it
		} else {
			r.plan.Meant[i], r.words.all[i].meant, guessed = meant, meant, true
			r.page.Hints = append(r.page.Hints, fmt.Sprintf("nothing has “%s”: looked for “%s”", r.words.all[i].terms[0].Text, strings.Join(meant, "” and “")))
		}
	}
	if !guessed {
		r.plan.Meant = nil
	}
	return guessed, nil
}

// onlyWord is the one word that is sought, if it is one that can be mistyped.
func onlyWord(s sought) (string, bool) {
	if len(s.terms) != 1 || s.terms[0].Prefix {
		return "", false
	}
	words := box.Words(s.terms[0].Text)
	if len(words) != 1 || !inLexicon(words[0]) {
		return "", false
	}
	return words[0].Text, true
}

// meant are near words that the reader finds.
func (r *search) meant(ctx context.Context, word string) (all []string, err error) {
	near, err := r.s.near(ctx, word)
	if err != nil {
		return nil, refuse(err, "look for near words")
	}
	near = near[:min(mostChosen, len(near))]
	queries := make([]string, len(near))
	for i, word := range near {
		queries[i] = termQuery(box.Term{Text: word}, "")
	}
	found, err := r.finds(ctx, queries)
	if late(err) {
		return nil, nil
	}
	for i, word := range near {
		if found[i] && len(all) < mostMeant {
			all = append(all, word)
		}
	}
	return all, err
}
