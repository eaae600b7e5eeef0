package store

const (
	mostCompared  = 1500 // records that are ranked
	newestRanked  = 400  // about so many of the newest that have common words
	headsRanked   = 200  // about so many that have them in their title or summary
	fewCompared   = 100  // with fewer, older ones are looked at too
	further       = 30   // times as far
	newestGlanced = 4000 // records that are looked at when time is short
)

// The hits of a search, in fragments: records that are compared, the best of them in order, and what is shown of those
// that are on the page. Words count the more the fewer records have them, and the more the more telling their place is.
const (
	beginRanking = `
	with asked as materialized (
		select * from unnest($?::text[]::tsquery[], $?::float8[], $?::bool[]) as a (words, weight, bonus)
	), scored as materialized (
		select   f.incident, a.score, a.share
		from     (`
	openCandidates = `
			select s.incident, s.words || '' as words
			from   search    s
			join   incidents i on i.number = s.incident
			where  s.words @@ $?::tsquery
			and    (not s.hides or not exists (
				select from named n where n.incident = s.incident and n.name = $?))
			and    i.visibility = 'internal'`
	hiddenCandidates = `
			select s.incident, s.whole_words || '' as words
			from   search    s
			join   incidents i on i.number = s.incident
			where  s.hides
			and    s.incident = any(array(select n.incident from named n where n.name = $?))
			and    s.whole_words @@ $?::tsquery`
	living   = ` and not i.archived and i.number <= $?`
	oneOf    = `(`
	another  = `) union all (`
	scoreAll = `)
		) f
		cross join lateral (
			select sum(a.weight * (0.6 + ts_rank('{0.15, 0.3, 0.5, 1.0}', f.words, a.words))) as score,
			       sum(a.weight) filter (where not a.bonus) as share
			from   asked a
			where  f.words @@ a.words) a
	), best as (
		select   incident, max(score) as score
		from     scored
		where    share >= $?
		group by incident`
	afterBest = `
		having   (max(score), incident) < ($?::float8, $?::bigint)`
	pageOfBest = `
		order by max(score) desc, incident desc
		limit    $?
	)
	select   ` + headingColumns + `,
	         b.score, (select count(*) from scored),
	         s.body || case when exists (
			select from named n where n.incident = s.incident and n.name = $?) then s.private_body else '' end
	from     best b
	join     incidents i on i.number = b.incident
	join     chains    c on c.incident = b.incident
	join     search    s on s.incident = b.incident
	order by b.score desc, b.incident desc`
)

// ranking is the statement.
func (r *search) ranking(p plan, after *ended) *query {
	q := &query{fresh: true}
	reader := fold(r.by.Name)
	words, weights, bonus := r.scoring(p)
	q.add(beginRanking, words, weights, bonus)
	for i, candidates := range r.candidates(p) {
		if i > 0 {
			q.add(another)
		} else {
			q.add(oneOf)
		}
		q.add(openCandidates, candidates, reader)
		r.narrow(q, p)
	}
	q.add(another)
	all := allOf(r.words.all)
	if p.Loose {
		all = anyOf(r.words.all)
	}
	q.add(hiddenCandidates, reader, all)
	r.narrow(q, p)
	q.add(scoreAll, r.leastShare(p))
	if after != nil {
		q.add(afterBest, after.score, after.number)
	}
	q.add(pageOfBest, r.limit+1, reader)
	return q
}

// narrow adds the filters to some candidates.
func (r *search) narrow(q *query, p plan) {
	q.add(living, p.Top)
	boxed{r.asked.Filters, r.by, r.s.clock()}.narrow(q)
	r.words.leaveOut(q, fold(r.by.Name))
	q.add(upTo, mostCompared)
}

// candidates are the records to compare: all that hold the words, or, of common ones, those that have any in their
// title or summary and the newest.
func (r *search) candidates(p plan) []string {
	if p.Loose {
		return []string{r.telling(p)}
	}
	all := allOf(r.words.all)
	if p.Few {
		return []string{all}
	}
	share := 1.0 // of the records that hold all
	for _, n := range r.words.rarity {
		share = min(share, float64(n)/float64(r.words.records))
	}
	times := float64(min(max(1, p.Times), further))
	narrow, wide := int64(times*newestRanked/share), int64(times*3*headsRanked/share)
	return []string{
		all + "&" + anyInHead(r.words.all) + "&" + filedSince(p.Top, wide),
		all + "&" + filedSince(p.Top, narrow),
	}
}

// telling writes that records hold any of the rarest words, as many as can be compared.
func (r *search) telling(p plan) string {
	var rare []sought
	sum := int64(0)
	taken := map[int]bool{}
	for range r.words.all {
		least := -1
		for i, n := range r.words.rarity {
			if !taken[i] && n > 0 && (least < 0 || n < r.words.rarity[least]) {
				least = i
			}
		}
		if least < 0 || sum+r.words.rarity[least] > mostCompared && len(rare) > 0 {
			break
		}
		taken[least] = true
		sum += r.words.rarity[least]
		rare = append(rare, r.words.all[least])
	}
	if len(rare) == 0 {
		return anyOf(r.words.all)
	}
	if sum > mostCompared {
		return anyOf(rare) + "&" + filedSince(p.Top, newestGlanced)
	}
	return anyOf(rare)
}

// scoring is what records are compared by: each that is sought, and two that follow each other.
func (r *search) scoring(p plan) (words []string, weights []float64, bonus []bool) {
	for i, s := range r.words.all {
		words, weights, bonus = append(words, s.tsquery("")), append(weights, p.Weights[i]), append(bonus, false)
		if i > 0 {
			pair := r.words.all[i-1].tsquery("") + "<->" + s.tsquery("")
			words, weights, bonus = append(words, pair), append(weights, (p.Weights[i-1]+p.Weights[i])/4), append(bonus, true)
		}
	}
	return words, weights, bonus
}

// leastShare is how much of what is sought a record must hold, by weight.
func (r *search) leastShare(p plan) float64 {
	sum := 0.0
	for _, w := range p.Weights {
		sum += w
	}
	if p.Loose {
		return sum * 0.35
	}
	return 0
}
