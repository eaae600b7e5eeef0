package postgres

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOnlyAnEmptyDirectoryOrOneOfOursIsOpenedToTheServersUser(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file string
		want       bool
	}{
		{"an empty one", "", true},
		{"one that holds our lock", lockName, true},
		{"one that holds something else", "thesis.txt", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.Chown(dir, os.Geteuid(), os.Getegid()); err != nil {
				t.Fatal(err)
			}
			if tt.file != "" {
				write(t, filepath.Join(dir, tt.file), "")
			}
			if got := mayAdmit(dir); got != tt.want {
				t.Errorf("mayAdmit = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestOnlyUnfinishedClustersAreRemoved(t *testing.T) {
	t.Parallel()
	c := cluster{home: t.TempDir()}
	unfinished := filepath.Join(c.home, newPrefix+"1", versionName)
	complete := filepath.Join(c.home, newPrefix+"2", markerName)
	kept := []string{complete, filepath.Join(c.home, "postgres.new-15", versionName), filepath.Join(c.home, clusterName, versionName)}
	for _, path := range append(kept, unfinished) {
		write(t, path, "15\n")
	}
	if err := c.removeUnfinished(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Dir(unfinished)); err == nil {
		t.Errorf("%s is still there", filepath.Dir(unfinished))
	}
	for _, path := range kept {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("something that is no unfinished cluster was removed: %v", err)
		}
	}
}

func TestAClusterBehindALinkIsRefused(t *testing.T) {
	t.Parallel()
	first, second := home(t), home(t)
	start(t, first)
	if err := os.Chmod(second, 0o711); err != nil { //nolint:gosec // the server's user passes
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(first, clusterName), filepath.Join(second, clusterName)); err != nil {
		t.Fatal(err)
	}
	s, err := Start(t.Context(), options(second))
	if err == nil {
		stop(t, s)
	}
	if err == nil || !strings.Contains(err.Error(), "is a link") {
		t.Errorf("Start = %v, want it to say that the cluster is a link", err)
	}
	if _, ok := Running(first); !ok {
		t.Error("the server of the other data directory ended")
	}
}

func TestAnEmptyDirectoryInTheClustersPlaceIsFilled(t *testing.T) {
	t.Parallel()
	dir := plant(t, nil)
	if got := ask(t, start(t, dir).URL(), `select current_database()`); got != "debrief" {
		t.Errorf("database = %q, want debrief", got)
	}
}

func TestAFileWithASecondNameIsNotTouched(t *testing.T) {
	t.Parallel()
	dir, outside := t.TempDir(), filepath.Join(t.TempDir(), "secret")
	write(t, outside, "secret")
	for name, link := range map[string]func(old, new string) error{"hard": os.Link, "symbolic": os.Symlink} {
		if err := link(outside, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "directory"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"hard", "symbolic", "directory", "fifo"} {
		if f, err := openOwn(dir, name, 0, account{}); err == nil {
			closeQuietly(f)
			t.Errorf("openOwn of a %s link or such = nil, want a refusal", name)
		}
	}
	for range 2 { // it makes the file, then opens it
		f, err := openOwn(dir, "file", 0, account{})
		if err != nil {
			t.Fatalf("openOwn: %v", err)
		}
		closeQuietly(f)
	}
}

func TestTheEndOfALongLogIsQuoted(t *testing.T) {
	t.Parallel()
	c := cluster{home: t.TempDir()}
	f, err := c.openLog()
	if err != nil {
		t.Fatal(err)
	}
	defer closeQuietly(f)
	if _, err := f.WriteString(strings.Repeat("LOG:  all is well\n", 2*logSize/16) + "PANIC:  the disk is gone\n"); err != nil {
		t.Fatal(err)
	}
	if got := c.logTail(); !strings.HasSuffix(got, "PANIC:  the disk is gone") || len(got) > 500 {
		t.Errorf("logTail = %q, want the last few lines", got)
	}
}

func TestNamesOfUsersAreQuotedAsPostgreSQLReadsThem(t *testing.T) {
	t.Parallel()
	text := identText([]string{`CORP\alice`, "jürgen h", "root", "root", `all"`, "/.*"})
	want := `# Written by Debrief at each start.
debrief "CORP\alice" debrief
debrief "CORP\alice" postgres
debrief "jürgen h" debrief
debrief "jürgen h" postgres
debrief "root" debrief
debrief "root" postgres
`
	if text != want {
		t.Errorf("identText =\n%s\nwant\n%s", text, want)
	}
}
