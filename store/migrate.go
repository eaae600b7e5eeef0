package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/golang-migrate/migrate/v4"
	"github.com/golang-migrate/migrate/v4/database"
	driver "github.com/golang-migrate/migrate/v4/database/pgx/v5"
	"github.com/golang-migrate/migrate/v4/source"
	"github.com/golang-migrate/migrate/v4/source/iofs"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/debriefhq/debrief/migrations"
)

// migrateWait is how long a caller waits for another that migrates the same database.
const migrateWait = 2 * time.Minute

const (
	waitForMigration = `set local lock_timeout = '120s'` // migrateWait
	// migrateAlone is held by a transaction, not a session: a pooler of connections keeps those together.
	migrateAlone = `
	select pg_advisory_xact_lock(hashtext('debrief migrates'))`
	// applied ends every migration, in its one transaction: what is marked as under way has changed nothing.
	applied = `;
	update schema_migrations
	set    dirty = false;`
)

// Migrate brings the schema of the database at url up to this program's; one that is up to date
// stays as it is. Racing callers wait for each other, and one that was killed leaves nothing half done: the
// next begins where it was. A database that a newer program migrated is refused. To a database that is not up
// to date, url must lead without a pooler that hands out connections by transaction.
func Migrate(ctx context.Context, url string) error {
	pool, err := pgxpool.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("read the database's address: %w", err)
	}
	config := pool.ConnConfig
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // what was written has been committed
	at, err := readSchema(ctx, conn)
	if err != nil {
		return err
	}
	if at.behind() {
		err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, waitForMigration); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, migrateAlone); err != nil {
				return fmt.Errorf("wait for another who migrates: %w", err)
			}
			return up(ctx, config)
		})
		if err != nil {
			return fmt.Errorf("migrate the database: %w", err)
		}
		if at, err = readSchema(ctx, conn); err != nil {
			return err
		}
	}
	if err := at.check(); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, adopt); err != nil {
		return fmt.Errorf("adopt restored history: %w", err)
	}
	return nil
}

// up runs the migrations that are missing, for the one who may.
func up(ctx context.Context, config *pgx.ConnConfig) error {
	files, err := iofs.New(migrations.Files, ".")
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	db := stdlib.OpenDB(*config)
	target, err := driver.WithInstance(db, &driver.Config{})
	if err != nil {
		return errors.Join(err, db.Close())
	}
	m, err := migrate.NewWithInstance("iofs", whole{files}, "pgx5", target)
	if err != nil {
		return errors.Join(err, target.Close())
	}
	m.LockTimeout = migrateWait
	stop := context.AfterFunc(ctx, func() { m.GracefulStop <- true })
	defer stop()
	err = repeat(m, files)
	if err == nil {
		err = m.Up()
	}
	if errors.Is(err, migrate.ErrNoChange) {
		err = nil
	}
	fromFiles, fromDatabase := m.Close()
	return errors.Join(err, fromFiles, fromDatabase, ctx.Err())
}

// repeat goes back before a migration that broke off. Numbers may be left out between two.
func repeat(m *migrate.Migrate, files source.Driver) error {
	version, dirty, err := m.Version()
	switch {
	case errors.Is(err, migrate.ErrNilVersion):
		return nil
	case err != nil || !dirty:
		return err
	}
	before, err := files.Prev(version)
	if errors.Is(err, fs.ErrNotExist) {
		return m.Force(database.NilVersion)
	}
	if err != nil {
		return fmt.Errorf("find the migration before %d: %w", version, err)
	}
	return m.Force(int(before))
}

// whole are migrations that end by saying that they are applied.
type whole struct{ source.Driver }

// ReadUp is called by migrate.
func (w whole) ReadUp(version uint) (io.ReadCloser, string, error) {
	file, name, err := w.Driver.ReadUp(version)
	if err != nil {
		return nil, "", err
	}
	return struct {
		io.Reader
		io.Closer
	}{io.MultiReader(file, strings.NewReader(applied)), file}, name, nil
}

// adopt gives rows of history that come from another server, by backup and restore, a transaction of
// this one: else the feed of changes would wait until this server's count of transactions reaches theirs.
const adopt = `
	update history
	set    written = pg_current_xact_id()
	where  written >= pg_snapshot_xmax(pg_current_snapshot())`

// schema reads which migration ran last.
const schema = `
	select version, dirty
	from   schema_migrations`

// schemaAt is a database's last migration, 0 before the first; dirty when it broke off.
type schemaAt struct {
	version int64
	dirty   bool
}

func readSchema(ctx context.Context, conn *pgx.Conn) (at schemaAt, err error) {
	err = conn.QueryRow(ctx, schema).Scan(&at.version, &at.dirty)
	var fault *pgconn.PgError
	switch {
	case errors.As(err, &fault) && fault.Code == "42P01", absent(err): // undefined_table
		return schemaAt{}, nil
	case err != nil:
		return at, fmt.Errorf("read the schema's version: %w", err)
	}
	return at, nil
}

// behind tells whether this program has migrations for it.
func (at schemaAt) behind() bool {
	return at.version < migrations.Latest || at.version == migrations.Latest && at.dirty
}

// check refuses what is not this program's schema.
func (at schemaAt) check() error {
	switch {
	case at.version == 0:
		return errors.New("the database has no Debrief schema yet: run debrief migrate")
	case at.version > migrations.Latest:
		return fmt.Errorf("the database is at migration %d, this program knows %d: it was migrated by a newer Debrief", at.version, migrations.Latest)
	case at.dirty:
		return fmt.Errorf("migration %d of the database broke off: run debrief migrate", at.version)
	case at.version < migrations.Latest:
		return fmt.Errorf("the database is at migration %d, this program needs %d: run debrief migrate", at.version, migrations.Latest)
	}
	return nil
}

// checkSchema refuses a database that is not at this program's migration.
func checkSchema(ctx context.Context, config *pgx.ConnConfig) error {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // it was only read from
	at, err := readSchema(ctx, conn)
	if err != nil {
		return err
	}
	return at.check()
}
