package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	lockName = "postgres.lock"
	// lockTime is how long a start waits for the lock: an owner killed this instant may still hold it.
	lockTime = 2 * time.Second
)

// InUse says that another process runs the server of a data directory. Running tells how to join it.
type InUse struct {
	Dir string
	PID int // 0 when it isn't known
}

func (e *InUse) Error() string {
	who := "another process"
	if e.PID != 0 {
		who = fmt.Sprintf("process %d", e.PID)
	}
	return fmt.Sprintf("the data directory %s is in use by %s: stop that first, or name another data directory", e.Dir, who)
}

// owner is what the lock file says about the process that holds it. The lock itself is the truth;
// a file that nobody has locked tells of the past.
type owner struct {
	PID     int    `json:"pid"`
	Server  int    `json:"server,omitempty"`  // pid of the server; 0 until it answers
	Sockets string `json:"sockets,omitempty"` // where to join it; "" until it answers
}

// temporary tells whether the sockets lay among the temporary files, under a name that we chose.
func (o owner) temporary() bool {
	return filepath.IsAbs(o.Sockets) && strings.HasPrefix(filepath.Base(o.Sockets), socketsPrefix)
}

// lock is held by the one process that may start a server on a data directory, clear what a dead
// one left, or make the cluster.
type lock struct{ f *os.File }

// takeLock takes the lock of the data directory, and tells what its last owner wrote.
func takeLock(ctx context.Context, home string, fileOwner account) (*lock, owner, error) {
	f, err := openOwn(home, lockName, 0, fileOwner)
	if err != nil {
		return nil, owner{}, barred(fmt.Errorf("open the lock of the data directory: %w", err))
	}
	for begun := time.Now(); ; pause(ctx, 50*time.Millisecond) {
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil || !errors.Is(err, unix.EWOULDBLOCK) || time.Since(begun) > lockTime || ctx.Err() != nil {
			break
		}
	}
	before := readOwner(f)
	l := &lock{f: f}
	switch {
	case err == nil:
		err = l.write(owner{PID: os.Getpid()})
	case ctx.Err() != nil:
		err = ctx.Err()
	case errors.Is(err, unix.EWOULDBLOCK):
		err = &InUse{Dir: home, PID: before.PID}
	default:
		err = fmt.Errorf("lock the data directory %s: %w", home, err)
	}
	if err != nil {
		closeQuietly(f)
		return nil, owner{}, err
	}
	return l, before, nil
}

// write replaces what the file says. A reader sees the old text, nothing, or the new text.
func (l *lock) write(o owner) error {
	text, err := json.Marshal(o)
	if err == nil {
		err = l.f.Truncate(0)
	}
	if err == nil {
		_, err = l.f.WriteAt(text, 0)
	}
	if err != nil {
		return fmt.Errorf("write the lock of the data directory: %w", err)
	}
	return nil
}

// release gives the directory free. The file stays: removing it would let two processes lock two
// files of that name.
func (l *lock) release() {
	_ = l.f.Truncate(0) // what it says has no meaning once the lock is gone
	closeQuietly(l.f)
}

// readLock tells what the holder of a lock wrote, and whether anybody holds it.
func readLock(path string) (o owner, held bool) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW, 0) //nolint:gosec // our own data directory
	if err != nil {
		return owner{}, false
	}
	defer closeQuietly(f)
	if err := unix.Flock(int(f.Fd()), unix.LOCK_SH|unix.LOCK_NB); !errors.Is(err, unix.EWOULDBLOCK) {
		return owner{}, false
	}
	return readOwner(f), true
}

func readOwner(f *os.File) (o owner) {
	text, err := io.ReadAll(io.NewSectionReader(f, 0, 4096))
	if err != nil || json.Unmarshal(text, &o) != nil {
		return owner{}
	}
	return o
}
