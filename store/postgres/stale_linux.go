package postgres

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// serves tells whether a process is a server of the cluster: a server works in its directory, and a
// zombie nowhere. Kill(pid, 0) cannot tell these.
func serves(pid int, dir string) bool {
	if pid <= 0 {
		return false
	}
	proc := filepath.Join("/proc", strconv.Itoa(pid))
	if !isPostgres(proc) {
		return false
	}
	cwd, err := os.Stat(filepath.Join(proc, "cwd"))
	if !errors.Is(err, fs.ErrPermission) {
		info, dirErr := os.Stat(dir) // compared as files: a mount may give a directory two paths
		return err == nil && dirErr == nil && os.SameFile(cwd, info)
	}
	// In a container root may be forbidden to look, but not to read the command line.
	line, err := os.ReadFile(filepath.Join(proc, "cmdline")) //nolint:gosec // a number below /proc
	return err == nil && slices.Contains(strings.Split(string(line), "\x00"), dir)
}

func isPostgres(proc string) bool {
	name, err := os.ReadFile(filepath.Join(proc, "comm")) //nolint:gosec // a number below /proc
	return err == nil && strings.TrimSpace(string(name)) == "postgres"
}
