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

// componentInputs are what is written of a part of the product. Its name comes first, and never changes.
var componentInputs = []input{
	{Key: "name", Label: "Name", Shape: asLine, Hint: "As customers know it. It never changes: impacts name it."},
	{Key: "audience", Label: "On the status page", Shape: asChoice},
	{Key: "group", Label: "Group", Shape: asLine, Hint: "The heading that it stands under there. It may be empty."},
	{Key: "position", Label: "Order", Shape: asWhole, Hint: "The least comes first."},
	{Key: "description", Label: "What it is", Shape: asArea, Hint: "Outsiders read it beside the name."},
}

// shownOptions say whether outsiders see a component.
var shownOptions = []option{
	{Value: string(incident.AudienceInternal), Label: "not shown to outsiders"},
	{Value: string(incident.AudiencePublic), Label: "shown to outsiders"},
}

// components is the page of the parts of the product.
type components struct {
	Groups []componentGroup
	May    bool // the reader may change them
}

// componentGroup is a heading with what stands under it; the first may have no name.
type componentGroup struct {
	Name string
	All  []incident.Component
}

// newComponents groups them as the status page does.
func newComponents(all []incident.Component, by incident.Actor) components {
	page := components{May: by.Role.May(incident.ReviewDeed) && !by.ReadOnly}
	for _, c := range all {
		i := slices.IndexFunc(page.Groups, func(g componentGroup) bool { return incident.GroupID(g.Name) == incident.GroupID(c.Group) })
		if i < 0 {
			if i = len(page.Groups); c.Group == "" {
				i = 0
			}
			page.Groups = slices.Insert(page.Groups, i, componentGroup{Name: c.Group})
		}
		page.Groups[i].All = append(page.Groups[i].All, c)
	}
	return page
}

func (s *site) componentRoutes(r chi.Router) {
	r.Get("/components", s.member(s.components))
	for _, path := range []string{"/components/new", "/components/{id}"} {
		r.Get(path, s.member(s.askComponent))
		r.Post(path, s.member(s.saveComponent))
	}
}

func (s *site) components(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	all, err := s.Store.Components(r.Context(), by)
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, frame{Name: "components", Title: "Components", By: by, Here: "components", Page: newComponents(all, by)})
}

// componentEditor prepares the form about a component; id "" is for a new one.
func (s *site) componentEditor(ctx context.Context, by incident.Actor, id string) (*editor, error) {
	f := form{ID: "form-component", Title: "New component", Save: "Add", Action: "/components/new", Back: "/components", Target: "main"}
	inputs, c := componentInputs, incident.Component{Audience: incident.AudienceInternal}
	if id != "" {
		var err error
		if c, err = s.Store.Component(ctx, by, id); err != nil {
			return nil, err
		}
		inputs = inputs[1:]
		f.ID, f.Title, f.Save, f.Action, f.Back = "form-"+id, "Edit "+c.Name, "Save", "/components/"+id, "/components#"+id
	}
	e := s.newEditor(&incident.Incident{Heading: incident.Heading{Zone: "UTC"}}, reflect.TypeFor[incident.Component](), inputs, nil)
	e.labels["audience"] = shownOptions
	e.save = func(ctx context.Context, by incident.Actor, sent url.Values) (place string, err error) {
		if id != "" { // each field is compared with what its writer saw
			_, err = s.Store.ChangeComponent(ctx, by, id, 0, func(c *incident.Component) error { return e.change(c, sent) })
			return f.Back, err
		}
		if err := e.change(&c, sent); err != nil {
			return "", err
		}
		added, err := s.Store.AddComponent(ctx, once(by, sent), c)
		return "/components#" + added.ID, err
	}
	return e, e.fill(f, c, id == "")
}

func (s *site) askComponent(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	e, err := s.componentEditor(r.Context(), by, chi.URLParam(r, "id"))
	if err != nil {
		return err
	}
	return s.showComponent(w, http.StatusOK, by, e)
}

func (s *site) showComponent(w http.ResponseWriter, status int, by incident.Actor, e *editor) error {
	return s.show(w, status, frame{Name: "component", Title: e.form.Title, By: by, Here: "components", Page: e.form})
}

func (s *site) saveComponent(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	values, err := sent(w, r)
	if err != nil {
		return err
	}
	e, err := s.componentEditor(r.Context(), by, chi.URLParam(r, "id"))
	if err != nil {
		return err
	}
	place, err := e.save(r.Context(), by, values)
	if err != nil {
		status, err := e.explain(values, err)
		if err != nil {
			return err
		}
		return s.showComponent(w, status, by, e)
	}
	http.Redirect(w, r, place, http.StatusSeeOther)
	return nil
}
