package web

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"slices"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/incident"
)

// moveEditor prepares the form that moves a follow-up to another state.
// What needs a reason and has none is asked for it.
func (s *site) moveEditor(r *http.Request, in *incident.Incident) (*editor, error) {
	p, found := in.Part(incident.Actions, chi.URLParam(r, "id"))
	if !found {
		return nil, incident.Refuse(incident.NotFound, "", "")
	}
	inputs := slices.DeleteFunc(slices.Clone(partInputs[incident.Actions]), func(i input) bool { return i.Key != "state" && i.Key != "reason" })
	e := s.newEditor(in, reflect.TypeFor[incident.Action](), inputs, nil)
	e.apart = true
	id, back := p.Head().ID, wayBack(r.URL.Query().Get("back"), "/actions")
	e.save = func(ctx context.Context, by incident.Actor, sent url.Values) (string, error) {
		_, err := s.Store.ChangePart(ctx, by, in.Number, incident.Actions, id, 0, func(p incident.Part) error { return e.change(p, sent) })
		return back + "#" + boardPlace(in.Number, id), err
	}
	return e, e.fill(form{
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
