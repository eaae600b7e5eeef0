package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// Deployments, newest first, in fragments.
const (
	listDeployments = `
	select ` + deploymentColumns + `
	from   deployments d
	where  (d.at).at < $?`
	ofComponent     = ` and lower(d.component) = lower($?)`
	deployedFrom    = ` and (d.at).at >= $?`
	beforeDeployed  = ` and ((d.at).at, d.id) < ($?, $?)`
	newestDeployed  = ` order by (d.at).at desc, d.id desc`
	daysOfComponent = `
	select   d.day, d.succeeded, d.failed
	from     deployment_days d
	where    d.component = $1
	and      d.day >= $2::date
	and      d.day < $3::date
	order by d.day`
	// deployedLately are those of the components $1 in (from $2 to $3], and the newest of all, at most $4 of each.
	deployedLately = `
	select ` + deploymentColumns + `
	from   unnest($1::text[]) c
	cross  join lateral (
		select   *
		from     deployments d
		where    lower(d.component) = lower(c)
		and      (d.at).at > $2
		and      (d.at).at <= $3
		order by (d.at).at desc, d.id desc
		limit    $4) d
	union
	(select   ` + deploymentColumns + `
	from     deployments d
	where    (d.at).at > $2
	and      (d.at).at <= $3
	order by (d.at).at desc, d.id desc
	limit    $4)`
)

const deploymentList = "deployments" // in cursors

// afterAll is later than any moment that is kept.
var afterAll = time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC)

// DeploymentFilter says which deployments to list. Empty fields don't narrow.
type DeploymentFilter struct {
	Component string     // compared without case
	From, To  *time.Time // in [From, To)
	Limit     int        // 1–200; 0 is 50
	Cursor    string     // of the page before
}

// Deployments lists what reached production, or failed to, newest first.
func (s *Store) Deployments(ctx context.Context, by incident.Actor, f DeploymentFilter) (Page[incident.Deployment], error) {
	var page Page[incident.Deployment]
	if err := may(by, incident.Read); err != nil {
		return page, err
	}
	limit, err := checkLimit(f.Limit)
	if err != nil {
		return page, err
	}
	to := afterAll
	if f.To != nil {
		to = f.To.UTC()
	}
	q := &query{}
	q.add(listDeployments, to)
	if f.Component != "" {
		q.add(ofComponent, fold(f.Component))
	}
	if f.From != nil {
		q.add(deployedFrom, f.From.UTC())
	}
	q.fresh = len(q.args) > 1
	if f.Cursor != "" {
		var at time.Time
		var id string
		if err := resume(f.Cursor, deploymentList, &at, &id); err != nil {
			return page, err
		}
		q.add(beforeDeployed, at, id)
	}
	q.add(newestDeployed)
	q.add(upTo, limit+1)
	found, err := collect(ctx, s, q, "list deployments", func(scan func(...any) error) (d incident.Deployment, err error) {
		return d, scan(deploymentTargets(&d)...)
	})
	if err != nil {
		return page, err
	}
	var more bool
	if page.Items, more = paged(found, limit); more {
		last := page.Items[limit-1]
		page.Next, err = next(deploymentList, *last.At.At, last.ID)
	}
	return page, err
}

// How far back a record looks for what was deployed, and at how many of them.
const (
	deployedWithin = 24 * time.Hour
	mostDeployed   = 10
)

// DeployedBefore is a deployment with what it is to an incident.
type DeployedBefore struct {
	incident.Deployment
	Hurt    bool  `json:"hurt" doc:"Of a component that the incident hurt."`
	Seconds int64 `json:"seconds_before" doc:"How long before the start."`
}

// DeployedBefore lists what reached production, or failed to, in the 24 hours before the incident started: what its
// impacts name first, then the newest, at most ten. The record is as by read it. It is empty while nobody knows the start.
func (s *Store) DeployedBefore(ctx context.Context, by incident.Actor, in *incident.Incident) ([]DeployedBefore, error) {
	if err := may(by, incident.Read); err != nil || !in.Milestones.Started.Known() {
		return []DeployedBefore{}, err
	}
	start, hurt := *in.Milestones.Started.At, []string{}
	for _, i := range in.Impacts {
		if c := fold(i.Component); c != "" && !slices.Contains(hurt, c) {
			hurt = append(hurt, c)
		}
	}
	rows, err := s.pool.Query(ctx, deployedLately, hurt, start.Add(-deployedWithin), start, mostDeployed)
	if err != nil {
		return nil, refuse(err, "list what was deployed before")
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d DeployedBefore, err error) {
		err = row.Scan(deploymentTargets(&d.Deployment)...)
		if err == nil {
			d.Hurt, d.Seconds = slices.Contains(hurt, fold(d.Component)), int64(start.Sub(*d.At.At)/time.Second)
		}
		return d, err
	})
	slices.SortFunc(all, func(a, b DeployedBefore) int {
		if a.Hurt != b.Hurt {
			if a.Hurt {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Seconds, b.Seconds), cmp.Compare(a.ID, b.ID))
	})
	return all[:min(mostDeployed, len(all))], refuse(err, "list what was deployed before")
}

// DeploymentDay is how many deployments there were on a day, UTC.
type DeploymentDay struct {
	Day       time.Time `json:"day"`
	Succeeded int64     `json:"succeeded"`
	Failed    int64     `json:"failed"`
}

// DeploymentDays gives how many deployments of a component, "" for all, there were on each day in [from, to) that had
// any, oldest first. It counts none of them: it reads what writers kept, a row a day.
func (s *Store) DeploymentDays(ctx context.Context, by incident.Actor, component string, from, to time.Time) ([]DeploymentDay, error) {
	if err := may(by, incident.Read); err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, daysOfComponent, fold(component), from.UTC().Format(time.DateOnly), to.UTC().Format(time.DateOnly))
	if err != nil {
		return nil, refuse(err, "count deployments")
	}
	days, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d DeploymentDay, err error) {
		return d, row.Scan(&d.Day, &d.Succeeded, &d.Failed)
	})
	return slices.DeleteFunc(days, func(d DeploymentDay) bool { return d.Succeeded == 0 && d.Failed == 0 }), refuse(err, "count deployments")
}
