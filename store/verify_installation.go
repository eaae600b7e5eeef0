package store

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// installation is what chain 0 tells of.
type installation struct {
	people []Person
	folded []string // their names as they are looked up, in the same order
	tokens []sealedToken
	live   []liveEntrance
	views  []auditedView
	ways   map[string]any // passwords and identities, by the paths of history
}

// liveEntrance is a link or a session that lets somebody in.
type liveEntrance struct {
	path    string // as history notes it
	digest  []byte
	expires time.Time
}

// entrances are what history notes of links and sessions: their paths and ends, by digest.
type entrances map[string]string

// note takes in the changes of a row; own is what history says with it. A session that was begun with a
// link, a password or a provider of nobody's counts for nothing, and no more does one that was ended.
func (all entrances) note(changes []bodyChange, values []*keptValue, own map[string]json.RawMessage) {
	for i, c := range changes {
		session := strings.HasPrefix(c.Path, sessionsPath)
		if !session && !strings.HasPrefix(c.Path, linksPath) || values[i] == nil {
			continue
		}
		var e entrance
		if json.Unmarshal(values[i].Value, &e) != nil {
			continue
		}
		switch {
		case e.Ended:
			delete(all, string(e.Digest))
		case !session || all.begun(e, strings.TrimPrefix(c.Path, sessionsPath), own):
			all[string(e.Digest)] = endOf(c.Path, e.Expires)
			delete(all, string(e.Link)) // it works once
		}
	}
}

// begun tells whether a session was begun with something of its person's.
func (all entrances) begun(e entrance, person string, own map[string]json.RawMessage) bool {
	switch {
	case e.Link != nil:
		link, made := all[string(e.Link)]
		return made && strings.HasPrefix(link, linksPath+person+" ")
	case e.Password != nil:
		var p sealedPassword
		return json.Unmarshal(own[passwordsPath+person], &p) == nil && bytes.Equal(p.Digest, e.Password)
	}
	var i Identity
	known := json.Unmarshal(own[identitiesPath+strconv.FormatInt(e.Identity, 10)], &i) == nil
	return known && strconv.FormatInt(i.Person, 10) == person
}

func endOf(path string, expires time.Time) string { return path + " " + expires.UTC().String() }

const (
	foldedPeople = `
	select   p.folded
	from     people p
	order by p.folded, p.id`
	sealedTokens = `
	select   ` + sealedColumns + `
	from     tokens t
	join     people p on p.id = t.person
	order by t.id`
	liveEntrances = `
	select '` + linksPath + `' || person, digest, expires
	from   sign_in_links
	union  all
	select '` + sessionsPath + `' || person, digest, expires
	from   sessions
	order  by 1, 2`
	allPasswords = `
	select   person, hash, set_at
	from     passwords
	order by person`
	allIdentities = `
	select   ` + identityColumns + `
	from     identities i
	order by i.id`
)

// queueWays asks for passwords and identities.
func (i *installation) queueWays(b *pgx.Batch) {
	i.ways = map[string]any{}
	b.Queue(allPasswords).Query(func(rows pgx.Rows) error {
		var person int64
		var kept hashed
		var setAt time.Time
		_, err := pgx.ForEachRow(rows, []any{&person, &kept, &setAt}, func() error {
			i.ways[passwordsPath+strconv.FormatInt(person, 10)] = kept.sealed(setAt)
			return nil
		})
		return err
	})
	b.Queue(allIdentities).Query(func(rows pgx.Rows) error {
		var id Identity
		_, err := pgx.ForEachRow(rows, id.targets(), func() error {
			i.ways[identitiesPath+strconv.FormatInt(id.ID, 10)] = id
			return nil
		})
		return err
	})
}

// queue asks for it.
func (i *installation) queue(b *pgx.Batch) {
	i.queueWays(b)
	i.queueViews(b)
	b.Queue(allPeople).Query(func(rows pgx.Rows) (err error) {
		i.people, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Person, err error) {
			err = row.Scan(personTargets(&p)...)
			return p, err
		})
		return err
	})
	b.Queue(foldedPeople).Query(func(rows pgx.Rows) (err error) {
		i.folded, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	b.Queue(liveEntrances).Query(func(rows pgx.Rows) (err error) {
		i.live, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (e liveEntrance, err error) {
			err = row.Scan(&e.path, &e.digest, &e.expires)
			return e, err
		})
		return err
	})
	b.Queue(sealedTokens).Query(func(rows pgx.Rows) (err error) {
		i.tokens, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (t sealedToken, err error) {
			err = row.Scan(t.targets()...)
			return t, err
		})
		return err
	})
}

// installation compares people, tokens, ways to sign in and views with what chain 0 says.
func (v *verifying) installation(c *chained, i installation) error {
	if c.broken {
		return nil
	}
	said := c.replay.own
	compare := func(path string, row any) error {
		is, err := encode(row)
		if err != nil {
			return err
		}
		known, ok := said[path]
		if !ok || known != nil && !bytes.Equal(known, is) {
			v.find(0, c.version, "%s is not as history says", path)
		}
		delete(said, path)
		return nil
	}
	for n, p := range i.people {
		path := "/people/" + strconv.FormatInt(p.ID, 10)
		if i.folded[n] != fold(p.Name) {
			v.find(0, c.version, "%s is looked up by another name", path)
		}
		if err := compare(path, p); err != nil {
			return err
		}
	}
	for _, t := range i.tokens {
		if err := compare("/tokens/"+strconv.FormatInt(t.ID, 10), t); err != nil {
			return err
		}
	}
	for path, way := range i.ways {
		if err := compare(path, way); err != nil {
			return err
		}
	}
	for _, e := range i.live {
		if v.entrances[string(e.digest)] != endOf(e.path, e.expires) {
			v.find(0, c.version, "%s lets somebody in and was not made here", e.path)
		}
	}
	for path := range said {
		v.find(0, c.version, "%s is gone", path)
	}
	return v.compareViews(c, i.views)
}
