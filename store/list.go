package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// query grows from constant fragments. A fragment names its argument $?.
type query struct {
	sql   strings.Builder
	args  []any
	fresh bool // planned for its arguments each time: how much a filter lets through differs a lot by its argument
}

// add appends a fragment, and its argument when it has one.
func (q *query) add(fragment string, args ...any) {
	for _, arg := range args {
		q.args = append(q.args, arg)
		fragment = strings.Replace(fragment, "$?", "$"+strconv.Itoa(len(q.args)), 1)
	}
	_, _ = q.sql.WriteString(fragment) // a builder never fails
}

// The list of incidents, in fragments: a page of rows and then their chains, or chains and then rows where
// chains hold the order. Joined before the page is cut, chains were read from their end to the page. Archived ones are in no list.
const (
	fromRows = `
	select ` + headingColumns + `
	from   (
		select i.*
		from   incidents i
		where  ` + listed
	withChains = `) i
	join   chains c on c.incident = i.number`
	fromChains = `
	select ` + headingColumns + `
	from   incidents i
	join   chains    c on c.incident = i.number
	where  ` + listed
	listed = `not i.archived
	and    (i.visibility = 'internal' or exists (
		select from named n where n.incident = i.number and n.name = $?))`
	withStatus    = ` and i.status = $?`
	withOpen      = ` and i.status in ('investigating', 'identified', 'monitoring', 'in_progress', 'verifying')`
	withSeverity  = ` and i.severity = $?`
	withKind      = ` and i.kind = $?`
	withReview    = ` and i.review_state = $?`
	withTag       = ` and i.tags @> array[$?::text]`
	startedFrom   = ` and coalesce((i.started).at, i.created_at) >= $?`
	startedBefore = ` and coalesce((i.started).at, i.created_at) < $?`
	withComponent = ` and i.number in (
		select p.incident from impacts p
		where  lower(p.component) = lower($?)
		and    (p.audience <> 'private' or exists (
			select from named n where n.incident = p.incident and n.name = $?)))`
	// withRareWords finds what holds words that few records hold. Those of private parts are looked for among the
	// incidents that the reader is named on: how long it takes does not tell of others.
	withRareWords = ` and i.number in (
		select s.incident from search s
		where  s.words @@ $?::tsquery
		and    (not s.hides or not exists (
			select from named n where n.incident = s.incident and n.name = $?))
		union all
		select s.incident from search s
		where  s.hides
		and    s.incident = any(array(select n.incident from named n where n.name = $?))
		and    s.whole_words @@ $?::tsquery)`
	// withWords looks at each in the order of the list, which soon finds enough of those that have a common word.
	withWords = ` and exists (
		select from search s
		where  s.incident = i.number
		and    case when s.hides and exists (select from named n where n.incident = s.incident and n.name = $?)
			then s.whole_words else s.words end @@ $?::tsquery)`
	upTo = ` limit $?`
)

// order is one way to sort the list: the fragments, and the key that a heading has in it.
type order struct {
	from      string // fromRows or fromChains
	by, after string
	key       func(*incident.Heading) any // nil: the number alone
}

func started(h *incident.Heading) any {
	if h.Milestones.Started.Known() {
		return *h.Milestones.Started.At
	}
	return h.CreatedAt
}

func updated(h *incident.Heading) any { return h.UpdatedAt }

// orders is the one table of sorts.
var orders = map[string]order{
	"-number":  {fromRows, ` order by i.number desc`, ` and i.number < $?`, nil},
	"number":   {fromRows, ` order by i.number`, ` and i.number > $?`, nil},
	"-started": {fromRows, ` order by coalesce((i.started).at, i.created_at) desc, i.number desc`, ` and (coalesce((i.started).at, i.created_at), i.number) < ($?, $?)`, started},
	"started":  {fromRows, ` order by coalesce((i.started).at, i.created_at), i.number`, ` and (coalesce((i.started).at, i.created_at), i.number) > ($?, $?)`, started},
	"-updated": {fromChains, ` order by c.updated_at desc, c.incident desc`, ` and (c.updated_at, c.incident) < ($?, $?)`, updated},
	"updated":  {fromChains, ` order by c.updated_at, c.incident`, ` and (c.updated_at, c.incident) > ($?, $?)`, updated},
}

