package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// freshTime is how long after signing in somebody may add a way to sign in without another proof.
const freshTime = time.Hour

// Account is how one person signs in.
type Account struct {
	PasswordSet *time.Time // nil: there is none
	ByLink      bool       // they came by a link within the last hour: a password is set without the old one
	Fresh       bool       // they came by a link or their password within the last hour: a provider may be connected
	Sessions    []Session  // the newest first
	Identities  []Identity // the oldest first
}

const (
	whenSet = `
	select set_at
	from   passwords
	where  person = $1`
	hashOf = `
	select hash
	from   passwords
	where  person = $1`
	hashByName = `
	select p.id, w.hash
	from   people    p
	join   passwords w on w.person = p.id
	where  p.folded = $1
	and    not p.disabled`
	putHash = `
	insert into passwords as p (person, hash, set_at)
	values ($1, $2, $3)
	on conflict on constraint passwords_pkey do update
	set    hash = excluded.hash, set_at = excluded.set_at`
	cameLately = `
	select way
	from   sessions
	where  person = $1
	and    digest = $2
	and    created_at > $3`
)

// passwordsPath is where history keeps that a password is the one that was set, followed by the person.
const passwordsPath = "/passwords/"

// sealedPassword is a password as history keeps it: another one put in its place would show. The digest
// is of the hash with its salt, of which nobody guesses the password.
type sealedPassword struct {
	Digest []byte    `json:"digest"`
	SetAt  time.Time `json:"set_at"`
}

func (h hashed) sealed(at time.Time) sealedPassword { return sealedPassword{h.digest(), at} }

func (h hashed) digest() []byte {
	sum := sha256.Sum256([]byte(h))
	return sum[:]
}

// Account reads how by signs in. Session is the secret that asks.
func (s *Store) Account(ctx context.Context, by incident.Actor, session string) (Account, error) {
	var a Account
	if err := may(by, incident.Read); err != nil {
		return a, err
	}
	now := s.clock()
	b := &pgx.Batch{}
	b.Queue(whenSet, by.PersonID).Query(func(rows pgx.Rows) (err error) {
		set, err := pgx.CollectRows(rows, pgx.RowTo[time.Time])
		if len(set) > 0 {
			a.PasswordSet = &set[0]
		}
		return err
	})
	b.Queue(ownSessions, by.PersonID, digestOf(session), now).Query(func(rows pgx.Rows) (err error) {
		a.Sessions, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Session, err error) {
			err = row.Scan(&t.ID, &t.Way, &t.Browser, &t.CreatedAt, &t.Expires, &t.Here)
			return t, err
		})
		return err
	})
	b.Queue(ownIdentities, by.PersonID).Query(func(rows pgx.Rows) (err error) {
		a.Identities, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (i Identity, err error) {
			err = row.Scan(i.targets()...)
			return i, err
		})
		return err
	})
	if err := s.send(ctx, b); err != nil {
		return a, refuse(err, "read an account")
	}
	for _, session := range a.Sessions {
		if session.Here && session.CreatedAt.After(now.Add(-freshTime)) {
			a.ByLink, a.Fresh = session.Way == ByLink, session.Way != ByProvider
		}
	}
	return a, nil
}

// came tells how by signed in with a session within the last hour; "" when they didn't.
func (w *writer) came(ctx context.Context, session string) (way string, err error) {
	err = w.conn.QueryRow(ctx, cameLately, w.by.PersonID, digestOf(session), w.at.Add(-freshTime)).Scan(&way)
	if absent(err) {
		err = nil
	}
	return way, err
}

// PasswordChange is what somebody asks who sets their password.
type PasswordChange struct {
	Session string // the secret that asks: it is the only one that goes on
	Address string // where it comes from
	Old     string // may be left out by who came by a link within the last hour
	New     string
}

