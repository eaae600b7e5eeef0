// Package postgres brings up a private PostgreSQL server for an installation that was given
// no database: it finds or fetches the binaries, makes the cluster, starts the server, guards
// it and stops it. The server listens on a socket in a directory of mode 0700 and nowhere
// else, knows no password, and lives as long as the process that started it. What is kept in
// the database is the business of package store.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// A server that is asked to stop rolls back and writes its checkpoint; quickTime later it is told
// to leave without one, and abortTime after that it is killed. Either is safe for what was committed.
const (
	stopTime  = 30 * time.Second
	abortTime = 5 * time.Second
)

// Options say which server to bring up. The zero value is the installation's default.
type Options struct {
	DataDir  string            // the installation's data directory, the cluster lives in DataDir/postgres; "" is DefaultDataDir()
	CacheDir string            // where fetched binaries are kept; "" is DefaultCacheDir()
	Binaries string            // "" or "auto": installed or fetched; "system": installed; "fetch": fetched; else a directory of binaries
	Progress func(step string) // told in plain words what is going on; nil is silent
	Log      *slog.Logger      // told when the server started and stopped; nil is silent
	Settings map[string]string // server settings that override ours, such as Disposable()
	Remake   bool              // a cluster of a major that is not here is thrown away and made anew: for tests
}

// Disposable are settings for a server whose data may be lost: kill -9 does it no harm, but a crash
// of the machine ruins the cluster. For tests, best with DataDir on a file system in memory.
func Disposable() map[string]string {
	return map[string]string{"fsync": "off", "full_page_writes": "off"}
}

// Server is a PostgreSQL server that this process started and will stop.
type Server struct {
	cluster  cluster
	sockets  sockets
	lock     *lock
	log      *slog.Logger
	process  *process
	stopping atomic.Bool
	stop     sync.Mutex
	done     chan struct{}
	err      error // set before done is closed
}

// Start finds binaries, makes the cluster when there is none, starts the server and waits until it
// answers and holds role and database "debrief". It returns *InUse when another process runs that
// data directory. It never changes a directory that it did not make, nor, unless told to Remake it,
// one that another major of PostgreSQL made. Ctx bounds the start alone; the server runs until Stop or the end of this
// process.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.CacheDir == "" {
		o.CacheDir = DefaultCacheDir()
	}
	begun := time.Now()
	c, err := openCluster(o.DataDir)
	if err != nil {
		return nil, err
	}
	l, before, err := takeLock(ctx, c.home, c.homeOwner)
	if err != nil {
		return nil, err
	}
	s := &Server{cluster: c, lock: l, log: o.Log, done: make(chan struct{})}
	if err := s.start(ctx, o, before); err != nil {
		l.release()
		return nil, err
	}
	o.Log.Info("postgres started", "version", s.cluster.binaries.version, "pid", s.process.pid(),
		"data", c.dir, "took", time.Since(begun).Round(time.Millisecond))
	return s, nil
}

// start does the work of Start while the lock is held. On error nothing is left running.
func (s *Server) start(ctx context.Context, o Options, before owner) error {
	c := &s.cluster
	major, err := c.major()
	if err != nil {
		return err
	}
	c.binaries, err = find(ctx, o, c.account, major)
	remake := err != nil && major != 0 && o.Remake
	if remake {
		c.binaries, err = find(ctx, o, c.account, 0)
	}
	if err != nil {
		return err
	}
	if err := c.clearStale(ctx, before, o.Progress); err != nil {
		return err
	}
	if remake {
		if err := c.discard(); err != nil {
			return err
		}
		major = 0
	}
	if major == 0 {
		o.Progress("making a database in " + c.dir)
		if err := c.initialize(ctx, o.Settings["fsync"] != "off"); err != nil {
			return err
		}
	}
	if err := c.writeAccess(); err != nil {
		return err
	}
	if s.sockets, err = openSockets(c.home, c.account); err != nil {
		return err
	}
	o.Progress("starting PostgreSQL " + c.binaries.version)
	if err := s.run(ctx, o); err != nil {
		s.sockets.close()
		return err
	}
	go s.watch()
	if err := s.ready(ctx, o); err != nil {
		stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer cancel()
		return errors.Join(err, s.Stop(stopCtx))
	}
	return nil
}

// ready makes what the application needs inside the server, and tells other processes of it.
func (s *Server) ready(ctx context.Context, o Options) error {
	if err := prepare(ctx, s.AdminURL(), o.Progress); err != nil {
		return err
	}
	return s.lock.write(owner{PID: os.Getpid(), Server: s.process.pid(), Sockets: s.sockets.dir})
}

// watch waits for the end of the server, says why it came, and gives the directory free.
func (s *Server) watch() {
	<-s.process.done
	if !s.stopping.Load() {
		s.err = fmt.Errorf("PostgreSQL ended unexpectedly (%s)%s", s.process.how(), s.cluster.logTail())
	}
	s.sockets.close()
	s.lock.release()
	close(s.done)
}

// URL is the address of database "debrief" for the application's role, which owns the database and
// is no superuser. Pgxpool takes it as it is, golang-migrate with the scheme pgx5.
func (s *Server) URL() string { return dsn(s.sockets.dir, appRole, appDatabase) }

// AdminURL is the address of database "postgres" for the superuser. For tests that make databases.
func (s *Server) AdminURL() string { return dsn(s.sockets.dir, superRole, "postgres") }

// Done is closed when the server has ended, for whatever reason.
func (s *Server) Done() <-chan struct{} { return s.done }

// Err says why the server ended by itself. It is nil while the server runs, and after Stop.
func (s *Server) Err() error {
	select {
	case <-s.done:
		return s.err
	default:
		return nil
	}
}

// Stop ends the server and waits for that. Close the pool first: open transactions are rolled back.
// A server that does not end in 30 seconds, or before ctx ends, is made to; what was committed
// survives that too. Stopping a server that has ended does nothing.
func (s *Server) Stop(ctx context.Context) error {
	s.stop.Lock()
	defer s.stop.Unlock()
	select {
	case <-s.done:
		return nil
	default:
	}
	s.stopping.Store(true)
	steps := []struct {
		signal syscall.Signal
		wait   time.Duration
	}{{syscall.SIGINT, stopTime}, {syscall.SIGQUIT, abortTime}, {syscall.SIGKILL, abortTime}}
	for _, step := range steps {
		if err := s.process.signal(step.signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("stop PostgreSQL (pid %d): %w", s.process.pid(), err)
		}
		if s.endsWithin(ctx, step.wait) {
			s.log.Info("postgres stopped")
			return nil
		}
		ctx = context.WithoutCancel(ctx) // the caller's patience ends the first wait only
	}
	return fmt.Errorf("PostgreSQL (pid %d) does not end, even when killed", s.process.pid())
}

func (s *Server) endsWithin(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-s.done:
		return true
	case <-ctx.Done():
	case <-timer.C:
	}
	return false
}

// Running gives the address, as URL does, of the server that some process runs on that data
// directory now ("" is DefaultDataDir()), if it runs and this user may join it.
func Running(dataDir string) (url string, ok bool) {
	if dataDir == "" {
		if dataDir = DefaultDataDir(); dataDir == "" {
			return "", false // and not what somebody put where we happen to stand
		}
	}
	o, held := readLock(filepath.Join(dataDir, lockName))
	if !held || o.Sockets == "" {
		return "", false
	}
	return dsn(o.Sockets, appRole, appDatabase), true
}
