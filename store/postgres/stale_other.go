//go:build !linux

package postgres

import (
	"os/exec"
	"strconv"
	"strings"
)

// serves tells whether a process is a server of the cluster, by its command line.
func serves(pid int, dir string) bool {
	if pid <= 0 {
		return false
	}
	text, err := exec.Command("ps", "-o", "stat=,command=", "-p", strconv.Itoa(pid)).Output() //nolint:gosec // a number
	line := strings.TrimSpace(string(text))
	return err == nil && !strings.HasPrefix(line, "Z") && strings.Contains(line, "postgres -D "+dir+" -c ")
}
