package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// step is a command that the README shows, and what it says that it prints.
type step struct{ command, prints string }

// tour reads the steps of README's Three minutes.
func tour(t *testing.T) []step {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, part, _ := strings.Cut(string(text), "\n## Three minutes\n")
	part, _, _ = strings.Cut(part, "\n## Settings\n")
	var steps []step
	for i, block := range strings.Split(part, "```\n") {
		if i%2 == 0 {
			continue // prose
		}
		for _, shown := range strings.Split("\n"+block, "\n$ ")[1:] {
			command, prints, _ := strings.Cut(shown, "\n")
			steps = append(steps, step{command, prints})
		}
	}
	if len(steps) < 10 {
		t.Fatalf("README has a tour of %d steps, want 10 or more", len(steps))
	}
	return steps
}

// TestREADMETellsTheTruth types the tour into a shell, beside a server with the
// demo, and compares what comes with what README shows. Ids are random, and
// posts were modified today.
func TestREADMETellsTheTruth(t *testing.T) {
	t.Parallel()
	a, st := onDatabase(t, config{DataDir: t.TempDir(), HistoryKey: strings.Repeat("07", 32)})
	if err := fileDemo(t.Context(), st, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := a.leaveLocal(t.Context(), st, listen(t, st)); err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	steps := tour(t)
	const mark = "-- step --"
	var script strings.Builder
	for _, s := range steps {
		fmt.Fprintf(&script, "echo '%s'\n", mark)
		switch {
		case strings.HasPrefix(s.command, "go install "): // the program is there
		case s.command == "cat outage.md":
			if err := os.WriteFile(filepath.Join(home, "outage.md"), []byte(s.prints), 0o600); err != nil {
				t.Fatal(err)
			}
			fallthrough
		default:
			fmt.Fprintln(&script, s.command)
		}
	}
	shell := exec.CommandContext(t.Context(), "sh")
	shell.Dir, shell.Stdin = home, strings.NewReader(script.String())
	shell.Env = append(os.Environ(), "DEBRIEF_DATA_DIR="+a.DataDir, "DATABASE_URL="+a.DatabaseURL,
		"DEBRIEF_HISTORY_KEY="+a.HistoryKey, "DEBRIEF_URL=", "DEBRIEF_TOKEN=")
	out, err := shell.CombinedOutput()
	if err != nil {
		t.Fatalf("the tour ended with %v:\n%s", err, out)
	}
	came := strings.Split(string(out), mark+"\n")[1:]
	for i, s := range steps {
		got, want := timeless(came[i]), timeless(s.prints)
		if begin, cut := strings.CutSuffix(want, "…"); cut {
			got, want = got[:min(len(got), len(begin))], begin
		}
		if got != want {
			t.Errorf("$ %s\nprints\n%s\nREADME shows\n%s", s.command, got, want)
		}
	}
}

var passing = regexp.MustCompile(`(?m)^modified: .*$|added action \w+$`)

func timeless(text string) string {
	return strings.TrimSpace(passing.ReplaceAllString(text, "(today)"))
}