// Incidents lists what by may know of, without archived incidents. A filter that nothing fits gives an
// empty page; an unknown sort or a cursor of another list is Malformed.
func (s *Store) Incidents(ctx context.Context, by incident.Actor, f Filter) (Page[incident.Heading], error) {
	var page Page[incident.Heading]
	if err := may(by, incident.Read); err != nil {
		return page, err
	}
	limit, err := checkLimit(f.Limit)
	if err != nil {
		return page, err
	}
	if f.Sort == "" {
		f.Sort = "-number"
	}
	o, known := orders[f.Sort]
	if !known {
		return page, incident.Refuse(incident.Malformed, "/sort", fmt.Sprintf("%.40q is no order: write number, started or updated, with - before it for the newest first", f.Sort))
	}
	asked, err := s.readBox(f.Query)
	if err != nil {
		return page, err
	}
	w, err := s.wordsIn(ctx, asked)
	if err != nil {
		return page, err
	}
	page.Hints = append(asked.Hints, w.hints()...)
	q, err := f.query(o, boxed{asked.Filters, by, s.clock()}, w, limit)
	if err != nil {
		return page, err
	}
	headings, err := collect(ctx, s, q, "list incidents", func(scan func(...any) error) (h incident.Heading, err error) {
		err = scan(headingTargets(&h)...)
		return h, err
	})
	if err != nil {
		return page, err
	}
	var more bool
	if page.Items, more = paged(headings, limit); more {
		page.Next, err = o.next(f.Sort, &page.Items[limit-1])
	}
	return page, err
}

// query is the list in that order, one row beyond the limit.
func (f Filter) query(o order, b boxed, w wanted, limit int) (*query, error) {
	q := &query{}
	reader := fold(b.reader.Name)
	q.add(o.from, reader)
	f.narrow(q, reader)
	b.narrow(q)
	w.narrow(q, reader)
	if err := f.narrowInsight(q, reader, b.today); err != nil {
		return nil, err
	}
	q.fresh = f.Open || len(q.args) > 1
	if err := o.resume(q, f); err != nil {
		return nil, err
	}
	q.add(o.by)
	q.add(upTo, limit+1)
	if o.from == fromRows {
		q.add(withChains)
		q.add(o.by)
	}
	return q, nil
}

// narrow adds the filters that are on.
func (f Filter) narrow(q *query, reader string) {
	for _, c := range []struct{ sql, arg string }{
		{withStatus, f.Status}, {withSeverity, f.Severity}, {withKind, f.Kind}, {withReview, f.Review}, {withTag, f.Tag},
	} {
		if c.arg != "" {
			q.add(c.sql, c.arg)
		}
	}
	if f.Open {
		q.add(withOpen)
	}
	if f.Component != "" {
		q.add(withComponent, f.Component, reader)
	}
	if f.From != nil {
		q.add(startedFrom, f.From.UTC())
	}
	if f.To != nil {
		q.add(startedBefore, f.To.UTC())
	}
}

// resume adds where the page before ended.
func (o order) resume(q *query, f Filter) error {
	if f.Cursor == "" {
		return nil
	}
	var n incident.Number
	if o.key == nil {
		if err := resume(f.Cursor, f.Sort, &n); err != nil {
			return err
		}
		q.add(o.after, n)
		return nil
	}
	var at time.Time
	if err := resume(f.Cursor, f.Sort, &at, &n); err != nil {
		return err
	}
	q.add(o.after, at, n)
	return nil
}

func (o order) next(sort string, last *incident.Heading) (string, error) {
	if o.key == nil {
		return next(sort, last.Number)
	}
	return next(sort, o.key(last), last.Number)
}
