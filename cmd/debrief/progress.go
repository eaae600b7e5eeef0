package main

import (
	"fmt"
	"time"
)

// When somebody who waits at a terminal is told what for.
const (
	firstWord = time.Second
	nextWord  = 5 * time.Second
)

// slowly tells on the error stream what is going on, when that is a terminal and
// it takes over a second, until done is called. Others see nothing.
func (a *app) slowly(what func() string) (done func()) {
	if !isTerminal(a.err) {
		return func() {}
	}
	began, over, ended := time.Now(), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		next := time.NewTimer(firstWord)
		defer next.Stop()
		for {
			select {
			case <-over:
				return
			case <-next.C:
				_, _ = fmt.Fprintf(a.err, "%s (%d s)\n", plain(what()), int(time.Since(began).Seconds()))
				next.Reset(nextWord)
			}
		}
	}()
	return func() {
		close(over)
		<-ended
	}
}
