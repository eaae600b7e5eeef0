package store

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/debriefhq/debrief/incident"
	box "github.com/debriefhq/debrief/incident/query"
)

const (
	searchTime = 1800 * time.Millisecond // of all that a search looks for, so that it answers within two seconds
	firstLook  = 1000 * time.Millisecond // of its first look
	quickTime  = 300 * time.Millisecond  // of a look at the newest alone

	enoughHits   = 10 // with fewer, records that lack a word are shown too
	mostPlacesOf = 3  // of a hit
)

// searchList names the list of hits in cursors.
const searchList = "search"

// plan is how a search looks, which its next pages repeat: what is filed or learned meanwhile does not move hits.
type plan struct {
	Top     int64      `json:"top"`   // no record with a greater number
	Few     bool       `json:"few"`   // all that hold the words are compared; else the newest
	Times   int64      `json:"times"` // how much further back than the words ask for, because a filter leaves few
	Loose   bool       `json:"loose"` // records may lack some of the words
	Weights []float64  `json:"w"`
	Meant   [][]string `json:"m,omitempty"` // of each that is sought
}

// hit is a Hit on its way from the database.
type hit struct {
	Hit
	score    float64
	compared int
	body     string
}

// Search finds what the text asks for, as incident/query understands it, the best first: records that hold all its
// words, and where these are few, records that hold most of them. Without a word, it lists what the filters leave,
// the newest first. It takes at most two seconds and says so when that was not enough.
func (s *Store) Search(ctx context.Context, by incident.Actor, text string, limit int, cursor string) (Page[Hit], error) {
	page := Page[Hit]{Items: []Hit{}}
	if err := may(by, incident.Read); err != nil {
		return page, err
	}
	limit, err := checkLimit(limit)
	if err != nil {
		return page, err
	}
	asked, err := s.readBox(text)
	if err != nil {
		return page, err
	}
	words, err := s.wordsIn(ctx, asked)
	if err != nil {
		return page, err
	}
	if len(words.all) == 0 {
		return s.listHits(ctx, by, text, asked, words, limit, cursor)
	}
	r := &search{s: s, by: by, asked: asked, words: words, limit: limit, until: time.Now().Add(searchTime)}
	r.page.Hints = append(asked.Hints, words.hints()...)
	if cursor == "" {
		err = r.begin(ctx)
	} else {
		err = r.resume(ctx, cursor)
	}
	if err != nil {
		return page, err
	}
	return r.answer(ctx)
}

// listHits answers a search without a word to find.
func (s *Store) listHits(ctx context.Context, by incident.Actor, text string, asked box.Query, w wanted, limit int, cursor string) (Page[Hit], error) {
	page := Page[Hit]{Items: []Hit{}, Hints: append(asked.Hints, w.hints()...)}
	if len(asked.Filters)+len(w.without) == 0 {
		return page, nil
	}
	list, err := s.Incidents(ctx, by, Filter{Query: text, Limit: limit, Cursor: cursor})
	if err != nil {
		return page, err
	}
	for _, h := range list.Items {
		page.Items = append(page.Items, Hit{Heading: h, Where: []Place{}})
	}
	page.Next, page.Partial = list.Next, list.Partial
	return page, nil
}

// search is one on its way.
type search struct {
	s     *Store
	by    incident.Actor
	asked box.Query
	words wanted
	limit int
	until time.Time
	plan  plan
	hits  []hit
	page  Page[Hit]
}

// begin looks for the first page.
func (r *search) begin(ctx context.Context) (err error) {
	r.plan = plan{Top: r.words.top, Few: r.words.few()}
	for i := range r.words.all {
		r.plan.Weights = append(r.plan.Weights, r.words.weight(i))
	}
	if r.hits, err = r.look(ctx, r.plan, nil, firstLook); late(err) {
		return r.glance(ctx)
	}
	if err == nil && !r.plan.Few && compared(r.hits) < fewCompared { // filters, or common words that seldom meet
		r.plan.Times = further
		r.hits, err = r.orElse(ctx, r.plan, r.hits)
	}
	if err == nil && !r.plan.Few && len(r.hits) <= r.limit {
		r.plan.Few = true
		r.hits, err = r.orElse(ctx, r.plan, r.hits)
	}
	if err != nil || len(r.hits) >= enoughHits || len(r.hits) > 0 && len(r.words.all) == 1 {
		return err
	}
	return r.widen(ctx)
}

// compared is how many records were.
func compared(hits []hit) int {
	if len(hits) == 0 {
		return 0
	}
	return hits[0].compared
}

// widen looks for words that may have been meant, and for records that lack some.
func (r *search) widen(ctx context.Context) error {
	again, err := r.guess(ctx)
	if err != nil {
		return err
	}
	p := r.plan
	if again {
		if r.hits, err = r.orElse(ctx, p, r.hits); err != nil {
			return err
		}
	}
	if len(r.hits) >= enoughHits || len(r.words.all) < 2 {
		return nil
	}
	p.Loose = true
	loose, err := r.orElse(ctx, p, r.hits)
	if err != nil || len(loose) <= len(r.hits) {
		return err
	}
	if len(r.hits) == 0 {
		r.page.Hints = append(r.page.Hints, "no record has all of these words: these have most of them")
	}
	r.plan, r.hits = p, loose
	return nil
}

