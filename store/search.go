package store

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// searchIncidents finds a page of incidents, newest first, and makes snippets for that page alone. $1 are the
// words, $2 the reader's folded name, $3 the number to go on before, $4 the limit. Private words are joined
// to the open ones of a row only for a reader who is named on it.
const searchIncidents = `
	with wanted as (
		select websearch_to_tsquery('simple', $1) as words),
	found as (
		select s.incident
		from   search s, wanted w
		where  s.words @@ w.words
		union
		select s.incident
		from   search s
		join   named  n on n.incident = s.incident and n.name = $2, wanted w
		where  s.private_words @@ w.words),
	page as (
		select   i.number
		from     incidents i
		join     found     f on f.incident = i.number
		where    not i.archived
		and      ` + visible + `
		and      i.number < $3
		order by i.number desc
		limit    $4)
	select ` + headingColumns + `,
	       ts_headline('simple',
		s.body || case when exists (
			select from named n where n.incident = i.number and n.name = $2) then s.private_body else '' end,
		w.words, 'StartSel=**, StopSel=**, MaxWords=30, MinWords=12, MaxFragments=2, FragmentDelimiter=" … "')
	from     page      p
	join     incidents i on i.number = p.number
	join     chains    c on c.incident = p.number
	join     search    s on s.incident = p.number
	cross    join wanted w
	order by i.number desc`

// searchList names the list of hits in cursors.
const searchList = "search"

// Search finds the incidents that hold all the words, newest first, as a search engine understands them:
// "several words" together, or, and -without. A query without a word finds nothing.
func (s *Store) Search(ctx context.Context, by incident.Actor, words string, limit int, cursor string) (Page[Hit], error) {
	page := Page[Hit]{Items: []Hit{}}
	if err := may(by, incident.Read); err != nil {
		return page, err
	}
	limit, err := checkLimit(limit)
	if err != nil {
		return page, err
	}
	before := incident.Number(1<<63 - 1)
	if cursor != "" {
		if err := resume(cursor, searchList, &before); err != nil {
			return page, err
		}
	}
	if strings.TrimSpace(words) == "" {
		return page, nil
	}
	rows, err := s.pool.Query(ctx, searchIncidents, words, fold(by.Name), before, limit+1)
	if err != nil {
		return page, refuse(err, "search")
	}
	hits, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (h Hit, err error) {
		err = row.Scan(append(headingTargets(&h.Heading), &h.Snippet)...)
		return h, err
	})
	if err != nil {
		return page, refuse(err, "search")
	}
	var more bool
	if page.Items, more = paged(hits, limit); more {
		page.Next, err = next(searchList, page.Items[limit-1].Number)
	}
	return page, err
}
