package postgres

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// DefaultDataDir is where an installation keeps its data: /var/lib/debrief for root, whose home
// PostgreSQL's user could not enter, else debrief in XDG_DATA_HOME or ~/.local/share. It is ""
// when this user has no home.
func DefaultDataDir() string {
	return defaultDir("/var/lib/debrief", "XDG_DATA_HOME", ".local/share")
}

// DefaultCacheDir is where fetched binaries are kept: /var/cache/debrief for root, else debrief in
// XDG_CACHE_HOME or ~/.cache. It is "" when this user has no home.
func DefaultCacheDir() string {
	return defaultDir("/var/cache/debrief", "XDG_CACHE_HOME", ".cache")
}

func defaultDir(forRoot, variable, inHome string) string {
	if os.Geteuid() == 0 {
		return forRoot
	}
	if dir := os.Getenv(variable); filepath.IsAbs(dir) { // XDG: a relative path is to be ignored
		return filepath.Join(dir, "debrief")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, inHome, "debrief")
}

// makeHome makes the data directory and what is missing above it, enterable by the account alone
// beside us, whatever the umask is. It makes nothing where the account could not come.
func makeHome(path string, a account) error {
	if _, err := os.Stat(path); err == nil {
		return checkWay(path, a)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := makeHome(filepath.Dir(path), a); err != nil {
		return err
	}
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return admit(path, a)
}

// mayAdmit tells whether the modes of a directory that exists are ours to change: it belongs to us
// alone, and is empty or was made by us. The home of root, say, stays as closed as it is.
func mayAdmit(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !ownsAlone(info) {
		return false
	}
	entries, err := os.ReadDir(path)
	return err == nil && (len(entries) == 0 ||
		slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == lockName }))
}

// barred adds to an error the ways out when this user may not do what he tried.
func barred(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w: run Debrief as the owner, or name another data directory", err)
	}
	return err
}

// openOwn opens a file of the data directory to read and write, and makes it when it isn't there. A new
// one goes to the directory's owner. An old one keeps its own, and must have no second name: when
// we are root, whoever owns the directory could have put a file of root's under this name.
func openOwn(home, name string, flags int, owner account) (*os.File, error) {
	root, err := os.OpenRoot(home)
	if err != nil {
		return nil, err
	}
	defer closeQuietly(root)
	f, err := root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL|flags, 0o600)
	switch {
	case err == nil:
		err = owner.own(f)
	case errors.Is(err, fs.ErrExist):
		if f, err = root.OpenFile(name, os.O_RDWR|flags, 0); err == nil && !plain(f) {
			err = fmt.Errorf("%s is not a file, or has a second name", filepath.Join(home, name))
		}
	}
	if err != nil && f != nil {
		closeQuietly(f)
	}
	return f, err
}

// admit lets the account through a directory of ours, by its group.
func admit(path string, a account) error {
	info, err := os.Stat(path)
	if err != nil || !a.switched || a.mayEnter(info) {
		return err
	}
	if err := os.Chown(path, -1, int(a.gid)); err != nil {
		return err
	}
	return os.Chmod(path, info.Mode().Perm()|0o010)
}

// checkWay refuses a path that the account cannot reach, and names the directory that bars it.
// Only root needs this check: as an ordinary user the account is our own.
func checkWay(path string, a account) error {
	if !a.switched {
		return nil
	}
	for dir := path; ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir) //nolint:gosec // the user's own choice of a directory
		if err != nil {
			return err
		}
		if !a.mayEnter(info) {
			return fmt.Errorf("PostgreSQL does not run as root but as user %s, who cannot enter %s (mode %04o, owner %s): "+
				"use a directory outside of it, or run Debrief as an ordinary user",
				a.name, dir, info.Mode().Perm(), nameOf(ownerOf(info).uid))
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
}

const (
	socketsName    = "postgres.sockets"
	socketsPrefix  = "debrief-pg-"
	serviceName    = "pg_service.conf"
	serviceSection = "debrief"
	// socketsLength is how long the path of the directory may be, in bytes: the kernel refuses
	// sockets with long paths, PostgreSQL and the tools that connect add to it.
	socketsLength = 67
)

// sockets is the directory of mode 0700 that holds the server's socket. Who may enter it is who
// may try to connect.
type sockets struct {
	dir       string
	temporary bool // made for this run, because the data directory's path is too long
}

// openSockets makes the directory in home, or, when its path would be too long or hold signs that
// PostgreSQL reads as a list, under a name of random letters in a directory for temporary files.
func openSockets(home string, a account) (sockets, error) {
	s := sockets{dir: filepath.Join(home, socketsName)}
	if !fits(s.dir) {
		dir, err := temporarySockets(a)
		if err != nil {
			return sockets{}, err
		}
		s = sockets{dir: dir, temporary: true}
	}
	if err := s.fill(a); err != nil {
		return sockets{}, fmt.Errorf("make the directory for the server's socket: %w", err)
	}
	return s, nil
}

func fits(dir string) bool {
	odd := func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`,"'\@`, r) }
	return len(dir) <= socketsLength && !strings.ContainsFunc(dir, odd)
}

func temporarySockets(a account) (string, error) {
	bases := []string{os.Getenv("XDG_RUNTIME_DIR"), os.TempDir(), "/tmp"}
	var failed error
	for _, base := range bases {
		if !filepath.IsAbs(base) || !fits(filepath.Join(base, socketsPrefix+"0123456789")) || checkWay(base, a) != nil {
			continue
		}
		dir, err := os.MkdirTemp(base, socketsPrefix) // mode 0700, never one that exists
		if err == nil {
			return dir, nil
		}
		failed = errors.Join(failed, err)
	}
	return "", errors.Join(errors.New("the path of the data directory is too long for a socket, and no directory for "+
		"temporary files will do: use a data directory with a shorter path"), failed)
}

// fill gives the directory its mode, its owner and a service file that names nothing, which an
// address needs to override a PGSERVICE of the user's. A socket of a dead server is removed.
func (s sockets) fill(a account) error {
	parent, err := os.OpenRoot(filepath.Dir(s.dir))
	if err != nil {
		return err
	}
	defer closeQuietly(parent)
	name := filepath.Base(s.dir)
	if err := parent.Mkdir(name, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := parent.Lstat(name)
	if err != nil {
		return err
	}
	if o := ownerOf(info); !info.IsDir() || o.switched && o.uid != a.uid {
		return fmt.Errorf("%s is not a directory of user %s", s.dir, a.name)
	}
	if err := parent.Chmod(name, 0o700); err != nil {
		return err
	}
	root, err := parent.OpenRoot(name)
	if err != nil {
		return err
	}
	defer closeQuietly(root)
	for _, old := range []string{".s.PGSQL." + port, ".s.PGSQL." + port + ".lock", serviceName} {
		if err := root.Remove(old); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := root.WriteFile(serviceName, []byte("["+serviceSection+"]\n"), 0o600); err != nil {
		return err
	}
	if err := a.ownIn(root, serviceName); err != nil {
		return err
	}
	return a.ownIn(parent, name)
}

// removeSockets removes a directory that a killed owner left among the temporary files, if it is the
// account's. If it stays it is in nobody's way.
func removeSockets(dir string, a account) {
	if info, err := os.Lstat(dir); err == nil && info.IsDir() && ownerOf(info).uid == a.uid {
		_ = os.RemoveAll(dir)
	}
}

// close removes a directory that was made for one run; the one beside the cluster stays.
func (s sockets) close() {
	if s.temporary {
		_ = os.RemoveAll(s.dir) // what stays is empty and harmless; the next start tries again
	}
}
