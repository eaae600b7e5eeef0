package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// views are the lists that somebody comes back to, above the list.
type views struct {
	All     []viewChip
	Current *store.View // the one that is shown and that the reader may forget
	Offer   bool        // what is shown may be kept
	Share   bool        // for everybody too
	Query   string      // what is shown
	Name    string      // as it was typed
	Shared  bool
	Problem string // why it was not kept
}

// viewChip leads to a view.
type viewChip struct {
	chip
	Shared bool
}

// newViews prepares the views for a list that asks for this.
func newViews(all []store.View, asked url.Values, by incident.Actor) views {
	v := views{Query: asked.Encode(), Share: by.Role.May(incident.ReviewDeed)}
	known := false
	for _, kept := range all {
		on := kept.Query == v.Query
		known = known || on
		v.All = append(v.All, viewChip{chip{Label: kept.Name, Address: "/incidents?" + kept.Query, On: on}, kept.Shared})
		if on && (!kept.Shared || v.Share) {
			v.Current = &kept
		}
	}
	v.Offer = len(asked) > 0 && !known && !by.ReadOnly
	return v
}

// keepView keeps the list that the form came from under a name, or forgets it.
// What is refused is said in the form, above that list.
func (s *site) keepView(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	values, err := sent(w, r)
	if err != nil {
		return err
	}
	q, err := url.ParseQuery(values.Get("query"))
	if err != nil {
		return incident.Refuse(incident.Malformed, "", "The form could not be read. Go back and send it again.")
	}
	asked := narrowing(q)
	if _, err := readFilter(asked); err != nil {
		return err
	}
	if values.Get("do") == "forget" {
		id, err := strconv.ParseInt(values.Get("id"), 10, 64)
		if err != nil {
			return incident.Refuse(incident.NotFound, "", "")
		}
		if err := s.Store.DropView(r.Context(), by, id); err != nil {
			return err
		}
		http.Redirect(w, r, at(asked), http.StatusSeeOther)
		return nil
	}
	view := store.View{Name: values.Get("name"), Query: asked.Encode(), Shared: values.Get("shared") == "yes"}
	_, err = s.Store.KeepView(r.Context(), by, view)
	var refusal *incident.Error
	if errors.As(err, &refusal) && (refusal.Kind == incident.Invalid || refusal.Kind == incident.Conflict) {
		l, err := s.listed(r, by, asked, "")
		if err != nil {
			return err
		}
		l.Views.Offer, l.Views.Name, l.Views.Shared, l.Views.Problem = true, view.Name, view.Shared, whyNot(refusal)
		return s.showList(w, answers[refusal.Kind].status, by, l)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, at(asked), http.StatusSeeOther)
	return nil
}
