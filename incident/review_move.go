package incident

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// ReviewStep asks for a move of review. By and At are who and when; Authors
// are the lower-cased names of everybody who wrote content. Reason says why;
// an admin needs one for approving alone what they alone wrote. Reviewers names whom
// Submit asks; nobody new when it is empty.
type ReviewStep struct {
	Move      ReviewMove
	By        Actor
	At        time.Time
	Reason    string
	Reviewers []string
	Authors   []string
}

// reviewMove is a row of the table of review: from which states a move is
// possible, where it leads ("" stays), what it takes, and what else it does.
type reviewMove struct {
	from []ReviewState
	to   ReviewState
	deed Deed
	do   func(*Incident, ReviewStep) error
}

// reviewMoves is the one table of review.
var reviewMoves = map[ReviewMove]reviewMove{
	Submit:         {[]ReviewState{ReviewDraft}, InReview, Write, (*Incident).ask},
	RequestChanges: {[]ReviewState{InReview, ReviewApproved}, ReviewDraft, ReviewDeed, (*Incident).unapprove},
	Approve:        {[]ReviewState{InReview}, ReviewApproved, ReviewDeed, (*Incident).approve},
	ApprovePublic:  {[]ReviewState{InReview, ReviewApproved}, "", ReviewDeed, (*Incident).approve},
	Publish:        {[]ReviewState{ReviewApproved}, ReviewPublished, ReviewDeed, (*Incident).publish},
	Withdraw:       {[]ReviewState{InReview, ReviewApproved, ReviewPublished}, ReviewDraft, Write, (*Incident).unapprove},
}

// ReviewMoveNames lists the moves in the order of a postmortem's life.
var ReviewMoveNames = []ReviewMove{Submit, RequestChanges, Approve, ApprovePublic, Publish, Withdraw}

// ReviewMoves lists the moves that the state of the postmortem leaves open,
// whoever asks.
func ReviewMoves(in *Incident) []ReviewMove {
	return slices.DeleteFunc(slices.Clone(ReviewMoveNames), func(m ReviewMove) bool {
		return !slices.Contains(reviewMoves[m].from, in.Review.State)
	})
}

// ReviewMove takes one step of review. It refuses a role that may not with
// Forbidden, a step that the state does not have with Conflict, and one that
// lacks something with Invalid or Conflict; then nothing has changed.
//
// Somebody listed as a reviewer may request changes without the role, if they
// may write. Nobody approves alone what they alone wrote, unless an admin
// gives a reason, which the approval keeps.
func (in *Incident) ReviewMove(m ReviewStep) error {
	move, known := reviewMoves[m.Move]
	if !known {
		return Refuse(Invalid, "/move", choose(string(m.Move), words(ReviewMoveNames)))
	}
	asked := m.Move == RequestChanges && m.By.Role.May(Write) && in.asks(m.By.Name)
	if !m.By.Role.May(move.deed) && !asked {
		return Refuse(Forbidden, "", fmt.Sprintf("%s needs a role that may %s: ask somebody who has it", m.Move, move.deed))
	}
	if !slices.Contains(move.from, in.Review.State) {
		return Refuse(Conflict, "/move", fmt.Sprintf("%s is not possible while the postmortem is %s: it may %s",
			m.Move, in.Review.State, strings.Join(words(ReviewMoves(in)), ", ")))
	}
	c := newChecker()
	c.text("/reason", m.Reason, field{longest: longText, length: longestReason}) // history keeps it
	if err := c.refusal(); err != nil {
		return err
	}
	if err := move.do(in, m); err != nil {
		return err
	}
	in.Review.State = or(move.to, in.Review.State)
	return nil
}

// words are the texts of a closed set.
func words[T ~string](set []T) []string {
	all := make([]string, len(set))
	for i, word := range set {
		all[i] = string(word)
	}
	return all
}

// asks tells whether the person was asked to review.
func (in *Incident) asks(name string) bool {
	return fold(name) != "" && slices.ContainsFunc(in.Review.Reviewers, func(r string) bool { return fold(r) == fold(name) })
}

