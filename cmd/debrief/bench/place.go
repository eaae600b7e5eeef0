package bench

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/migrations"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/postgres"
)

const (
	recordBytes = 26_000  // on disk, with its history and indexes
	spareBytes  = 2 << 30 // for the log of a large load, and what sorting needs
	made        = 1       // counts changes of what records are made of: a kept database of another is made anew
)

// place is where databases are made: a PostgreSQL of our own, or the one that was named.
type place struct {
	server  *postgres.Server
	remove  string // directory to remove at the end
	address string // of a database from which others are made
	owner   string // clause of create database
}

// openPlace starts a PostgreSQL of our own unless one is named. It is where kept databases are when there are any, or
// is to be one, else in a directory that goes with it.
func (o Options) openPlace(ctx context.Context) (*place, error) {
	if o.DatabaseURL != "" {
		return &place{address: o.DatabaseURL}, o.roomFor(os.TempDir(), false)
	}
	p, dir := &place{owner: " owner debrief"}, o.KeptDir
	if o.Keep && dir == "" {
		return nil, errors.New("there is no place to keep databases: set HOME, or XDG_CACHE_HOME")
	}
	if _, err := os.Stat(dir); !o.Keep && err != nil {
		if dir, err = os.MkdirTemp("", "debrief-bench-"); err != nil {
			return nil, fmt.Errorf("make a place for PostgreSQL: %w", err)
		}
		p.remove = dir
	}
	err := os.MkdirAll(dir, 0o755) //nolint:gosec // PostgreSQL's own user must enter it
	if err == nil {
		err = os.Chmod(dir, 0o755) //nolint:gosec // as above
	}
	if err == nil {
		err = o.roomFor(dir, true)
	}
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	p.server, err = postgres.Start(ctx, postgres.Options{DataDir: dir, Binaries: o.Binaries, Settings: o.Settings, Progress: o.say})
	if inUse := (*postgres.InUse)(nil); errors.As(err, &inUse) {
		err = fmt.Errorf("another bench uses the databases that were kept in %s: wait for it, or point XDG_CACHE_HOME elsewhere", dir)
	}
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	p.address = p.server.AdminURL()
	return p, nil
}

// roomFor says what the size needs on disk, and refuses when less is free; where the disk is not ours to look at, it
// only says.
func (o Options) roomFor(dir string, ours bool) error {
	records := uint64(o.Size) //nolint:gosec // it is positive
	need := records*recordBytes + spareBytes
	if o.Keep {
		need += records * recordBytes // what is measured is a copy
	}
	free, err := freeBytes(dir)
	switch {
	case err != nil || !ours:
		o.say(fmt.Sprintf("%s records need about %s of disk where PostgreSQL keeps its data", o.sizeName(), gigabytes(need)))
	case free < need:
		return fmt.Errorf("%s records need about %s of disk, and %s has %s free: make room, point TMPDIR or XDG_CACHE_HOME elsewhere, or choose a smaller --size",
			o.sizeName(), gigabytes(need), dir, gigabytes(free))
	default:
		o.say(fmt.Sprintf("%s records need about %s of disk, of %s free", o.sizeName(), gigabytes(need), gigabytes(free)))
	}
	return nil
}

func gigabytes(n uint64) string { return fmt.Sprintf("%.1f GB", float64(n)/1e9) }

func (p *place) close() error {
	var err error
	if p.server != nil {
		err = p.server.Stop(context.Background())
	}
	if p.remove != "" {
		err = errors.Join(err, os.RemoveAll(p.remove))
	}
	return err
}

