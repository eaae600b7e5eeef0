package api

import (
	"slices"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/status"
)

// postmortem is the status of what was published, and of the update that says so.
const postmortem = "postmortem"

// incident is one as Statuspage tells it; a maintenance has when it is planned for, too.
func (v *v2) incident(n *status.Notice) map[string]any {
	in := n.Incident
	one := map[string]any{
		"id": in.ID, "name": in.Title, "status": in.Status, "created_at": told(n.AnnouncedAt), "updated_at": told(n.Updated()),
		"monitoring_at": nil, "resolved_at": orNull(n.Ended()), "impact": n.Impact(), "shortlink": v.address(n), "started_at": told(status.Began(n)),
		"page_id": v.id, "incident_updates": v.updates(n), "components": v.affected(n),
	}
	for _, u := range slices.Backward(n.Updates()) {
		if u.Status == string(incident.Monitoring) && u.At.Known() {
			one["monitoring_at"] = told(*u.At.At)
			break
		}
	}
	if n.Over() && n.Postmortem != nil && in.Kind != incident.Maintenance {
		one["status"] = postmortem
	}
	if in.Kind == incident.Maintenance {
		one["scheduled_for"], one["scheduled_until"] = told(status.Began(n)), orNull(planned(n))
	}
	return one
}

func (v *v2) address(n *status.Notice) string {
	return v.outward.URL + "/status/incidents/" + n.Incident.ID
}

// planned is when a maintenance is to end; nil when nobody said.
func planned(n *status.Notice) (until *time.Time) {
	for _, i := range n.Incident.Impacts {
		if i.Until.Known() && (until == nil || i.Until.At.After(*until)) {
			until = i.Until.At
		}
	}
	if at := n.Incident.Milestones.Resolved; until == nil && at.Known() {
		until = at.At
	}
	return until
}

// updates are what the status page said, newest first, each once.
func (v *v2) updates(n *status.Notice) []map[string]any {
	all := []map[string]any{}
	if p := n.Postmortem; p != nil && p.PublishedAt != nil {
		all = append(all, v.update(n, incident.GroupID(postmortem+n.Incident.ID), postmortem,
			"The postmortem is published: "+v.address(n)+"/postmortem", *p.PublishedAt, *p.PublishedAt))
	}
	for _, u := range n.Updates() {
		at := n.AnnouncedAt
		if u.At.Known() {
			at = *u.At.At
		}
		changed := at
		if u.CorrectedAt != nil {
			changed = *u.CorrectedAt
		}
		all = append(all, v.update(n, u.ID, string(n.Word(u.Status)), u.Body, at, changed))
	}
	return all
}

func (v *v2) update(n *status.Notice, id, word, body string, at, changed time.Time) map[string]any {
	return map[string]any{
		"id": id, "status": word, "body": body, "incident_id": n.Incident.ID, "created_at": told(at), "updated_at": told(changed), "display_at": told(at),
		"affected_components": nil, "deliver_notifications": true, "custom_tweet": nil, "tweet_id": nil,
	}
}

// affected are the components on the page that an incident hurts.
func (v *v2) affected(n *status.Notice) []map[string]any {
	all := []map[string]any{}
	position := 0
	for _, g := range v.Groups {
		if g.ID != "" {
			position++
		}
		for _, c := range g.Components {
			position++
			var group any
			if g.ID != "" {
				group = g.ID
			}
			if slices.ContainsFunc(n.Incident.Impacts, func(i incident.PublicImpact) bool { return strings.EqualFold(i.Component, c.Name) }) {
				all = append(all, v.component(position, group, c))
			}
		}
	}
	return all
}
