//go:build !linux

package postgres

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// childAttr asks for nothing: here a server outlives us when we are killed, and the next start
// stops it.
func childAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{} }

// syncDisk writes all that lies below dir to the disk. Sync(2) would only ask for it: macOS returns
// before it is done. Each file goes to the drive, and syncDir makes the drive empty its cache.
func syncDisk(dir string) error {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() && !d.Type().IsRegular() {
			return err
		}
		f, err := os.Open(path) //nolint:gosec // our own data directory
		if err != nil {
			return err
		}
		return errors.Join(unix.Fsync(int(f.Fd())), f.Close())
	})
	return errors.Join(err, syncDir(dir))
}
