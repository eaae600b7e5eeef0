package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func (a *app) manualCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the manual pages, one for each command",
		Long: `Writes the manual pages, one for each command, into DIR, which is made when it is
not there. The same program always writes the same bytes.`,
		Example: "  debrief man ~/.local/share/man/man1 && man debrief-log",
		Args:    exactly("DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil { // #nosec G301 -- others read manuals
				return written(args[0], err)
			}
			usual := &app{config: config{DataDir: "~/.local/share/debrief", Listen: "127.0.0.1:8080", Templates: "~/.config/debrief/templates"}} // nothing of this machine
			n, err := manual(usual.root(), args[0])
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.out, "%s: %d pages\n", plain(args[0]), n)
			return err
		},
	}
}

// manual writes the page of cmd and of those below it, and counts them.
func manual(cmd *cobra.Command, dir string) (int, error) {
	header := doc.GenManHeader{Title: strings.ToUpper(pageName(cmd)), Section: "1", Source: "Debrief", Manual: "Debrief Manual", Date: committed()}
	cmd.DisableAutoGenTag = true // it names the day
	cmd.InitDefaultHelpFlag()
	var page bytes.Buffer
	if err := doc.GenMan(cmd, &header, &page); err != nil {
		return 0, fmt.Errorf("write the manual of %s: %w", cmd.CommandPath(), err)
	}
	path := filepath.Join(dir, pageName(cmd)+".1")
	if err := os.WriteFile(path, page.Bytes(), 0o644); err != nil { // #nosec G306 -- others read manuals
		return 0, written(path, err)
	}
	n := 1
	for _, below := range cmd.Commands() {
		if !below.IsAvailableCommand() {
			continue
		}
		more, err := manual(below, dir)
		if err != nil {
			return n, err
		}
		n += more
	}
	return n, nil
}

func pageName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// committed is when the source of this program was, so that its pages are the
// same whenever they are written; where nobody knows, the day of the first line.
func committed() *time.Time {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if told, err := time.Parse(time.RFC3339, s.Value); s.Key == "vcs.time" && err == nil {
				at = told
			}
		}
	}
	return &at
}
