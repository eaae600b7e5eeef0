package postgres

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// childAttr makes the kernel ask the server for a fast shutdown when we are killed.
func childAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGINT}
}

// syncDisk writes all that lies below dir to the disk, with the file system that holds it.
func syncDisk(dir string) error {
	f, err := os.Open(dir) //nolint:gosec // our own data directory
	if err != nil {
		return err
	}
	defer closeQuietly(f)
	if err := unix.Syncfs(int(f.Fd())); !errors.Is(err, unix.ENOSYS) {
		return err
	}
	unix.Sync() // all file systems, where this kernel cannot do one alone
	return nil
}
