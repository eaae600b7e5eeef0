package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/rogpeppe/go-internal/testscript"
)

// typed runs a program in a terminal of cols columns, types keys into it, and
// gives what stood on the screen and the exit code.
func typed(cmd *exec.Cmd, cols uint16, keys string) (shown string, code int, err error) {
	screen, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: cols})
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = screen.Close() }()
	if _, err := io.WriteString(screen, keys); err != nil {
		return "", 0, err
	}
	text, _ := io.ReadAll(screen) // ends with EIO when the program does
	err = cmd.Wait()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		return string(text), ended.ExitCode(), nil
	}
	return string(text), 0, err
}

// session is a program in a terminal that a test types into.
type session struct {
	t      *testing.T
	screen *os.File
	mu     sync.Mutex
	text   strings.Builder
}

func open(t *testing.T, cmd *exec.Cmd) *session {
	t.Helper()
	screen, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 120})
	if err != nil {
		t.Fatal(err)
	}
	s := &session{t: t, screen: screen}
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.Copy(s, screen) // ends with EIO when the program does
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = screen.Close()
		<-read
	})
	return s
}

// Write adds to what is shown.
func (s *session) Write(text []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(text)
}

func (s *session) shown() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func (s *session) typing(keys string) {
	s.t.Helper()
	if _, err := io.WriteString(s.screen, keys); err != nil {
		s.t.Fatal(err)
	}
}

func (s *session) until(what string, done func() bool) {
	s.t.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("waited in vain for %s; the screen shows\n%q", what, s.shown())
		}
	}
}

// onTerminal runs a program in a terminal: terminal COLUMNS SCREEN PROGRAM…
// writes what stood there to the file SCREEN. Before it, keys FILE in the
// environment KEYS names what is typed. With ! the program must fail.
func onTerminal(ts *testscript.TestScript, fails bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: terminal COLUMNS SCREEN PROGRAM [ARGUMENT…]")
	}
	cols, err := strconv.ParseUint(args[0], 10, 16)
	ts.Check(err)
	path, err := exec.LookPath(args[2])
	ts.Check(err)
	cmd := exec.Command(path, args[3:]...)
	cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{"HOST", "PATH", "HOME", "TERM", "PAGER", "EDITOR", "VISUAL", "NO_COLOR", "DEBRIEF_URL", "DEBRIEF_TOKEN", "DEBRIEF_DATA_DIR", "DEBRIEF_TEMPLATES", "XDG_CONFIG_HOME", "TMPDIR", "DEBRIEF_CHROMIUM"} {
		if value := ts.Getenv(name); value != "" {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	keys := ""
	if name := ts.Getenv("KEYS"); name != "" {
		keys = ts.ReadFile(name)
	}
	shown, code, err := typed(cmd, uint16(cols), keys)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(strings.ReplaceAll(shown, "\r\n", "\n")), 0o600))
	if fails != (code != 0) {
		ts.Fatalf("exit code %d:\n%s", code, shown)
	}
}

func TestATerminalIsOne(t *testing.T) {
	t.Parallel()
	shown, code, err := typed(exec.CommandContext(t.Context(), "sh", "-c", "test -t 1 && stty size && read a && echo got $a"), 72, "word\n")
	if err != nil || code != 0 || !strings.Contains(shown, "40 72") || !strings.Contains(shown, "got word") {
		t.Errorf("a terminal shows %q, exit code %d (%v)", shown, code, err)
	}
}
