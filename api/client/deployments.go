package client

import (
	"context"
	"net/url"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// DeploymentFilter says which deployments to list. Empty fields don't narrow.
type DeploymentFilter struct {
	Component string // compared without case
	From, To  *time.Time
	Paging
}

func deploymentPath(id string) string { return "/deployments/" + url.PathEscape(id) }

// Deployments lists what reached production, or failed to, newest first.
func (c *Client) Deployments(ctx context.Context, f DeploymentFilter) (Page[incident.Deployment], error) {
	q := f.query()
	set(q, "component", f.Component)
	for name, at := range map[string]*time.Time{"from": f.From, "to": f.To} {
		if at != nil {
			q.Set(name, at.UTC().Format(time.RFC3339))
		}
	}
	return get[Page[incident.Deployment]](ctx, c, "/deployments", q)
}

// Deployment reads one.
func (c *Client) Deployment(ctx context.Context, id string) (incident.Deployment, error) {
	return get[incident.Deployment](ctx, c, deploymentPath(id), nil)
}

// AddDeployment notes one; component and version are needed.
func (c *Client) AddDeployment(ctx context.Context, d incident.Deployment) (incident.Deployment, error) {
	return post[incident.Deployment](ctx, c, "/deployments", d)
}

// RemoveDeployment takes one out.
func (c *Client) RemoveDeployment(ctx context.Context, id string) error {
	return c.remove(ctx, deploymentPath(id), "")
}

// DeployedBefore is a deployment with what it is to an incident.
type DeployedBefore struct {
	incident.Deployment
	Hurt    bool  `json:"hurt"` // of a component that the incident hurt
	Seconds int64 `json:"seconds_before"`
}

// DeployedBefore lists what was deployed in the 24 hours before an incident started.
func (c *Client) DeployedBefore(ctx context.Context, n incident.Number) ([]DeployedBefore, error) {
	page, err := get[Page[DeployedBefore]](ctx, c, path(n)+"/deployments", nil)
	return page.Items, err
}
