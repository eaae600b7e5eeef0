package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/api"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// TestMain lets the scripts run debrief as a program of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"debrief": main})
}

// TestScripts executes the manual of the command line: each file of testdata
// against a server and a database of its own. HOST stands for its address, and
// TOKEN_ANA, TOKEN_MAREK and TOKEN_JO are those of a reviewer, a responder and
// a viewer; the commands run as an admin named kim unless told otherwise.
// DATABASE and KEY are what the commands of an operator need.
func TestScripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts in testdata: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			database := storetest.URL(t)
			st := storetest.Open(t, database)
			host := listen(t, st)
			testscript.Run(t, testscript.Params{
				Files:               []string{file},
				RequireExplicitExec: true,
				Condition: func(cond string) (bool, error) { // [all] is what takes long
					if cond != "all" {
						return false, fmt.Errorf("%q is no condition", cond)
					}
					return os.Getenv("DEBRIEF_TEST_ALL") == "1", nil
				},
				Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "terminal": onTerminal, "giveup": givesUp(st)},
				Setup: func(env *testscript.Env) error {
					env.Setenv("HOST", host)
					env.Setenv("DATABASE", database)
					env.Setenv("KEY", hex.EncodeToString(storetest.Key))
					env.Setenv("DEBRIEF_URL", host)
					env.Setenv("DEBRIEF_DATA_DIR", filepath.Join(env.WorkDir, "data"))
					env.Setenv("DEBRIEF_LOG", "error")
					for name, role := range map[string]incident.Role{"kim": incident.Admin, "ana": incident.Reviewer, "marek": incident.Responder, "jo": incident.Viewer} {
						env.Setenv("TOKEN_"+strings.ToUpper(name), token(t, st, name, role))
					}
					env.Setenv("DEBRIEF_TOKEN", env.Getenv("TOKEN_KIM"))
					return nil
				},
			})
		})
	}
}

func TestEveryCommandHasAScript(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, below := range cmd.Commands() {
			walk(below)
		}
		ran := regexp.MustCompile(`(?m)^(?:\[\w+\] )?(?:!? ?exec|exits 0) (?:sh -c '.*)?` + cmd.CommandPath() + `\b`)
		if cmd.HasParent() && !cmd.HasSubCommands() && !ran.MatchString(all.String()) {
			t.Errorf("no script of testdata runs %s to its end: write one", cmd.CommandPath())
		}
	}
	walk((&app{now: time.Now}).root())
}

// exits runs a program and checks its exit code: exits 2 debrief nonsense.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARGUMENT…]")
	}
	code := 0
	var ended *exec.ExitError
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &ended):
		code = ended.ExitCode()
	case err != nil:
		ts.Fatalf("%s: %v", args[1], err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// needs leaves a test out for which something could not be had, unless all were asked for.
func needs(t *testing.T, err error) {
	t.Helper()
	switch {
	case err != nil && os.Getenv("DEBRIEF_TEST_ALL") == "1":
		t.Fatalf("DEBRIEF_TEST_ALL=1 asks for all tests: %v", err)
	case err != nil:
		t.Skip("left out: ", err)
	}
}

func listen(t testing.TB, st *store.Store) string {
	t.Helper()
	a := &app{now: time.Now}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	server := httptest.NewServer(edge(log, a.handler(t.Context(), st, gate{rate: api.Rate{}}, log)))
	t.Cleanup(server.Close)
	return server.URL
}

func token(t *testing.T, st *store.Store, name string, role incident.Role) string {
	t.Helper()
	secret, _, err := st.NewToken(context.Background(), store.System(), store.TokenRequest{
		Person: name, Name: name, Role: role, Scope: incident.ScopeFull,
	})
	if err != nil {
		t.Fatalf("make a token for %s: %v", name, err)
	}
	return secret
}

func TestHowOftenATokenMayAsk(t *testing.T) {
	t.Parallel()
	for set, want := range map[string]struct {
		rate  api.Rate
		usage bool
	}{
		"":      {rate: api.Rate{}},
		"90000": {rate: api.Rate{Requests: 90000}},
		"0":     {rate: api.Rate{Requests: -1}},
		"-1":    {usage: true},
		"fast":  {usage: true},
	} {
		rate, err := (&app{config: config{Rate: set}}).rate()
		var usage *usageError
		if rate != want.rate || errors.As(err, &usage) != want.usage {
			t.Errorf("DEBRIEF_RATE=%s gives %+v, %v, want %+v", set, rate, err, want)
		}
	}
}
