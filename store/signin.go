package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/debriefhq/debrief/incident"
)

// identify finds who a secret belongs to, whether it is a token's or a session's.
const identify = `
	select p.id, p.name, p.role, t.role, t.scope, coalesce(t.expires, 'infinity'), t.expires
	from   tokens t
	join   people p on p.id = t.person
	where  t.digest = $1
	and    t.revoked is null
	and    (t.expires is null or t.expires > $2)
	and    not p.disabled
	union  all
	select p.id, p.name, p.role, p.role, 'full', s.expires, null
	from   sessions s
	join   people   p on p.id = s.person
	where  s.digest = $1
	and    s.expires > $2
	and    not p.disabled`

// Identify finds who presents a secret, a token's or a session's, and what they may behind it. Unknown,
// expired and revoked secrets and those of disabled people are refused alike with SignIn. What another
// process changed about people, tokens and sessions counts after five seconds at most, expiry at once.
func (s *Store) Identify(ctx context.Context, secret string) (incident.Actor, error) {
	unknown := incident.Refuse(incident.SignIn, "", "the token or session is unknown, expired or revoked: sign in again")
	if !strings.HasPrefix(secret, secretPrefix) {
		return incident.Actor{}, unknown
	}
	now, digest := s.clock(), sha256.Sum256([]byte(secret))
	by, found, remember := s.known.find(digest, now)
	if found {
		return by, nil
	}
	var role incident.Role
	var scope incident.Scope
	var expires pgtype.Timestamptz
	var ends *time.Time // of a token
	err := s.pool.QueryRow(ctx, identify, digest[:], now).Scan(&by.PersonID, &by.Name, &by.Role, &role, &scope, &expires, &ends)
	if absent(err) {
		return incident.Actor{}, unknown
	}
	if err != nil {
		return incident.Actor{}, refuse(err, "identify somebody")
	}
	if by.Role = incident.Narrow(lesser(by.Role, role), scope); by.Role == "" {
		return incident.Actor{}, unknown
	}
	by.ReadOnly = scope == incident.ScopeRead
	if ends != nil {
		by.Until = *ends
	}
	until := now.Add(knownTime)
	if expires.InfinityModifier == pgtype.Finite && expires.Time.Before(until) {
		until = expires.Time
	}
	remember(identity{by, until})
	return by, nil
}

const (
	insertLink = `
	insert into sign_in_links (digest, person, created_at, expires)
	values ($1, $2, $3, $4)`
	goodLink = `
	select p.id
	from   sign_in_links l
	join   people p on p.id = l.person
	where  l.digest = $1
	and    l.expires > $2
	and    not p.disabled`
	useLink = `
	with used as (
		delete from sign_in_links
		where  digest = $1
		and    expires > $2
		returning person)
	select p.id
	from   used
	join   people p on p.id = used.person
	where  not p.disabled`
)

// NewSignInLink makes a secret that signs a person in once, until it lasts no longer or another is made for them. A
// token that ends makes none: who came by it could make tokens that don't.
func (s *Store) NewSignInLink(ctx context.Context, by incident.Actor, person string, lasts time.Duration) (secret string, err error) {
	var digest []byte
	secret, digest = newSecret()
	by.Once = incident.Once{} // a secret is shown once: a repeated request makes another
	if !by.Until.IsZero() {
		return "", incident.Refuse(incident.Forbidden, "", "a token that ends makes no sign-in links: sign in, or use a token without an end")
	}
	err = s.write(ctx, by, incident.Administer, "make a sign-in link", func(w *writer) error {
		h, err := w.beginInstallation(ctx)
		if err != nil {
			return err
		}
		var p Person
		err = w.conn.QueryRow(ctx, personByName, fold(person)).Scan(personTargets(&p)...)
		switch {
		case absent(err):
			return missingPerson
		case err != nil:
			return err
		case p.Disabled:
			return incident.Refuse(incident.Conflict, "/person", p.Name+" is disabled: enable them first")
		}
		expires := w.at.Add(lasts)
		older, err := w.end(ctx, linksPath, endLinks, p.ID)
		if err != nil {
			return err
		}
		made, err := change(opNote, linksPath, p.ID, nil, entrance{Digest: digest, Expires: expires})
		if err != nil {
			return err
		}
		w.batch.Queue(insertLink, digest, p.ID, w.at, expires)
		if err := w.record(h, 0, didMakeLink, append(older, made...)); err != nil {
			return err
		}
		return w.commit(ctx, installed{p.ID})
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// SignIn trades a link's secret for a session's, on the browser of that name. It works once.
func (s *Store) SignIn(ctx context.Context, link, browser string) (session string, expires time.Time, err error) {
	used := incident.Refuse(incident.SignIn, "", "this sign-in link was used or is too old: ask an admin for a new one")
	var person int64
	err = s.pool.QueryRow(ctx, goodLink, digestOf(link), s.clock()).Scan(&person) // strangers take no lock
	if err == nil {
		session, expires, err = s.arrive(ctx, "sign in", func(w *writer, _ head) (a arrival, err error) {
			a = arrival{way: ByLink, browser: browser, with: entrance{Link: digestOf(link)}}
			err = w.conn.QueryRow(ctx, useLink, digestOf(link), w.at).Scan(&a.person)
			return a, err
		})
	}
	if absent(err) {
		err = used
	}
	return session, expires, refuse(err, "sign in")
}

// What is of no more use.
const (
	dropOldKeys = `
	delete from idempotency_keys
	where  at < $1::timestamptz - interval '` + keyAge + `'`
	dropOldSessions = `
	delete from sessions
	where  expires <= $1`
	dropOldLinks = `
	delete from sign_in_links
	where  expires <= $1`
)

// Sweep drops idempotency keys, sessions, links, counted tries, subscribers who did not confirm and rows of deliveries
// that are past their time. It is a chore.
func (s *Store) Sweep(ctx context.Context) error {
	b := &pgx.Batch{}
	for _, statement := range []string{dropOldKeys, dropOldSessions, dropOldLinks, dropOldTries, dropOldVisits, dropUnconfirmed, cancelLost, dropOldDeliveries, dropOldQuestions, dropOldHooks, keepPauses, dropOldReminders} {
		b.Queue(statement, s.clock())
	}
	if err := s.send(ctx, b); err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	return nil
}
