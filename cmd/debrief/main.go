// Command debrief is the one binary: serve brings up the database, the API and
// the pages; the other commands speak to it over HTTP. This package wires and
// decides nothing about incidents.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // zones must not depend on the machine

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/incident"
)

// Exit codes, part of the contract.
const (
	exitDone    = 0
	exitRefused = 1 // a refusal, or findings
	exitUsage   = 2
	exitFault   = 3
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// app is what every command needs: settings, the three streams and a clock.
type app struct {
	config
	in       io.Reader
	out, err io.Writer
	now      func() time.Time
}

// run executes one command line and gives its exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	a := &app{config: environment(), in: in, out: out, err: errs, now: time.Now}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	var refusal *incident.Error
	var usage *usageError
	var network *net.OpError
	switch {
	case errors.As(err, &refusal):
		printRefusal(errs, refusal)
		return exitRefused
	case errors.As(err, &usage):
		_, _ = fmt.Fprintln(errs, "debrief:", err)
		return exitUsage
	case errors.As(err, &network) && network.Op == "dial":
		_, _ = fmt.Fprintf(errs, "debrief: no server answers (%v): start one with \"debrief serve\", or point DEBRIEF_URL at yours\n", network)
		return exitFault
	default:
		_, _ = fmt.Fprintln(errs, "debrief:", err)
		return exitFault
	}
}

// usageError is a command line that cannot be understood.
type usageError struct{ err error }

func (u *usageError) Error() string { return u.err.Error() }
func (u *usageError) Unwrap() error { return u.err }

// root is the tree of commands.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "debrief",
		Short: "Record an outage, learn from it and show it to customers",
		Long: `Debrief records an outage so that a team can tell it truthfully, learn from it
and show it to customers.

Start with "debrief serve --demo", then "debrief list" in another terminal.
Settings are flags, or DEBRIEF_… variables; DEBRIEF_URL and DEBRIEF_TOKEN point
the commands at a server, else they find the one on this machine.

Exit codes: 0 done, 1 refused or findings, 2 usage, 3 fault.`,
		SilenceUsage:      true,
		SilenceErrors:     true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		Args:              cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return &usageError{fmt.Errorf("there is no command %q: debrief --help lists them", args[0])}
			}
			return cmd.Help()
		},
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &usageError{fmt.Errorf("%w: see %s --help", err, cmd.CommandPath())}
	})
	root.PersistentFlags().StringVar(&a.DataDir, "data-dir", a.DataDir, "where the installation keeps its data")
	root.AddCommand(a.serveCommand(), a.migrateCommand(), a.adminCommand())
	root.AddCommand(a.fileCommand(), a.importCommand(), a.exportCommand())
	root.AddCommand(a.listCommand(), a.showCommand(), a.searchCommand())
	root.AddCommand(a.logCommand(), a.messageCommand(), a.actionCommand(), a.resolveCommand(), a.reviewCommand())
	return root
}

// exactly is cobra.ExactArgs as a usage error that names what is missing.
func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < len(names) {
			return &usageError{fmt.Errorf("%s is missing: see %s --help", names[len(args)], cmd.CommandPath())}
		}
		if len(args) > len(names) {
			return &usageError{fmt.Errorf("%q is one too many (quote texts of several words): see %s --help", args[len(names)], cmd.CommandPath())}
		}
		return nil
	}
}
