package incident_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

// by is a step of review by Ann, who did not write the record.
func by(role incident.Role, move incident.ReviewMove) incident.ReviewStep {
	return incident.ReviewStep{Move: move, By: incident.Actor{Name: "Ann", Role: role}, At: *when(2013), Authors: []string{"bob"}}
}

// inReview is a record in a state of review, approved twice by Cid.
func inReview(state incident.ReviewState) *incident.Incident {
	in := full()
	in.Review = incident.Review{State: state, Reviewers: []string{"Dora"}}
	if state == incident.ReviewApproved || state == incident.ReviewPublished {
		in.Review.Approvals = []incident.Approval{{By: "Cid"}, {By: "Cid", Public: true}}
	}
	if state == incident.ReviewPublished {
		in.Review.PublishedAt = when(2013)
	}
	return in
}

func TestReviewMove(t *testing.T) {
	t.Parallel()
	dora := by(incident.Responder, incident.RequestChanges)
	dora.By.Name = "DORA"
	tests := []struct {
		name string
		from incident.ReviewState
		step incident.ReviewStep
		want error
		to   incident.ReviewState
	}{
		{"a responder submits", "draft", by("responder", "submit"), nil, "in_review"},
		{"a viewer does not", "draft", by("viewer", "submit"), incident.Forbidden, ""},
		{"once is enough", "in_review", by("responder", "submit"), incident.Conflict, ""},
		{"a reviewer approves", "in_review", by("reviewer", "approve"), nil, "approved"},
		{"a responder does not", "in_review", by("responder", "approve"), incident.Forbidden, ""},
		{"nobody approves a draft", "draft", by("admin", "approve"), incident.Conflict, ""},
		{"approving the public version changes no state", "in_review", by("reviewer", "approve_public"), nil, "in_review"},
		{"before or after the record", "approved", by("reviewer", "approve_public"), nil, "approved"},
		{"but not of a draft", "draft", by("reviewer", "approve_public"), incident.Conflict, ""},
		{"a reviewer publishes", "approved", by("reviewer", "publish"), nil, "published"},
		{"a responder does not publish", "approved", by("responder", "publish"), incident.Forbidden, ""},
		{"nor anybody before approval", "in_review", by("admin", "publish"), incident.Conflict, ""},
		{"a reviewer requests changes", "approved", by("reviewer", "request_changes"), nil, "draft"},
		{"so does who was asked", "in_review", dora, nil, "draft"},
		{"but no other responder", "in_review", by("responder", "request_changes"), incident.Forbidden, ""},
		{"what is published is withdrawn instead", "published", by("reviewer", "request_changes"), incident.Conflict, ""},
		{"by those who write", "published", by("responder", "withdraw"), nil, "draft"},
		{"a draft is not withdrawn", "draft", by("responder", "withdraw"), incident.Conflict, ""},
		{"other words are no moves", "draft", by("admin", "bless"), incident.Invalid, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := inReview(tt.from)
			err := in.ReviewMove(tt.step)
			if !errors.Is(err, tt.want) {
				t.Fatalf("ReviewMove(%s) of %s = %v, want %v", tt.step.Move, tt.from, err, tt.want)
			}
			want := tt.to
			if err != nil {
				want = tt.from
			}
			if in.Review.State != want {
				t.Errorf("the state is %s, want %s", in.Review.State, want)
			}
		})
	}
}

func TestNobodyApprovesAloneWhatTheyAloneWrote(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		role    incident.Role
		reason  string
		authors []string
		want    error
	}{
		{"a reviewer does not", incident.Reviewer, "because", []string{"ann"}, incident.Forbidden},
		{"an admin says why", incident.Admin, "nobody else is here", []string{"ann"}, nil},
		{"or does not either", incident.Admin, " ", []string{"ann"}, incident.Forbidden},
		{"with a co-author everybody may", incident.Reviewer, "", []string{"ann", "bob"}, nil},
		{"with no author known, who filed it is", incident.Reviewer, "", nil, incident.Forbidden},
	}
	for _, move := range []incident.ReviewMove{incident.Approve, incident.ApprovePublic} {
		for _, tt := range tests {
			t.Run(string(move)+": "+tt.name, func(t *testing.T) {
				t.Parallel()
				in, step := inReview(incident.InReview), by(tt.role, move)
				in.CreatedBy, step.Reason, step.Authors = "Ann", tt.reason, tt.authors
				err := in.ReviewMove(step)
				if !errors.Is(err, tt.want) {
					t.Fatalf("ReviewMove = %v, want %v", err, tt.want)
				}
				if err == nil && (len(in.Review.Approvals) != 1 || in.Review.Approvals[0].Reason != strings.TrimSpace(tt.reason)) {
					t.Errorf("Approvals = %+v, want one that keeps the reason %q", in.Review.Approvals, tt.reason)
				}
			})
		}
	}
}

