//go:build !linux

package postgres

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// childAttr asks for nothing: here a server outlives us when we are killed, and the next start
// stops it.
func childAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{} }

// syncDisk writes every file system to the disk, since this system cannot do one alone.
func syncDisk(string) error { return unix.Sync() }
