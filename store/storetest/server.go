package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/migrations"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/postgres"
)

const (
	memory = "/dev/shm" // a file system in memory, on Linux
	room   = 1 << 30    // bytes that must be free in it
	slots  = 32         // clusters, of which a running process holds one
)

// server is the PostgreSQL server of this test process. It ends with the process.
type server struct {
	running  *postgres.Server
	template string // name of the database that the migrations made
	strategy string // clause of create database; files are copied faster than written through the log
}

// shared starts the server when first asked.
var shared = sync.OnceValues(func() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*patience)
	defer cancel()
	running, err := start(ctx)
	if err != nil {
		return nil, err
	}
	sv := &server{running: running}
	return sv, sv.prepare(ctx)
})

// start takes the first cluster that no other process runs. One that was kept from
// before PostgreSQL was upgraded is made anew.
func start(ctx context.Context) (*postgres.Server, error) {
	settings := postgres.Disposable()
	for name, value := range map[string]string{"max_connections": "300", "max_wal_size": "128MB", "min_wal_size": "32MB", "jit": "off"} {
		settings[name] = value
	}
	binaries := os.Getenv("DEBRIEF_POSTGRES")
	home, err := place(binaries)
	if err != nil {
		return nil, err
	}
	return startIn(ctx, home, binaries, settings)
}

func startIn(ctx context.Context, home, binaries string, settings map[string]string) (*postgres.Server, error) {
	var busy *postgres.InUse
	for slot := range slots {
		running, err := postgres.Start(ctx, postgres.Options{
			DataDir: filepath.Join(home, strconv.Itoa(slot)), Binaries: binaries, Settings: settings, Remake: true,
		})
		if !errors.As(err, &busy) {
			return running, err
		}
	}
	return nil, fmt.Errorf("%d test servers run in %s: end some", slots, home)
}

// place makes the directory where this user's clusters are kept between runs: one for each choice of
// binaries, so that runs that take turns at two majors need not make each other's anew. Another user's
// directory is refused.
func place(binaries string) (string, error) {
	choice := sha256.Sum256([]byte(binaries))
	home := filepath.Join(base(), fmt.Sprintf("debrief-test-%d-%x", os.Getuid(), choice[:4]))
	if err := os.MkdirAll(home, 0o755); err != nil { //nolint:gosec // the server may run as another user and must come through
		return "", fmt.Errorf("make a place for test servers: %w", err)
	}
	if err := checkOwner(home); err != nil {
		return "", fmt.Errorf("use %s for test servers: %w", home, err)
	}
	return home, nil
}

// base is where clusters are kept: in memory when there is room.
func base() string {
	if free, err := freeBytes(memory); err == nil && free >= room {
		return memory
	}
	return os.TempDir()
}

// prepare drops what earlier runs left, and makes the template when these migrations have none yet.
func (sv *server) prepare(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, sv.running.AdminURL())
	if err != nil {
		return fmt.Errorf("reach the test server: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // all statements have been answered
	hash, err := schemaHash()
	if err != nil {
		return err
	}
	sv.template = "template_" + hash
	var major int
	if err := conn.QueryRow(ctx, `select current_setting('server_version_num')::int / 10000`).Scan(&major); err != nil {
		return fmt.Errorf("ask the server's version: %w", err)
	}
	if major >= 15 {
		sv.strategy = " strategy file_copy"
	}
	made, err := sv.sweep(ctx, conn)
	if err != nil || made {
		return err
	}
	if _, err := conn.Exec(ctx, `create database making owner debrief template template0 encoding 'UTF8'`); err != nil {
		return fmt.Errorf("make the template: %w", err)
	}
	if err := store.Migrate(ctx, sv.address("making")); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, `alter database making rename to `+sv.template); err != nil {
		return fmt.Errorf("make the template: %w", err)
	}
	return nil
}

// sweep drops the databases of earlier runs. It tells whether the template is there.
func (sv *server) sweep(ctx context.Context, conn *pgx.Conn) (made bool, err error) {
	rows, err := conn.Query(ctx, `select datname from pg_database where datname ~ '^(test_|template_|making)' and not datistemplate`)
	if err != nil {
		return false, fmt.Errorf("list databases: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return false, fmt.Errorf("list databases: %w", err)
	}
	for _, name := range names {
		if name == sv.template {
			made = true
			continue
		}
		if _, err := conn.Exec(ctx, `drop database `+pgx.Identifier{name}.Sanitize()+` with (force)`); err != nil {
			return false, fmt.Errorf("drop what an earlier run left: %w", err)
		}
	}
	return made, nil
}

// schemaHash names the migrations.
func schemaHash() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(migrations.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(migrations.Files, name)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("read the migrations: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil))[:16], nil
}
