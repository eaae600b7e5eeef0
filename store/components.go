package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// What is done to components, in one word of history.
const (
	didAddComponent    = "component_added"
	didChangeComponent = "component_changed"
)

// componentsPath is before the id of a component in history.
const componentsPath = "/components/"

// componentColumns are those of incident.Component but its level.
const componentColumns = `c.id, c.revision, c.name, c.description, c."group", c.position, c.audience, c.created_at`

func componentTargets(c *incident.Component) []any {
	return []any{&c.ID, &c.Revision, &c.Name, &c.Description, &c.Group, &c.Position, &c.Audience, &c.CreatedAt}
}

const (
	allComponents = `
	select   ` + componentColumns + `
	from     components c
	order by c.position, c.folded`
	// openLevels are the levels of impacts that last, by the folded names of their components. Private ones count for
	// nobody: components are seen by all.
	openLevels = `
	select lower(p.component), p.level
	from   incidents i
	join   impacts   p on p.incident = i.number
	where  i.status in ('investigating', 'identified', 'monitoring', 'in_progress', 'verifying')
	and    not i.archived
	and    i.visibility = 'internal'
	and    p.audience <> 'private'
	and    p.until is null`
	componentByID = `
	select ` + componentColumns + `
	from   components c
	where  c.id = $1`
	insertComponent = `
	insert into components (id, revision, name, folded, description, "group", position, audience, created_at)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	updateComponent = `
	update components
	set    revision = $2, description = $3, "group" = $4, position = $5, audience = $6
	where  id = $1`
)

var missingComponent = incident.Refuse(incident.NotFound, "", "there is no such component")

// Components lists them in their order on the status page, with how each does now as far as everybody signed in may know.
func (s *Store) Components(ctx context.Context, by incident.Actor) ([]incident.Component, error) {
	if err := may(by, incident.Read); err != nil {
		return nil, err
	}
	return s.components(ctx)
}

func (s *Store) components(ctx context.Context) (all []incident.Component, err error) {
	levels := map[string]incident.Level{}
	b := &pgx.Batch{}
	b.Queue(openLevels).Query(func(rows pgx.Rows) error {
		var name string
		var level incident.Level
		_, err := pgx.ForEachRow(rows, []any{&name, &level}, func() error {
			if level == "" {
				level = incident.DegradedPerformance
			}
			levels[fold(name)] = level.Worse(levels[fold(name)])
			return nil
		})
		return err
	})
	b.Queue(allComponents).Query(func(rows pgx.Rows) (err error) {
		all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (c incident.Component, err error) {
			return c, row.Scan(componentTargets(&c)...)
		})
		return err
	})
	if err := s.send(ctx, b); err != nil {
		return nil, refuse(err, "list components")
	}
	for i := range all {
		all[i].Level = incident.Operational.Worse(levels[fold(all[i].Name)])
	}
	return all, nil
}

// Component reads one.
func (s *Store) Component(ctx context.Context, by incident.Actor, id string) (incident.Component, error) {
	all, err := s.Components(ctx, by)
	if err != nil {
		return incident.Component{}, err
	}
	for _, c := range all {
		if c.ID == id {
			return c, nil
		}
	}
	return incident.Component{}, missingComponent
}

// AddComponent adds a part of the product; id, revision and created_at are assigned.
func (s *Store) AddComponent(ctx context.Context, by incident.Actor, c incident.Component) (incident.Component, error) {
	c.Normalize()
	c.ID, c.Revision, c.CreatedAt, c.Level = newID(), 1, time.Time{}, incident.Operational
	if err := c.Check(); err != nil {
		return c, err
	}
	err := s.write(ctx, by, incident.ReviewDeed, "add a component", func(w *writer) error {
		h, err := w.beginInstallation(ctx)
		if err != nil {
			return err
		}
		w.after = s.outside.forget
		c.CreatedAt = w.at
		w.batch.Queue(insertComponent, c.ID, c.Revision, c.Name, fold(c.Name), c.Description, c.Group, c.Position, c.Audience, c.CreatedAt)
		return w.noteComponent(ctx, h, didAddComponent, nil, c)
	})
	var again *repeated
	if errors.As(err, &again) {
		return s.componentBefore(ctx, by, again)
	}
	return c, err
}

// ChangeComponent edits one. Its name stays: impacts name it. Revision is the one that by read, 0 when it was not
// asked: another is Stale.
func (s *Store) ChangeComponent(ctx context.Context, by incident.Actor, id string, revision int64, edit func(*incident.Component) error) (incident.Component, error) {
	var after incident.Component
	err := s.write(ctx, by, incident.ReviewDeed, "change a component", func(w *writer) error {
		h, err := w.beginInstallation(ctx)
		if err != nil {
			return err
		}
		w.after = s.outside.forget
		var before incident.Component
		if err := w.conn.QueryRow(ctx, componentByID, id).Scan(componentTargets(&before)...); absent(err) {
			return missingComponent
		} else if err != nil {
			return err
		}
		if revision != 0 && revision != before.Revision {
			return incident.Refuse(incident.Stale, "", fmt.Sprintf("this component is at revision %d, not %d: read it again and repeat your change", before.Revision, revision))
		}
		before.Normalize()
		if after, err = edited(before, edit); err != nil || after == before {
			return err
		}
		after.Revision++
		w.batch.Queue(updateComponent, id, after.Revision, after.Description, after.Group, after.Position, after.Audience)
		return w.noteComponent(ctx, h, didChangeComponent, before, after)
	})
	var again *repeated
	if errors.As(err, &again) {
		return s.componentBefore(ctx, by, again)
	}
	if err != nil {
		return after, err
	}
	return s.Component(ctx, by, id)
}

// edited is a component after an edit, which changes neither its name nor what is assigned.
func edited(before incident.Component, edit func(*incident.Component) error) (incident.Component, error) {
	after := before
	if err := edit(&after); err != nil {
		return after, err
	}
	after.Normalize()
	after.ID, after.Revision, after.CreatedAt, after.Level = before.ID, before.Revision, before.CreatedAt, before.Level
	if after.Name != before.Name {
		return after, broken("/name", "never changes, because impacts name it: add another component")
	}
	return after, after.Check()
}

// noteComponent notes what became of a component, and commits. History does not vouch for the row: impacts add
// components, too.
func (w *writer) noteComponent(ctx context.Context, h head, did string, before any, c incident.Component) error {
	var old []byte
	if before != nil {
		text, err := encode(before)
		if err != nil {
			return err
		}
		old = text
	}
	value, err := encode(c)
	if err != nil {
		return err
	}
	if err := w.record(h, 0, did, []diff{{op: opNote, path: componentsPath + c.ID, old: old, value: value}}); err != nil {
		return err
	}
	return w.commit(ctx, componentNoted{c.ID})
}

// componentNoted is what an idempotency key keeps of a change of a component.
type componentNoted struct {
	ID string `json:"id"`
}

func (s *Store) componentBefore(ctx context.Context, by incident.Actor, again *repeated) (incident.Component, error) {
	var before componentNoted
	if err := json.Unmarshal(again.result, &before); err != nil {
		return incident.Component{}, fmt.Errorf("read what the request made before: %w", err)
	}
	return s.Component(ctx, by, before.ID)
}
