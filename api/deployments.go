package api

import (
	"context"
	"net/http"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// deploymentTable is about what reached production.
func (a *API) deploymentTable() []row {
	const all, one = "/deployments", "/deployments/{id}"
	return []row{
		operation[listingDeployments, list[incident.Deployment]]{id: "listDeployments", method: http.MethodGet, path: all, summary: "List what reached production, or failed to, newest first", deed: incident.Read, do: a.deployments},
		operation[addingDeployment, deploymentAdded]{id: "addDeployment", method: http.MethodPost, path: all, summary: "Note what reached production",
			about: "Told again with the same source and external_id, it is the same deployment: a later moment replaces what was known, and any other changes nothing. GitHub and GitLab tell by themselves at POST /deployments/github and /deployments/gitlab, which check their signatures instead of a token.",
			deed:  incident.Write, do: a.addDeployment},
		operation[OfDeployment, deployment]{id: "getDeployment", method: http.MethodGet, path: one, summary: "Read a deployment", deed: incident.Read, do: a.deployment},
		operation[OfDeployment, nothing]{id: "removeDeployment", method: http.MethodDelete, path: one, summary: "Take out a deployment that never was", about: "History keeps what it said.", deed: incident.ReviewDeed, do: a.removeDeployment},
		operation[Of, list[store.DeployedBefore]]{id: "listDeployedBefore", method: http.MethodGet, path: "/incidents/{number}/deployments", summary: "What was deployed in the 24 hours before an incident started",
			about: "Of the components that it hurt first, then the newest, at most ten. None while its start is not known.", deed: incident.Read, do: a.deployedBefore},
	}
}

type listingDeployments struct {
	Component string `query:"component" maxLength:"200" doc:"Compared without case."`
	From      when   `query:"from" doc:"Live at this moment or later."`
	To        when   `query:"to" doc:"Live before this moment."`
	Paging
}

func (a *API) deployments(ctx context.Context, by incident.Actor, req *listingDeployments) (*list[incident.Deployment], error) {
	page, err := a.store.Deployments(ctx, by, store.DeploymentFilter{
		Component: req.Component, From: req.From.at, To: req.To.at, Limit: req.Limit, Cursor: req.Cursor,
	})
	return listed(ctx, page, err)
}

// OfDeployment is embedded by requests about one deployment.
type OfDeployment struct {
	ID string `path:"id" maxLength:"60"`
}

type deployment struct{ Body incident.Deployment }

func (a *API) deployment(ctx context.Context, by incident.Actor, req *OfDeployment) (*deployment, error) {
	d, err := a.store.Deployment(ctx, by, req.ID)
	if err != nil {
		return nil, err
	}
	return &deployment{d}, nil
}

type addingDeployment struct{ Posts[incident.Deployment] }

type deploymentAdded struct {
	Location string `header:"Location" doc:"Where the deployment stands."`
	Body     incident.Deployment
}

func (a *API) addDeployment(ctx context.Context, by incident.Actor, req *addingDeployment) (*deploymentAdded, error) {
	d, err := a.store.AddDeployment(ctx, by, req.Body.value)
	if err != nil {
		return nil, err
	}
	return &deploymentAdded{requestOf(ctx).path + "/" + d.ID, d}, nil
}

func (a *API) removeDeployment(ctx context.Context, by incident.Actor, req *OfDeployment) (*nothing, error) {
	return done(a.store.RemoveDeployment(ctx, by, req.ID))
}

func (a *API) deployedBefore(ctx context.Context, by incident.Actor, req *Of) (*list[store.DeployedBefore], error) {
	in, err := a.store.Incident(ctx, by, req.Number.Number)
	if err != nil {
		return nil, err
	}
	found, err := a.store.DeployedBefore(ctx, by, in)
	return all(ctx, found, err)
}
