//go:build !unix

package bench

import "errors"

// freeBytes is not known here.
func freeBytes(string) (uint64, error) { return 0, errors.ErrUnsupported }

// processorTime is not known here.
func processorTime() float64 { return 0 }
