package incidenttest

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// busy is how long this thread has kept the processor.
func busy() time.Duration {
	var used unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &used); err != nil {
		panic(fmt.Sprintf("clock_gettime: %v", err))
	}
	return time.Duration(used.Nano())
}