// SetPassword sets by's own password, and ends all their other sessions.
func (s *Store) SetPassword(ctx context.Context, by incident.Actor, c PasswordChange) error {
	if err := checkPassword(c.New, by.Name); err != nil {
		return err
	}
	var before hashed
	err := s.pool.QueryRow(ctx, hashOf, by.PersonID).Scan(&before)
	if err != nil && !absent(err) {
		return refuse(err, "read a password")
	}
	proved := false
	if c.Old != "" && before != "" {
		if err := s.takeTries(ctx, by.Name, c.Address); err != nil {
			return err
		}
		if proved, err = s.hasher.fits(ctx, before, c.Old); err != nil {
			return refuse(err, "compare a password")
		}
		if !proved {
			return broken("/old", "is not your password: type it again, or ask an admin for a sign-in link")
		}
	}
	kept, err := s.hasher.make(ctx, c.New)
	if err != nil {
		return refuse(err, "hash a password")
	}
	by.Once = incident.Once{}
	return s.write(ctx, by, incident.Read, "set a password", func(w *writer) error {
		h, err := w.beginInstallation(ctx)
		if err != nil {
			return err
		}
		if err := w.proven(ctx, c, before, proved); err != nil {
			return err
		}
		changes, err := w.setPassword(by.PersonID, kept)
		if err != nil {
			return err
		}
		ended, err := w.endEntrances(ctx, by.PersonID, digestOf(c.Session))
		if err != nil {
			return err
		}
		if proved {
			w.forgive(by.Name, c.Address)
		}
		if err := w.record(h, 0, didSetPassword, append(changes, ended...)); err != nil {
			return err
		}
		return w.commit(ctx, nil)
	})
}

// proven refuses who has neither the old password nor a link of the last hour.
func (w *writer) proven(ctx context.Context, c PasswordChange, before hashed, proved bool) error {
	way, err := w.came(ctx, c.Session)
	if err != nil || way == ByLink {
		return err
	}
	var now hashed
	if err := w.conn.QueryRow(ctx, hashOf, w.by.PersonID).Scan(&now); err != nil && !absent(err) {
		return err
	}
	switch {
	case proved && now == before:
		return nil
	case before == "":
		return incident.Refuse(incident.Forbidden, "", "a first password is set within an hour of signing in by a link: ask an admin for one")
	case proved:
		return tryAgain
	}
	return broken("/old", "is missing: type your password of now, or ask an admin for a sign-in link")
}

// setPassword queues a person's password.
func (w *writer) setPassword(person int64, kept hashed) ([]diff, error) {
	w.batch.Queue(putHash, person, kept, w.at)
	return change(opReplace, passwordsPath, person, nil, kept.sealed(w.at))
}

// Login is what somebody signs in with who has a password.
type Login struct {
	Name     string
	Password string
	Address  string // where it comes from
	Browser  string
}

// SignInWithPassword trades a name and a password for a session. Whether the name is nobody's, has no password
// or another one, the answer is the same and takes as long. Too many tries are refused with Wait.
func (s *Store) SignInWithPassword(ctx context.Context, l Login) (session string, expires time.Time, err error) {
	wrong := incident.Refuse(incident.SignIn, "", "the name and the password don’t belong together: check both, or ask an admin for a sign-in link")
	if !utf8.ValidString(l.Name) || strings.Contains(l.Name, "\x00") || len(l.Name) > 4*200 || len(l.Password) > longestPassword {
		return "", time.Time{}, wrong
	}
	if err := s.takeTries(ctx, l.Name, l.Address); err != nil {
		return "", time.Time{}, err
	}
	var person int64
	kept := nobodys
	if err := s.pool.QueryRow(ctx, hashByName, fold(l.Name)).Scan(&person, &kept); err != nil && !absent(err) {
		return "", time.Time{}, refuse(err, "read a password")
	}
	fits, err := s.hasher.fits(ctx, kept, l.Password)
	if err != nil {
		return "", time.Time{}, refuse(err, "compare a password")
	}
	if !fits {
		return "", time.Time{}, wrong
	}
	var anew hashed
	if c, _, err := kept.read(); err == nil && c != today {
		if anew, err = s.hasher.make(ctx, l.Password); err != nil {
			return "", time.Time{}, refuse(err, "hash a password")
		}
	}
	session, expires, err = s.arrive(ctx, "sign in", func(w *writer, _ head) (arrival, error) {
		return w.arriveByPassword(ctx, l, kept, anew)
	})
	if errors.Is(err, errChanged) {
		err = wrong
	}
	return session, expires, err
}

// errChanged says that a password was changed, or its person shut out, while it was compared.
var errChanged = errors.New("the password was changed meanwhile")

func (w *writer) arriveByPassword(ctx context.Context, l Login, kept, anew hashed) (a arrival, err error) {
	a = arrival{way: ByPassword, browser: l.Browser, with: entrance{Password: kept.digest()}}
	var now hashed
	err = w.conn.QueryRow(ctx, hashByName, fold(l.Name)).Scan(&a.person, &now)
	switch {
	case absent(err) || err == nil && now != kept:
		return a, errChanged
	case err != nil:
		return a, err
	}
	w.forgive(l.Name, l.Address)
	if anew != "" {
		a.with.Password = anew.digest()
		a.changes, err = w.setPassword(a.person, anew)
	}
	return a, err
}
