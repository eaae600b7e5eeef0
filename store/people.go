package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// Person is somebody who may sign in. Names are unique without case and never change, because
// records name people and a private incident is shown to those it names.
type Person struct {
	ID        int64         `json:"id" readOnly:"true"`
	Name      string        `json:"name" required:"true" minLength:"1" maxLength:"200"`
	Role      incident.Role `json:"role" required:"true" enum:"viewer,responder,reviewer,admin"`
	Disabled  bool          `json:"disabled"`
	CreatedAt time.Time     `json:"created_at" readOnly:"true"`
}

// PersonChange says what to change about a person; nil leaves as it is.
type PersonChange struct {
	Role     *incident.Role `json:"role,omitempty" enum:"viewer,responder,reviewer,admin"`
	Disabled *bool          `json:"disabled,omitempty"`
}

// What is done to the installation itself, in one word of history.
const (
	didAddPerson    = "person_added"
	didChangePerson = "person_changed"
	didMakeToken    = "token_made"
	didRevokeToken  = "token_revoked"
	didMakeLink     = "link_made"
	didSignIn       = "signed_in"
	didSignOut      = "signed_out"
	didSetPassword  = "password_set"
	didConnect      = "provider_connected"
)

// personColumns are those of Person.
const personColumns = `p.id, p.name, p.role, p.disabled, p.created_at`

func personTargets(p *Person) []any {
	return []any{&p.ID, &p.Name, &p.Role, &p.Disabled, &p.CreatedAt}
}

const (
	insertPerson = `
	insert into people as p (name, folded, role, disabled, created_at)
	values ($1, $2, $3, $4, $5)
	returning ` + personColumns
	updatePerson = `
	update people p
	set    role = $2, disabled = $3
	where  p.id = $1`
	personByID = `
	select ` + personColumns + `
	from   people p
	where  p.id = $1`
	personByName = `
	select ` + personColumns + `
	from   people p
	where  p.folded = $1`
	allPeople = `
	select   ` + personColumns + `
	from     people p
	order by p.folded, p.id`
	otherAdmins = `
	select count(*)
	from   people
	where  role = 'admin'
	and    not disabled
	and    id <> $1`
)

// The installation's own chain is made when it is first written to.
const (
	openInstallation = `
	insert into chains (incident, version, updated_at, mac, seal)
	values (0, 0, $1, $2, $3)
	on conflict on constraint chains_pkey do nothing`
	lockInstallation = `
	select version, mac, checkpoint
	from   chains
	where  incident = 0
	for    update`
)

// installed is what an idempotency key keeps of a change of the installation.
type installed struct {
	ID int64 `json:"id"`
}

// beginInstallation begins a write of the installation's own: such writes follow each other. What was
// known of who may do what is forgotten when it ends.
func (w *writer) beginInstallation(ctx context.Context) (head, error) {
	w.after = w.s.known.forget
	var h head
	empty := []byte{}
	err := w.begin(ctx, func(b *pgx.Batch) {
		b.Queue(openInstallation, w.at, empty, w.s.seal(head{mac: empty}))
		b.Queue(lockInstallation).QueryRow(func(row pgx.Row) error { return row.Scan(&h.version, &h.mac, &h.checkpoint) })
	})
	return h, err
}

// AddPerson adds somebody; ID and CreatedAt are assigned.
func (s *Store) AddPerson(ctx context.Context, by incident.Actor, p Person) (Person, error) {
	var added Person
	err := s.write(ctx, by, incident.Administer, "add a person", func(w *writer) error {
		h, err := w.beginInstallation(ctx)
		if err != nil {
			return err
		}
		if added, err = w.addPerson(ctx, p); err != nil {
			return err
		}
		changes, err := change(opAdd, "/people/", added.ID, nil, added)
		if err != nil {
			return err
		}
		if err := w.record(h, 0, didAddPerson, changes); err != nil {
			return err
		}
		return w.commit(ctx, installed{added.ID})
	})
	var again *repeated
	if errors.As(err, &again) {
		return s.personBefore(ctx, again.result)
	}
	return added, err
}

func (w *writer) addPerson(ctx context.Context, p Person) (Person, error) {
	p.Name = strings.TrimSpace(p.Name)
	if fold(p.Name) == fold(systemName) {
		return Person{}, incident.Refuse(incident.Conflict, "/name", systemName+" is what the installation itself is called: choose another name")
	}
	if err := checkName(p.Name); err != nil {
		return Person{}, err
	}
	var added Person
	err := w.conn.QueryRow(ctx, insertPerson, p.Name, fold(p.Name), p.Role, p.Disabled, w.at).Scan(personTargets(&added)...)
	return added, err
}

