package store

import (
	"context"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// The hits of a search, in fragments: a page of incidents, newest first, and then the snippets for that page
// alone. Private words are joined to the open ones of a row only for a reader who is named on it.
const (
	pageOfHits = `
	with page as (
		select i.number
		from   incidents i
		where  ` + listed
	before       = ` and i.number < $?`
	withSnippets = `)
	select ` + headingColumns + `,
	       ts_headline('simple',
		s.body || case when exists (
			select from named n where n.incident = i.number and n.name = $?) then s.private_body else '' end,
		websearch_to_tsquery('simple', $?), 'StartSel=**, StopSel=**, MaxWords=30, MinWords=12, MaxFragments=2, FragmentDelimiter=" … "')
	from   page      p
	join   incidents i on i.number = p.number
	join   chains    c on c.incident = p.number
	join   search    s on s.incident = p.number`
	newestHits = ` order by i.number desc`
)

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
	reader := fold(by.Name)
	q := &query{fresh: true}
	q.add(pageOfHits, reader)
	q.add(withWords, words, reader, words, reader)
	if cursor != "" {
		var last incident.Number
		if err := resume(cursor, searchList, &last); err != nil {
			return page, err
		}
		q.add(before, last)
	}
	if strings.TrimSpace(words) == "" {
		return page, nil
	}
	q.add(newestHits)
	q.add(upTo, limit+1)
	q.add(withSnippets, reader, words)
	q.add(newestHits)
	hits, err := collect(ctx, s, q, "search", func(scan func(...any) error) (h Hit, err error) {
		err = scan(append(headingTargets(&h.Heading), &h.Snippet)...)
		return h, err
	})
	if err != nil {
		return page, err
	}
	var more bool
	if page.Items, more = paged(hits, limit); more {
		page.Next, err = next(searchList, page.Items[limit-1].Number)
	}
	return page, err
}
