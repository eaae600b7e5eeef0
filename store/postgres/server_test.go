package postgres

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// holdVariable makes the test binary hold a server for its parent, instead of running tests.
const holdVariable = "DEBRIEF_TEST_HOLD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdVariable); dir != "" {
		hold(dir)
	}
	os.Exit(m.Run())
}

// hold starts a server, says so, and waits to be killed.
func hold(dir string) {
	if _, err := Start(context.Background(), options(dir)); err != nil {
		_, _ = os.Stdout.WriteString("failed: " + err.Error() + "\n")
		os.Exit(1)
	}
	_, _ = os.Stdout.WriteString("ready\n")
	select {}
}

// home is an empty data directory that the server's user may enter, in memory where that is
// possible. T.TempDir is not: its parent has mode 0700.
func home(t *testing.T) string {
	t.Helper()
	base := "/dev/shm"
	if info, err := os.Stat(base); err != nil || !info.IsDir() {
		base = ""
	}
	dir, err := os.MkdirTemp(base, "debrief-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// options are those of the tests: what DEBRIEF_POSTGRES says, fast, with our own cache.
func options(dir string) Options {
	return Options{DataDir: dir, Binaries: os.Getenv("DEBRIEF_POSTGRES"), Settings: Disposable()}
}

func start(t *testing.T, dir string) *Server {
	t.Helper()
	s, err := Start(t.Context(), options(dir))
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	t.Cleanup(func() { stop(t, s) })
	return s
}

func stop(t *testing.T, s *Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := s.Stop(ctx); err != nil {
		t.Errorf("Stop: %v", err)
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatalf("connect to %s: %v", url, err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) }) // the server may be gone
	return conn
}

func exec1(t *testing.T, url, statement string) {
	t.Helper()
	if _, err := connect(t, url).Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func ask(t *testing.T, url, query string) (answer string) {
	t.Helper()
	if err := connect(t, url).QueryRow(t.Context(), query).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return answer
}

func TestStart(t *testing.T) {
	t.Parallel()
	dir := home(t)
	s := start(t, dir)

	t.Run("the application's role owns its database and is no superuser", func(t *testing.T) {
		exec1(t, s.URL(), `create extension pg_trgm; create extension unaccent; create table kept (word text)`)
		exec1(t, s.URL(), `insert into kept values ('kept')`)
		if got := ask(t, s.URL(), `select current_setting('is_superuser') || current_user || current_database()`); got != "offdebriefdebrief" {
			t.Errorf("superuser, role, database = %s, want off, debrief, debrief", got)
		}
	})
	t.Run("letters outside of ASCII are letters", func(t *testing.T) {
		if got := ask(t, s.URL(), `select show_trgm('é')::text || upper('é')`); !strings.HasSuffix(got, "É") || strings.HasPrefix(got, "{}") {
			t.Errorf("show_trgm('é') and upper('é') = %s, want a trigram and É", got)
		}
	})
	t.Run("text sorts by bytes", func(t *testing.T) {
		if got := ask(t, s.URL(), `select string_agg(w, '' order by w) from unnest(array['b', 'A', 'a', 'B']) w`); got != "ABab" {
			t.Errorf("order = %s, want ABab", got)
		}
	})
	t.Run("another start is refused and told the pid", func(t *testing.T) {
		_, err := Start(t.Context(), options(dir))
		var busy *InUse
		if !errors.As(err, &busy) || busy.PID != os.Getpid() {
			t.Errorf("second Start = %v, want InUse with pid %d", err, os.Getpid())
		}
	})
	t.Run("others join through Running", func(t *testing.T) {
		url, ok := Running(dir)
		if !ok {
			t.Fatal("Running = false beside a running server")
		}
		if got := ask(t, url, `select word from kept`); got != "kept" {
			t.Errorf("word = %q, want kept", got)
		}
	})

	stop(t, s)
	if err := s.Err(); err != nil {
		t.Errorf("Err after Stop = %v, want nil", err)
	}
	if url, ok := Running(dir); ok {
		t.Errorf("Running after Stop = %s, want nothing", url)
	}
	warm := start(t, dir)
	if got := ask(t, warm.URL(), `select word from kept`); got != "kept" {
		t.Errorf("after a warm start word = %q, want kept", got)
	}
}

func TestOfSeveralStartsAtOnceOneWins(t *testing.T) {
	t.Parallel()
	dir := home(t)
	const starts = 4
	servers, refusals := make(chan *Server, starts), make(chan error, starts)
	for range starts {
		go func() {
			s, err := Start(context.Background(), options(dir))
			servers <- s
			refusals <- err
		}()
	}
	won := 0
	for range starts {
		if s := <-servers; s != nil {
			won++
			t.Cleanup(func() { stop(t, s) })
		}
	}
	for range starts {
		var busy *InUse
		if err := <-refusals; err != nil && !errors.As(err, &busy) {
			t.Errorf("Start = %v, want a server or InUse", err)
		}
	}
	if won != 1 {
		t.Errorf("%d of %d starts won, want 1", won, starts)
	}
}
