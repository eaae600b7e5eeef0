package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/debriefhq/debrief/incident"
)

// order moves an entry among those of its time: a step, or to the place of
// another that it was dragged to.
func (s *site) order(w http.ResponseWriter, r *http.Request, by incident.Actor, in *incident.Incident, values url.Values) error {
	id, to := values.Get("id"), values.Get("to")
	_, err := s.Store.Change(r.Context(), by, in.Number, 0, func(in *incident.Incident) error {
		beside := to
		if step, ok := map[string]int{"earlier": -1, "later": 1}[values.Get("do")]; ok {
			if beside = in.Beside(id, step); beside == "" {
				return nil // somebody else moved it there already
			}
		}
		return in.Reorder(id, beside)
	})
	if errors.Is(err, incident.Conflict) && r.Header.Get("HX-Request") == "true" {
		err = nil // dragged too far: the page shows where it stands
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, address(in, "#"+id), http.StatusSeeOther)
	return nil
}
