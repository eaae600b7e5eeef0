package store

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/insight"
)

// LeftAction is a follow-up with how it stood when something happened again.
type LeftAction struct {
	incident.Action
	Then incident.ActionState `json:"then" enum:"open,in_progress,not_doing" doc:"Its state when this incident started."`
}

// KnownBefore is an older incident that a record names as a relative, with those of its follow-ups that were not done
// when this one started.
type KnownBefore struct {
	Incident incident.Number `json:"incident"`
	Title    string          `json:"title"`
	As       Relation        `json:"as" enum:"related,recurrence_of"`
	Actions  int             `json:"actions" doc:"How many follow-ups it had by then, as far as anybody said."`
	Left     []LeftAction    `json:"left" nullable:"false" doc:"Those that were open, in progress, or given up."`
}

// Recurrence is an incident that happened again, with what was known before.
type Recurrence struct {
	incident.Heading
	Before []KnownBefore `json:"before" nullable:"false"`
}

const (
	mostKnownBefore = 10    // relatives whose follow-ups are looked at
	mostMovesRead   = 2_000 // changes of one incident
)

const (
	// changesSince reads what was changed of one incident since a moment, oldest first.
	changesSince = `
	select   ` + historyColumns + `
	from     history h
	left     join people p on p.id = h.person
	where    h.incident = $1
	and      ` + ifKnown + `
	and      h.at > $3
	order by h.version
	limit    $4`
	// recurring are the newest incidents in [$1, $2) that happened again, and that the reader $3 may know of.
	recurring = `
	select   i.number
	from     incidents i
	where    i.recurrence_of is not null
	and      not i.archived
	and      coalesce((i.started).at, i.created_at) >= $1
	and      coalesce((i.started).at, i.created_at) < $2
	and      (i.visibility = 'internal' or exists (
		select from named n where n.incident = i.number and n.name = $3))
	order by coalesce((i.started).at, i.created_at) desc, i.number desc
	limit    $4`
)

// began is when an incident started; when nobody said, it was filed.
func began(in *incident.Incident) time.Time {
	return started(&in.Heading).(time.Time) //nolint:forcetypeassert // it is one always
}

// KnownBefore tells of each older incident that the record names as one it repeats or is related to, which of its
// follow-ups were still open, in progress, or given up when this one started. The record is as by read it.
func (s *Store) KnownBefore(ctx context.Context, by incident.Actor, in *incident.Incident) ([]KnownBefore, error) {
	relatives := slices.Clone(in.Related)
	if in.RecurrenceOf != nil {
		relatives = append([]incident.Number{*in.RecurrenceOf}, relatives...)
	}
	all := []KnownBefore{}
	for _, n := range relatives[:min(mostKnownBefore, len(relatives))] {
		older, err := s.Incident(ctx, by, n)
		if err != nil {
			return nil, err
		}
		if len(older.Actions) == 0 || !began(older).Before(began(in)) {
			continue
		}
		k := KnownBefore{Incident: n, Title: older.Title, As: Related}
		if in.RecurrenceOf != nil && n == *in.RecurrenceOf {
			k.As = RecurrenceOf
		}
		if k.Actions, k.Left, err = s.leftAt(ctx, by, older, began(in)); err != nil {
			return nil, err
		}
		if k.Actions > 0 {
			all = append(all, k)
		}
	}
	return all, nil
}

// leftAt says how many follow-ups an incident had at a moment, and which of them were not done. History knows since the
// record was filed; of one that was filed later it is told what it said then, but not what it said was done.
func (s *Store) leftAt(ctx context.Context, by incident.Actor, in *incident.Incident, at time.Time) (had int, left []LeftAction, err error) {
	changes, err := s.readChanges(ctx, by, in.Number, changesSince, at, mostMovesRead)
	if err != nil {
		return 0, nil, err
	}
	then, late := statesBefore(changes), in.CreatedAt.After(at)
	left = []LeftAction{}
	for _, a := range in.Actions {
		before, changed := then[a.ID]
		switch {
		case !changed:
			before.state = a.State
		case before.added && !late:
			continue // nobody had thought of it yet
		}
		if late && before.state == incident.Done {
			continue // whether it was done by then, nobody wrote down
		}
		had++
		if before.state != incident.Done {
			left = append(left, LeftAction{a, before.state})
		}
	}
	return had, left, nil
}

// stateBefore is what a follow-up was before the first change since, or that this one added it.
type stateBefore struct {
	state incident.ActionState
	added bool
}

// statesBefore reads off the changes since a moment how the follow-ups that they touch stood before.
func statesBefore(changes []Change) map[string]stateBefore {
	then := map[string]stateBefore{}
	for _, c := range changes {
		for _, d := range c.Changes {
			id, key, _ := strings.Cut(strings.TrimPrefix(d.Path, incident.Actions.Pointer()+"/"), "/")
			if _, known := then[id]; known || !strings.HasPrefix(d.Path, incident.Actions.Pointer()+"/") {
				continue
			}
			var state incident.ActionState
			var whole incident.Action
			switch {
			case d.Op == opAdd && key == "" && json.Unmarshal(d.Value, &whole) == nil:
				then[id] = stateBefore{whole.State, true}
			case d.Op == opReplace && key == "state" && json.Unmarshal(d.Old, &state) == nil:
				then[id] = stateBefore{state, false}
			}
		}
	}
	return then
}

// Recurrences lists the newest incidents that started in [from, to) and repeat an older one, with what was left of that
// one's follow-ups, at most limit, which is 1 to 50.
func (s *Store) Recurrences(ctx context.Context, by incident.Actor, from, to time.Time, limit int) ([]Recurrence, error) {
	if err := may(by, incident.Read); err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, recurring, from.UTC(), to.UTC(), fold(by.Name), min(max(1, limit), usualLimit))
	if err != nil {
		return nil, refuse(err, "list what happened again")
	}
	numbers, err := pgx.CollectRows(rows, pgx.RowTo[incident.Number])
	if err != nil {
		return nil, refuse(err, "list what happened again")
	}
	all := []Recurrence{}
	for _, n := range numbers {
		in, err := s.Incident(ctx, by, n)
		if err != nil {
			return nil, err
		}
		before, err := s.KnownBefore(ctx, by, in)
		if err != nil {
			return nil, err
		}
		if in.RecurrenceOf != nil { // the one it repeats may be hidden from this reader
			all = append(all, Recurrence{in.Heading, before})
		}
	}
	return all, nil
}

// mostRecurrences is how many of the newest insights name.
const mostRecurrences = 20

// RecurrencesOfMonths lists the newest incidents that started in the months of an insight filter and repeat an older one,
// at most twenty, as Recurrences does. The rest of the filter does not narrow them.
func (s *Store) RecurrencesOfMonths(ctx context.Context, by incident.Actor, from, to string) ([]Recurrence, error) {
	months, err := insight.ReadRange(from, to, s.clock())
	if err != nil {
		return nil, err
	}
	return s.Recurrences(ctx, by, months.From.Begins(), months.To.Next(1).Begins(), mostRecurrences)
}
