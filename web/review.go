package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// review is the page of a postmortem's own life.
type review struct {
	In        *incident.Incident
	Seen      int64 // version whose content the reader knows of
	Path      []stage
	Asked     []asked
	Approvals []approval
	Voided    *step // the edit that voided approvals, while nobody has approved again
	Moves     []moving
	Refused   []moving
	Submits   bool     // one of the moves asks for reviewers
	Alone     bool     // one of them takes a reason alone
	Reviewers []string // as written, with room for more
	People    []string // of the installation, who may be asked
	Reason    string   // as written
	Problem   string
	Clash     *compared // what changed since the page was made that a move was sent from
	Open      []comment
	Checklist checklist
	Exports   []exportLink // of the public version
	Life      []step
	Writes    bool
}

// stage is a state on the way to being published.
type stage struct {
	Name string
	Is   string // "past", "now" or "ahead"
}

// asked is somebody who was asked for a review, with what they approved.
type asked struct {
	Name           string
	Record, Public bool
}

// approval is an approval that holds.
type approval struct {
	incident.Approval
	What string
	When shown
}

// moving is a move that is offered, or one that is not and why.
type moving struct {
	Move       incident.ReviewMove
	Name, Says string
	Grave      bool // it takes something back
}

// moveNames are what buttons say, and what pressing them means.
var moveNames = map[incident.ReviewMove]moving{
	incident.Submit:         {Name: "Ask for review", Says: "Reviewers read it and approve it, or say what should change."},
	incident.RequestChanges: {Name: "Request changes", Says: "It goes back to draft. Say what should change.", Grave: true},
	incident.Approve:        {Name: "Approve the record", Says: "You have read it and find it true."},
	incident.ApprovePublic:  {Name: "Approve the public version", Says: "You have read what outsiders will see, and it may be told."},
	incident.Publish:        {Name: "Publish", Says: "Outsiders can read the public version from then on."},
	incident.Withdraw:       {Name: "Withdraw", Says: "It goes back to draft. What is published is no longer shown to outsiders.", Grave: true},
}

// newReview prepares the page.
func newReview(r *store.Reviewing, writes bool) review {
	in := r.In
	c := newClock(in.Zone)
	page := review{
		In: in, Seen: in.Version, Path: stages(in.Review.State), Life: newSteps(in, r.Life), Writes: writes,
		Reviewers: append(slices.Clone(in.Review.Reviewers), "", "", "")[:max(3, len(in.Review.Reviewers)+1)],
		Checklist: newChecklist(in, r.Life),
	}
	for _, a := range in.Review.Approvals {
		page.Approvals = append(page.Approvals, approval{a, approvedWhat(a), c.instant(a.At)})
	}
	for _, name := range in.Review.Reviewers {
		page.Asked = append(page.Asked, asked{name, approved(in, name, false), approved(in, name, true)})
	}
	for _, m := range r.Choices {
		o := moveNames[m.Move]
		o.Move = m.Move
		switch {
		case m.Refused == nil:
			page.Moves = append(page.Moves, o)
			page.Submits, page.Alone = page.Submits || m.Move == incident.Submit, page.Alone || m.Alone
		default:
			o.Says = refusedPlainly(in, m)
			page.Refused = append(page.Refused, o)
		}
	}
	for i, s := range page.Life {
		if len(s.Voided) > 0 && len(in.Review.Approvals) == 0 {
			page.Voided = &page.Life[i]
		}
		if len(s.Voided) > 0 || strings.HasPrefix(s.Did, "approved") || strings.HasPrefix(s.Did, "published") {
			break
		}
	}
	labels := entryLabels(in, c)
	for _, m := range comments(in, c, labels) {
		if !m.Resolved {
			page.Open = append(page.Open, m)
		}
	}
	for _, e := range exports(in) {
		if e.Audience == incident.AudiencePublic {
			page.Exports = e.Links
		}
	}
	return page
}

// plainly puts words for people where a refusal names what programs send.
var plainly = strings.NewReplacer("approve_public", "approve the public version", "request_changes", "request changes", "in_review", "in review")

// refusedPlainly says why a move is not possible.
func refusedPlainly(in *incident.Incident, c incident.ReviewChoice) string {
	if !in.Archived && c.Refused.Kind == incident.Conflict && !slices.Contains(incident.ReviewMoves(in), c.Move) {
		return "Not while the postmortem is " + word(in.Review.State) + "."
	}
	return sentence(plainly.Replace(c.Refused.Detail))
}

func approved(in *incident.Incident, name string, public bool) bool {
	return slices.ContainsFunc(in.Review.Approvals, func(a incident.Approval) bool {
		return a.Public == public && strings.EqualFold(strings.TrimSpace(a.By), strings.TrimSpace(name))
	})
}

// stages is the way from draft to published.
func stages(now incident.ReviewState) []stage {
	all := []incident.ReviewState{incident.ReviewDraft, incident.InReview, incident.ReviewApproved, incident.ReviewPublished}
	here := slices.Index(all, now)
	path := make([]stage, len(all))
	for i, state := range all {
		is := "ahead"
		switch {
		case i < here:
			is = "past"
		case i == here:
			is = "now"
		}
		path[i] = stage{word(state), is}
	}
	return path
}

// around leads from a page about a record to it and to the others.
type around struct {
	In     *incident.Incident
	Record string
	Pages  []beside
}

type beside struct {
	Name, Address string
	Here          bool
}

