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
// must be held. A server that still runs is stopped, never joined: nobody would notice its end. The
// pid file of a dead server is removed only when PostgreSQL, which asks whether any process
// of that number exists, would be misled: by a zombie that nobody reaps, or by a stranger.
func clearStale(ctx context.Context, dir string, before owner, progress func(string)) error {
	if before.temporary() {
		_ = os.RemoveAll(before.Sockets) // left over by a killed owner; if it stays it is in nobody's way
	}
	path := filepath.Join(dir, pidName)
	pid, err := readPID(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the pid of an earlier server: %w", err)
	}
	if serves(pid, dir) {
		progress("stopping the server that an earlier run left behind")
		if err := stopOrphan(ctx, pid, dir); err != nil {
			return err
		}
	}
	for begun := time.Now(); inUse(dir) && time.Since(begun) < sharedMemoryTime && ctx.Err() == nil; {
		pause(ctx, 20*time.Millisecond)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if inUse(dir) {
		return fmt.Errorf("processes of an earlier server still work in %s: end them and start again", dir)
	}
	if pid <= 0 || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return nil // PostgreSQL sees for itself that it is dead
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the pid of a dead server: %w", err)
	}
	return nil
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

// readPID reads the first line of a pid file of PostgreSQL's; 0 when there is no number.
func readPID(path string) (int, error) {
	text, err := os.ReadFile(path) //nolint:gosec // in our own cluster
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil {
		return 0, nil //nolint:nilerr // a torn file says nothing, PostgreSQL will judge it
	}
	return pid, nil
}
