package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/debriefhq/debrief/incident"
)

const mostFollowUps = 50 // that one mail lists

const (
	remindedIncidents = `
	select number, title, visibility = 'private'
	from   incidents
	where  number = any($1)`
	remindersAstray = `
	select   r.id, r.kind, coalesce(h.name, ''), r.state, r.at, r.reason
	from     reminders r
	left     join people h on h.id = r.person
	where    r.state in ('failed', 'unknown')
	order by r.id desc
	limit    20`
)

// Fill reads what a reminder says, as its reader may see it now. It is void when there is nothing to say any more.
func (s *Store) Fill(ctx context.Context, r *Reminder) error {
	switch {
	case !r.reached:
		r.Void = "they are not reminded any more"
		return nil
	case r.Kind == OfPromise:
		return s.fillPromise(ctx, r)
	case r.Kind == OfMonth:
		return s.fillDigest(ctx, r)
	}
	return s.fillOverdue(ctx, r)
}

func (s *Store) fillDigest(ctx context.Context, r *Reminder) (err error) {
	if r.Digest, err = s.Digest(ctx, r.to, r.period); err != nil {
		return err
	}
	if len(r.Digest.Incidents)+len(r.Digest.Owed) == 0 {
		r.Void = "there is nothing to tell"
	}
	return nil
}

func (s *Store) fillOverdue(ctx context.Context, r *Reminder) error {
	page, err := s.ActionsPage(ctx, r.to, ActionFilter{Owner: r.to.Name, Overdue: true, Limit: mostFollowUps})
	if err != nil {
		return err
	}
	var numbers []incident.Number
	for _, a := range page.Items {
		numbers = append(numbers, a.Incident)
	}
	_, private, err := s.reminded(ctx, numbers)
	if err != nil {
		return err
	}
	for _, a := range page.Items {
		f := FollowUp{Incident: a.Incident, Heading: a.Heading, Title: a.Title, Due: *a.Due}
		if private[a.Incident] {
			f.Heading = ""
		}
		if private[a.Incident] || a.Audience == incident.AudiencePrivate {
			f.Title, f.Private = "", true
		}
		r.FollowUp = append(r.FollowUp, f)
	}
	r.More = page.Next != ""
	if len(page.Items) == 0 {
		r.Void = "none of their follow-ups is overdue any more"
	}
	return nil
}

func (s *Store) fillPromise(ctx context.Context, r *Reminder) error {
	awaited, err := s.Awaited(ctx, r.to, []incident.Number{r.incident})
	if err != nil {
		return err
	}
	due := awaited[r.incident]
	if due == nil || !due.At.Equal(r.promised) || !due.At.After(s.clock()) {
		r.Void = "the update was given, or is due already"
		return nil
	}
	titles, private, err := s.reminded(ctx, []incident.Number{r.incident})
	if err != nil {
		return err
	}
	r.Promise = Promise{Incident: r.incident, Heading: titles[r.incident], Due: due}
	if private[r.incident] {
		r.Promise.Heading = ""
	}
	return nil
}

// reminded reads the titles of incidents, and which of them are private.
func (s *Store) reminded(ctx context.Context, numbers []incident.Number) (titles map[incident.Number]string, private map[incident.Number]bool, err error) {
	titles, private = map[incident.Number]string{}, map[incident.Number]bool{}
	rows, err := s.work.Query(ctx, remindedIncidents, numbers) //nolint:rowserrcheck // ForEachRow asks
	if err != nil {
		return nil, nil, fmt.Errorf("read what reminders are about: %w", err)
	}
	var n incident.Number
	var title string
	var hidden bool
	_, err = pgx.ForEachRow(rows, []any{&n, &title, &hidden}, func() error {
		titles[n], private[n] = title, hidden
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read what reminders are about: %w", err)
	}
	return titles, private, nil
}

// AstrayReminder is one that did not reach its person, as far as anybody knows. Of what, admins are not told: it may be a
// private incident.
type AstrayReminder struct {
	ID     int64
	Kind   ReminderKind
	Person string
	State  DeliveryState // failed or unknown; neither is sent again
	At     time.Time
	Reason string
}

// AstrayReminders lists the newest of them, for an admin.
func (s *Store) AstrayReminders(ctx context.Context, by incident.Actor) ([]AstrayReminder, error) {
	if err := may(by, incident.Administer); err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, remindersAstray)
	if err != nil {
		return nil, refuse(err, "list reminders")
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (a AstrayReminder, err error) {
		return a, row.Scan(&a.ID, &a.Kind, (*zeronull.Text)(&a.Person), &a.State, &a.At, &a.Reason)
	})
	return all, refuse(err, "list reminders")
}
