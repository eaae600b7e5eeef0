package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// history is the page of what happened to a record.
type history struct {
	In       *incident.Incident
	Steps    []step // newest first, of one page
	Now      bool   // this page does not begin with the newest, so that one is offered beside it
	Older    string // address of the next page; "" at the end
	Compared *compared
}

// compared is a record at two points of its history.
type compared struct {
	From, To int64
	Steps    []step // what led from one to the other, newest first
	Changed  []changed
}

// step is one write, told in words.
type step struct {
	Version      int64
	Before       int64 // the version that it changed
	At           shown
	By, Did, Why string
	What         []string // what it touched, at most mostTouched
	More         int      // and how much beside that
	Voided       []string // whose approvals it voided
	From, To     bool     // it is one of the two that are compared
}

// mostTouched bounds what a step names.
const mostTouched = 4

// newSteps tells changes in words.
func newSteps(in *incident.Incident, changes []store.Change) []step {
	now := newIndex(in)
	all := make([]step, len(changes))
	for i, change := range changes {
		s := step{Version: change.Version, Before: change.Version - 1, At: now.clock.instant(change.At), By: change.By, Did: word("did " + change.Did)}
		for _, d := range change.Changes {
			switch {
			case d.Op == "note":
				s.Why = readable(d.Value)
			case d.Path == "/review" && change.Did == "reviewed":
				s.Did = reviewed(d)
			case d.Path == "/review" && change.Did != "filed":
				s.Voided = voided(d)
			}
		}
		switch {
		case len(change.Changes) == 0:
			s.Did = "changed something that is not yours to see"
		case change.Did != "filed":
			s.touch(newTouched(in, now, change.Changes))
		}
		all[i] = s
	}
	return all
}

func (s *step) touch(names []string) {
	s.What = names
	if n := len(names); n > mostTouched {
		s.What, s.More = names[:mostTouched], n-mostTouched
	}
}

// newTouched names the parts and fields that changes are about, each once.
func newTouched(in *incident.Incident, now *index, changes []store.Diff) []string {
	var names []string
	for _, d := range changes {
		pieces := strings.Split(strings.TrimPrefix(d.Path, "/"), "/")
		kind, name := incident.PartKind(pieces[0]), ""
		switch {
		case d.Op == "note" || unspoken[pieces[0]]:
			continue
		case kind.Pointer() == "" || len(pieces) < 2:
			name = spotAt(in, d.Path).Name
		default:
			name = wholeName(now.clock, kind, d)
			if p, stands := now.parts[pieces[0]+"/"+pieces[1]]; stands {
				name = partName(now.clock, p)
			}
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// reviewOf reads what history keeps of review.
func reviewOf(d store.Diff) (was, is incident.Review) {
	_ = json.Unmarshal(d.Old, &was) // erased or written by the store
	_ = json.Unmarshal(d.Value, &is)
	return was, is
}

// reviewed says which step of review a change is.
func reviewed(d store.Diff) string {
	was, is := reviewOf(d)
	switch {
	case is.State == incident.ReviewPublished:
		return "published it"
	case was.State == incident.ReviewPublished:
		return "withdrew it"
	case was.State == incident.ReviewDraft && len(is.Reviewers) > 0:
		return "asked for review: " + strings.Join(is.Reviewers, ", ")
	case was.State == incident.ReviewDraft:
		return "asked for review"
	case is.State == incident.ReviewDraft:
		return "took it back to draft"
	case len(is.Approvals) > 0 && is.Approvals[len(is.Approvals)-1].Public:
		return "approved the public version"
	}
	return "approved the record"
}

// voided lists the approvals that a change voided.
func voided(d store.Diff) []string {
	was, is := reviewOf(d)
	if len(is.Approvals) > 0 {
		return nil
	}
	var all []string
	for _, a := range was.Approvals {
		all = append(all, a.By+" ("+approvedWhat(a)+")")
	}
	return all
}

// approvedWhat names what an approval is about.
func approvedWhat(a incident.Approval) string {
	if a.Public {
		return "public version"
	}
	return "record"
}

// historyPerPage is how many steps a page of history shows.
const historyPerPage = 50

// history shows what happened to a record, and two points of it side by side.
func (s *site) history(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	found, err := s.Store.History(r.Context(), by, in.Number, historyPerPage, q.Get("cursor"))
	if err != nil {
		return err
	}
	page := history{In: in, Steps: newSteps(in, found.Items), Now: q.Get("cursor") != ""}
	if found.Next != "" {
		page.Older = address(in, "/history?"+url.Values{"cursor": {found.Next}}.Encode())
	}
	if q.Get("from") != "" || q.Get("to") != "" {
		if page.Compared, err = s.compareVersions(r, by, in, q); err != nil {
			return err
		}
	}
	page.mark()
	return s.show(w, http.StatusOK, frame{Name: "history", Title: "History · " + in.Number.String(), By: by, Here: "incidents", Page: page})
}

// mark chooses the two points in the list: those compared, else the newest two of
// it, or the second and what stands now.
func (h *history) mark() {
	for i := range h.Steps {
		s := &h.Steps[i]
		if h.Compared != nil {
			s.From, s.To = s.Version == h.Compared.From, s.Version == h.Compared.To
			continue
		}
		s.From, s.To = i == min(1, len(h.Steps)-1), i == 0 && !h.Now
	}
}

func (s *site) compareVersions(r *http.Request, by incident.Actor, in *incident.Incident, q url.Values) (*compared, error) {
	read := func(key string) (int64, error) {
		n, err := strconv.ParseInt(q.Get(key), 10, 64)
		if err != nil || n < 0 {
			return 0, incident.Refuse(incident.Malformed, "", "The address names no version to compare. Go back and choose two.")
		}
		return n, nil
	}
	from, err := read("from")
	if err != nil {
		return nil, err
	}
	to, err := read("to")
	if err != nil {
		return nil, err
	}
	from, to = min(from, to, in.Version), min(max(from, to), in.Version)
	steps, different, err := s.Store.Between(r.Context(), by, in.Number, from, to)
	if err != nil {
		return nil, err
	}
	slices.Reverse(steps)
	return &compared{From: from, To: to, Steps: newSteps(in, steps), Changed: newChanged(in, different)}, nil
}
