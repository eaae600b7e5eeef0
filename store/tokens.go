package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// Token is a bearer token without its secret.
type Token struct {
	ID        int64          `json:"id"`
	Person    string         `json:"person"`
	Name      string         `json:"name"`
	Role      incident.Role  `json:"role"`
	Scope     incident.Scope `json:"scope"`
	CreatedAt time.Time      `json:"created_at"`
	Expires   *time.Time     `json:"expires"`
	Revoked   *time.Time     `json:"revoked"`
}

// TokenRequest asks for a token. Person is a name; when nobody has it, an admin's request makes that person.
type TokenRequest struct {
	Person  string         `json:"person" required:"true" minLength:"1" maxLength:"200"`
	Name    string         `json:"name" maxLength:"200" doc:"What it is for."`
	Role    incident.Role  `json:"role" enum:",viewer,responder,reviewer,admin" doc:"At most the person's; empty is the person's."`
	Scope   incident.Scope `json:"scope" enum:",read,write,full" default:"full"`
	Expires *time.Time     `json:"expires" doc:"null: never, or with the token that asks for it."`
}

// secretPrefix lets people, and programs that look for leaked secrets, see what a secret is for.
const secretPrefix = "debrief_"

// newSecret makes 32 random bytes, and what of them is kept: a digest that needs no salt, because nobody
// can guess what was drawn.
func newSecret() (secret string, digest []byte) {
	random := make([]byte, 32)
	_, _ = rand.Read(random) // never fails
	secret = secretPrefix + base64.RawURLEncoding.EncodeToString(random)
	return secret, digestOf(secret)
}

func digestOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// tokenColumns are those of Token.
const tokenColumns = `t.id, p.name, t.name, t.role, t.scope, t.created_at, t.expires, t.revoked` //nolint:gosec // names of columns

func tokenTargets(t *Token) []any {
	return []any{&t.ID, &t.Person, &t.Name, &t.Role, &t.Scope, &t.CreatedAt, &t.Expires, &t.Revoked}
}

// sealedToken is a token as history keeps it: another secret for it would show.
type sealedToken struct {
	Token
	Digest []byte `json:"digest"`
}

// sealedColumns are those of sealedToken.
const sealedColumns = tokenColumns + `, t.digest`

func (t *sealedToken) targets() []any { return append(tokenTargets(&t.Token), &t.Digest) }

const (
	insertToken = `
	insert into tokens (person, digest, name, role, scope, created_at, expires)
	values ($1, $2, $3, $4, $5, $6, $7)
	returning id`
	tokenByID = `
	select ` + sealedColumns + `
	from   tokens t
	join   people p on p.id = t.person
	where  t.id = $1`
	endOne = `
	update tokens
	set    revoked = $2
	where  id = $1`
	allTokens = `
	select   ` + tokenColumns + `
	from     tokens t
	join     people p on p.id = t.person
	order by t.id`
	ownTokens = `
	select   ` + tokenColumns + `
	from     tokens t
	join     people p on p.id = t.person
	where    t.person = $1
	order by t.id`
)

// NewToken makes a token and gives its secret, which is kept nowhere. Admins make them for everybody, and
// with a token a person who is not there yet; others make their own, never with more than they may now. A
// token that ends makes none that lasts longer.
func (s *Store) NewToken(ctx context.Context, by incident.Actor, r TokenRequest) (secret string, t Token, err error) {
	if strings.TrimSpace(r.Person) == "" {
		return "", Token{}, broken("/person", "is missing: say whose token it is")
	}
	var digest []byte
	secret, digest = newSecret()
	deed := incident.Read
	if fold(r.Person) != fold(by.Name) {
		deed = incident.Administer
	}
	err = s.write(ctx, by, deed, "make a token", func(w *writer) (err error) {
		t, err = w.newToken(ctx, r, digest)
		return err
	})
	var again *repeated
	if errors.As(err, &again) {
		err = incident.Refuse(incident.Conflict, "", "this request made a token before, and its secret is not kept: send a new Idempotency-Key for another token")
	}
	if err != nil {
		return "", Token{}, err
	}
	return secret, t, nil
}

