package store

import (
	"slices"
	"time"

	"github.com/debriefhq/debrief/incident"
	box "github.com/debriefhq/debrief/incident/query"
)

// The filters of the search box, in fragments. Each takes several values of which one must fit; parts that are
// private are seen by those named alone.
const (
	anySeverity  = `i.severity = any($?)`
	anyStatus    = `i.status = any($?)`
	anyKind      = `i.kind = any($?)`
	anyReview    = `i.review_state = any($?)`
	anyTag       = `i.tags && $?::text[]`
	anyComponent = `i.number in (
		select p.incident from impacts p
		where  lower(p.component) = any(array(select lower(v) from unnest($?::text[]) v))
		and    (p.audience <> 'private' or exists (
			select from named n where n.incident = p.incident and n.name = $?)))`
	anyCause = `i.number in (
		select p.incident from factors p
		where  lower(p.category) = any(array(select lower(v) from unnest($?::text[]) v))
		and    (p.audience <> 'private' or exists (
			select from named n where n.incident = p.incident and n.name = $?)))`
	anyOwner = `i.number in (
		select p.incident from actions p
		where  lower(p.owner) = any(array(select lower(v) from unnest($?::text[]) v))
		and    (p.audience <> 'private' or exists (
			select from named n where n.incident = p.incident and n.name = $?)))`
	anyOverdue = `i.number in (
		select p.incident from actions p
		where  p.state in ('open', 'in_progress')
		and    coalesce(p.due, 'infinity'::date) < $?::date
		and    (p.audience <> 'private' or exists (
			select from named n where n.incident = p.incident and n.name = $?)))`
	// anyOverdueOwner is of one follow-up that is both.
	anyOverdueOwner = `i.number in (
		select p.incident from actions p
		where  p.state in ('open', 'in_progress')
		and    coalesce(p.due, 'infinity'::date) < $?::date
		and    lower(p.owner) = any(array(select lower(v) from unnest($?::text[]) v))
		and    (p.audience <> 'private' or exists (
			select from named n where n.incident = p.incident and n.name = $?)))`
	anyPerson = `i.number in (
		select p.incident from incident_people p
		where  lower(p.name) = any(array(select lower(v) from unnest($?::text[]) v)))`
	isPrivate = `i.visibility = 'private'`
	// isRecurrence leaves out recurrences of what the reader may not know of, as records do.
	isRecurrence = `(i.recurrence_of is not null and exists (
		select from incidents o
		where  o.number = i.recurrence_of
		and    (o.visibility = 'internal' or exists (
			select from named n where n.incident = o.number and n.name = $?))))`
	// withoutWords leaves out what has any of the words, of those that the reader may see.
	withoutWords = ` and not exists (
		select from search s
		where  s.incident = i.number
		and    case when s.hides and exists (select from named n where n.incident = s.incident and n.name = $?)
			then s.whole_words else s.words end @@ $?::tsquery)`
)

// goingOn are the statuses of what is neither over nor only scheduled.
var goingOn = []string{"investigating", "identified", "monitoring", "in_progress", "verifying"}

// boxed narrows by what was written into the search box, but its words.
type boxed struct {
	filters []box.Filter
	reader  incident.Actor
	today   time.Time
}

// narrow adds the filters.
func (b boxed) narrow(q *query) {
	overdue, owner := b.together()
	for i := range b.filters {
		f := &b.filters[i]
		switch {
		case f == overdue && owner != nil:
			q.add(` and `)
			q.add(anyOverdueOwner, b.today.Format(time.DateOnly), b.names(owner), fold(b.reader.Name))
		case f == owner && overdue != nil:
		case f.Key == box.After:
			q.add(startedFrom, f.At)
		case f.Key == box.Before:
			q.add(startedBefore, f.At)
		default:
			q.add(` and (`)
			if f.Not {
				q.add(`not `)
			}
			b.one(q, f)
			q.add(`)`)
		}
	}
}

// together finds the two filters that are about one follow-up.
func (b boxed) together() (overdue, owner *box.Filter) {
	for i := range b.filters {
		switch f := &b.filters[i]; {
		case f.Key == box.Is && !f.Not && len(f.Values) == 1 && f.Values[0] == box.Overdue:
			overdue = f
		case f.Key == box.Owner && !f.Not:
			owner = f
		}
	}
	return overdue, owner
}

// one adds the condition of one filter.
func (b boxed) one(q *query, f *box.Filter) {
	reader := fold(b.reader.Name)
	switch f.Key {
	case box.Severity:
		q.add(anySeverity, replaced(f.Values, box.None, ""))
	case box.Status:
		q.add(anyStatus, replaced(f.Values, box.GoingOn, goingOn...))
	case box.Kind:
		q.add(anyKind, f.Values)
	case box.Review:
		q.add(anyReview, f.Values)
	case box.Tag:
		q.add(anyTag, f.Values)
	case box.Component:
		q.add(anyComponent, f.Values, reader)
	case box.Cause:
		q.add(anyCause, f.Values, reader)
	case box.Owner:
		q.add(anyOwner, b.names(f), reader)
	case box.Person:
		q.add(anyPerson, b.names(f))
	case box.Is:
		q.add(`(false`)
		for _, v := range f.Values {
			q.add(` or `)
			b.is(q, v)
		}
		q.add(`)`)
	}
}

func (b boxed) is(q *query, value string) {
	reader := fold(b.reader.Name)
	switch value {
	case box.GoingOn:
		q.add(anyStatus, goingOn)
	case box.Overdue:
		q.add(anyOverdue, b.today.Format(time.DateOnly), reader)
	case box.Private:
		q.add(isPrivate)
	case box.Recurrence:
		q.add(isRecurrence, reader)
	}
}

// names are those of a filter by people.
func (b boxed) names(f *box.Filter) []string { return replaced(f.Values, box.Me, b.reader.Name) }

// replaced puts other values into the place of one.
func replaced(values []string, old string, with ...string) []string {
	i := slices.Index(values, old)
	if i < 0 {
		return values
	}
	return slices.Replace(slices.Clone(values), i, i+1, with...)
}
