package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// didRemoveDeployment is what is done to deployments, in one word of history. That one was added is not in it: its row
// says who told of it and when, and thousands of them would bury what admins do.
const didRemoveDeployment = "deployment_removed"

const deploymentsPath = "/deployments/" // before the id of one in history

const deploymentColumns = `d.id, d.component, d.version, d.at, d.state, d.environment, d.by, d.link, d.source, d.external_id, d.created_at`

func deploymentTargets(d *incident.Deployment) []any {
	return []any{&d.ID, &d.Component, &d.Version, told{&d.At}, &d.State, &d.Environment, &d.By, &d.Link, &d.Source, &d.ExternalID, &d.CreatedAt}
}

const (
	// insertDeployment adds one from JSON, unless its source told of it before.
	insertDeployment = `
	insert into deployments as d
	select * from json_populate_record(null::deployments, $1::json)
	on conflict (source, external_id) where external_id <> '' do nothing
	returning ` + deploymentColumns
	deploymentBySource = `
	select ` + deploymentColumns + `
	from   deployments d
	where  d.source = $1
	and    d.external_id = $2
	and    d.external_id <> ''
	for    update`
	deploymentByID = `
	select ` + deploymentColumns + `
	from   deployments d
	where  d.id = $1`
	updateDeployment = `
	update deployments d
	set    (component, version, at, state, environment, by, link) = (r.component, r.version, r.at, r.state, r.environment, r.by, r.link)
	from   json_populate_record(null::deployments, $1::json) r
	where  d.id = r.id`
	deleteDeployment = `
	delete from deployments d
	where  d.id = $1
	returning ` + deploymentColumns
	// countDeployment adds to the days of one component and of all.
	countDeployment = `
	insert into deployment_days as d (component, day, succeeded, failed)
	select   c, $2::date, $3, $4
	from     unnest(array['', $1]) c
	order by c
	on conflict on constraint deployment_days_pkey do update
	set      succeeded = d.succeeded + excluded.succeeded, failed = d.failed + excluded.failed`
)

var missingDeployment = incident.Refuse(incident.NotFound, "", "there is no such deployment")

// AddDeployment notes what reached production; id and created_at are assigned, and what is left out: the moment is now,
// by is whoever tells. One that its source told of before is the same: news of a later moment replaces what was known,
// any other changes nothing.
func (s *Store) AddDeployment(ctx context.Context, by incident.Actor, d incident.Deployment) (incident.Deployment, error) {
	d.ID, d.CreatedAt = newID(), time.Time{}
	if strings.TrimSpace(d.By) == "" {
		d.By = by.Name
	}
	if d.At == nil {
		now := incident.Exactly(s.clock().Truncate(time.Second), "UTC", incident.Second)
		d.At = &now
	}
	d.Normalize()
	if err := d.Check(); err != nil {
		return d, err
	}
	var kept incident.Deployment
	err := s.write(ctx, by, incident.Write, "add a deployment", func(w *writer) (err error) {
		d.CreatedAt = w.at
		if kept, err = w.addDeployment(ctx, d); err != nil {
			return err
		}
		return w.commit(ctx, deploymentNoted{kept.ID})
	})
	var again *repeated
	if errors.As(err, &again) {
		return s.deploymentBefore(ctx, by, again)
	}
	return kept, err
}

func (w *writer) addDeployment(ctx context.Context, d incident.Deployment) (kept incident.Deployment, err error) {
	row, err := json.Marshal(d)
	if err != nil {
		return d, fmt.Errorf("write a deployment: %w", err)
	}
	var added, known bool
	var before incident.Deployment
	err = w.begin(ctx, func(b *pgx.Batch) {
		b.Queue(insertDeployment, row).Query(oneDeployment(&kept, &added))
		b.Queue(deploymentBySource, d.Source, d.ExternalID).Query(oneDeployment(&before, &known))
	})
	switch {
	case err != nil:
		return d, err
	case added:
		w.countDeployment(kept, 1)
		return kept, nil
	case !known:
		return d, tryAgain // it was removed meanwhile
	case !d.At.At.After(*before.At.At):
		return before, nil
	}
	d.ID, d.CreatedAt = before.ID, before.CreatedAt
	if row, err = json.Marshal(d); err != nil {
		return d, fmt.Errorf("write a deployment: %w", err)
	}
	w.batch.Queue(updateDeployment, row)
	w.countDeployment(before, -1)
	w.countDeployment(d, 1)
	return d, nil
}

// oneDeployment reads a row, if there is one.
func oneDeployment(d *incident.Deployment, found *bool) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		defer rows.Close()
		if *found = rows.Next(); !*found {
			return rows.Err()
		}
		return rows.Scan(deploymentTargets(d)...)
	}
}

// countDeployment queues what the days gain, or lose where change is -1.
func (w *writer) countDeployment(d incident.Deployment, change int64) {
	succeeded, failed := change, int64(0)
	if d.State == incident.Failed {
		succeeded, failed = 0, change
	}
	w.batch.Queue(countDeployment, fold(d.Component), d.At.At.UTC().Format(time.DateOnly), succeeded, failed)
}

// Deployment reads one.
func (s *Store) Deployment(ctx context.Context, by incident.Actor, id string) (d incident.Deployment, err error) {
	if err := may(by, incident.Read); err != nil {
		return d, err
	}
	if err = s.pool.QueryRow(ctx, deploymentByID, id).Scan(deploymentTargets(&d)...); absent(err) {
		return d, missingDeployment
	}
	return d, refuse(err, "read a deployment")
}

// RemoveDeployment takes out one that never was, for those who review. History keeps what it said.
func (s *Store) RemoveDeployment(ctx context.Context, by incident.Actor, id string) error {
	return s.write(ctx, by, incident.ReviewDeed, "remove a deployment", func(w *writer) error {
		h, err := w.beginInstallation(ctx)
		if err != nil {
			return err
		}
		var was incident.Deployment
		if err := w.conn.QueryRow(ctx, deleteDeployment, id).Scan(deploymentTargets(&was)...); absent(err) {
			return missingDeployment
		} else if err != nil {
			return err
		}
		w.countDeployment(was, -1)
		old, err := encode(was)
		if err != nil {
			return err
		}
		if err := w.record(h, 0, didRemoveDeployment, []diff{{op: opNote, path: deploymentsPath + id, old: old}}); err != nil {
			return err
		}
		return w.commit(ctx, nil)
	})
}

// deploymentNoted is what an idempotency key keeps of a deployment.
type deploymentNoted struct {
	ID string `json:"id"`
}

func (s *Store) deploymentBefore(ctx context.Context, by incident.Actor, again *repeated) (incident.Deployment, error) {
	var before deploymentNoted
	if err := json.Unmarshal(again.result, &before); err != nil {
		return incident.Deployment{}, fmt.Errorf("read what the request made before: %w", err)
	}
	return s.Deployment(ctx, by, before.ID)
}
