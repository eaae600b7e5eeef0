//go:build unix

package storetest

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// freeBytes is how much room a file system has.
func freeBytes(dir string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return s.Bavail * uint64(s.Bsize), nil //nolint:gosec,unconvert // block sizes are positive; their type differs by system
}

// checkOwner refuses what is not a directory of this user's own.
func checkOwner(dir string) error {
	var s unix.Stat_t
	if err := unix.Lstat(dir, &s); err != nil {
		return err
	}
	if s.Mode&unix.S_IFMT != unix.S_IFDIR || int(s.Uid) != os.Getuid() {
		return errors.New("it is not a directory of yours: remove it, or ask its owner to")
	}
	return nil
}