func (in *Incident) ask(m ReviewStep) error {
	if n := len(m.Reviewers); n > mostReviewers {
		return Refuse(Invalid, "/reviewers", fmt.Sprintf("names %d people, at most %d may be asked: leave some out", n, mostReviewers))
	}
	var names []string
	c := newChecker()
	for i, name := range m.Reviewers {
		name = strings.TrimSpace(name)
		c.text(place("/reviewers", i), name, field{required: true})
		if !slices.ContainsFunc(names, func(n string) bool { return fold(n) == fold(name) }) {
			names = append(names, name)
		}
	}
	if err := c.refusal(); err != nil {
		return err
	}
	if len(names) > 0 {
		in.Review.Reviewers = names
	}
	return nil
}

// mostReviewers is the maxItems of Review.Reviewers.
const mostReviewers = 50

func (in *Incident) unapprove(ReviewStep) error {
	in.Review.Approvals, in.Review.PublishedAt = []Approval{}, nil
	return nil
}

func (in *Incident) approve(m ReviewStep) error {
	a := Approval{By: m.By.Name, Public: m.Move == ApprovePublic, Version: in.Version, At: microseconds(m.At)}
	if in.alone(m, a.Public) {
		if err := checkAlone(m); err != nil {
			return err
		}
		a.Reason = strings.TrimSpace(m.Reason)
	}
	in.Review.Approvals = slices.DeleteFunc(in.Review.Approvals, func(old Approval) bool {
		return old.Public == a.Public && fold(old.By) == fold(a.By)
	})
	in.Review.Approvals = append(in.Review.Approvals, a)
	return nil
}

// alone tells whether nobody but the approver wrote the record and nobody else
// has approved the same.
func (in *Incident) alone(m ReviewStep, public bool) bool {
	other := func(name string) bool { return fold(name) != "" && fold(name) != fold(m.By.Name) }
	authors := m.Authors
	if len(authors) == 0 {
		authors = []string{in.CreatedBy}
	}
	return !slices.ContainsFunc(authors, other) && !slices.ContainsFunc(in.Review.Approvals, func(a Approval) bool {
		return a.Public == public && other(a.By)
	})
}

// checkAlone lets an admin with a reason pass.
func checkAlone(m ReviewStep) error {
	if m.By.Role != Admin {
		return Refuse(Forbidden, "", "you alone wrote this postmortem, so somebody else approves it: ask another reviewer, or an admin, who may approve their own with a reason")
	}
	c := newChecker()
	if strings.TrimSpace(m.Reason) == "" {
		return Refuse(Forbidden, "/reason", "you alone wrote this postmortem: ask another reviewer, or as an admin say in reason why you approve it alone")
	}
	c.text("/reason", strings.TrimSpace(m.Reason), field{length: longestReason})
	return c.refusal()
}

// longestReason is the maxLength of Approval.Reason.
const longestReason = 2000

func (in *Incident) publish(m ReviewStep) error {
	has := func(public bool) bool {
		return slices.ContainsFunc(in.Review.Approvals, func(a Approval) bool { return a.Public == public })
	}
	switch {
	case in.Visibility == VisiblePrivate:
		return Refuse(Conflict, "/visibility", "a private incident is not published: make it internal first")
	case !has(false):
		return Refuse(Conflict, "/move", "the record is not approved: approve it first")
	case !has(true):
		return Refuse(Conflict, "/move", "the public version is not approved: read it and approve_public first")
	}
	c := newChecker()
	c.text("/public_title", in.PublicTitle, field{required: true})
	c.text("/public_summary", in.PublicSummary, field{required: true, longest: longText, length: 65536})
	if err := c.refusal(); err != nil {
		return err
	}
	at := microseconds(m.At)
	in.Review.PublishedAt = &at
	return nil
}

// VoidApprovals is for the store, after content changed: approvals given to
// what stood there before no longer hold, and an approved or published
// postmortem is back in review. It tells whether it changed anything.
func (in *Incident) VoidApprovals() bool {
	shown := in.Review.State == ReviewApproved || in.Review.State == ReviewPublished
	if !shown && len(in.Review.Approvals) == 0 {
		return false
	}
	in.Review.Approvals, in.Review.PublishedAt = []Approval{}, nil
	if shown {
		in.Review.State = InReview
	}
	return true
}

// Announced tells whether outsiders may know of the incident: it is not
// private nor archived, and a public message stands on the status page or the
// postmortem is published.
func (in *Incident) Announced() bool {
	return in.Visibility == VisibleInternal && !in.Archived &&
		(in.Review.State == ReviewPublished || slices.ContainsFunc(in.Messages, onStatusPage))
}
