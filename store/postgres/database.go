package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// known counts what prepare has to make, and names the extensions that cannot be had.
const known = `
	select exists (select from pg_roles    where rolname = 'debrief'),
	       exists (select from pg_database where datname = 'debrief'),
	       array  (select name from unnest(array['pg_trgm', 'unaccent']) as name
	               where name not in (select name from pg_available_extensions))`

// The application's role owns its database and so may make the trusted extensions, but it is no
// superuser: a statement smuggled into it cannot read files or run programs.
const (
	makeRole     = `create role debrief login nosuperuser nocreatedb nocreaterole noreplication`
	makeDatabase = `create database debrief owner debrief`
)

// prepare makes the application's role and database when they are not there. It may be interrupted
// and repeated.
func prepare(ctx context.Context, adminURL string, progress func(string)) (err error) {
	conn, err := pgx.Connect(ctx, adminURL)
	if err != nil {
		return fmt.Errorf("connect to the PostgreSQL just started: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	var role, database bool
	var missing []string
	if err := conn.QueryRow(ctx, known).Scan(&role, &database, &missing); err != nil {
		return fmt.Errorf("look for the application's role and database: %w", err)
	}
	if len(missing) > 0 {
		return fmt.Errorf("this PostgreSQL lacks the extensions %s: install its contrib package "+
			"(such as postgresql-contrib) and start again", strings.Join(missing, ", "))
	}
	if !role {
		if _, err := conn.Exec(ctx, makeRole); err != nil {
			return fmt.Errorf("make the application's role: %w", err)
		}
	}
	if !database {
		progress("making the database debrief")
		if _, err := conn.Exec(ctx, makeDatabase); err != nil {
			return fmt.Errorf("make the application's database: %w", err)
		}
	}
	return nil
}
