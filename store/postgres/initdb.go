package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	clusterName = "postgres"             // in the data directory
	newPrefix   = "postgres.unfinished-" // a cluster in the making
	markerName  = "debrief.cluster"      // in a cluster that we made
	versionName = "PG_VERSION"           // PostgreSQL's, holds the major
	hbaName     = "pg_hba.conf"          // who may connect, and how he is known
	identName   = "pg_ident.conf"        // which user of the system may be which role
	hbaText     = "# Written by Debrief at each start.\nlocal all all peer map=debrief\n"
	markerText  = "Debrief made this PostgreSQL cluster and starts it. Without this file it will not touch it.\n"
)

// cluster is the server's directory within the data directory.
type cluster struct {
	home      string // the data directory, without links
	homeOwner account
	dir       string // home/postgres
	account   account
	binaries  binaries
	logStart  int64 // where this run begins in the log, bytes
}

// openCluster finds the account and makes the data directory, but nothing in it.
func openCluster(dataDir string) (cluster, error) {
	if dataDir == "" {
		if dataDir = DefaultDataDir(); dataDir == "" {
			return cluster{}, errors.New("this user has no home directory: name a data directory, or set DATABASE_URL")
		}
	}
	home, err := filepath.Abs(dataDir)
	if err != nil {
		return cluster{}, fmt.Errorf("find the data directory: %w", err)
	}
	a, err := serverAccount(home, filepath.Join(home, clusterName))
	if err != nil {
		return cluster{}, err
	}
	if mayAdmit(home) {
		if err := admit(home, a); err != nil {
			return cluster{}, fmt.Errorf("let user %s into the data directory: %w", a.name, err)
		}
	}
	if err := makeHome(home, a); err != nil {
		return cluster{}, barred(fmt.Errorf("make the data directory: %w", err))
	}
	if home, err = filepath.EvalSymlinks(home); err != nil {
		return cluster{}, fmt.Errorf("find the data directory: %w", err)
	}
	info, err := os.Stat(home)
	if err != nil {
		return cluster{}, fmt.Errorf("find the data directory: %w", err)
	}
	c := cluster{home: home, homeOwner: ownerOf(info), dir: filepath.Join(home, clusterName), account: a}
	return c, checkWay(home, a)
}