// checkName refuses a name that cannot be shown on one line.
func checkName(name string) error {
	if strings.ContainsFunc(name, unicode.IsControl) || !utf8.ValidString(name) {
		return broken("/name", "holds characters that cannot be shown: leave them out")
	}
	return nil
}

func (s *Store) personBefore(ctx context.Context, result []byte) (Person, error) {
	var before installed
	if err := json.Unmarshal(result, &before); err != nil {
		return Person{}, fmt.Errorf("read what the request made before: %w", err)
	}
	var p Person
	err := s.pool.QueryRow(ctx, personByID, before.ID).Scan(personTargets(&p)...)
	return p, refuse(err, "read a person")
}

// change is the one change of a row of the installation's history.
func change(op, path string, id int64, old, value any) ([]diff, error) {
	d := diff{op: op, path: path + strconv.FormatInt(id, 10)}
	var err error
	if old != nil {
		if d.old, err = encode(old); err != nil {
			return nil, err
		}
	}
	d.value, err = encode(value)
	return []diff{d}, err
}

// Person reads one person.
func (s *Store) Person(ctx context.Context, by incident.Actor, id int64) (Person, error) {
	var p Person
	if err := may(by, incident.Read); err != nil {
		return p, err
	}
	err := s.pool.QueryRow(ctx, personByID, id).Scan(personTargets(&p)...)
	if absent(err) {
		return p, missingPerson
	}
	return p, refuse(err, "read a person")
}

// ChangePerson changes role or lets somebody in no more, which ends their sessions. The last admin stays one.
func (s *Store) ChangePerson(ctx context.Context, by incident.Actor, id int64, c PersonChange) (Person, error) {
	var after Person
	if c.Role != nil && rank(*c.Role) < 0 {
		return after, refusals["person_role_is_known"]
	}
	err := s.write(ctx, by, incident.Administer, "change a person", func(w *writer) error {
		h, err := w.beginInstallation(ctx)
		if err != nil {
			return err
		}
		var before Person
		if err := w.conn.QueryRow(ctx, personByID, id).Scan(personTargets(&before)...); absent(err) {
			return missingPerson
		} else if err != nil {
			return err
		}
		after = before
		if c.Role != nil {
			after.Role = *c.Role
		}
		if c.Disabled != nil {
			after.Disabled = *c.Disabled
		}
		changes, err := w.changePerson(ctx, before, after)
		if err != nil {
			return err
		}
		if err := w.record(h, 0, didChangePerson, changes); err != nil {
			return err
		}
		return w.commit(ctx, installed{id})
	})
	var again *repeated
	if errors.As(err, &again) {
		return s.personBefore(ctx, again.result)
	}
	return after, err
}

// changePerson queues a person's new role, or ends their sessions and links when they may sign in no more.
func (w *writer) changePerson(ctx context.Context, before, after Person) ([]diff, error) {
	if err := w.keepAnAdmin(ctx, before, after); err != nil {
		return nil, err
	}
	changes, err := change(opReplace, "/people/", after.ID, before, after)
	if err != nil {
		return nil, err
	}
	w.batch.Queue(updatePerson, after.ID, after.Role, after.Disabled)
	if !after.Disabled {
		return changes, nil
	}
	ended, err := w.endEntrances(ctx, after.ID, []byte{})
	return append(changes, ended...), err
}

func (w *writer) keepAnAdmin(ctx context.Context, before, after Person) error {
	governs := func(p Person) bool { return p.Role == incident.Admin && !p.Disabled }
	if !governs(before) || governs(after) {
		return nil
	}
	var others int
	if err := w.conn.QueryRow(ctx, otherAdmins, before.ID).Scan(&others); err != nil {
		return fmt.Errorf("count admins: %w", err)
	}
	if others == 0 {
		return incident.Refuse(incident.Conflict, "", before.Name+" is the last admin: make somebody else one first")
	}
	return nil
}

// People lists everybody by name.
func (s *Store) People(ctx context.Context, by incident.Actor) ([]Person, error) {
	if err := may(by, incident.Read); err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, allPeople)
	if err != nil {
		return nil, fmt.Errorf("list people: %w", err)
	}
	people, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Person, err error) {
		err = row.Scan(personTargets(&p)...)
		return p, err
	})
	return people, refuse(err, "list people")
}
