package web

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/incident"
)

// moveEditor prepares the form that moves a follow-up to another state.
func (s *site) moveEditor(r *http.Request, in *incident.Incident) (*editor, incident.Part, error) {
	p, found := in.Part(incident.Actions, chi.URLParam(r, "id"))
	if !found {
		return nil, nil, incident.Refuse(incident.NotFound, "", "")
	}
	inputs := slices.DeleteFunc(slices.Clone(partInputs[incident.Actions]), func(i input) bool { return i.Key != "state" && i.Key != "reason" })
	e := s.newEditor(in, reflect.TypeFor[incident.Action](), inputs, nil)
	e.apart = true
	id, back := p.Head().ID, wayBack(r.URL.Query().Get("back"), "/actions")
	return e, p, e.fill(form{
		ID: "form-move-" + id, Title: "Move: " + p.(*incident.Action).Title, Save: "Move", Target: "open-" + id, Back: back,
		Action: address(in, "/actions/"+id+"?"+url.Values{"back": {back}}.Encode()),
	}, p, false)
}

// wayBack is the page that a form was sent from, with the path that such a page
// has. No other is led to: what an address says may come from anybody.
func wayBack(asked, path string) string {
	u, err := url.Parse(asked)
	if err != nil || u.Path != path || u.Host != "" || u.Scheme != "" || u.RawQuery == "" {
		return path
	}
	return path + "?" + u.Query().Encode()
}

// askMove shows the form.
func (s *site) askMove(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	e, _, err := s.moveEditor(r, in)
	if err != nil {
		return err
	}
	return s.ask(w, r, http.StatusOK, by, e)
}

// moveAction moves a follow-up and goes back to the board. What needs a reason
// and has none is asked for it.
func (s *site) moveAction(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	values, err := sent(w, r)
	if err != nil {
		return err
	}
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	e, p, err := s.moveEditor(r, in)
	if err != nil {
		return err
	}
	_, err = s.Store.ChangePart(r.Context(), by, in.Number, incident.Actions, p.Head().ID, 0, func(p incident.Part) error { return e.change(p, values) })
	if err != nil {
		return s.askAgain(w, r, by, e, values, err)
	}
	http.Redirect(w, r, e.form.Back+"#"+boardPlace(in.Number, p.Head().ID), http.StatusSeeOther)
	return nil
}
