package main

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestTheLocalTokenGoesToTheLocalServerOnly(t *testing.T) {
	t.Parallel()
	a := &app{config: config{DataDir: t.TempDir()}}
	if err := a.writeLocal(local{URL: "http://127.0.0.1:8080", Token: "secret"}); err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"":                        "secret",
		"http://127.0.0.1:8080":   "secret",
		"http://127.0.0.1:8080/":  "secret",
		"http://localhost:8080":   "secret",
		"http://[::1]:8080":       "secret",
		"http://127.0.0.1:9090":   "", // another program, or a tunnel
		"https://127.0.0.1:8080":  "",
		"http://example.org:8080": "",
		"http://example.org":      "",
	} {
		b := &app{config: config{DataDir: a.DataDir, URL: address}}
		if _, token := b.server(); token != want {
			t.Errorf("with DEBRIEF_URL=%s the token is %q, want %q", address, token, want)
		}
	}
	a.Token = "mine"
	a.URL = "http://example.org"
	if base, token := a.server(); base != a.URL || token != "mine" {
		t.Errorf("server = %s, %s; want the settings", base, token)
	}
}

// onDatabase is an app whose database is named, a new one, with a store on it.
func onDatabase(t *testing.T, c config) (*app, *store.Store) {
	t.Helper()
	c.DatabaseURL = storetest.URL(t)
	a := &app{config: c, err: t.Output(), now: time.Now}
	st, err := a.openStore(t.Context(), &database{url: a.DatabaseURL}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatalf("openStore = %v", err)
	}
	t.Cleanup(st.Close)
	return a, st
}

// The token would land in whichever directory the server was started in.
func TestWithoutADataDirectoryNothingIsLeftOnTheDisk(t *testing.T) {
	t.Parallel()
	a, st := onDatabase(t, config{HistoryKey: strings.Repeat("07", 32)})
	if err := a.leaveLocal(t.Context(), st, "http://127.0.0.1:8080"); err != nil {
		t.Errorf("leaveLocal = %v", err)
	}
	if _, err := os.Stat("local.json"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("local.json in the working directory: %v", err)
	}
	expectNoTokens(t, st)
}

func TestADiskThatCannotBeWrittenStopsNoServer(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	a, st := onDatabase(t, config{HistoryKey: strings.Repeat("07", 32), DataDir: filepath.Join(file, "data")})
	if err := a.leaveLocal(t.Context(), st, "http://127.0.0.1:8080"); err != nil {
		t.Errorf("leaveLocal = %v, want a warning", err)
	}
	expectNoTokens(t, st)
}

// expectNoTokens: one that is kept nowhere is of no use, and each start would make another.
func expectNoTokens(t *testing.T, st *store.Store) {
	t.Helper()
	if tokens, err := st.Tokens(t.Context(), store.System()); err != nil || len(tokens) > 0 {
		t.Errorf("Tokens = %v, %v; want none", tokens, err)
	}
}

func TestALostKeyIsNotReplaced(t *testing.T) {
	t.Parallel()
	a, st := onDatabase(t, config{DataDir: t.TempDir()})
	storetest.Person(t, st, "Ada", incident.Admin)
	if err := os.Remove(a.keyPath()); err != nil {
		t.Fatalf("a new installation kept no key: %v", err)
	}
	_, err := a.openStore(t.Context(), &database{url: a.DatabaseURL}, slog.New(slog.DiscardHandler))
	if !errors.Is(err, incident.Conflict) || !strings.Contains(err.Error(), "history.key") {
		t.Errorf("openStore without the key = %v, want a refusal that asks for it", err)
	}
	if _, err := os.Stat(a.keyPath()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a key that fits nothing was left behind: %v", err)
	}
}
