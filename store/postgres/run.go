package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// sharedMemoryTime is how long the processes of a killed server may hold its shared memory before
// the next server gives up.
const sharedMemoryTime = 3 * time.Second

// childEnv is all that a server inherits: nothing of the user's environment, so that no PG*
// variable and no secret reaches it. Go adds nothing on the systems that we support.
var childEnv = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}

// command prepares a program of PostgreSQL to run as the account, in a process group of its own:
// Ctrl-C on the terminal reaches us alone, and we decide when the server may go.
func command(a account, path string, args ...string) *exec.Cmd {
	cmd := exec.Command(path, args...) //nolint:gosec // a path that find accepted
	cmd.Env = childEnv
	cmd.Dir = "/" // the account may not be allowed to enter ours
	cmd.SysProcAttr = childAttr()
	cmd.SysProcAttr.Setpgid = true
	cmd.SysProcAttr.Credential = a.credential()
	return cmd
}

// output runs a command to its end, or kills its group when ctx ends, and returns what it wrote.
func output(ctx context.Context, cmd *exec.Cmd) (string, error) {
	var text bytes.Buffer
	cmd.Stdout, cmd.Stderr = &text, &text
	cmd.WaitDelay = time.Second
	p, err := launch(cmd)
	if err != nil {
		return "", err
	}
	select {
	case <-p.done:
	case <-ctx.Done():
		_ = syscall.Kill(-p.pid(), syscall.SIGKILL) // ended already: nothing to kill
		<-p.done
		return "", ctx.Err()
	}
	return strings.TrimSpace(text.String()), p.err
}

// process is a started command that somebody waits for.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error // of Wait, set before done is closed
}

// launch starts the command on a goroutine that keeps its thread until the command has ended: on
// Linux the child is signalled when the thread that forked it ends, not when the process does.
func launch(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		defer close(p.done)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	return p, nil
}

func (p *process) pid() int { return p.cmd.Process.Pid }

func (p *process) signal(s syscall.Signal) error { return p.cmd.Process.Signal(s) }

func (p *process) how() string { return p.cmd.ProcessState.String() }

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// run starts the server and waits until it answers. It tries again while the processes of a killed
// predecessor still hold its shared memory.
func (s *Server) run(ctx context.Context, o Options) error {
	begun := time.Now()
	for {
		err := s.runOnce(ctx, o)
		if err == nil || ctx.Err() != nil {
			return err
		}
		held := strings.Contains(err.Error(), "pre-existing shared memory block")
		if !held || time.Since(begun) > sharedMemoryTime {
			return err
		}
		pause(ctx, 100*time.Millisecond)
	}
}

func (s *Server) runOnce(ctx context.Context, o Options) error {
	logFile, err := s.cluster.openLog()
	if err != nil {
		return err
	}
	cmd := command(s.cluster.account, s.cluster.binaries.path("postgres"), s.arguments(o.Settings)...)
	cmd.Stdout, cmd.Stderr = logFile, logFile
	p, err := launch(cmd)
	if closeErr := logFile.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	if err := s.answer(ctx, p, o.Progress); err != nil {
		if !p.ended() {
			_ = p.signal(syscall.SIGQUIT) // it may end in between
			<-p.done
		}
		return err
	}
	s.process = p
	return nil
}

