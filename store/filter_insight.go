package store

import (
	"encoding/json"
	"time"

	"github.com/debriefhq/debrief/incident/insight"
)

// The filters that show the incidents of a figure of insights, in fragments: what is counted of an incident, for everybody
// or for those named on it.
const (
	withFacts = ` and exists (
		select from facts f
		where  f.incident = i.number
		and    f.reader in ('` + everybodys + `', $?)`
	factsHold      = ` and f.body @> $?::jsonb`
	factsHoldNot   = ` and not f.body @> $?::jsonb`
	factsName      = ` and f.body ? $?::text`
	measureKnown   = ` and f.body -> 'seconds' ->> $?::int is not null`
	measureAtLeast = ` and (f.body -> 'seconds' ->> $?::int)::bigint >= $?`
	factsComponent = ` and exists (select from jsonb_array_elements_text(f.body -> 'components') c where lower(c) = lower($?))`
	factsCategory  = ` and exists (select from jsonb_array_elements_text(f.body -> 'categories') c where lower(c) = lower($?))`
	factsOwner     = ` and exists (select from jsonb_array_elements(f.body -> 'follow_ups') a where lower(coalesce(a ->> 'owner', '')) = lower($?))`
	promisesUntil  = ` and exists (select from jsonb_array_elements_text(f.body -> 'waiting') w where w::timestamptz < $?)`
	promisesFrom   = ` and exists (select from jsonb_array_elements_text(f.body -> 'waiting') w where w::timestamptz >= $?)`
	toDo           = ` and f.body -> 'follow_ups' @? '$[*] ? (@.state == "open" || @.state == "in_progress")'`
	toDoUntil      = ` and exists (select from jsonb_array_elements(f.body -> 'follow_ups') a where a ->> 'state' in ('open', 'in_progress') and a ->> 'due' < $?)`
	endOfFacts     = `)`
)

// narrowInsight adds the filter of a figure.
func (f Filter) narrowInsight(q *query, reader string, now time.Time) error {
	if f.Insight == "" {
		return nil
	}
	of, err := insight.ReadFilter(f.Insight)
	if err != nil {
		return err
	}
	q.add(withFacts, reader)
	if f.Component != "" {
		q.add(factsComponent, f.Component)
	}
	hold := func(key string, value any) {
		text, _ := json.Marshal(map[string]any{key: value}) // strings, numbers and lists of them
		q.add(factsHold, text)
	}
	switch m := of.Measure(); {
	case m >= 0 && of.Value == "":
		q.add(measureKnown, m)
	case m >= 0:
		q.add(measureAtLeast, m, of.Number())
	}
	switch of.What {
	case "told":
		hold("told", true)
	case "untold":
		q.add(factsHoldNot, []byte(`{"told":true}`))
	case "kept", "late":
		q.add(factsName, of.What)
	case "broken":
		q.add(promisesUntil, now)
	case "open":
		q.add(promisesFrom, now)
	case "follow_ups":
		q.add(factsHold, []byte(`{"follow_ups":[{}]}`))
	case "to_do":
		q.add(toDo)
	case "overdue":
		q.add(toDoUntil, now.Format(time.DateOnly))
	case "category":
		q.add(factsCategory, of.Value)
	case "component":
		q.add(factsComponent, of.Value)
	case "owner":
		q.add(factsOwner, of.Value)
	case "follow_up":
		hold("follow_ups", []map[string]string{{"kind": of.Value}})
	case "hour":
		hold("hour", of.Number())
	}
	q.add(endOfFacts)
	return nil
}
