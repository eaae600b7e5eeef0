package postgres

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAServerIsKnownByEitherPathToItsDirectory(t *testing.T) {
	t.Parallel()
	s := start(t, home(t))
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(s.cluster.dir, link); err != nil {
		t.Fatal(err)
	}
	if !serves(s.process.pid(), s.cluster.dir) || !serves(s.process.pid(), link) {
		t.Error("a running server is not known by its directory")
	}
	if serves(s.process.pid(), t.TempDir()) || serves(os.Getpid(), s.cluster.dir) {
		t.Error("a process is taken for the server of a directory that it does not serve")
	}
}