func newAround(in *incident.Incident, here string) around {
	a := around{In: in, Record: address(in, "")}
	for _, p := range []struct{ name, path string }{{"Record", ""}, {"Review", "review"}, {"What outsiders see", "compare"}, {"History", "history"}, {"Export", "preview"}} {
		a.Pages = append(a.Pages, beside{p.name, strings.TrimSuffix(address(in, "/"+p.path), "/"), p.path == here})
	}
	return a
}

// reviewRoutes are the pages of review and history, and the forms on them.
func (s *site) reviewRoutes(r chi.Router) {
	const one = "/incidents/{number}"
	r.With(small).Get(one+"/review", s.member(s.review))
	r.Post(one+"/review", s.member(s.moveReview))
	r.Post(one+"/review/silence", s.member(s.takes(s.silence)))
	r.Post(one+"/comments/{id}", s.member(s.takes(s.settle)))
	r.With(small).Get(one+"/compare", s.member(s.comparePublic))
	r.Get(one+"/history", s.member(s.history))
}

// review shows where the review of a postmortem stands.
func (s *site) review(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	page, err := s.reviewPage(r, by)
	if err != nil {
		return err
	}
	return s.showReview(w, r, http.StatusOK, by, page)
}

func (s *site) showReview(w http.ResponseWriter, r *http.Request, status int, by incident.Actor, page *review) error {
	return s.show(w, status, frame{Name: "review", Title: "Review · " + page.In.Number.String(), By: by, Here: "incidents", Page: *page, Of: s.picturesOf(r, by, page.In.Number)})
}

func (s *site) reviewPage(r *http.Request, by incident.Actor) (*review, error) {
	n, err := incident.ReadNumber(chi.URLParam(r, "number"))
	if err != nil {
		return nil, err
	}
	found, err := s.Store.Reviewing(r.Context(), by, n)
	if err != nil {
		return nil, err
	}
	page := newReview(found, mayWrite(by, found.In))
	seen, _ := strconv.ParseInt(r.URL.Query().Get("seen"), 10, 64) // of a page that is drawn anew while it is open
	if 0 < seen && seen < page.Seen {
		steps, _, err := s.Store.Between(r.Context(), by, n, seen, page.Seen)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(steps, isEdit) {
			page.Seen = seen
		}
	}
	if page.Submits {
		people, err := s.Store.People(r.Context(), by)
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			if !p.Disabled && p.Role.May(incident.Write) {
				page.People = append(page.People, p.Name)
			}
		}
	}
	return &page, nil
}

// isEdit tells whether a change is one of what the record says, which reviewers have to read.
func isEdit(c store.Change) bool {
	return slices.ContainsFunc(c.Changes, func(d store.Diff) bool {
		kind, _ := part(d.Path)
		return d.Op != "note" && d.Path != "/review" && kind != incident.Comments
	})
}

// moveReview takes a step of review on the version that its sender saw.
func (s *site) moveReview(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	values, err := sent(w, r)
	if err != nil {
		return err
	}
	n, err := incident.ReadNumber(chi.URLParam(r, "number"))
	if err != nil {
		return err
	}
	seen, err := strconv.ParseInt(values.Get("version"), 10, 64)
	if err != nil || seen < 1 {
		return incident.Refuse(incident.Malformed, "", "The form does not say which version was read. Open the page of the review and send it from there.")
	}
	step := incident.ReviewStep{Move: incident.ReviewMove(values.Get("move")), Reason: strings.TrimSpace(lf(values.Get("reason")))}
	if step.Move == incident.Submit {
		step.Reviewers = slices.DeleteFunc(values["reviewer"], func(name string) bool { return strings.TrimSpace(name) == "" })
	}
	in, err := s.Store.Review(r.Context(), by, n, store.Seen{Version: seen}, step)
	if err != nil {
		return s.reviewAgain(w, r, by, values, seen, err)
	}
	http.Redirect(w, r, address(in, "/review"), http.StatusSeeOther)
	return nil
}

// reviewAgain shows the page with what was sent and why it was refused: what
// changed meanwhile, or the rule.
func (s *site) reviewAgain(w http.ResponseWriter, r *http.Request, by incident.Actor, values url.Values, seen int64, refused error) error {
	var refusal *incident.Error
	if !errors.As(refused, &refusal) || refusal.Kind == incident.NotFound || refusal.Kind == incident.SignIn {
		return refused
	}
	page, err := s.reviewPage(r, by)
	if err != nil {
		return err
	}
	page.Reason = lf(values.Get("reason"))
	if names := values["reviewer"]; len(names) > 0 {
		page.Reviewers = append(names, "")
	}
	status := answers[refusal.Kind].status
	if refusal.Kind != incident.Stale {
		page.Problem = sentence(plainly.Replace(refusal.Detail))
		if values.Get("move") == "" {
			page.Problem = "Choose what to do with one of the buttons."
		}
		return s.showReview(w, r, status, by, page)
	}
	if seen > page.In.Version {
		return refused
	}
	steps, different, err := s.Store.Between(r.Context(), by, page.In.Number, seen, page.In.Version)
	if err != nil {
		return err
	}
	slices.Reverse(steps)
	page.Clash = &compared{From: seen, To: page.In.Version, Steps: newSteps(page.In, steps), Changed: newChanged(page.In, different)}
	return s.showReview(w, r, http.StatusConflict, by, page)
}
