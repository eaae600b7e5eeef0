package store

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// Relative is an incident that may be of the same sort as another.
type Relative struct {
	incident.Heading
	Reasons []string `json:"reasons" nullable:"false" doc:"Why it may be, in words: same component: Billing; shares rare words: resync, read-only."`
}

// Draft is what somebody has written so far of an incident that is not filed yet.
type Draft struct {
	Title      string   `json:"title" maxLength:"200"`
	Summary    string   `json:"summary" maxLength:"65536"`
	Components []string `json:"components" nullable:"false" maxItems:"50" doc:"Names of the parts of the product that are hurt."`
	Tags       []string `json:"tags" nullable:"false" maxItems:"50"`
}

// How far relatives are looked for, however many incidents there are.
const (
	mostStems      = 400   // of a record, whose rarity is looked up
	mostLookedUp   = 24    // words by which others are found, the most telling
	mostHolding    = 4000  // records that hold them, about, all together
	mostOfOneWord  = 100   // records that are taken of one word
	mostOfOneKind  = 30    // of one component or category, the newest
	mostOwnPrivate = 20    // private ones that name the reader, the newest
	mostKin        = 30    // candidates whose texts are compared
	longestKinText = 6_000 // characters of a text, the most telling first
	mostRelatives  = 20
)

const (
	// holdingWords are records of which everybody may know that hold the words $1, each a tsquery.
	holdingWords = `
	select w.place, s.incident
	from   unnest($1::text[]) with ordinality w (word, place)
	cross  join lateral (
		select s.incident
		from   search s
		where  s.words @@ w.word::tsquery
		limit  $2) s`
	// ofSameKind are the newest that name a component of $1, or a category of $2, and that the reader $3 may know of.
	ofSameKind = `
	select p.incident
	from   unnest($1::text[]) c
	cross  join lateral (
		select   p.incident
		from     impacts   p
		join     incidents i on i.number = p.incident
		where    lower(p.component) = lower(c)
		and      p.audience <> 'private'
		and      not i.archived
		and      (i.visibility = 'internal' or exists (select from named n where n.incident = i.number and n.name = $3))
		order by p.incident desc
		limit    $4) p
	union
	select f.incident
	from   unnest($2::text[]) c
	cross  join lateral (
		select   f.incident
		from     factors   f
		join     incidents i on i.number = f.incident
		where    lower(f.category) = lower(c)
		and      f.audience <> 'private'
		and      not i.archived
		and      (i.visibility = 'internal' or exists (select from named n where n.incident = i.number and n.name = $3))
		order by f.incident desc
		limit    $4) f`
	// ownPrivate are the newest private ones that name the reader $1: no index of words knows them.
	ownPrivate = `
	select   n.incident
	from     named     n
	join     incidents i on i.number = n.incident
	where    n.name = $1
	and      i.visibility = 'private'
	and      not i.archived
	order by n.incident desc
	limit    $2`
	// readKin reads what is compared of the candidates $1, as far as the reader $2 may know of them, but the incident $3
	// itself, those that are linked with it, and those that somebody said are no relatives.
	readKin = `
	select ` + headingColumns + `,
	       left(s.body, $4),
	       coalesce((select array_agg(distinct p.component) from impacts p where p.incident = i.number and p.component <> '' and p.audience <> 'private'), '{}'),
	       coalesce((select array_agg(distinct f.category) from factors f where f.incident = i.number and f.category <> '' and f.audience <> 'private'), '{}')
	from   incidents i
	join   chains    c on c.incident = i.number
	join   search    s on s.incident = i.number
	where  i.number = any($1)
	and    not i.archived
	and    ` + visible + `
	and    i.number <> $3
	and    i.recurrence_of is distinct from $3
	and    i.duplicate_of is distinct from $3
	and    not i.related @> array[$3::bigint]
	and    not exists (
		select from dismissals d
		where  d.low = least(i.number, $3)
		and    d.high = greatest(i.number, $3))`
)

// Similar lists incidents that may be relatives of a record, the likeliest first, without those that it names already
// and those that somebody dismissed. The record is as by read it. Of private incidents it tells only those who are named
// on them, and nothing that is private is compared.
func (s *Store) Similar(ctx context.Context, by incident.Actor, in *incident.Incident, limit int) ([]Relative, error) {
	known := append([]incident.Number{in.Number}, in.Related...)
	for _, n := range []*incident.Number{in.RecurrenceOf, in.DuplicateOf} {
		if n != nil {
			known = append(known, *n)
		}
	}
	return s.similar(ctx, by, in.Number, kinOf(in), known, limit)
}

// SimilarToDraft lists incidents that may be relatives of what somebody is about to file.
func (s *Store) SimilarToDraft(ctx context.Context, by incident.Actor, d Draft, limit int) ([]Relative, error) {
	in := &incident.Incident{Heading: incident.Heading{Title: d.Title, Tags: d.Tags}, Summary: d.Summary}
	for _, c := range d.Components {
		in.Impacts = append(in.Impacts, incident.Impact{Component: c, Audience: incident.AudienceInternal})
	}
	return s.similar(ctx, by, 0, kinOf(in), nil, limit)
}

