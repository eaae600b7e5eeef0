package main

import (
	"bufio"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

func TestWhoWaitsAtATerminalIsToldWhatFor(t *testing.T) {
	t.Parallel()
	screen, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = screen.Close() }()
	a := &app{err: tty}
	quick := a.slowly(func() string { return "too quick to tell" })
	quick()
	done := a.slowly(func() string { return "3 of 40 imported\x1b[2J" })
	line, err := bufio.NewReader(screen).ReadString('\n')
	done()
	if err != nil || line != "3 of 40 imported[2J (1 s)\r\n" {
		t.Errorf("it says %q (%v), want how far it is", line, err)
	}
	if err := tty.Close(); err != nil {
		t.Fatal(err)
	}
	if rest, _ := io.ReadAll(screen); len(rest) > 0 {
		t.Errorf("then it says %q, want nothing", rest)
	}
}

func TestNobodyElseIs(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	done := (&app{err: &b}).slowly(func() string { return "waiting" })
	time.Sleep(firstWord + 100*time.Millisecond)
	done()
	if b.Len() > 0 {
		t.Errorf("a file is told %q, want nothing", b.String())
	}
}