func TestPublishingNeedsBothApprovalsAndPublicWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		edit func(*incident.Incident)
		want error
		at   string
	}{
		{"the record's approval", func(in *incident.Incident) { in.Review.Approvals = in.Review.Approvals[1:] }, incident.Conflict, "/move"},
		{"the public version's", func(in *incident.Incident) { in.Review.Approvals = in.Review.Approvals[:1] }, incident.Conflict, "/move"},
		{"a title", func(in *incident.Incident) { in.PublicTitle = "" }, incident.Invalid, "/public_title"},
		{"a summary", func(in *incident.Incident) { in.PublicSummary = "" }, incident.Invalid, "/public_summary"},
		{"and an incident that is not private", func(in *incident.Incident) { in.Visibility = incident.VisiblePrivate }, incident.Conflict, "/visibility"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := inReview(incident.ReviewApproved)
			tt.edit(in)
			err := in.ReviewMove(by(incident.Admin, incident.Publish))
			if !errors.Is(err, tt.want) || fields(err)[tt.at] == "" || in.Review.PublishedAt != nil {
				t.Errorf("publish = %v %q, want %v at %s", err, fields(err), tt.want, tt.at)
			}
		})
	}
}

func TestSubmittingNamesReviewersOnce(t *testing.T) {
	t.Parallel()
	in, step := inReview(incident.ReviewDraft), by(incident.Responder, incident.Submit)
	step.Reviewers = []string{" Eve ", "eve", "Fay"}
	if err := in.ReviewMove(step); err != nil || !slices.Equal(in.Review.Reviewers, []string{"Eve", "Fay"}) {
		t.Errorf("submit = %v, reviewers %q; want Eve and Fay", err, in.Review.Reviewers)
	}
	if !slices.Contains(in.Names(), "fay") {
		t.Errorf("Names = %q, want the reviewers too", in.Names())
	}
	in, step.Reviewers = inReview(incident.ReviewDraft), []string{"Eve", ""}
	if err := in.ReviewMove(step); fields(err)["/reviewers/1"] == "" || in.Review.State != incident.ReviewDraft {
		t.Errorf("submit with an empty name = %v %q, want a refusal at /reviewers/1", err, fields(err))
	}
}

func TestAReasonOfReviewIsAText(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{"a\x00b", "\xff", strings.Repeat("x", 2001)} {
		in := inReview(incident.InReview)
		step := incident.ReviewStep{Move: incident.Withdraw, Reason: reason, By: incident.Actor{Name: "Ada", Role: incident.Responder}}
		if err := in.ReviewMove(step); fields(err)["/reason"] == "" || in.Review.State != incident.InReview {
			t.Errorf("withdraw because of %.10q = %v, want a refusal at /reason", reason, err)
		}
	}
}

func TestAnEditVoidsApprovals(t *testing.T) {
	t.Parallel()
	for from, to := range map[incident.ReviewState]incident.ReviewState{
		incident.ReviewDraft: incident.ReviewDraft, incident.InReview: incident.InReview,
		incident.ReviewApproved: incident.InReview, incident.ReviewPublished: incident.InReview,
	} {
		in := inReview(from)
		changed := in.VoidApprovals()
		if in.Review.State != to || len(in.Review.Approvals) != 0 || in.Review.PublishedAt != nil || changed != (from != to) {
			t.Errorf("VoidApprovals of %s = %v, %+v; want %s without approvals", from, changed, in.Review, to)
		}
	}
}