func (s *Store) similar(ctx context.Context, by incident.Actor, n incident.Number, k *kin, known []incident.Number, limit int) ([]Relative, error) {
	if err := may(by, incident.Read); err != nil {
		return nil, err
	}
	r, err := s.rarities(ctx, k)
	if err != nil {
		return nil, err
	}
	candidates, err := s.candidates(ctx, by, k, r)
	if err != nil {
		return nil, err
	}
	candidates = slices.DeleteFunc(candidates, func(c incident.Number) bool { return slices.Contains(known, c) })
	rows, err := s.pool.Query(ctx, readKin, candidates, fold(by.Name), n, longestKinText)
	if err != nil {
		return nil, refuse(err, "read relatives")
	}
	type scored struct {
		Relative
		score float64
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c scored, err error) {
		var body string
		var components, categories []string
		if err = row.Scan(append(headingTargets(&c.Heading), &body, &components, &categories)...); err == nil {
			c.score, c.Reasons = k.likeness(newKin(body, components, c.Tags, categories, nil), r)
		}
		return c, err
	})
	if err != nil {
		return nil, refuse(err, "read relatives")
	}
	all = slices.DeleteFunc(all, func(c scored) bool { return len(c.Reasons) == 0 })
	slices.SortFunc(all, func(a, b scored) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.Number, a.Number)) })
	found := make([]Relative, 0, limit)
	for _, c := range all[:min(limit, mostRelatives, len(all))] {
		found = append(found, c.Relative)
	}
	return found, nil
}

// telling are the stems of a record, the most telling first as far as they are known without the others.
func (k *kin) telling() []string {
	stems := make([]string, 0, len(k.terms))
	for stem := range k.terms {
		stems = append(stems, stem)
	}
	slices.SortFunc(stems, func(a, b string) int {
		return cmp.Or(cmp.Compare(k.terms[b].weight, k.terms[a].weight), cmp.Compare(a, b))
	})
	return stems[:min(mostStems, len(stems))]
}

// rarities looks up how rare the words of a record are, among those of incidents that everybody may know of.
func (s *Store) rarities(ctx context.Context, k *kin) (rarities, error) {
	r := rarities{known: map[string]int64{}, records: 1}
	rows, err := s.pool.Query(ctx, readRarity, append(k.telling(), everybodys))
	if err != nil {
		return r, refuse(err, "look up words")
	}
	type known struct {
		Stem    string
		Records int64
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[known])
	for _, k := range all {
		if r.known[k.Stem] = k.Records; k.Stem == everybodys {
			r.records = max(1, float64(k.Records))
		}
	}
	return r, refuse(err, "look up words")
}

// lookedUp are the stems by which others are found: rare enough that few records hold them, however many there are.
func (k *kin) lookedUp(r rarities) (stems []string) {
	all := k.telling()
	slices.SortStableFunc(all, func(a, b string) int {
		ta, tb := k.terms[a], k.terms[b]
		return cmp.Compare(tb.weight*r.of(b, tb), ta.weight*r.of(a, ta))
	})
	var holding int64
	for _, stem := range all {
		n := r.known[stem]
		if !k.terms[stem].learns || holding+n > mostHolding || len(stems) == mostLookedUp {
			continue
		}
		holding += n
		stems = append(stems, stem)
	}
	return stems
}

// candidates are the numbers of incidents that may be relatives: private ones that name the reader, then the likeliest.
func (s *Store) candidates(ctx context.Context, by incident.Actor, k *kin, r rarities) ([]incident.Number, error) {
	stems, scores := k.lookedUp(r), map[incident.Number]float64{}
	var own []incident.Number
	b := &pgx.Batch{}
	var place int
	var n incident.Number
	b.Queue(holdingWords, stems, mostOfOneWord).Query(func(rows pgx.Rows) error {
		_, err := pgx.ForEachRow(rows, []any{&place, &n}, func() error {
			t := k.terms[stems[place-1]]
			idf := r.of(stems[place-1], t)
			scores[n] += t.weight * idf * idf
			return nil
		})
		return err
	})
	more := func(rows pgx.Rows) error {
		_, err := pgx.ForEachRow(rows, []any{&n}, func() error {
			scores[n]++
			return nil
		})
		return err
	}
	b.Queue(ofSameKind, trimmedTexts(k.components), trimmedTexts(k.categories), fold(by.Name), mostOfOneKind).Query(more)
	b.Queue(ownPrivate, fold(by.Name), mostOwnPrivate).Query(func(rows pgx.Rows) (err error) {
		own, err = pgx.CollectRows(rows, pgx.RowTo[incident.Number])
		return err
	})
	if err := s.send(ctx, b); err != nil {
		return nil, refuse(err, "look for relatives")
	}
	all := make([]incident.Number, 0, len(scores))
	for n := range scores {
		all = append(all, n)
	}
	slices.SortFunc(all, func(a, b incident.Number) int {
		return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(b, a))
	})
	return append(own, all[:min(mostKin, len(all))]...), nil
}

// trimmedTexts are the first of a list, so that no record asks for more than a few.
func trimmedTexts(texts []string) []string {
	few := make([]string, 0, 10)
	for _, text := range texts[:min(cap(few), len(texts))] {
		few = append(few, strings.TrimSpace(text))
	}
	return few
}