// answer waits until the server takes connections, however long a recovery lasts, unless the
// server or ctx ends.
func (s *Server) answer(ctx context.Context, p *process, progress func(string)) error {
	told := false
	for wait := 10 * time.Millisecond; ; wait = min(wait*5/4, 250*time.Millisecond) {
		conn, err := pgx.Connect(ctx, s.AdminURL())
		if err == nil {
			return conn.Close(ctx)
		}
		var unreadable *pgconn.ParseConfigError // by a variable of the user's that dsn does not know
		if errors.As(err, &unreadable) {
			return fmt.Errorf("connect to the PostgreSQL just started: %w", err)
		}
		var refusal *pgconn.PgError
		if errors.As(err, &refusal) {
			if refusal.Code != "57P03" { // cannot_connect_now: it starts up or recovers
				return fmt.Errorf("connect to the PostgreSQL just started: %w", err)
			}
			if !told && wait == 250*time.Millisecond {
				progress("PostgreSQL is recovering after a crash, nothing committed is lost")
				told = true
			}
		}
		select {
		case <-p.done:
			return fmt.Errorf("PostgreSQL %s did not start (%s)%s", s.cluster.binaries.version, p.how(), s.cluster.logTail())
		case <-ctx.Done():
			return fmt.Errorf("wait for PostgreSQL to start: %w", ctx.Err())
		case <-time.After(wait):
		}
	}
}

// arguments are the server's command line. All settings are here and none in postgresql.conf, so
// that a new version of ours changes them for existing clusters too.
func (s *Server) arguments(settings map[string]string) []string {
	args := []string{"-D", s.cluster.dir}
	set := func(name, value string) { args = append(args, "-c", name+"="+value) }
	set("listen_addresses", "")
	set("port", port)
	set("unix_socket_directories", s.sockets.dir)
	set("unix_socket_permissions", "0700")
	set("hba_file", filepath.Join(s.cluster.dir, hbaName))
	set("ident_file", filepath.Join(s.cluster.dir, identName))
	set("ssl", "off")
	set("cluster_name", "debrief")
	set("timezone", "UTC")
	set("log_timezone", "UTC")
	set("jit", "off") // our statements are short; compiling one takes longer than running it
	// The log is for the server's own troubles. A refused statement is answered to its client and
	// never written down: it holds what users wrote.
	set("logging_collector", "off")
	set("log_destination", "stderr")
	set("log_min_messages", "log")
	set("log_min_error_statement", "panic")
	set("log_error_verbosity", "terse")
	set("log_checkpoints", "off")
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		set(name, settings[name])
	}
	return args
}

const (
	logName  = "postgres.log"
	logSize  = 1 << 20 // bytes; a longer log becomes postgres.log.1 at the next start
	tailSize = 1 << 14 // bytes of it that a message may quote from
)

// openLog opens the server's log, which lies beside the cluster, and notes where this run begins.
func (c *cluster) openLog() (*os.File, error) {
	home, err := os.OpenRoot(c.home)
	if err != nil {
		return nil, fmt.Errorf("open the data directory: %w", err)
	}
	defer closeQuietly(home)
	if info, err := home.Lstat(logName); err == nil && (info.Size() > logSize || !info.Mode().IsRegular()) {
		if err := home.Rename(logName, logName+".1"); err != nil {
			return nil, fmt.Errorf("put the old log aside: %w", err)
		}
	}
	f, err := openOwn(c.home, logName, os.O_APPEND, c.homeOwner)
	if err != nil {
		return nil, fmt.Errorf("open the server's log: %w", err)
	}
	if c.logStart, err = f.Seek(0, io.SeekEnd); err != nil {
		return nil, errors.Join(fmt.Errorf("open the server's log: %w", err), f.Close())
	}
	return f, nil
}

// logTail is the end of what the server wrote since its start, to be put behind a message.
func (c *cluster) logTail() string {
	f, err := os.Open(filepath.Join(c.home, logName))
	if err != nil {
		return ""
	}
	defer closeQuietly(f)
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return ""
	}
	text, err := io.ReadAll(io.NewSectionReader(f, max(c.logStart, end-tailSize), tailSize))
	if err != nil || len(bytes.TrimSpace(text)) == 0 {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return "; its log ends with:\n  " + strings.Join(lines[max(0, len(lines)-6):], "\n  ")
}

// closeQuietly closes what was only read, or whose loss harms nothing.
func closeQuietly(c io.Closer) { _ = c.Close() }

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
