package web

import (
	"net/http"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// deployments is the page of what reached production.
type deployments struct {
	Component string
	Done      bool // one was taken out
	Rows      []deployment
	Later     bool // not the first page
	Older     string
	May       bool // the reader may take one out
}

// deployment is one with its moment as it was told.
type deployment struct {
	incident.Deployment
	Live   shown
	Before string // how long before the incident began, where it stands on a record
	Hurt   bool   // the incident hurt its component
}

func (s *site) deploymentRoutes(r chi.Router) {
	r.Get("/deployments", s.member(s.deployments))
	r.Post("/deployments", s.member(s.removeDeployment))
}

func (s *site) deployments(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	q := r.URL.Query()
	page := deployments{Component: q.Get("component"), Done: q.Get("done") != "", Later: q.Has("cursor"), May: by.Role.May(incident.ReviewDeed) && !by.ReadOnly}
	found, err := s.Store.Deployments(r.Context(), by, store.DeploymentFilter{Component: page.Component, Cursor: q.Get("cursor")})
	if err != nil {
		return err
	}
	for _, d := range found.Items {
		page.Rows = append(page.Rows, deployment{Deployment: d, Live: newClock(d.At.Zone).show(d.At)})
	}
	if found.Next != "" {
		page.Older = deploymentsAddress(page.Component, "cursor", found.Next)
	}
	return s.show(w, http.StatusOK, frame{Name: "deployments", Title: "Deployments", By: by, Page: page})
}

// deploymentsAddress is that of the page, of one component or of all, with one key more.
func deploymentsAddress(component, key, value string) string {
	q := url.Values{key: {value}}
	if component != "" {
		q.Set("component", component)
	}
	return "/deployments?" + q.Encode()
}

func (s *site) removeDeployment(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	form, err := sent(w, r)
	if err != nil {
		return err
	}
	if err := s.Store.RemoveDeployment(r.Context(), by, form.Get("id")); err != nil {
		return err
	}
	http.Redirect(w, r, deploymentsAddress(form.Get("component"), "done", "remove"), http.StatusSeeOther)
	return nil
}

// deployedBefore shows what was deployed in the hours before an incident began, on its own clock.
func deployedBefore(all []store.DeployedBefore, in *incident.Incident) []deployment {
	rows, c := make([]deployment, len(all)), newClock(in.Zone)
	for i, d := range all {
		rows[i] = deployment{d.Deployment, c.show(d.At), incident.Span(time.Duration(d.Seconds) * time.Second), d.Hurt}
		if rough(d.At) || rough(in.Milestones.Started) || !timed(d.At) || !timed(in.Milestones.Started) {
			rows[i].Before = "about " + rows[i].Before
		}
	}
	return rows
}
