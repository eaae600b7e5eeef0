package postgres

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func kill(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatalf("kill %d: %v", pid, err)
	}
}

func waitDone(t *testing.T, s *Server) {
	t.Helper()
	select {
	case <-s.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("Done is open 10 s after the server ended")
	}
}

// keep writes what must survive; kept reads it again.
func keep(t *testing.T, url string) {
	t.Helper()
	exec1(t, url, `create table kept as select 'kept' as word`)
}

func kept(t *testing.T, s *Server) {
	t.Helper()
	if got := ask(t, s.URL(), `select word from kept`); got != "kept" {
		t.Errorf("word = %q, want kept", got)
	}
}

func TestAKilledServerIsNoticedAndTheNextStartRecovers(t *testing.T) {
	t.Parallel()
	dir := home(t)
	s := start(t, dir)
	keep(t, s.URL())
	kill(t, s.process.pid())
	waitDone(t, s)
	if err := s.Err(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("Err = %v, want it to say that the server was killed", err)
	}
	kept(t, start(t, dir))
}

func TestAKilledBackendHeals(t *testing.T) {
	t.Parallel()
	s := start(t, home(t))
	keep(t, s.URL())
	conn, other := connect(t, s.URL()), connect(t, s.URL())
	kill(t, int(conn.PgConn().PID()))
	if _, err := conn.Exec(t.Context(), `select 1`); err == nil {
		t.Fatal("a killed backend answers")
	}
	for err := error(nil); err == nil; pause(t.Context(), 20*time.Millisecond) { // the server ends the others once it notices
		_, err = other.Exec(t.Context(), `select 1`)
	}
	for begun := time.Now(); ; pause(t.Context(), 20*time.Millisecond) {
		if again, err := pgx.Connect(t.Context(), s.URL()); err == nil {
			_ = again.Close(t.Context()) // it answered
			break
		} else if time.Since(begun) > 10*time.Second {
			t.Fatalf("10 s after a backend was killed: %v", err)
		}
	}
	kept(t, s)
	if err := s.Err(); err != nil {
		t.Errorf("Err = %v, want nil while the server runs", err)
	}
}

func TestAServerThatOutlivedItsOwnerIsStoppedByTheNextStart(t *testing.T) {
	t.Parallel()
	dir := home(t)
	orphan := start(t, dir)
	keep(t, orphan.URL())
	orphan.lock.release() // all that the end of its owner would do, where the kernel tells nobody
	next := start(t, dir)
	waitDone(t, orphan)
	kept(t, next)
}

func TestAKilledOwnerTakesItsServerDown(t *testing.T) {
	t.Parallel()
	for _, both := range []bool{false, true} {
		name := map[bool]string{false: "the owner alone", true: "the owner and the server"}[both]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(home(t), strings.Repeat("long", 20))  // so the socket lies elsewhere
			if err := os.Chmod(filepath.Dir(dir), 0o711); err != nil { //nolint:gosec // the server's user passes
				t.Fatal(err)
			}
			holder := holdElsewhere(t, dir)
			url, ok := Running(dir)
			if !ok {
				t.Fatal("Running = false beside another process's server")
			}
			keep(t, url)
			before, _ := readLock(filepath.Join(dir, lockName))
			if both {
				kill(t, before.Server)
			}
			kill(t, holder.Process.Pid)
			_ = holder.Wait() // killed, as it says

			next := start(t, dir)
			if before.Server == 0 || serves(before.Server, next.cluster.dir) {
				t.Errorf("server %d outlived its owner and the next start", before.Server)
			}
			if _, err := os.Stat(before.Sockets); !before.temporary() || err == nil {
				t.Errorf("the socket directory %q outlived its owner and the next start", before.Sockets)
			}
			kept(t, next)
		})
	}
}

// A backend that outlives its server may still write. PostgreSQL's own guard against a second server
// must stand, also where the pid file names a process that lives.
func TestABackendThatOutlivedItsServerKeepsTheNextOneOut(t *testing.T) {
	t.Parallel()
	dir := home(t)
	s := start(t, dir)
	keep(t, s.URL())
	backend := int(connect(t, s.URL()).PgConn().PID())
	if err := syscall.Kill(backend, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(backend, syscall.SIGKILL) }) // killed below when all is well
	kill(t, s.process.pid())
	waitDone(t, s)
	stranger, err := launch(command(s.cluster.account, "/bin/sleep", "60"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stranger.signal(syscall.SIGKILL); <-stranger.done })
	path := filepath.Join(s.cluster.dir, pidName)
	text, _, err := readPID(path)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(text, "\n")
	if err := s.cluster.writeIn(s.cluster.dir, pidName, strconv.Itoa(stranger.pid())+"\n"+rest); err != nil {
		t.Fatal(err)
	}

	next, err := Start(t.Context(), options(dir))
	if err == nil {
		stop(t, next)
	}
	if err == nil || !strings.Contains(err.Error(), "shared memory") {
		t.Fatalf("Start beside a living backend = %v, want PostgreSQL's refusal", err)
	}
	kill(t, backend)
	for begun := time.Now(); syscall.Kill(backend, 0) == nil && time.Since(begun) < time.Second; {
		pause(t.Context(), 10*time.Millisecond)
	}
	kept(t, start(t, dir))
}

// holdElsewhere starts a server in another process and waits until it is ready.
func holdElsewhere(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	holder := exec.Command(os.Args[0]) //nolint:gosec // this test itself
	holder.Env = append(os.Environ(), holdVariable+"="+dir)
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = holder.Process.Kill() }) // it is dead already when the test went well
	word := make([]byte, 2048)
	if n, err := out.Read(word); err != nil || string(word[:n]) != "ready\n" {
		t.Fatalf("the owner says %q (%v), want ready", word[:n], err)
	}
	return holder
}
