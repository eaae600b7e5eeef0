package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/postgres"
)

// database is a PostgreSQL to work with: one that was named, one that a
// running server of ours has up, or one that we started.
type database struct {
	url    string
	server *postgres.Server // nil when it is not ours to stop
}

// openDatabase finds or starts PostgreSQL. join allows to use the one of a
// running server, which only serve itself must not do.
func (a *app) openDatabase(ctx context.Context, join bool, log *slog.Logger) (*database, error) {
	if a.DatabaseURL != "" {
		if _, err := pgconn.ParseConfig(a.DatabaseURL); err != nil {
			return nil, &usageError{fmt.Errorf("DATABASE_URL is no address of a database: %w", err)}
		}
		return &database{url: a.DatabaseURL}, nil
	}
	if join {
		if url, ok := postgres.Running(a.DataDir); ok {
			return &database{url: url}, nil
		}
	}
	var step atomic.Value
	step.Store("waiting for PostgreSQL")
	defer a.slowly(func() string { return fmt.Sprint("still ", step.Load()) })()
	server, err := postgres.Start(ctx, postgres.Options{
		DataDir:  a.DataDir,
		Binaries: a.Postgres,
		Log:      log,
		Progress: func(text string) {
			step.Store(text)
			_, _ = fmt.Fprintln(a.err, text)
		},
	})
	if err != nil {
		return nil, err
	}
	return &database{url: server.URL(), server: server}, nil
}

// gone is closed when the server that we started has ended; it is nil, which
// blocks for ever, when none of ours runs.
func (d *database) gone() <-chan struct{} {
	if d.server == nil {
		return nil
	}
	return d.server.Done()
}

func (d *database) stop() error {
	if d.server == nil {
		return nil
	}
	return d.server.Stop(context.Background())
}

// withStore migrates and opens the store for one command of the operator.
func (a *app) withStore(ctx context.Context, do func(*store.Store) error) error {
	log := a.logger(slog.LevelWarn)
	db, err := a.openDatabase(ctx, true, log)
	if err != nil {
		return err
	}
	err = func() error {
		st, err := a.openStore(ctx, db, log)
		if err != nil {
			return err
		}
		defer st.Close()
		return do(st)
	}()
	return errors.Join(err, db.stop())
}

func (a *app) openStore(ctx context.Context, db *database, log *slog.Logger) (*store.Store, error) {
	key, found, err := a.historyKey()
	if err != nil {
		return nil, err
	}
	out, err := a.outgoing()
	if err != nil {
		return nil, err
	}
	if err := store.Migrate(ctx, db.url); err != nil {
		return nil, err
	}
	st, err := store.Open(ctx, store.Options{URL: db.url, Key: key, Log: log, Now: a.now, Mails: out.mail != nil, Private: out.inside})
	if err != nil {
		return nil, err
	}
	err = st.CheckKey(ctx)
	if err == nil && !found {
		err = writeSecret(a.keyPath(), hex.EncodeToString(key)+"\n")
	}
	if err != nil {
		st.Close()
		return nil, err
	}
	return st, nil
}

// historyKey is the secret that seals the history. It lives outside the
// database: in the setting, or in the data directory. Where there is none yet
// it is a new one, to be kept once it is known to fit.
func (a *app) historyKey() (key []byte, found bool, err error) {
	if a.HistoryKey != "" {
		if key, err = decodeKey("DEBRIEF_HISTORY_KEY", a.HistoryKey); err != nil {
			err = &usageError{err}
		}
		return key, true, err
	}
	if a.DataDir == "" {
		return nil, false, &usageError{errors.New("there is no place for the key of the history: set DEBRIEF_DATA_DIR, or DEBRIEF_HISTORY_KEY")}
	}
	text, err := os.ReadFile(a.keyPath()) // #nosec G304 -- the operator names the data directory
	switch {
	case err == nil:
		key, err = decodeKey(a.keyPath(), string(text))
		return key, true, err
	case !errors.Is(err, fs.ErrNotExist):
		return nil, false, fmt.Errorf("read the key of the history: %w", err)
	}
	key = make([]byte, 32)
	_, _ = rand.Read(key) // never fails: crypto/rand
	return key, false, nil
}

func (a *app) keyPath() string { return filepath.Join(a.DataDir, "history.key") }

func decodeKey(where, text string) ([]byte, error) {
	key, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != 32 {
		return nil, incident.Refuse(incident.Invalid, "", where+" does not hold a key: it must be 64 hexadecimal digits")
	}
	return key, nil
}

// writeSecret writes a file of the data directory that only we may read, whole
// or not at all.
func writeSecret(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { // #nosec G301 -- the server's own user must enter it
		return fmt.Errorf("make the data directory: %w", err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*") // made with mode 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	_, err = tmp.WriteString(text)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err == nil {
		return syncDirectory(filepath.Dir(path))
	}
	_ = os.Remove(tmp.Name())
	return fmt.Errorf("write %s: %w", filepath.Base(path), err)
}

// syncDirectory makes a rename in it last through a power cut.
func syncDirectory(path string) error {
	dir, err := os.Open(path) // #nosec G304 -- the operator names the data directory
	if err != nil {
		return fmt.Errorf("sync the data directory: %w", err)
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return fmt.Errorf("sync the data directory: %w", err)
	}
	return nil
}
