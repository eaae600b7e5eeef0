package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// Identity binds somebody at an OpenID Connect provider to a person here: issuer and subject never change,
// as names and addresses do.
type Identity struct {
	ID        int64     `json:"id"`
	Person    int64     `json:"person"`
	Issuer    string    `json:"issuer"`
	Subject   string    `json:"subject"`
	CreatedAt time.Time `json:"created_at"`
}

// identityColumns are those of Identity.
const identityColumns = `i.id, i.person, i.issuer, i.subject, i.created_at`

func (i *Identity) targets() []any {
	return []any{&i.ID, &i.Person, &i.Issuer, &i.Subject, &i.CreatedAt}
}

// identitiesPath is where history keeps them, each followed by its id.
const identitiesPath = "/identities/"

const (
	ownIdentities = `
	select   ` + identityColumns + `
	from     identities i
	where    i.person = $1
	order by i.id`
	identityOf = `
	select ` + identityColumns + `
	from   identities i
	where  i.issuer = $1
	and    i.subject = $2`
	isNamedSomewhere = `
	select exists (select from named where name = $1)`
	insertIdentity = `
	insert into identities as i (person, issuer, subject, created_at)
	values ($1, $2, $3, $4)
	returning ` + identityColumns
)

// Claims are what a provider says of somebody. Who calls has checked them.
type Claims struct {
	Issuer  string
	Subject string
	Name    string        // for somebody who is new here
	Email   string        // that the provider has verified; "" for none
	Role    incident.Role // "" leaves the role as it is, and lets nobody new in
	Fixed   bool          // the provider decides on the role: it is set at each sign-in
	Browser string
}

// SignInWithProvider begins a session of the person that issuer and subject are bound to. For somebody
// new it makes that person, unless the name is somebody's: nobody is taken over by their name.
func (s *Store) SignInWithProvider(ctx context.Context, c Claims) (session string, expires time.Time, err error) {
	session, expires, err = s.arriveWithProvider(ctx, c)
	if errors.Is(err, incident.Forbidden) && c.Fixed && c.Role == "" {
		if fault := s.shutOut(ctx, c); fault != nil {
			return "", time.Time{}, fault
		}
	}
	return session, expires, err
}

// shutOut ends the sessions of somebody to whom the provider gives no role any more.
func (s *Store) shutOut(ctx context.Context, c Claims) error {
	var i Identity
	err := s.pool.QueryRow(ctx, identityOf, c.Issuer, c.Subject).Scan(i.targets()...)
	if absent(err) {
		return nil
	}
	if err != nil {
		return refuse(err, "end the sessions of somebody without a role")
	}
	by := System()
	by.PersonID = i.Person
	return s.shut(ctx, by, func(w *writer) ([]diff, error) { return w.endEntrances(ctx, i.Person, []byte{}) })
}

func (s *Store) arriveWithProvider(ctx context.Context, c Claims) (session string, expires time.Time, err error) {
	return s.arrive(ctx, "sign in with a provider", func(w *writer, _ head) (arrival, error) {
		a := arrival{way: ByProvider, browser: c.Browser}
		var i Identity
		err := w.conn.QueryRow(ctx, identityOf, c.Issuer, c.Subject).Scan(i.targets()...)
		switch {
		case absent(err):
			i, a.changes, err = w.newcomer(ctx, c)
		case err == nil:
			a.changes, err = w.known(ctx, c, i)
		}
		a.person, a.with.Identity = i.Person, i.ID
		if email, odd := mailboxOf(c.Email); err == nil && odd == nil && email != "" {
			w.batch.Queue(takeEmail, i.Person, email)
		}
		return a, err
	})
}

