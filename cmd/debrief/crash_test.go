package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
)

// TestCrash kills the process, its PostgreSQL, or both, with SIGKILL while
// entries are being logged, and finds every entry that was acknowledged after
// the next start: 30 rounds with DEBRIEF_TEST_ALL=1, else 3.
func TestCrash(t *testing.T) {
	t.Parallel()
	rounds := 3
	if os.Getenv("DEBRIEF_TEST_ALL") == "1" {
		rounds = 30
	}
	data := dataDir(t)
	seed := uint64(time.Now().UnixNano())
	chance := rand.New(rand.NewPCG(seed, 0))
	t.Logf("seed %d", seed)

	var number incident.Number
	acknowledged := map[string]bool{}
	for round := range rounds {
		s := startServer(t, data)
		c := s.client(t, data)
		if number == 0 {
			in, err := c.File(context.Background(), &incident.Incident{Heading: incident.Heading{Title: "Killed again and again"}})
			if err != nil {
				t.Fatal(err)
			}
			number = in.Number
		}
		expectEntries(t, c, number, acknowledged)
		victims := [][]int{{s.cmd.Process.Pid}, {s.postgres(t, data)}, {s.postgres(t, data), s.cmd.Process.Pid}}[round%3]
		after := time.Duration(50+chance.IntN(400)) * time.Millisecond
		time.AfterFunc(after, func() {
			for _, pid := range victims {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		})
		logUntilItFails(c, number, round, acknowledged)
		s.wait(t)
	}
	s := startServer(t, data)
	expectEntries(t, s.client(t, data), number, acknowledged)
	_ = s.cmd.Process.Signal(os.Interrupt)
	s.wait(t)
	t.Logf("%d rounds, %d acknowledged entries, none lost", rounds, len(acknowledged))
	verify := debrief(data, "admin", "verify")
	if out, err := verify.CombinedOutput(); err != nil {
		t.Errorf("admin verify after the crashes: %v\n%s", err, out)
	}
}

// TestASecondInterruptDoesNotWait interrupts a server that has a request under
// way which never ends: the first lets it finish, the second does not.
func TestASecondInterruptDoesNotWait(t *testing.T) {
	t.Parallel()
	data := dataDir(t)
	s := startServer(t, data)
	_, token := (&app{config: config{DataDir: data}}).server()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }() // the server's end is gone by then
	_, err = fmt.Fprintf(conn, "POST /api/v1/incidents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{", token)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond) // until the request is under way
	start := time.Now()
	for range 2 {
		_ = s.cmd.Process.Signal(os.Interrupt)
		time.Sleep(500 * time.Millisecond) // two signals at once are one
	}
	s.wait(t)
	if took := time.Since(start); took >= drainTimeout {
		t.Errorf("two interrupts took %s, as long as one", took)
	}
	again := startServer(t, data)
	_ = again.cmd.Process.Signal(os.Interrupt)
	again.wait(t)
}

// dataDir is a directory on the disk that also the server's own user can
// enter: those of t.TempDir are closed to others.
func dataDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "debrief-test-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // as root the server runs as another user, who must come in
		t.Fatal(err)
	}
	return filepath.Join(dir, "data")
}

// logUntilItFails logs entries and notes those that were acknowledged.
func logUntilItFails(c *client.Client, number incident.Number, round int, acknowledged map[string]bool) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for i := 0; ; i++ {
		text := fmt.Sprintf("round %d entry %d", round, i)
		if _, err := c.Append(ctx, number, &incident.Entry{Text: text}); err != nil {
			return
		}
		acknowledged[text] = true
	}
}

func expectEntries(t *testing.T, c *client.Client, number incident.Number, acknowledged map[string]bool) {
	t.Helper()
	in, err := c.Incident(context.Background(), number)
	if err != nil {
		t.Fatalf("read %s after a crash: %v", number, err)
	}
	have := map[string]bool{}
	for _, e := range in.Timeline {
		if have[e.Text] {
			t.Errorf("entry %q is there twice", e.Text)
		}
		have[e.Text] = true
	}
	for text := range acknowledged {
		if !have[text] {
			t.Fatalf("entry %q was acknowledged and is lost", text)
		}
	}
}

// running is a debrief serve of its own.
type running struct {
	cmd  *exec.Cmd
	url  string
	rest chan string // what it printed after it was ready
}

// debrief is the program itself, as TestMain made it available.
func debrief(data string, args ...string) *exec.Cmd {
	cmd := exec.Command("debrief", args...)
	cmd.Env = append(os.Environ(), "DEBRIEF_DATA_DIR="+data, "DEBRIEF_LISTEN=127.0.0.1:0", "DEBRIEF_LOG=warn", "DATABASE_URL=")
	return cmd
}

var listening = regexp.MustCompile(`listening on (http://\S+)`)

func startServer(t *testing.T, data string) *running {
	t.Helper()
	s := &running{cmd: debrief(data, "serve"), rest: make(chan string, 1)}
	out, in := io.Pipe()
	s.cmd.Stdout, s.cmd.Stderr = in, in
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	go func() { _ = s.cmd.Wait(); _ = in.Close() }()
	lines := bufio.NewScanner(out)
	var said []string
	for lines.Scan() {
		said = append(said, lines.Text())
		if m := listening.FindStringSubmatch(lines.Text()); m != nil {
			s.url = m[1]
			go func() {
				rest, _ := io.ReadAll(out)
				s.rest <- string(rest)
			}()
			return s
		}
	}
	t.Fatalf("debrief serve ended before it was ready:\n%s", strings.Join(said, "\n"))
	return nil
}

func (s *running) client(t *testing.T, data string) *client.Client {
	t.Helper()
	a := &app{config: config{DataDir: data}}
	base, token := a.server()
	if base != s.url {
		t.Fatalf("the data directory names %s, the server listens on %s", base, s.url)
	}
	return client.New(base, token, nil)
}

// postgres is the process id of the server's PostgreSQL.
func (s *running) postgres(t *testing.T, data string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(data, "postgres", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(strings.SplitN(string(text), "\n", 2)[0]))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// wait waits for the process to end.
func (s *running) wait(t *testing.T) {
	t.Helper()
	select {
	case <-s.rest:
	case <-time.After(30 * time.Second):
		t.Fatal("debrief serve did not end within 30 s")
	}
}
