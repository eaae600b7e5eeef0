//go:build unix && !linux

package incidenttest

import (
	"fmt"
	"syscall"
	"time"
)

// busy is how long this program has kept processors: threads are not told apart here.
func busy() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(fmt.Sprintf("getrusage: %v", err))
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