// of is the address of another database of the same server, for the role that owns it.
func (p *place) of(database string) (string, error) {
	address := p.address
	if p.server != nil {
		address = p.server.URL()
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "" {
		return "", fmt.Errorf("the database's address is no URL: write it as postgres://…")
	}
	u.Path = "/" + database
	return u.String(), nil
}

// run runs one statement from outside the databases that are made.
func (p *place) run(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, p.address)
	if err != nil {
		return fmt.Errorf("reach PostgreSQL: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // the statement has been answered
	_, err = conn.Exec(ctx, statement)
	return err
}

// database is one to measure on, filled, which drop takes away.
type database struct {
	address string
	drop    func() error
}

// database gives a filled one: a copy of the one that was kept, or is to be, else one made for this run.
func (p *place) database(ctx context.Context, o Options, m *Records) (*database, error) {
	name := fmt.Sprintf("debrief_bench_%s_%d", o.sizeName(), o.Seed)
	what, err := o.remark()
	if err != nil {
		return nil, err
	}
	kept, err := p.remarkOf(ctx, name)
	if err != nil {
		return nil, err
	}
	if kept != what {
		if err := p.fill(ctx, o, m, name, what); err != nil {
			return nil, err
		}
	}
	measured := name
	if o.Keep || kept == what {
		measured = name + "_run"
		o.say("copying " + name + ", which stays as it is")
		if err := p.copy(ctx, name, measured); err != nil {
			return nil, err
		}
	}
	address, err := p.of(measured)
	return &database{address, func() error { return p.run(context.Background(), `drop database if exists `+measured+` with (force)`) }}, err
}

// fill makes a database and says what is in it once all of it is.
func (p *place) fill(ctx context.Context, o Options, m *Records, name, what string) error {
	for _, statement := range []string{`drop database if exists ` + name + ` with (force)`, `create database ` + name + p.owner + ` template template0 encoding 'UTF8'`} {
		if err := p.run(ctx, statement); err != nil {
			return fmt.Errorf("make the database %s: %w", name, err)
		}
	}
	address, err := p.of(name)
	if err == nil {
		err = store.Migrate(ctx, address)
	}
	if err == nil {
		err = m.Fill(ctx, address, o.progress())
	}
	if err == nil {
		err = p.run(ctx, fmt.Sprintf(`comment on database %s is '%s'`, name, what))
	}
	if err != nil {
		return errors.Join(err, p.run(context.WithoutCancel(ctx), `drop database if exists `+name+` with (force)`))
	}
	return nil
}

func (p *place) copy(ctx context.Context, from, to string) error {
	if err := p.run(ctx, `drop database if exists `+to+` with (force)`); err != nil {
		return fmt.Errorf("remove the copy of an earlier run: %w", err)
	}
	conn, err := pgx.Connect(ctx, p.address)
	if err != nil {
		return fmt.Errorf("reach PostgreSQL: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // all statements have been answered
	var version int
	strategy := ""
	if err := conn.QueryRow(ctx, `select current_setting('server_version_num')::int`).Scan(&version); err != nil {
		return fmt.Errorf("ask PostgreSQL's version: %w", err)
	}
	if version >= 150000 {
		strategy = ` strategy file_copy` // the log would hold it all
	}
	if _, err := conn.Exec(ctx, `create database `+to+p.owner+` template `+from+strategy); err != nil {
		return fmt.Errorf("copy the database %s: %w", from, err)
	}
	return nil
}

// remark says what a filled database holds.
func (o Options) remark() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(migrations.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(migrations.Files, name)
		_, _ = sum.Write(text) // a hash never fails
		return err
	})
	if err != nil {
		return "", fmt.Errorf("read the migrations: %w", err)
	}
	return fmt.Sprintf("%d records of seed %d, made by %d on %x", o.Size, o.Seed, made, sum.Sum(nil)[:8]), nil
}

// remarkOf reads what fill noted of a database; "" when there is none, or it was not finished.
func (p *place) remarkOf(ctx context.Context, name string) (remark string, err error) {
	conn, err := pgx.Connect(ctx, p.address)
	if err != nil {
		return "", fmt.Errorf("reach PostgreSQL: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // the statement has been answered
	err = conn.QueryRow(ctx, `select coalesce(max(shobj_description(oid, 'pg_database')), '') from pg_database where datname = $1`, name).Scan(&remark)
	return remark, err
}