func (w *writer) newToken(ctx context.Context, r TokenRequest, digest []byte) (Token, error) {
	h, err := w.beginInstallation(ctx)
	if err != nil {
		return Token{}, err
	}
	p, changes, err := w.tokenPerson(ctx, r)
	if err != nil {
		return Token{}, err
	}
	t := Token{Person: p.Name, Name: strings.TrimSpace(r.Name), Role: r.Role, Scope: r.Scope, CreatedAt: w.at}
	if err := checkName(t.Name); err != nil {
		return Token{}, err
	}
	if t.Expires, err = w.tokenEnd(r.Expires); err != nil {
		return Token{}, err
	}
	if t.Scope == "" {
		t.Scope = incident.ScopeFull
	}
	if t.Role == "" {
		t.Role = lesser(p.Role, w.by.Role)
	}
	if rank(t.Role) > rank(p.Role) || rank(t.Role) > rank(w.by.Role) {
		return Token{}, incident.Refuse(incident.Conflict, "/role", fmt.Sprintf("%s is a %s: a token may at most what its person and its maker may", p.Name, p.Role))
	}
	if p.Disabled {
		return Token{}, incident.Refuse(incident.Conflict, "/person", p.Name+" is disabled: enable them first")
	}
	if err := w.conn.QueryRow(ctx, insertToken, p.ID, digest, t.Name, t.Role, t.Scope, t.CreatedAt, t.Expires).Scan(&t.ID); err != nil {
		return Token{}, err
	}
	made, err := change(opAdd, "/tokens/", t.ID, nil, sealedToken{t, digest})
	if err != nil {
		return Token{}, err
	}
	if err := w.record(h, 0, didMakeToken, append(changes, made...)); err != nil {
		return Token{}, err
	}
	return t, w.commit(ctx, installed{t.ID})
}

// tokenEnd is when a token ends that is asked to end at that time; nil is never.
func (w *writer) tokenEnd(asked *time.Time) (*time.Time, error) {
	bound := w.by.Until
	if asked == nil {
		if bound.IsZero() {
			return nil, nil
		}
		return &bound, nil
	}
	expires := asked.UTC().Truncate(time.Microsecond)
	switch {
	case !expires.After(w.at):
		return nil, broken("/expires", "is past: write a time to come, or leave it out")
	case !bound.IsZero() && expires.After(bound):
		return nil, incident.Refuse(incident.Conflict, "/expires", "is after the end of the token that asks: it ends at "+bound.UTC().Format(time.RFC3339)+", and so does what it makes")
	}
	return &expires, nil
}

// tokenPerson finds the person, or makes them.
func (w *writer) tokenPerson(ctx context.Context, r TokenRequest) (p Person, changes []diff, err error) {
	err = w.conn.QueryRow(ctx, personByName, fold(r.Person)).Scan(personTargets(&p)...)
	switch {
	case !absent(err):
		return p, nil, err
	case !w.by.Role.May(incident.Administer):
		return p, nil, missingPerson
	case r.Role == "":
		return p, nil, broken("/role", "is missing: say what the new person may do")
	}
	if p, err = w.addPerson(ctx, Person{Name: r.Person, Role: r.Role}); err != nil {
		return p, nil, err
	}
	changes, err = change(opAdd, "/people/", p.ID, nil, p)
	return p, changes, err
}

// rank orders roles, the least first; an unknown one comes before all.
func rank(r incident.Role) int { return slices.Index(incident.Roles, r) }

func lesser(a, b incident.Role) incident.Role {
	if rank(a) < rank(b) {
		return a
	}
	return b
}

// Tokens lists tokens, the oldest first: all for an admin, else one's own.
func (s *Store) Tokens(ctx context.Context, by incident.Actor) ([]Token, error) {
	if err := may(by, incident.Read); err != nil {
		return nil, err
	}
	statement, args := ownTokens, []any{by.PersonID}
	if by.Role.May(incident.Administer) {
		statement, args = allTokens, nil
	}
	rows, err := s.pool.Query(ctx, statement, args...)
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	tokens, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Token, err error) {
		err = row.Scan(tokenTargets(&t)...)
		return t, err
	})
	return tokens, refuse(err, "list tokens")
}

// RevokeToken ends a token at once. One that is ended already stays so.
func (s *Store) RevokeToken(ctx context.Context, by incident.Actor, id int64) error {
	err := s.write(ctx, by, incident.Read, "revoke a token", func(w *writer) error {
		h, err := w.beginInstallation(ctx)
		if err != nil {
			return err
		}
		var before sealedToken
		err = w.conn.QueryRow(ctx, tokenByID, id).Scan(before.targets()...)
		mine := fold(before.Person) == fold(by.Name) || by.Role.May(incident.Administer)
		switch {
		case absent(err) || err == nil && !mine:
			return incident.Refuse(incident.NotFound, "", "there is no such token, or it is not yours")
		case err != nil || before.Revoked != nil:
			return err
		}
		after := before
		after.Revoked = &w.at
		changes, err := change(opReplace, "/tokens/", id, before, after)
		if err != nil {
			return err
		}
		w.batch.Queue(endOne, id, w.at)
		if err := w.record(h, 0, didRevokeToken, changes); err != nil {
			return err
		}
		return w.commit(ctx, installed{id})
	})
	var again *repeated
	if errors.As(err, &again) {
		return nil
	}
	return err
}
