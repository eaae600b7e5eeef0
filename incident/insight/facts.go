// Package insight holds what insights count and how: the facts of one record,
// sheets that add up the facts of many, and the figures read off them. It does
// no input or output and knows no clock: times are passed in.
package insight

import (
	"slices"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// Facts are what insights count of one record, and all that they count. What is private in it is left out: what counts is
// what everybody who may know of the incident may read.
type Facts struct {
	Kind       incident.IncidentKind `json:"kind"`
	Severity   incident.Severity     `json:"severity"`
	Start      time.Time             `json:"start"`             // when it started; when nobody said, when it was filed
	Hour       *int                  `json:"hour,omitempty"`    // 24 × weekday (Sunday is 0) + hour, on the clock of the zone that the start was told in
	Seconds    [Measures]*int64      `json:"seconds"`           // by the numbers of Definitions
	Told       bool                  `json:"told,omitempty"`    // customers were told something
	Kept       int                   `json:"kept,omitempty"`    // promises of an update
	Late       int                   `json:"late,omitempty"`    // promises
	Unanswered []time.Time           `json:"waiting,omitempty"` // until when promises that nothing followed may be kept
	Components []string              `json:"components"`        // as written, each once
	Categories []string              `json:"categories"`        // of factors, each once
	FollowUps  []FollowUp            `json:"follow_ups"`
}

// FollowUp is what insights count of one.
type FollowUp struct {
	ID    string               `json:"id"`
	Owner string               `json:"owner,omitempty"`
	Kind  incident.ActionKind  `json:"kind"`
	State incident.ActionState `json:"state"`
	Due   string               `json:"due,omitempty"`  // a day, or ""
	Added string               `json:"added"`          // the day, UTC, on which it was written; what came with the record, on which that was filed
	Done  string               `json:"done,omitempty"` // the day on which it became done; "" when it came so, and nobody knows
}

// grace is how late an update may be and still be the one promised, as incident.Promises has it.
const grace = 5 * time.Minute

// Counts tells whether insights count the incident: one that is archived, or was filed twice or by mistake, is none.
func Counts(in *incident.Incident) bool { return !in.Archived && in.Resolution == "" }

// Of gives the facts of a record as it is at the time of a change. Before are its facts before it, nil when it is new: from
// them, and from nothing in the record, is known when follow-ups were written and done.
func Of(in *incident.Incident, before *Facts, at time.Time) Facts {
	f := Facts{Kind: in.Kind, Severity: in.Severity, Start: in.CreatedAt, Components: []string{}, Categories: []string{}, FollowUps: []FollowUp{}}
	if s := in.Milestones.Started; s.Known() {
		f.Start, f.Hour = *s.At, hourOf(s)
	}
	f.Start = f.Start.UTC()
	m := incident.Measure(in)
	f.Seconds = [Measures]*int64{m.TimeToDetect, m.TimeToAcknowledge, m.TimeToMitigate, m.TimeToResolve, m.TimeToTell, quiet(in)}
	f.Told = in.FirstTold() != nil
	for _, p := range in.Promises(time.Time{}) {
		switch p.Kept {
		case incident.KeptInTime:
			f.Kept++
		case incident.KeptLate:
			f.Late++
		default:
			f.Unanswered = append(f.Unanswered, p.Message.NextUpdateAt.At.Add(grace).UTC())
		}
	}
	for i := range in.Impacts {
		if p := &in.Impacts[i]; p.Audience != incident.AudiencePrivate {
			f.Components = once(f.Components, p.Component)
		}
	}
	for i := range in.Analysis.Factors {
		if p := &in.Analysis.Factors[i]; p.Audience != incident.AudiencePrivate {
			f.Categories = once(f.Categories, p.Category)
		}
	}
	f.followUps(in, before, at)
	return f
}

// hourOf is Facts.Hour of a start; nil when only its day is known.
func hourOf(start *incident.Moment) *int {
	told, ok := start.In("")
	if !ok || start.Precision == incident.Day {
		return nil
	}
	hour := 24*int(told.Weekday()) + told.Hour()
	return &hour
}

// quiet is the longest time in which outsiders were told nothing while it went on, in seconds: of incidents that are over.
func quiet(in *incident.Incident) *int64 {
	if !in.Status.Over() {
		return nil
	}
	var longest *int64
	for _, q := range in.Quiets(time.Time{}) {
		if s := int64(q.Length() / time.Second); longest == nil || s > *longest {
			longest = &s
		}
	}
	return longest
}

// once adds a name to those that differ in more than case.
func once(names []string, name string) []string {
	name = strings.TrimSpace(name)
	if name == "" || slices.ContainsFunc(names, func(n string) bool { return Fold(n) == Fold(name) }) {
		return names
	}
	return append(names, name)
}

// Fold makes names comparable.
func Fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

func (f *Facts) followUps(in *incident.Incident, before *Facts, at time.Time) {
	was := map[string]FollowUp{}
	if before != nil {
		for _, a := range before.FollowUps {
			was[a.ID] = a
		}
	}
	for i := range in.Actions {
		a := &in.Actions[i]
		if a.Audience == incident.AudiencePrivate {
			continue
		}
		now := FollowUp{ID: a.ID, Owner: strings.TrimSpace(a.Owner), Kind: a.Kind, State: a.State, Added: at.UTC().Format(time.DateOnly)}
		if a.Due != nil {
			now.Due = *a.Due
		}
		switch old, had := was[a.ID]; {
		case before == nil:
			now.Added = in.CreatedAt.UTC().Format(time.DateOnly)
		case had:
			now.Added = old.Added
			if now.Done = old.Done; old.State != incident.Done {
				now.Done = at.UTC().Format(time.DateOnly)
			}
		}
		if now.State != incident.Done {
			now.Done = ""
		}
		f.FollowUps = append(f.FollowUps, now)
	}
}

// Month is the month of the start, UTC: 201307 for July 2013.
func (f *Facts) Month() Period { return monthOf(f.Start) }
