package incident

import (
	"fmt"
	"slices"
	"strings"
)

// Status is where the incident stands.
type Status string

// The statuses of an incident or near miss, then those of a maintenance.
const (
	Investigating Status = "investigating"
	Identified    Status = "identified"
	Monitoring    Status = "monitoring"
	Resolved      Status = "resolved"

	Scheduled             Status = "scheduled"
	MaintenanceInProgress Status = "in_progress"
	Verifying             Status = "verifying"
	Completed             Status = "completed"
)

// Resolution says how an incident was resolved, when not by repair.
type Resolution string

// The resolutions.
const (
	Duplicate  Resolution = "duplicate"
	FalseAlarm Resolution = "false_alarm"
)

// courses is the one table of moves: the statuses of each kind in their order.
// Every step forward is allowed, also one that skips; every step back is
// allowed with a reason.
var courses = map[IncidentKind][]Status{
	KindIncident: {Investigating, Identified, Monitoring, Resolved},
	NearMiss:     {Investigating, Identified, Monitoring, Resolved},
	Maintenance:  {Scheduled, MaintenanceInProgress, Verifying, Completed},
}

// Course is the statuses of a kind in their order; nil for an unknown kind.
func Course(k IncidentKind) []Status { return slices.Clone(courses[k]) }

// StatusMove asks for another status. At is when it happened; the caller fills
// it. Reason is needed for a step back. Resolution and DuplicateOf go with
// Resolved only.
type StatusMove struct {
	To          Status     `json:"to" required:"true" enum:"investigating,identified,monitoring,resolved,scheduled,in_progress,verifying,completed"`
	At          *Moment    `json:"at" doc:"When it happened; now when absent."`
	Reason      string     `json:"reason" maxLength:"2000" doc:"Needed to go back, as in reopening."`
	Resolution  Resolution `json:"resolution" enum:",duplicate,false_alarm"`
	DuplicateOf *Number    `json:"duplicate_of" doc:"Needed when the resolution is duplicate."`
}

// known tells whether any kind of incident has the status.
func (s Status) known() bool {
	for _, course := range courses {
		if slices.Contains(course, s) {
			return true
		}
	}
	return false
}

// Over tells whether a status is the last of its course.
func (s Status) Over() bool { return s == Resolved || s == Completed }

// StatusMoves lists where the incident may go next: forward first, then back.
func StatusMoves(in *Incident) []Status {
	course := courses[in.Kind]
	here := slices.Index(course, in.Status)
	if here < 0 {
		return nil
	}
	return append(slices.Clone(course[here+1:]), course[:here]...)
}

// Move takes the incident to another status. It refuses a step that the course
// does not have with Conflict, and a word that is no status, or an incomplete
// step, with Invalid; both list what is possible. Then nothing has changed. A
// moment without zone or precision is completed as in a record.
//
// The last status fills milestones.resolved if it is nil and ends the impacts
// that are open; a warning with the rule impacts_closed says how many. Leaving
// it empties milestones.resolved, the resolution and duplicate_of again.
func (in *Incident) Move(m StatusMove) error {
	if !slices.Contains(StatusMoves(in), m.To) {
		return in.impossible(m.To)
	}
	var at Moment
	if m.At != nil {
		at = *m.At
		normalMoment(&at, or(in.Zone, "UTC"))
		m.At = &at
	}
	if err := in.checkMove(m); err != nil {
		return err
	}
	if in.Status.Over() {
		in.Milestones.Resolved, in.Resolution, in.DuplicateOf = nil, "", nil
	}
	in.Status = m.To
	if m.To.Over() {
		in.end(at)
		in.Resolution = m.Resolution
	}
	if m.Resolution == Duplicate {
		original := *m.DuplicateOf
		in.DuplicateOf = &original
	}
	return nil
}

// impossible is the refusal of a move that the course does not have.
func (in *Incident) impossible(to Status) error {
	next := words(StatusMoves(in))
	choices := strings.Join(next, ", ")
	switch {
	case in.Status == to:
		return Refuse(Conflict, "/to", fmt.Sprintf("the incident is %s already: it may go to %s", to, choices))
	case !to.known():
		return Refuse(Invalid, "/to", choose(string(to), next))
	}
	return Refuse(Conflict, "/to", fmt.Sprintf("a %s that is %s cannot become %.40q: it may go to %s", in.Kind, in.Status, to, choices))
}

// checkMove refuses an incomplete move, all its faults at once.
func (in *Incident) checkMove(m StatusMove) error {
	c := newChecker()
	c.fields("", &m)
	course := courses[in.Kind]
	switch {
	case m.At == nil:
		c.fault("/at", "is missing: say when it happened")
	case slices.Index(course, m.To) < slices.Index(course, in.Status) && strings.TrimSpace(m.Reason) == "":
		c.fault("/reason", fmt.Sprintf("is missing: say why it goes back from %s to %s", in.Status, m.To))
	}
	if m.DuplicateOf != nil && m.Resolution != Duplicate {
		c.fault("/duplicate_of", "goes only with the resolution duplicate: write that too, or leave this out")
	}
	c.resolution(resolving{m.To, in.Kind, m.Resolution, m.DuplicateOf, in.Number})
	return c.refusal()
}

// end closes what is open at the moment the incident is over.
func (in *Incident) end(at Moment) {
	if in.Milestones.Resolved == nil {
		resolved := at
		in.Milestones.Resolved = &resolved
	}
	closed := 0
	for i := range in.Impacts {
		if in.Impacts[i].Until == nil {
			until := at
			in.Impacts[i].Until = &until
			closed++
		}
	}
	if closed > 0 {
		in.Warnings = append(in.Warnings, Warning{"/impacts", "impacts_closed", closedText(closed)})
	}
}

func closedText(n int) string {
	if n == 1 {
		return "one impact was still open: it ends with this move; correct its end if users were hurt longer or shorter"
	}
	return fmt.Sprintf("%d impacts were still open: they end with this move; correct their ends if users were hurt longer or shorter", n)
}
