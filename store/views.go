package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// mostViews is how many views a person keeps, and how many are shared.
const mostViews = 50

// View is a list of incidents that somebody comes back to: filters of the list under a name.
type View struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	Query     string    `json:"query"`  // the filters, as the list's address has them after the question mark
	Shared    bool      `json:"shared"` // with everybody; else only its maker sees it
	CreatedAt time.Time `json:"created_at"`
}

// What is done to views, in one word of history.
const (
	didKeepView = "view_kept"
	didDropView = "view_dropped"
)

// viewsPath is before the id of a view in history.
const viewsPath = "/views/"

// viewColumns are those of View.
const viewColumns = `v.id, v.name, v.query, v.person is null, v.created_at`

func (v *View) targets() []any { return []any{&v.ID, &v.Name, &v.Query, &v.Shared, &v.CreatedAt} }

const (
	seenViews = `
	select   ` + viewColumns + `
	from     views v
	where    v.person is null
	or       v.person = $1
	order by v.person is not null, v.folded, v.id`
	viewByID = `
	select ` + viewColumns + `
	from   views v
	where  v.id = $2
	and    (v.person is null or v.person = $1)`
	countViews = `
	select count(*)
	from   views v
	where  v.person is not distinct from $1`
	insertView = `
	insert into views (person, name, folded, query, created_at)
	values ($1, $2, $3, $4, $5)
	returning id`
	deleteView = `
	delete from views
	where  id = $1`
)

// Views lists those that are shared, then those of by, each by name.
func (s *Store) Views(ctx context.Context, by incident.Actor) ([]View, error) {
	if err := may(by, incident.Read); err != nil {
		return nil, err
	}
	b, all := &pgx.Batch{}, []View(nil)
	queueViews(b, by, &all)
	err := s.send(ctx, b)
	return all, refuse(err, "list views")
}

// queueViews asks for them.
func queueViews(b *pgx.Batch, by incident.Actor, all *[]View) {
	b.Queue(seenViews, by.PersonID).Query(func(rows pgx.Rows) (err error) {
		*all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (v View, err error) {
			err = row.Scan(v.targets()...)
			return v, err
		})
		return err
	})
}

// viewDeed is what one must be allowed to keep a view, or to drop it: those who review keep the shared ones.
func viewDeed(shared bool) incident.Deed {
	if shared {
		return incident.ReviewDeed
	}
	return incident.Read
}

// KeepView adds a view; ID and CreatedAt are assigned. A name is taken once by each person, and once for all.
func (s *Store) KeepView(ctx context.Context, by incident.Actor, v View) (View, error) {
	v.Name = strings.TrimSpace(v.Name)
	if v.Name == "" {
		return v, broken("/name", "is missing: write what the view shows")
	}
	if err := checkName(v.Name); err != nil {
		return v, err
	}
	if v.Query == "" {
		return v, broken("/query", "is empty: choose what the list shall show first")
	}
	var owner *int64
	if !v.Shared {
		owner = &by.PersonID
	}
	err := s.write(ctx, by, viewDeed(v.Shared), "keep a view", func(w *writer) error {
		h, err := w.beginInstallation(ctx)
		if err != nil {
			return err
		}
		w.after = func() {} // nobody may do anything else for it
		var kept int
		if err := w.conn.QueryRow(ctx, countViews, owner).Scan(&kept); err != nil {
			return err
		}
		if kept >= mostViews {
			return incident.Refuse(incident.Conflict, "", fmt.Sprintf("there are %d views, and no more are kept: forget one first", mostViews))
		}
		v.CreatedAt = w.at
		if err := w.conn.QueryRow(ctx, insertView, owner, v.Name, fold(v.Name), v.Query, v.CreatedAt).Scan(&v.ID); err != nil {
			return err
		}
		return w.noteView(ctx, h, didKeepView, v.ID, v)
	})
	var again *repeated
	if errors.As(err, &again) {
		err = incident.Refuse(incident.Conflict, "", "this request kept a view before: send a new Idempotency-Key for another")
	}
	return v, err
}

// DropView forgets a view. One that by may not see is NotFound.
func (s *Store) DropView(ctx context.Context, by incident.Actor, id int64) error {
	return s.write(ctx, by, incident.Read, "forget a view", func(w *writer) error {
		h, err := w.beginInstallation(ctx)
		if err != nil {
			return err
		}
		w.after = func() {}
		var v View
		if err := w.conn.QueryRow(ctx, viewByID, by.PersonID, id).Scan(v.targets()...); absent(err) {
			return incident.Refuse(incident.NotFound, "", "there is no such view")
		} else if err != nil {
			return err
		}
		if err := may(by, viewDeed(v.Shared)); err != nil {
			return err
		}
		w.batch.Queue(deleteView, v.ID)
		return w.noteView(ctx, h, didDropView, v.ID, v)
	})
}

// noteView notes what became of a view, and commits. Whose it is history says by who did it.
func (w *writer) noteView(ctx context.Context, h head, did string, id int64, v View) error {
	changes, err := change(opNote, viewsPath, id, nil, v)
	if err != nil {
		return err
	}
	if err := w.record(h, 0, did, changes); err != nil {
		return err
	}
	return w.commit(ctx, installed{id})
}
