package incident

import "time"

// ReviewState is where the postmortem itself stands.
type ReviewState string

// The states of review, in order.
const (
	ReviewDraft     ReviewState = "draft"
	InReview        ReviewState = "in_review"
	ReviewApproved  ReviewState = "approved"
	ReviewPublished ReviewState = "published"
)

// ReviewMove is a step of review.
type ReviewMove string

// The moves. Approve is about the record, ApprovePublic about what outsiders
// would see; publishing needs both.
const (
	Submit         ReviewMove = "submit"
	RequestChanges ReviewMove = "request_changes"
	Approve        ReviewMove = "approve"
	ApprovePublic  ReviewMove = "approve_public"
	Publish        ReviewMove = "publish"
	Withdraw       ReviewMove = "withdraw"
)

// Review is the postmortem's own life. An approval holds for the version it was
// given to: an edit of content voids it, and takes an approved or published
// postmortem back into review.
type Review struct {
	State       ReviewState `json:"state" enum:"draft,in_review,approved,published"`
	Reviewers   []string    `json:"reviewers" maxItems:"50"` // names of those asked; they may read a private incident
	Approvals   []Approval  `json:"approvals"`               // only those that still hold
	PublishedAt *time.Time  `json:"published_at"`
}

// Approval is one person's yes to one version.
type Approval struct {
	By      string    `json:"by"`
	Public  bool      `json:"public"` // of the public version
	Version int64     `json:"version"`
	At      time.Time `json:"at"`
	Reason  string    `json:"reason,omitempty" maxLength:"2000"` // an admin's, for approving alone what they alone wrote
}
