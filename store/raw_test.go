package store_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// transaction is one that the test holds open, past the store.
type transaction struct{ conn *pgx.Conn }

// begin opens a transaction that has its number.
func begin(t testing.TB, url string) *transaction {
	t.Helper()
	x := &transaction{must(pgx.Connect(t.Context(), url))}
	t.Cleanup(func() { _ = x.conn.Close(t.Context()) }) // the database goes with the test
	x.run(t, `begin; select pg_current_xact_id()`)
	return x
}

// change writes a row of history of the incident, as a writer does.
func (x *transaction) change(t testing.TB, n int) {
	t.Helper()
	if _, err := x.conn.Exec(t.Context(), `
		insert into history (incident, version, at, did, body, "values", private, mac)
		select incident, version + 1, at, did, body, "values", private, mac
		from   history
		where  incident = $1`, n); err != nil {
		t.Fatal(err)
	}
}

func (x *transaction) commit(t testing.TB) { x.run(t, `commit`) }

func (x *transaction) run(t testing.TB, statement string) {
	t.Helper()
	if _, err := x.conn.Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// waitedFor waits until somebody waits for what the transaction has locked.
func (x *transaction) waitedFor(t testing.TB) {
	t.Helper()
	patience := time.Now().Add(30 * time.Second)
	for blocked := false; !blocked; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(patience) {
			t.Fatal("nobody waits for the transaction")
		}
		if _, err := x.conn.Exec(t.Context(), `select pg_stat_clear_snapshot()`); err != nil { // a transaction sees the connections of its first look
			t.Fatal(err)
		}
		if err := x.conn.QueryRow(t.Context(), `
			select exists (select from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid)))`).Scan(&blocked); err != nil {
			t.Fatal(err)
		}
	}
}
