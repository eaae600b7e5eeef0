package incident

import (
	"errors"
	"slices"
)

// ReviewChoice is a move of review as it stands to one person now.
type ReviewChoice struct {
	Move    ReviewMove
	Refused *Error // says why it is not possible; nil for a move that is
	Alone   bool   // it is possible with a reason alone: they alone wrote what they approve
}

// ReviewChoices tells of each move whether by may make it now, as ReviewMove
// decides it. Authors are the lower-cased names of everybody who wrote content.
func (in *Incident) ReviewChoices(by Actor, authors []string) []ReviewChoice {
	all := make([]ReviewChoice, len(ReviewMoveNames))
	for i, move := range ReviewMoveNames {
		c := ReviewChoice{Move: move, Refused: in.tryReview(ReviewStep{Move: move, By: by, Authors: authors})}
		if c.Refused != nil && c.Refused.Fields["/reason"] != "" {
			c.Refused, c.Alone = in.tryReview(ReviewStep{Move: move, By: by, Authors: authors, Reason: "tried"}), true
		}
		all[i] = c
	}
	return all
}

// tryReview is ReviewMove without doing it.
func (in *Incident) tryReview(step ReviewStep) *Error {
	switch {
	case step.By.ReadOnly:
		return Refuse(Forbidden, "", "this token only reads")
	case in.Archived:
		return Refuse(Conflict, "", "the incident is archived: it is kept as it is")
	}
	trial := *in // a move of review changes nothing else
	trial.Review.Approvals = slices.Clone(in.Review.Approvals)
	var refusal *Error
	errors.As(trial.ReviewMove(step), &refusal)
	return refusal
}
