package store

import (
	"bytes"
	"strconv"

	"github.com/jackc/pgx/v5"
)

// installation is what chain 0 tells of.
type installation struct {
	people []Person
	folded []string // their names as they are looked up, in the same order
	tokens []sealedToken
}

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
)

// queue asks for it.
func (i *installation) queue(b *pgx.Batch) {
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
	b.Queue(sealedTokens).Query(func(rows pgx.Rows) (err error) {
		i.tokens, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (t sealedToken, err error) {
			err = row.Scan(t.targets()...)
			return t, err
		})
		return err
	})
}

// installation compares people and tokens with what chain 0 says.
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
	for path := range said {
		v.find(0, c.version, "%s is gone", path)
	}
	return nil
}