// newcomer makes a person of somebody at a provider.
func (w *writer) newcomer(ctx context.Context, c Claims) (Identity, []diff, error) {
	var p Person
	switch err := w.conn.QueryRow(ctx, personByName, fold(c.Name)).Scan(personTargets(&p)...); {
	case err == nil:
		return Identity{}, nil, incident.Refuse(incident.Conflict, "/name", fmt.Sprintf(
			"somebody here is called %s already: if that is you, ask an admin for a sign-in link, and connect the provider on your account’s page", p.Name))
	case !absent(err):
		return Identity{}, nil, err
	case c.Role == "":
		return Identity{}, nil, incident.Refuse(incident.Forbidden, "", "the provider says who you are, and nobody let you in here yet: ask an admin for an invitation")
	case strings.TrimSpace(c.Name) == "":
		return Identity{}, nil, incident.Refuse(incident.Conflict, "/name", "the provider gives no name for you: ask an admin for an invitation")
	}
	if err := w.strange(ctx, c.Name); err != nil {
		return Identity{}, nil, err
	}
	p, err := w.addPerson(ctx, Person{Name: c.Name, Role: c.Role})
	if err != nil {
		return Identity{}, nil, err
	}
	added, err := change(opAdd, "/people/", p.ID, nil, p)
	if err != nil {
		return Identity{}, nil, err
	}
	i, connected, err := w.connect(ctx, p.ID, c.Issuer, c.Subject)
	return i, append(added, connected...), err
}

// strange refuses a name that records name: at many providers people choose their own, and who is named on a private
// incident may read it.
func (w *writer) strange(ctx context.Context, name string) error {
	var named bool
	if err := w.conn.QueryRow(ctx, isNamedSomewhere, fold(name)).Scan(&named); err != nil || !named {
		return err
	}
	return incident.Refuse(incident.Conflict, "/name", fmt.Sprintf(
		"records here name somebody called %s, so an admin says who that is: ask for an invitation", strings.TrimSpace(name)))
}

// known refuses a person who was shut out, and sets the role that the provider decides on.
func (w *writer) known(ctx context.Context, c Claims, i Identity) ([]diff, error) {
	var p Person
	if err := w.conn.QueryRow(ctx, personByID, i.Person).Scan(personTargets(&p)...); err != nil {
		return nil, err
	}
	switch {
	case p.Disabled:
		return nil, incident.Refuse(incident.Forbidden, "", "an admin has closed your account here: ask them")
	case !c.Fixed || c.Role == p.Role:
		return nil, nil
	case c.Role == "":
		return nil, incident.Refuse(incident.Forbidden, "", "the provider gives you no role here: ask an admin")
	}
	after := p
	after.Role = c.Role
	return w.changePerson(ctx, p, after)
}

func (w *writer) connect(ctx context.Context, person int64, issuer, subject string) (Identity, []diff, error) {
	var i Identity
	if err := w.conn.QueryRow(ctx, insertIdentity, person, issuer, subject, w.at).Scan(i.targets()...); err != nil {
		return i, nil, err
	}
	changes, err := change(opAdd, identitiesPath, i.ID, nil, i)
	return i, changes, err
}

// Connect binds somebody at a provider to by, who came by a link or their password within the last hour,
// with the session that asks.
func (s *Store) Connect(ctx context.Context, by incident.Actor, session string, c Claims) error {
	by.Once = incident.Once{}
	return s.write(ctx, by, incident.Read, "connect a provider", func(w *writer) error {
		h, err := w.beginInstallation(ctx)
		if err != nil {
			return err
		}
		if way, err := w.came(ctx, session); err != nil {
			return err
		} else if way != ByLink && way != ByPassword {
			return incident.Refuse(incident.Forbidden, "", "a provider is connected within an hour of signing in by a link or a password: sign in again")
		}
		var i Identity
		err = w.conn.QueryRow(ctx, identityOf, c.Issuer, c.Subject).Scan(i.targets()...)
		switch {
		case err == nil && i.Person == by.PersonID:
			return nil
		case err == nil:
			return incident.Refuse(incident.Conflict, "", "this account at the provider is somebody else’s here: sign out there, and connect your own")
		case !absent(err):
			return err
		}
		_, changes, err := w.connect(ctx, by.PersonID, c.Issuer, c.Subject)
		if err != nil {
			return err
		}
		if err := w.record(h, 0, didConnect, changes); err != nil {
			return err
		}
		return w.commit(ctx, nil)
	})
}
