package incident_test

import (
	"testing"

	"github.com/debriefhq/debrief/incident"
)

func TestAChoiceIsWhatTheMoveWouldAnswer(t *testing.T) {
	t.Parallel()
	for _, role := range incident.Roles {
		for _, state := range []incident.ReviewState{"draft", "in_review", "approved", "published"} {
			in := inReview(state)
			before := len(in.Review.Approvals)
			for _, c := range in.ReviewChoices(by(role, "").By, []string{"bob"}) {
				err := inReview(state).ReviewMove(by(role, c.Move))
				if (err == nil) != (c.Refused == nil) || err != nil && err.Error() != c.Refused.Error() {
					t.Errorf("%s of %s by a %s: the choice says %v, the move %v", c.Move, state, role, c.Refused, err)
				}
				if c.Alone {
					t.Errorf("%s of %s by a %s asks for a reason, though somebody else wrote the record", c.Move, state, role)
				}
			}
			if in.Review.State != state || len(in.Review.Approvals) != before {
				t.Errorf("asking for the choices of a %s moved it to %s", state, in.Review.State)
			}
		}
	}
}

func TestAnAdminWhoWroteItAloneIsAskedForAReason(t *testing.T) {
	t.Parallel()
	for _, c := range inReview("in_review").ReviewChoices(by("admin", "").By, []string{"ann"}) {
		if c.Move == incident.Approve && (c.Refused != nil || !c.Alone) {
			t.Errorf("an admin who wrote it alone may approve: %v, with a reason: %t, want both", c.Refused, c.Alone)
		}
	}
	for _, c := range inReview("in_review").ReviewChoices(by("reviewer", "").By, []string{"ann"}) {
		if c.Move == incident.Approve && c.Refused == nil {
			t.Error("a reviewer who wrote it alone may approve it")
		}
	}
	in := inReview("approved")
	in.Archived = true
	for _, c := range in.ReviewChoices(by("admin", "").By, nil) {
		if c.Refused == nil {
			t.Errorf("%s of an archived incident is possible", c.Move)
		}
	}
}
