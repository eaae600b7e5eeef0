package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const pidName = "postmaster.pid"

// clearStale makes way after a server that was killed, or that outlived a killed owner. The lock
// must be held. A server that still runs is stopped, never joined: nobody would notice its end.
// What the pid file of a dead one says is left for PostgreSQL to judge, which asks whether its
// processes still hold their shared memory. Only the pid is changed, to ours: PostgreSQL asks
// whether any process has it, so a zombie that nobody reaps or a stranger would mislead it, but it
// knows that its own parent is no server.
func (c *cluster) clearStale(ctx context.Context, before owner, progress func(string)) error {
	if before.temporary() {
		removeSockets(before.Sockets, c.account)
	}
	text, pid, err := readPID(filepath.Join(c.dir, pidName))
	if err != nil {
		return fmt.Errorf("read the pid of an earlier server: %w", err)
	}
	if serves(pid, c.dir) {
		progress("stopping the server that an earlier run left behind")
		if err := stopOrphan(ctx, pid, c.dir); err != nil {
			return err
		}
		if text, pid, err = readPID(filepath.Join(c.dir, pidName)); err != nil {
			return fmt.Errorf("read the pid of an earlier server: %w", err)
		}
	}
	if pid <= 0 || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return nil // PostgreSQL sees for itself that it is dead
	}
	_, rest, _ := strings.Cut(text, "\n")
	return c.writeIn(c.dir, pidName, strconv.Itoa(os.Getpid())+"\n"+rest)
}

// stopOrphan ends a server that is not our child, as Stop ends one that is.
func stopOrphan(ctx context.Context, pid int, dir string) error {
	steps := []struct {
		signal syscall.Signal
		wait   time.Duration
	}{{syscall.SIGINT, stopTime}, {syscall.SIGQUIT, abortTime}, {syscall.SIGKILL, abortTime}}
	for _, step := range steps {
		if err := syscall.Kill(pid, step.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("stop the server that an earlier run left behind (pid %d): %w", pid, err)
		}
		for begun := time.Now(); time.Since(begun) < step.wait; pause(ctx, 20*time.Millisecond) {
			if !serves(pid, dir) {
				return nil
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	return fmt.Errorf("the server that an earlier run left behind (pid %d) does not end, even when killed", pid)
}

// readPID reads a pid file of PostgreSQL's, and the number in its first line; 0 when there is none.
func readPID(path string) (text string, pid int, err error) {
	all, err := os.ReadFile(path) //nolint:gosec // in our own cluster
	if errors.Is(err, fs.ErrNotExist) {
		return "", 0, nil
	}
	if err != nil {
		return "", 0, err
	}
	first, _, _ := strings.Cut(string(all), "\n")
	pid, err = strconv.Atoi(strings.TrimSpace(first))
	if err != nil {
		return "", 0, nil //nolint:nilerr // a torn file says nothing, PostgreSQL will judge it
	}
	return string(all), pid, nil
}
