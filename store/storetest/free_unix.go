//go:build unix

package storetest

import "golang.org/x/sys/unix"

// freeBytes is how much room a file system has.
func freeBytes(dir string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return s.Bavail * uint64(s.Bsize), nil //nolint:gosec,unconvert // block sizes are positive; their type differs by system
}
