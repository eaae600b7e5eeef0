package store

import (
	"context"
	"strings"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

const (
	sessionTime = 14 * 24 * time.Hour // how long somebody stays signed in
	longestName = 100                 // characters of a browser's name
)

// How somebody signed in.
const (
	ByLink     = "link"
	ByPassword = "password"
	ByProvider = "provider"
)

// Session is somebody's being signed in on one browser, without its secret.
type Session struct {
	ID        int64
	Way       string
	Browser   string
	CreatedAt time.Time
	Expires   time.Time
	Here      bool // it is the one that asks
}

// entrance is a link or a session as history keeps it: one that nobody made here shows in Verify. A session
// says what it was begun with, or that it was ended.
type entrance struct {
	Digest   []byte    `json:"digest"`
	Expires  time.Time `json:"expires"`
	Link     []byte    `json:"link,omitempty"`     // digest of the link
	Password []byte    `json:"password,omitempty"` // digest of the kept hash
	Identity int64     `json:"identity,omitempty"`
	Ended    bool      `json:"ended,omitempty"`
}

// Where history notes them, each followed by the person.
const (
	linksPath    = "/links/"
	sessionsPath = "/sessions/"
)

const (
	insertSession = `
	insert into sessions (digest, person, created_at, expires, way, browser)
	values ($1, $2, $3, $4, $5, $6)`
	ownSessions = `
	select   id, way, browser, created_at, expires, digest = $2
	from     sessions
	where    person = $1
	and      expires > $3
	order by created_at desc, id desc`
	ownerOf = `
	select person
	from   sessions
	where  digest = $1`
	endThis = `
	delete from sessions
	where  person = $1
	and    digest = $2
	returning digest, expires`
	endThat = `
	delete from sessions
	where  person = $1
	and    id = $2
	returning digest, expires`
	endOthers = `
	delete from sessions
	where  person = $1
	and    digest <> $2
	returning digest, expires`
	endLinks = `
	delete from sign_in_links
	where  person = $1
	returning digest, expires`
)

// arrival is how somebody signs in.
type arrival struct {
	person  int64
	way     string
	browser string
	with    entrance // what the session is begun with
	changes []diff   // what else the sign-in did
}

// arrive begins a session of whoever come finds out, in the same write.
func (s *Store) arrive(ctx context.Context, doing string, come func(*writer, head) (arrival, error)) (session string, expires time.Time, err error) {
	session, digest := newSecret()
	err = s.write(ctx, System(), incident.Administer, doing, func(w *writer) error {
		h, err := w.beginInstallation(ctx)
		if err != nil {
			return err
		}
		a, err := come(w, h)
		if err != nil {
			return err
		}
		w.by.PersonID = a.person
		expires = w.at.Add(sessionTime)
		a.with.Digest, a.with.Expires = digest, expires
		noted, err := change(opNote, sessionsPath, a.person, nil, a.with)
		if err != nil {
			return err
		}
		w.batch.Queue(insertSession, digest, a.person, w.at, expires, a.way, shortName(a.browser))
		if err := w.record(h, 0, didSignIn, append(a.changes, noted...)); err != nil {
			return err
		}
		return w.commit(ctx, nil)
	})
	if err != nil {
		return "", time.Time{}, err
	}
	return session, expires, nil
}

// shortName is a browser's name as it can be kept and shown.
func shortName(browser string) string { return shortened(browser, longestName) }

// shortened is the beginning of a text as it can be kept and shown on one line.
func shortened(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	runes := []rune(strings.TrimSpace(text))
	return string(runes[:min(len(runes), most)])
}

// endSessions ends those of a person that the statement finds, and gives what history notes of them. It runs at once,
// not with the commit.
func (w *writer) endSessions(ctx context.Context, statement string, person int64, arg any) ([]diff, error) {
	return w.end(ctx, sessionsPath, statement, person, arg)
}

// endEntrances ends all ways in that were given to a person: their sessions but one, and links that wait to be used.
func (w *writer) endEntrances(ctx context.Context, person int64, but []byte) ([]diff, error) {
	sessions, err := w.endSessions(ctx, endOthers, person, but)
	if err != nil {
		return nil, err
	}
	links, err := w.end(ctx, linksPath, endLinks, person)
	return append(sessions, links...), err
}

func (w *writer) end(ctx context.Context, path, statement string, person int64, args ...any) ([]diff, error) {
	rows, err := w.conn.Query(ctx, statement, append([]any{person}, args...)...)
	if err != nil {
		return nil, err
	}
	ended, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e entrance, err error) {
		e.Ended = true
		err = row.Scan(&e.Digest, &e.Expires)
		return e, err
	})
	if err != nil {
		return nil, err
	}
	var changes []diff
	for _, e := range ended {
		noted, err := change(opNote, path, person, nil, e)
		if err != nil {
			return nil, err
		}
		changes = append(changes, noted...)
	}
	return changes, nil
}

// signOut ends sessions of by's, or does nothing where there are none.
func (s *Store) signOut(ctx context.Context, by incident.Actor, statement string, arg any) error {
	return s.shut(ctx, by, func(w *writer) ([]diff, error) { return w.endSessions(ctx, statement, by.PersonID, arg) })
}

func (s *Store) shut(ctx context.Context, by incident.Actor, end func(*writer) ([]diff, error)) error {
	by.Once = incident.Once{} // doing it twice does it once
	return s.write(ctx, by, incident.Read, "sign out", func(w *writer) error {
		h, err := w.beginInstallation(ctx)
		if err != nil {
			return err
		}
		changes, err := end(w)
		if err != nil || len(changes) == 0 {
			return err
		}
		if err := w.record(h, 0, didSignOut, changes); err != nil {
			return err
		}
		return w.commit(ctx, nil)
	})
}

// SignOut ends a session. One that is unknown has ended.
func (s *Store) SignOut(ctx context.Context, session string) error {
	by := System()
	err := s.pool.QueryRow(ctx, ownerOf, digestOf(session)).Scan(&by.PersonID)
	if absent(err) {
		s.known.forget()
		return nil
	}
	if err != nil {
		return refuse(err, "sign out")
	}
	return s.signOut(ctx, by, endThis, digestOf(session))
}

// EndSession ends one of by's own sessions. One that is no more has ended.
func (s *Store) EndSession(ctx context.Context, by incident.Actor, id int64) error {
	return s.signOut(ctx, by, endThat, id)
}

// SignOutEverywhere ends all sessions of by's, and the links that would sign them in.
func (s *Store) SignOutEverywhere(ctx context.Context, by incident.Actor) error {
	return s.shut(ctx, by, func(w *writer) ([]diff, error) { return w.endEntrances(ctx, by.PersonID, []byte{}) })
}
