package storetest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/store/postgres"
)

// TestAKeptClusterOfAnotherPostgreSQLIsMadeAnew makes one, and has it say that it
// is of a major that is not here.
func TestAKeptClusterOfAnotherPostgreSQLIsMadeAnew(t *testing.T) {
	t.Parallel()
	home, err := os.MkdirTemp(base(), "debrief-test-")
	if err == nil {
		err = os.Chmod(home, 0o755) //nolint:gosec // the server may run as another user and must come through
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(home); err != nil {
			t.Error(err)
		}
	})
	version := filepath.Join(home, "0", "postgres", "PG_VERSION")
	var was string
	for range 2 {
		running, err := startIn(t.Context(), home, os.Getenv("DEBRIEF_POSTGRES"), postgres.Disposable())
		if err != nil {
			t.Fatalf("start with a cluster of PostgreSQL %q: %v", was, err)
		}
		if err := running.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(version)
		if err != nil || strings.TrimSpace(string(text)) == "99" {
			t.Fatalf("the cluster says it is of PostgreSQL %q (%v)", text, err)
		}
		was = "99"
		if err := os.WriteFile(version, []byte(was+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
