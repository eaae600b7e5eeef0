package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestHelpIsAsItWasRead compares the help of each command with its golden file,
// and refuses a file of a command that is no more.
func TestHelpIsAsItWasRead(t *testing.T) {
	t.Parallel()
	a := &app{config: config{DataDir: "/data", Listen: "127.0.0.1:8080", Postgres: "auto", Templates: "/home/.config/debrief/templates"}, now: time.Now}
	seen := map[string]bool{}
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		name := strings.ReplaceAll(cmd.CommandPath(), " ", "_") + ".txt"
		seen[name] = true
		var b strings.Builder
		cmd.SetOut(&b)
		cmd.InitDefaultHelpFlag()
		if err := cmd.Help(); err != nil {
			t.Errorf("%s --help: %v", cmd.CommandPath(), err)
		}
		golden(t, filepath.Join("testdata/help", name), b.String())
		for _, below := range cmd.Commands() {
			walk(below)
		}
	}
	walk(a.root())
	files, err := os.ReadDir("testdata/help")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !seen[file.Name()] {
			t.Errorf("testdata/help/%s is of no command: delete it", file.Name())
		}
	}
}

// golden compares text with what a person read and found right.
func golden(t *testing.T, path, text string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: -update writes it", err)
	}
	if text != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", path, text, want)
	}
}
