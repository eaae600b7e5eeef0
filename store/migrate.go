package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/golang-migrate/migrate/v4"
	driver "github.com/golang-migrate/migrate/v4/database/pgx/v5"
	"github.com/golang-migrate/migrate/v4/source/iofs"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/debriefhq/debrief/migrations"
)

// migrateWait is how long a caller waits for another that migrates the same database.
const migrateWait = 2 * time.Minute

// Migrate brings the schema of the database at url up to this program's; one that is up to date
// stays as it is. Racing callers wait for each other. A database that a newer program migrated is refused.
func Migrate(ctx context.Context, url string) error {
	pool, err := pgxpool.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("read the database's address: %w", err)
	}
	config := pool.ConnConfig
	files, err := iofs.New(migrations.Files, ".")
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	db := stdlib.OpenDB(*config)
	if err := db.PingContext(ctx); err != nil {
		return errors.Join(fmt.Errorf("reach the database: %w", err), db.Close())
	}
	target, err := driver.WithInstance(db, &driver.Config{})
	if err != nil {
		return errors.Join(fmt.Errorf("prepare migrating: %w", err), db.Close())
	}
	m, err := migrate.NewWithInstance("iofs", files, "pgx5", target)
	if err != nil {
		return errors.Join(fmt.Errorf("prepare migrating: %w", err), target.Close())
	}
	m.LockTimeout = migrateWait
	stop := context.AfterFunc(ctx, func() { m.GracefulStop <- true })
	defer stop()
	if err = m.Up(); errors.Is(err, migrate.ErrNoChange) {
		err = nil
	}
	fromFiles, fromDatabase := m.Close()
	if err := errors.Join(err, fromFiles, fromDatabase, ctx.Err()); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return settle(ctx, config)
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

// settle checks the schema and adopts history from elsewhere.
func settle(ctx context.Context, config *pgx.ConnConfig) error {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // nothing is lost: each statement was its own transaction
	if err := current(ctx, conn); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, adopt); err != nil {
		return fmt.Errorf("adopt restored history: %w", err)
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
	return current(ctx, conn)
}

func current(ctx context.Context, conn *pgx.Conn) error {
	var version int64
	var dirty bool
	err := conn.QueryRow(ctx, schema).Scan(&version, &dirty)
	var fault *pgconn.PgError
	switch {
	case errors.As(err, &fault) && fault.Code == "42P01", absent(err): // undefined_table
		return errors.New("the database has no Debrief schema yet: run debrief migrate")
	case err != nil:
		return fmt.Errorf("read the schema's version: %w", err)
	case dirty:
		return fmt.Errorf("migration %d of the database broke off: restore the backup from before it, or repair by hand", version)
	case version < migrations.Latest:
		return fmt.Errorf("the database is at migration %d, this program needs %d: run debrief migrate", version, migrations.Latest)
	case version > migrations.Latest:
		return fmt.Errorf("the database is at migration %d, this program knows %d: it was migrated by a newer Debrief", version, migrations.Latest)
	}
	return nil
}
