package postgres

import (
	"os"
	"slices"
	"strings"
	"testing"

	migrate "github.com/golang-migrate/migrate/v4/database/pgx/v5"
)

// hostile are variables that a user may have for another database, each of which would break or
// bend a connection to ours.
var hostile = map[string]string{
	"PGHOST": "/nonexistent", "PGPORT": "1", "PGDATABASE": "other", "PGUSER": "other", "PGPASSWORD": "secret",
	"PGPASSFILE": "/nonexistent", "PGAPPNAME": "other", "PGCONNECT_TIMEOUT": "0.1s", "PGSSLMODE": "verify-full",
	"PGSSLKEY": "/nonexistent", "PGSSLCERT": "/nonexistent", "PGSSLROOTCERT": "/nonexistent", "PGSSLCERTMODE": "require",
	"PGSSLSNI": "1", "PGSSLPASSWORD": "secret", "PGSSLNEGOTIATION": "direct", "PGTARGETSESSIONATTRS": "standby",
	"PGSERVICE": "other", "PGSERVICEFILE": "/nonexistent", "PGTZ": "Asia/Tokyo", "PGOPTIONS": "-c work_mem=65kB",
	"PGMINPROTOCOLVERSION": "3.2", "PGMAXPROTOCOLVERSION": "3.2", "PGCHANNELBINDING": "require",
	"PGREQUIREAUTH": "scram-sha-256", "PGDATA": "/nonexistent",
}

func TestNoVariableOfTheUsersLeaksIn(t *testing.T) {
	for name, value := range hostile {
		t.Setenv(name, value)
	}
	s := start(t, home(t))
	got := ask(t, s.URL(), `select concat_ws(' ', current_user, current_database(), current_setting('TimeZone'),
		current_setting('work_mem'), current_setting('application_name'))`)
	if want := "debrief debrief UTC 4MB debrief"; got != want {
		t.Errorf("role, database, zone, memory, application = %s, want %s", got, want)
	}
	driver, err := new(migrate.Postgres).Open("pgx5" + strings.TrimPrefix(s.URL(), "postgres"))
	if err != nil {
		t.Fatalf("golang-migrate with %s: %v", s.URL(), err)
	}
	if err := driver.Close(); err != nil {
		t.Errorf("close golang-migrate's driver: %v", err)
	}
}

func TestTheServerInheritsThreeVariables(t *testing.T) {
	t.Parallel()
	a, err := serverAccount(os.TempDir(), os.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	text, err := output(t.Context(), command(a, "/usr/bin/env"))
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(text, "\n")
	if want := slices.Sorted(slices.Values(childEnv)); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		t.Errorf("environment of a child = %q, want %q", got, want)
	}
}
