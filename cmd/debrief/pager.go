package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/cmd/debrief/screen"
)

// unknownWidth is how many columns a terminal has that does not say.
const unknownWidth = 80

// display is how a command shows what is for a person's eye.
type display struct {
	color   string // auto, always, never
	noPager bool
}

func (d *display) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&d.color, "color", "auto", "auto, always or never; auto is colour on a terminal, unless NO_COLOR is set")
	cmd.Flags().BoolVar(&d.noPager, "no-pager", false, "do not hand a terminal's page to $PAGER")
}

// onScreen tells whether a person looks at the output, and in which ink to draw.
func (a *app) onScreen(d *display) (ink screen.Ink, drawn bool, err error) {
	switch d.color {
	case "auto":
		return screen.Ink(a.tty && !a.NoColor), a.tty, nil
	case "always":
		return true, true, nil
	case "never":
		return false, a.tty, nil
	}
	return false, false, &usageError{fmt.Errorf("--color %q is none: write auto, always or never", d.color)}
}

// forProse is how many of width columns sentences take: lines that are longer
// than 100 are hard to read.
func forProse(width int) int { return max(40, min(width, 100)) }

// columns is the width to draw in.
func (a *app) columns() int {
	if a.width > 0 {
		return a.width
	}
	return unknownWidth
}

// startTime is how long a pager takes to fail that nobody has read in.
const startTime = time.Second

// page shows a long text: on a terminal through the reader's pager, else as it
// is, also when the pager did not start, which it says.
func (a *app) page(d *display, text string) error {
	pager := a.Pager
	if _, err := exec.LookPath("less"); pager == "" && err == nil {
		pager = "less"
	}
	if !a.tty || d.noPager || pager == "" || pager == "cat" {
		_, err := io.WriteString(a.out, text)
		return err
	}
	// Ctrl-C is the pager's: we end when it does.
	held := make(chan os.Signal, 1)
	signal.Notify(held, os.Interrupt)
	defer signal.Stop(held)
	cmd := exec.Command("sh", "-c", pager) // #nosec G204 -- the caller's own pager
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(text), a.terminal, a.err
	cmd.Env = os.Environ()
	if _, set := os.LookupEnv("LESS"); !set {
		cmd.Env = append(cmd.Env, "LESS=FRX") // leave at once when it fits, keep colour and the screen
	}
	began := a.now()
	err := cmd.Run()
	var ended *exec.ExitError
	switch {
	case err == nil, errors.Is(err, syscall.EPIPE): // the reader has read enough
		return nil
	case errors.As(err, &ended) && (ended.ExitCode() < 0 || ended.ExitCode() != 127 && a.now().Sub(began) > startTime):
		return nil // how it was left is the reader's affair
	}
	_, _ = fmt.Fprintf(a.err, "the pager %s did not start (%v), so here is all of it: set PAGER to another, or use --no-pager\n", plain(pager), err)
	_, err = io.WriteString(a.out, text)
	return err
}
