package incidenttest

import (
	"runtime"
	"testing"
	"time"
)

// Took is how long do keeps the processor: what other programs and tests do
// meanwhile does not count, where the system tells threads apart.
func Took(do func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	begun := busy()
	do()
	return busy() - begun
}

// InProportion fails the test when do takes much longer than in proportion to
// the size: for 16 times as much it may take 80 times as long; by the square it
// would be 256. What is done within a hundredth of a second is quick enough.
func InProportion(t testing.TB, size int, do func(size int)) {
	t.Helper()
	const times, most = 16, 80
	whole := Took(func() { do(size) })
	if whole < 10*time.Millisecond {
		return
	}
	part := whole
	for range 3 {
		part = min(part, Took(func() { do(size / times) }))
	}
	if ratio := float64(whole) / float64(max(part, time.Microsecond)); ratio > most {
		t.Errorf("size %d takes %v, size %d takes %v: %.0f times as long for %d times as much, want at most %d", size, whole, size/times, part, ratio, times, most)
	}
}
