package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// Contact is whether and where somebody is reminded by mail. They themselves and admins see it.
type Contact struct {
	Email     string `json:"email" maxLength:"254" doc:"Empty for none."`
	Reminders bool   `json:"reminders" doc:"Reminders are wanted."`
	Digests   bool   `json:"digests" doc:"The digest of each month is wanted."`
	Fault     string `json:"fault" readOnly:"true" doc:"Why nothing is sent there any more; empty while something is."`
}

// ContactChange says what to change about one's own contact; nil leaves as it is.
type ContactChange struct {
	Email     *string
	Reminders *bool
	Digests   *bool
}

const (
	didChangeContact = "contact_changed"
	contactsPath     = "/contacts/" // and the person
)

const (
	contactOf = `
	select coalesce(p.email, ''), p.reminders, p.digests, p.email_fault
	from   people p
	where  p.id = $1`
	allContacts = `
	select p.id, p.email, p.reminders, p.digests, p.email_fault
	from   people p
	where  p.email <> ''`
	setContact = `
	update people
	set    email = $2, reminders = $3, digests = $4, email_fault = $5
	where  id = $1`
	// takeEmail takes what a provider says, of somebody who neither set nor took out an address.
	takeEmail = `
	update people
	set    email = $2
	where  id = $1
	and    email is null`
)

// Mails tells whether mail can be sent.
func (s *Store) Mails() bool { return s.mails }

// Contact reads one's own contact; admins read everybody's.
func (s *Store) Contact(ctx context.Context, by incident.Actor, person int64) (Contact, error) {
	var c Contact
	if err := may(by, incident.Read); err != nil {
		return c, err
	}
	if person != by.PersonID {
		if err := may(by, incident.Administer); err != nil {
			return c, err
		}
	}
	err := s.pool.QueryRow(ctx, contactOf, person).Scan(&c.Email, &c.Reminders, &c.Digests, &c.Fault)
	if absent(err) {
		return c, missingPerson
	}
	return c, refuse(err, "read where somebody is reminded")
}

// Contacts reads those who have an address, by their ids, for an admin.
func (s *Store) Contacts(ctx context.Context, by incident.Actor) (map[int64]Contact, error) {
	if err := may(by, incident.Administer); err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, allContacts) //nolint:rowserrcheck // ForEachRow asks
	if err != nil {
		return nil, refuse(err, "read where people are reminded")
	}
	all := map[int64]Contact{}
	var id int64
	var c Contact
	_, err = pgx.ForEachRow(rows, []any{&id, &c.Email, &c.Reminders, &c.Digests, &c.Fault}, func() error {
		all[id] = c
		return nil
	})
	return all, refuse(err, "read where people are reminded")
}

// ChangeContact changes by's own contact. History keeps that, and no address.
func (s *Store) ChangeContact(ctx context.Context, by incident.Actor, change ContactChange) (Contact, error) {
	if change.Email != nil {
		email, err := mailboxOf(*change.Email)
		if err != nil {
			return Contact{}, err
		}
		change.Email = &email
	}
	err := s.write(ctx, by, incident.Read, "change where somebody is reminded", func(w *writer) error {
		h, err := w.beginInstallation(ctx)
		if err != nil {
			return err
		}
		return w.changeContact(ctx, h, change)
	})
	var again *repeated
	if err != nil && !errors.As(err, &again) {
		return Contact{}, err
	}
	return s.Contact(ctx, by, by.PersonID)
}

func (w *writer) changeContact(ctx context.Context, h head, to ContactChange) error {
	var c Contact
	if err := w.conn.QueryRow(ctx, contactOf, w.by.PersonID).Scan(&c.Email, &c.Reminders, &c.Digests, &c.Fault); absent(err) {
		return missingPerson
	} else if err != nil {
		return err
	}
	if to.Email != nil {
		c.Email, c.Fault = *to.Email, ""
	}
	if to.Reminders != nil {
		c.Reminders = *to.Reminders
	}
	if to.Digests != nil {
		c.Digests = *to.Digests
	}
	w.batch.Queue(setContact, w.by.PersonID, c.Email, c.Reminders, c.Digests, c.Fault)
	changes, err := change(opNote, contactsPath, w.by.PersonID, nil, map[string]bool{"email": c.Email != "", "reminders": c.Reminders, "digests": c.Digests})
	if err != nil {
		return err
	}
	if err := w.record(h, 0, didChangeContact, changes); err != nil {
		return err
	}
	return w.commit(ctx, nil)
}

// mailboxOf is an address as it is written to; "" for none.
func mailboxOf(address string) (string, error) {
	sub := incident.Subscription{Kind: incident.ByMail, Address: address}
	sub.Normalize()
	if sub.Address == "" {
		return "", nil
	}
	var refusal *incident.Error
	if errors.As(sub.Check(false), &refusal) {
		return "", broken("/email", refusal.Fields["/address"])
	}
	return sub.Address, nil
}
