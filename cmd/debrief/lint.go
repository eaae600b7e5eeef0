package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/lint"
)

// errFound ends a command that found something and has said so.
var errFound = errors.New("there are findings")

// linting is how findings are shown, and of which levels.
type linting struct {
	json, sarif, rules bool
	level              string
}

// linted is what was found in one record.
type linted struct {
	Of string `json:"of"` // the number, or the file
	incident.Findings
	title string
	least incident.FindingLevel // of the findings that are in it
	below int                   // findings that are left out, being below that
	uri   string
	line  func(pointer string) int // where that is in the file
	why   map[string]string        // silence → reason
}

func (a *app) lintCommand() *cobra.Command {
	var l linting
	cmd := &cobra.Command{
		Use:   "lint [NUMBER|FILE|-]…",
		Short: "Say what a good postmortem still lacks, and why it matters",
		Long: `Says what a good postmortem still lacks: with its place, why it matters, and what
to do. A NUMBER asks the server; a FILE, or standard input for "-", needs none: our
own Markdown, JSON, or any other Markdown, of which the words alone are looked at.
A file whose name is a number is written ./42.

A finding that you know of is silenced in the record, with its key and a reason:
see docs/lint.md. Exit code 1 with findings, 0 without.`,
		Example: "  debrief lint 42\n  debrief lint --level warning postmortems/*.md\n  debrief lint --sarif postmortem.md > postmortem.sarif",
		RunE: func(cmd *cobra.Command, args []string) error {
			level := incident.FindingLevel(l.level)
			if level.Rank() < 0 {
				return &usageError{fmt.Errorf("--level %q is none: write error, warning or note", l.level)}
			}
			switch {
			case l.json && l.sarif:
				return &usageError{errors.New("choose one of --json and --sarif")}
			case l.rules && l.sarif:
				return &usageError{errors.New("--rules prints a table, or JSON with --json")}
			case l.rules:
				return a.printRules(l.json)
			}
			return a.lint(cmd, args, l, level)
		},
	}
	cmd.Flags().StringVar(&l.level, "level", string(incident.FindingNote), "least level that is shown and makes the exit code 1: error, warning or note")
	cmd.Flags().BoolVar(&l.json, "json", false, "print JSON, an object for each argument")
	cmd.Flags().BoolVar(&l.sarif, "sarif", false, "print SARIF 2.1.0, which code hosts read")
	cmd.Flags().BoolVar(&l.rules, "rules", false, "list the rules, and look at nothing")
	return cmd
}

func (a *app) lint(cmd *cobra.Command, args []string, l linting, level incident.FindingLevel) error {
	if len(args) == 0 {
		if terminal(a.in) {
			return &usageError{fmt.Errorf("NUMBER or FILE is missing: see %s --help", cmd.CommandPath())}
		}
		args = []string{"-"}
	}
	var all []*linted
	found, refused := 0, 0
	for _, arg := range args {
		one, err := a.lintOne(cmd.Context(), arg)
		var refusal *incident.Error
		var usage *usageError
		switch {
		case len(args) > 1 && errors.As(err, &refusal) && refusal.Kind != incident.SignIn:
			refused++
			printRefusal(a.err, arg, refusal)
			continue
		case len(args) > 1 && errors.As(err, &usage):
			refused++
			_, _ = fmt.Fprintln(a.err, "debrief:", plain(err.Error()))
			continue
		}
		if err != nil {
			return err
		}
		one.only(level)
		found += len(one.Items)
		all = append(all, one)
	}
	if err := a.printLinted(all, l); err != nil {
		return err
	}
	if refused > 0 {
		return incident.Refuse(incident.Invalid, "", fmt.Sprintf("%d of %d refused", refused, len(args)))
	}
	if found > 0 {
		return errFound
	}
	return nil
}

// only leaves out the findings below a level.
func (one *linted) only(level incident.FindingLevel) {
	all := len(one.Items)
	one.Items = slices.DeleteFunc(one.Items, func(f incident.Finding) bool { return f.Level.Rank() > level.Rank() })
	one.least, one.below = level, all-len(one.Items)
}

func (a *app) printLinted(all []*linted, l linting) error {
	if l.sarif {
		return a.printSARIF(all)
	}
	for i, one := range all {
		if l.json {
			if err := a.printJSON(one); err != nil {
				return err
			}
			continue
		}
		if i > 0 {
			_, _ = fmt.Fprintln(a.out)
		}
		if _, err := fmt.Fprint(a.out, plain(renderFindings(one, forProse(a.columns())))); err != nil {
			return err
		}
	}
	return nil
}

// lintOne looks at an incident of the server, or at a file.
func (a *app) lintOne(ctx context.Context, arg string) (*linted, error) {
	n, err := incident.ReadNumber(arg)
	if err != nil {
		return a.lintFile(arg)
	}
	in, err := a.client().Incident(ctx, n)
	if err != nil {
		return nil, err
	}
	findings, err := a.client().Lint(ctx, n)
	if err != nil {
		return nil, err
	}
	base, _ := a.server()
	return &linted{Of: n.String(), Findings: findings, title: in.Title, uri: fmt.Sprintf("%s/incidents/%d", base, int64(n)),
		line: func(string) int { return 0 }, why: reasons(in)}, nil
}

// lintFile needs no server. Of a stranger's Markdown the fields are not known,
// so that nothing can be said to be missing.
func (a *app) lintFile(name string) (*linted, error) {
	text, err := a.readNamed(name)
	switch {
	case err != nil && name != "-":
		return nil, incident.Refuse(incident.Invalid, "", err.Error()+"; an incident of the server is 42 or INC-42")
	case err != nil:
		return nil, err
	case blank(text) && name != "-":
		return nil, incident.Refuse(incident.Invalid, "", "there is nothing to look at in "+name)
	case blank(text):
		return nil, &usageError{fmt.Errorf("there is nothing to look at in %s: name a NUMBER or a FILE", name)}
	}
	f, err := readable(guess(name, text))
	if err != nil {
		return nil, err
	}
	reading, err := f.Read(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	in := reading.Incident
	found, silenced := lint.Check(in)
	if !reading.Ours {
		found = slices.DeleteFunc(found, func(f incident.Finding) bool { // all of its text stands in the background
			rule, _ := lint.Lookup(f.Rule)
			return !rule.Words || f.Pointer != "/background"
		})
		_, _ = fmt.Fprintf(a.err, "%s is not in Debrief's own form: its words are looked at, not what it lacks\n", plain(name))
	} else if err := in.Draft().Check(); err != nil {
		var refusal *incident.Error
		if errors.As(err, &refusal) {
			printRefusal(a.err, name+" cannot be filed as it is", refusal)
		}
	}
	for _, l := range reading.Report {
		if l.Line > 0 {
			printLoss(a.err, fmt.Sprintf("%s:%d", name, l.Line), client.Loss(l))
		}
	}
	return &linted{Of: name, Findings: incident.Findings{Items: found, Silenced: silenced}, title: in.Title, uri: fileURI(name),
		line: func(pointer string) int { return lineOf(text, in, pointer) }, why: reasons(in)}, nil
}

// reasons are why findings are silenced: by rule and key, or by rule alone.
func reasons(in *incident.Incident) map[string]string {
	why := map[string]string{}
	for _, s := range in.Silenced {
		why[s.Rule+" "+s.Key] = s.Reason
	}
	return why
}

// terminal tells whether a person would have to type what is read.
func terminal(in any) bool {
	file, ok := in.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err != nil || info.Mode()&os.ModeCharDevice != 0
}