// orElse looks again, and keeps the hits that there are when time is up.
func (r *search) orElse(ctx context.Context, p plan, hits []hit) ([]hit, error) {
	found, err := r.look(ctx, p, nil, firstLook)
	if late(err) {
		r.page.Partial = true
		return hits, nil
	}
	return found, err
}

// glance looks at the newest records alone, after a look that took too long.
func (r *search) glance(ctx context.Context) (err error) {
	r.page.Partial, r.plan.Few = true, false
	for i := range r.words.rarity {
		r.words.rarity[i] = r.words.records * newestRanked / newestGlanced
	}
	if r.hits, err = r.look(ctx, r.plan, nil, quickTime); late(err) {
		r.hits, err = nil, nil
	}
	return err
}

// resume looks for a later page, as the first was looked for.
func (r *search) resume(ctx context.Context, cursor string) (err error) {
	var after float64
	var n incident.Number
	if err := resume(cursor, searchList, &after, &n, &r.plan); err != nil {
		return err
	}
	if len(r.plan.Weights) != len(r.words.all) || r.plan.Meant != nil && len(r.plan.Meant) != len(r.words.all) {
		return foreign
	}
	for i, meant := range r.plan.Meant {
		r.words.all[i].meant = meant
	}
	r.page.Hints = nil
	if r.hits, err = r.look(ctx, r.plan, &ended{after, n}, searchTime); late(err) {
		r.page.Partial, err = true, nil
	}
	return err
}

// ended is where a page of hits did.
type ended struct {
	score  float64
	number incident.Number
}

// late tells whether a statement was cut off because it took too long.
func late(err error) bool {
	var fault *pgconn.PgError
	return errors.As(err, &fault) && fault.Code == "57014" || errors.Is(err, errNoTime)
}

var errNoTime = errors.New("there is no time left to search")

// look compares records and gives the best after a place, one more than fit on the page.
func (r *search) look(ctx context.Context, p plan, after *ended, most time.Duration) (hits []hit, err error) {
	left := min(most, time.Until(r.until))
	if left < time.Millisecond {
		return nil, errNoTime
	}
	q := r.ranking(p, after)
	err = r.s.within(ctx, left, q.sql.String(), q.args, func(rows pgx.Rows) error {
		hits, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (h hit, err error) {
			return h, row.Scan(append(headingTargets(&h.Heading), &h.score, &h.compared, &h.body)...)
		})
		return err
	})
	if late(err) {
		return nil, err
	}
	return hits, refuse(err, "search")
}

// boundRead bounds the statement after it in a batch, which is planned for its arguments: how much words find differs a
// lot. Both hold for the batch alone, which is a transaction.
const boundRead = `
	select set_config('statement_timeout', $1, true), set_config('plan_cache_mode', 'force_custom_plan', true)`

// overhang is how much longer than the database may take we wait for it, which may be busy or unable to begin.
const overhang = 150 * time.Millisecond

// within runs a read that is broken off after so long.
func (s *Store) within(ctx context.Context, most time.Duration, sql string, args []any, read func(pgx.Rows) error) error {
	b := &pgx.Batch{}
	b.Queue(boundRead, strconv.FormatInt(max(1, most.Milliseconds()), 10))
	b.Queue(sql, args...).Query(read)
	bounded, cancel := context.WithTimeout(ctx, most+overhang)
	defer cancel()
	err := s.send(bounded, b)
	if err != nil && bounded.Err() != nil && ctx.Err() == nil {
		return errNoTime
	}
	return err
}

// answer makes the page.
func (r *search) answer(ctx context.Context) (Page[Hit], error) {
	page := r.page
	hits, more := paged(r.hits, r.limit)
	page.Items = make([]Hit, len(hits))
	for i := range hits {
		h := &hits[i]
		r.show(h)
		page.Items[i] = h.Hit
		if !r.plan.Few && !r.plan.Loose || h.compared >= mostCompared {
			page.Newest = h.compared
		}
	}
	if err := r.s.tellWhen(ctx, page.Items); err != nil {
		return page, err
	}
	var err error
	if more {
		last := hits[len(hits)-1]
		page.Next, err = next(searchList, last.score, last.Number, r.plan)
	}
	return page, err
}

// show fills in what was found of a hit, and what was not.
func (r *search) show(h *hit) {
	m := newMarker(r.words.all)
	h.Where = m.places(h.body, r.plan.Weights)
	if len(h.Where) > 0 {
		h.Snippet = h.Where[0].Snippet
	}
	if r.plan.Loose {
		h.Lacks = m.lacks()
	}
}
