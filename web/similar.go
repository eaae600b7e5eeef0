package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

const (
	fewRelatives  = 3 // on a record, and beside what is being filed
	mostRelatives = 10
)

// similar is the page of likely relatives of an incident.
type similar struct {
	Number    incident.Number
	Title     string
	Likely    likely
	Dismissed []incident.Heading
	Done      string
}

// likely are relatives with what may be said of each.
type likely struct {
	Action string // where that is sent; "" where nothing may be said
	All    []relative
}

// relative is one with when it began.
type relative struct {
	store.Relative
	First shown
}

func newLikely(all []store.Relative, action string) likely {
	l := likely{Action: action}
	for _, r := range all {
		l.All = append(l.All, relative{r, newClock(r.Zone).show(cmp.Or(r.Milestones.Started, r.Milestones.Detected))})
	}
	return l
}

// relativesDone says what was done, by the word that the address ends with.
var relativesDone = map[string]string{
	string(store.Related): "The record names it as related.", string(store.RecurrenceOf): "The record says that it happened again.",
	string(store.NoRelative): "It is remembered that they are no relatives.", takesBack: "It may be a relative again.",
}

// takesBack is what a button says that takes back a dismissal.
const takesBack = "take_back"

func (s *site) similarRoutes(r chi.Router) {
	const of = "/incidents/{number}/similar"
	r.Get(of, s.member(s.similar))
	r.Post(of, s.member(s.relate))
	r.Post("/incidents/similar", s.member(s.similarToDraft))
}

// similar shows likely relatives; few of them where it stands on the record's page.
func (s *site) similar(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	limit, action := mostRelatives, ""
	if r.URL.Query().Has("few") {
		limit = fewRelatives
	}
	if mayWrite(by, in) {
		action = address(in, "/similar")
	}
	found, err := s.Store.Similar(r.Context(), by, in, limit)
	if err != nil {
		return err
	}
	page := similar{Number: in.Number, Title: in.Title, Likely: newLikely(found, action), Done: relativesDone[r.URL.Query().Get("done")]}
	if page.Dismissed, err = s.Store.Dismissed(r.Context(), by, in.Number); err != nil {
		return err
	}
	return s.show(w, http.StatusOK, frame{Name: "similar", Title: "Seen before? · " + in.Number.String(), By: by, Here: "incidents", Page: page})
}

// relate keeps what a person says of two incidents.
func (s *site) relate(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	n, err := incident.ReadNumber(chi.URLParam(r, "number"))
	if err != nil {
		return incident.Refuse(incident.NotFound, "", "")
	}
	form, err := sent(w, r)
	if err != nil {
		return err
	}
	other, err := incident.ReadNumber(form.Get("incident"))
	if err != nil {
		return incident.Refuse(incident.Malformed, "", "This button is none of ours. Go back, and try again.")
	}
	as := form.Get("as")
	if as == takesBack {
		err = s.Store.TakeBack(r.Context(), by, n, other)
	} else {
		err = s.Store.Relate(r.Context(), by, n, other, store.Relation(as))
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, address(&incident.Incident{Heading: incident.Heading{Number: n}}, "/similar?"+url.Values{"done": {as}}.Encode()), http.StatusSeeOther)
	return nil
}

// similarToDraft shows likely relatives of what is being typed.
func (s *site) similarToDraft(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	values, err := sent(w, r)
	if err != nil {
		return err
	}
	found, err := s.likeDraft(r, by, values)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return s.pages["file"].ExecuteTemplate(w, "likely", found)
}

func (s *site) likeDraft(r *http.Request, by incident.Actor, values url.Values) (*likely, error) {
	d := store.Draft{Title: values.Get("title"), Summary: values.Get("summary")}
	for tag := range strings.SplitSeq(values.Get("tags"), ",") {
		if tag = strings.TrimSpace(tag); tag != "" {
			d.Tags = append(d.Tags, tag)
		}
	}
	found, err := s.Store.SimilarToDraft(r.Context(), by, d, fewRelatives)
	l := newLikely(found, "")
	return &l, err
}

// knownBefore is an older relative with those of its follow-ups that were not done when this one began.
type knownBefore struct {
	store.KnownBefore
}

// Open counts those that somebody still meant to do.
func (k knownBefore) Open() (n int) {
	for _, a := range k.Left {
		if a.Then != incident.NotDoing {
			n++
		}
	}
	return n
}

func (s *site) knownBefore(r *http.Request, by incident.Actor, in *incident.Incident) ([]knownBefore, error) {
	if in.RecurrenceOf == nil && len(in.Related) == 0 {
		return nil, nil
	}
	found, err := s.Store.KnownBefore(r.Context(), by, in)
	all := make([]knownBefore, len(found))
	for i, k := range found {
		all[i] = knownBefore{k}
	}
	return all, err
}