// major tells which major of PostgreSQL made the cluster, 0 when there is none yet. Anything that
// isn't plainly ours is refused and left alone.
func (c *cluster) major() (int, error) {
	if info, err := os.Lstat(c.dir); err == nil && info.Mode().Type() == fs.ModeSymlink {
		return 0, fmt.Errorf("%s is a link, behind which another data directory may keep its cluster, and is left "+
			"as it is: make the whole data directory a link", c.dir)
	}
	entries, err := os.ReadDir(c.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if errors.Is(err, fs.ErrPermission) {
		return 0, c.foreign()
	}
	if err != nil {
		return 0, fmt.Errorf("read the cluster: %w", err)
	}
	if len(entries) == 0 {
		return 0, nil
	}
	if _, err := os.Stat(filepath.Join(c.dir, markerName)); err != nil {
		return 0, fmt.Errorf("%s was not made by Debrief and is left as it is: name another data directory, "+
			"or move it away", c.dir)
	}
	if info, err := os.Stat(c.dir); err != nil || ownerOf(info).uid != c.account.uid {
		return 0, errors.Join(c.foreign(), err)
	}
	text, err := os.ReadFile(filepath.Join(c.dir, versionName))
	if err != nil {
		return 0, fmt.Errorf("read the cluster's version: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || major <= 0 {
		return 0, fmt.Errorf("%s says %q where a major version of PostgreSQL belongs: the cluster is left as it is",
			filepath.Join(c.dir, versionName), strings.TrimSpace(string(text)))
	}
	return major, nil
}

func (c *cluster) foreign() error {
	who := "another user"
	if info, err := os.Stat(c.dir); err == nil {
		who = "user " + nameOf(ownerOf(info).uid)
	}
	return fmt.Errorf("%s belongs to %s, not to user %s: run Debrief as its owner, or name another data directory",
		c.dir, who, c.account.name)
}

// initialize makes the cluster in a directory of another name and renames it when it is complete,
// so that an interrupted start leaves nothing that looks like a cluster. Durable syncs it once, which
// takes half the time of initdb's own syncing.
func (c *cluster) initialize(ctx context.Context, durable bool) (err error) {
	if err := c.removeUnfinished(); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(c.home, newPrefix)
	if err != nil {
		return fmt.Errorf("make a directory for the cluster: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	if err := c.giveAway(dir); err != nil {
		return fmt.Errorf("give the cluster to user %s: %w", c.account.name, err)
	}
	if err := c.initdb(ctx, dir); err != nil {
		return err
	}
	if err := c.writeIn(dir, markerName, markerText); err != nil {
		return err
	}
	if durable {
		if err := syncDisk(dir); err != nil {
			return fmt.Errorf("write the cluster to disk: %w", err)
		}
	}
	if err := unix.Rename(dir, c.dir); err != nil { // os.Rename refuses a name that an empty directory has
		return fmt.Errorf("put the cluster in place: %w", err)
	}
	if err := syncDir(c.home); err != nil {
		return fmt.Errorf("write the cluster's name to disk: %w", err)
	}
	return nil
}

// discard throws the cluster away. An interrupted one is left as unfinished, which
// the next start removes.
func (c *cluster) discard() error {
	dir := filepath.Join(c.home, newPrefix+"discarded")
	err := os.RemoveAll(dir)
	if err == nil {
		err = os.Rename(c.dir, dir)
	}
	if err == nil {
		err = os.Remove(filepath.Join(dir, markerName))
	}
	if err == nil {
		err = os.RemoveAll(dir)
	}
	if err != nil {
		return fmt.Errorf("throw the cluster of another major away: %w", err)
	}
	return nil
}

// removeUnfinished removes what interrupted starts left. One with a marker is complete, and stays.
func (c *cluster) removeUnfinished() error {
	old, err := filepath.Glob(filepath.Join(escapeGlob(c.home), newPrefix+"*"))
	if err != nil {
		return fmt.Errorf("look for unfinished clusters: %w", err)
	}
	for _, dir := range old {
		if _, err := os.Lstat(filepath.Join(dir, markerName)); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := os.RemoveAll(dir); err != nil {
			return fmt.Errorf("remove an unfinished cluster: %w", err)
		}
	}
	return nil
}

// syncDir makes a rename durable: after a crash the cluster must not be back under the name of an
// unfinished one.
func syncDir(dir string) (err error) {
	f, err := os.Open(dir) //nolint:gosec // our own data directory
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return f.Sync()
}

func (c *cluster) giveAway(dir string) error {
	f, err := os.OpenFile(dir, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW, 0) //nolint:gosec // made just now
	if err != nil {
		return err
	}
	defer closeQuietly(f)
	return c.account.own(f)
}

// initdb runs the program of that name. Text sorts by bytes, so that no update of the system's C
// library corrupts an index; letters are known by Unicode, without which pg_trgm drops é. Systems
// name that second locale differently.
func (c *cluster) initdb(ctx context.Context, dir string) error {
	args := []string{"-D", dir, "--username=" + superRole, "--encoding=UTF8", "--data-checksums", "--no-sync",
		"--no-instructions", "--auth-local=peer", "--auth-host=reject", "--lc-collate=C", "--lc-messages=C",
		"--lc-monetary=C", "--lc-numeric=C", "--lc-time=C"}
	if c.binaries.major >= 17 {
		args = append(args, "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
	}
	locales := []string{"C.UTF-8", "en_US.UTF-8"}
	if runtime.GOOS == "darwin" {
		slices.Reverse(locales)
	}
	for i, locale := range locales {
		cmd := command(c.account, c.binaries.path("initdb"), append(slices.Clip(args), "--lc-ctype="+locale)...)
		text, err := output(ctx, cmd)
		if err == nil {
			return nil
		}
		if last := i == len(locales)-1; last || !strings.Contains(text, "invalid locale") {
			return fmt.Errorf("make a cluster with initdb of PostgreSQL %s: %w\n%s", c.binaries.version, err, text)
		}
	}
	return nil
}

// writeAccess says who may connect: through the socket, the users of the system who could read the
// cluster's files anyway. There is no password.
func (c *cluster) writeAccess() error {
	names := []string{"root", c.account.name}
	if u, err := user.Current(); err == nil {
		names = append(names, u.Username)
	}
	if err := c.writeIn(c.dir, hbaName, hbaText); err != nil {
		return err
	}
	return c.writeIn(c.dir, identName, identText(names))
}

// identText lets users of the system be either role. Between its quotes PostgreSQL takes each sign as
// it is, the backslash of a Windows domain too.
func identText(names []string) string {
	var text strings.Builder
	text.WriteString("# Written by Debrief at each start.\n")
	for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
		if strings.ContainsAny(name, "\"\n/") { // it would mean something else in this file
			continue
		}
		for _, role := range []string{appRole, superRole} {
			text.WriteString(`debrief "` + name + `" ` + role + "\n")
		}
	}
	return text.String()
}

// writeIn replaces a file of the cluster with one of the account's. It is as durable as it needs to
// be: each start writes it again, and a new cluster is synced as a whole.
func (c *cluster) writeIn(dir, name, text string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("open the cluster: %w", err)
	}
	defer closeQuietly(root)
	if info, err := root.Stat("."); err != nil || ownerOf(info).uid != c.account.uid { // somebody put another in its place
		return errors.Join(c.foreign(), err)
	}
	next := name + ".new"
	if err := root.Remove(next); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("write %s of the cluster: %w", name, err)
	}
	err = root.WriteFile(next, []byte(text), 0o600)
	if err == nil {
		err = c.account.ownIn(root, next)
	}
	if err == nil {
		err = root.Rename(next, name)
	}
	if err != nil {
		return fmt.Errorf("write %s of the cluster: %w", name, err)
	}
	return nil
}

// escapeGlob makes a path match itself alone.
func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
