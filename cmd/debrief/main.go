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
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // zones must not depend on the machine
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/api/client"
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
	context.AfterFunc(ctx, stop) // a second Ctrl-C does not wait
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// app is what every command needs: settings, the three streams and a clock.
type app struct {
	config
	in       io.Reader
	out, err io.Writer
	width    int       // columns of the terminal that out is; 0 when it is none
	tty      bool      // out is a terminal
	terminal io.Writer // out as it was given, for programs that draw on it
	now      func() time.Time
}

// run executes one command line and gives its exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	whole := &stream{to: out}
	a := &app{config: environment(), in: in, out: whole, err: errs, width: columns(out), tty: isTerminal(out), terminal: out, now: time.Now}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(whole)
	root.SetErr(errs)
	err := valid(args)
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	if err == nil {
		err = whole.err
	}
	return report(errs, err)
}

// valid refuses arguments that are no text: they could not be kept as they are.
func valid(args []string) error {
	for _, arg := range args {
		if !utf8.ValidString(arg) {
			return &usageError{fmt.Errorf("%q is not UTF-8 text: set the terminal to UTF-8", arg)}
		}
	}
	return nil
}

// report says on the error stream what went wrong, and gives the exit code.
func report(errs io.Writer, err error) int {
	var refusal *incident.Error
	var usage *usageError
	var reaching *url.Error
	var network *net.OpError
	var fault *client.Fault
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errFound):
		return exitRefused
	case errors.As(err, &usage):
		if errors.As(usage, &refusal) {
			printRefusal(errs, "debrief", refusal)
		} else {
			_, _ = fmt.Fprintln(errs, "debrief:", plain(err.Error()))
		}
		return exitUsage
	case errors.As(err, &refusal):
		printRefusal(errs, "debrief", refusal)
		return exitRefused
	case errors.Is(err, context.Canceled):
		_, _ = fmt.Fprintln(errs, "debrief: interrupted")
		return exitFault
	case errors.As(err, &reaching) && errors.As(err, &network) && network.Op == "dial":
		_, _ = fmt.Fprintf(errs, "debrief: no server answers (%v): start one with \"debrief serve\", or point DEBRIEF_URL at yours\n", network)
		return exitFault
	case errors.As(err, &fault) && fault.Status == http.StatusNotFound:
		_, _ = fmt.Fprintf(errs, "debrief: %s, which is not how Debrief says it: does DEBRIEF_URL lead to another program?\n", plain(err.Error()))
		return exitFault
	default:
		_, _ = fmt.Fprintln(errs, "debrief:", plain(err.Error()))
		return exitFault
	}
}

// usageError is a command line, or a setting, that cannot be understood, and that
// needs no server to tell: a refusal in one was made here.
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
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.ArbitraryArgs,
		RunE:          group,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("data-dir") && a.DataDir == "" {
				return &usageError{errors.New("--data-dir is empty: name a directory")}
			}
			if err := checkChoices(cmd); err != nil {
				return err
			}
			if err := a.checkLevel(); err != nil {
				return err
			}
			return checkURL(a.URL)
		},
	}
	root.SetFlagErrorFunc(badFlag)
	root.PersistentFlags().StringVar(&a.DataDir, "data-dir", a.DataDir, "where the installation keeps its data")
	root.SetHelpCommand(helpCommand())
	root.AddCommand(a.serveCommand(), a.migrateCommand(), a.adminCommand(), a.benchCommand())
	root.AddCommand(a.fileCommand(), a.importCommand(), a.exportCommand())
	root.AddCommand(a.listCommand(), a.showCommand(), a.searchCommand(), a.similarCommand(), a.digestCommand())
	root.AddCommand(a.logCommand(), a.messageCommand(), a.sendCommand(), a.actionCommand(), a.resolveCommand(), a.reviewCommand(), a.lintCommand())
	root.AddCommand(a.componentCommand(), a.deployCommand(), a.insightsCommand())
	root.AddCommand(a.jobCommand(), a.webhookCommand())
	root.AddCommand(a.completionCommand(), a.manualCommand())
	a.assist(root)
	return root
}

// group is what a command does that has others below it: it lists them.
func group(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return &usageError{fmt.Errorf("there is no command %q:%s %s --help lists them", args[0], didYouMean(args[0], commandNames(cmd)), cmd.CommandPath())}
	}
	return cmd.Help()
}

func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Help about any command",
		Args:  cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			found, rest, err := cmd.Root().Find(args)
			if err != nil {
				return &usageError{err}
			}
			if len(rest) > 0 {
				return group(found, rest)
			}
			found.InitDefaultHelpFlag()
			return found.Help()
		},
	}
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
