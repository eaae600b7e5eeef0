package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
)

func (a *app) importCommand() *cobra.Command {
	var format string
	var dryRun, asJSON bool
	cmd := &cobra.Command{
		Use:   "import --format F PATH…",
		Short: "Bring records in, and say what was not understood",
		Long: `Brings records in, each PATH one document ("-" is standard input), and prints a loss
report: what was not understood stays as text in the record. A PATH that is refused
stops none of the others. Images in images/ beside a document, as an export put them
there, come with it. --dry-run files nothing. Into an empty installation an
admin's import of our own Markdown keeps numbers and review.`,
		Example: "  debrief import --format markdown --dry-run postmortems/*.md",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &usageError{fmt.Errorf("PATH is missing: see %s --help", cmd.CommandPath())}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := readable(format); err != nil {
				return err
			}
			refused := 0
			var at atomic.Int64
			defer a.slowly(func() string { n := at.Load(); return fmt.Sprintf("importing %d of %d: %s", n+1, len(args), args[n]) })()
			for i, path := range args {
				at.Store(int64(i))
				err := a.importFile(cmd.Context(), path, format, dryRun, asJSON)
				var refusal *incident.Error
				switch {
				case errors.As(err, &refusal) && refusal.Kind != incident.SignIn && refusal.Kind != incident.Forbidden:
					refused++
					printRefusal(a.err, path, refusal)
				case err != nil:
					return err
				}
			}
			if refused > 0 {
				return incident.Refuse(incident.Invalid, "", fmt.Sprintf("%d of %d refused: mend and import those again", refused, len(args)))
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "", "markdown or json")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "read and report, file nothing")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, an object for each PATH that came in")
	needFlags(cmd, "format")
	return cmd
}

// importFile brings one document in, whole or not at all.
func (a *app) importFile(ctx context.Context, path, format string, dryRun, asJSON bool) error {
	text, err := a.readNamed(path)
	if err != nil {
		return err
	}
	result, err := a.client().Import(ctx, format, dryRun, bytes.NewReader(text))
	if err != nil {
		return err
	}
	if !dryRun && path != "-" && len(result.Incidents) == 1 {
		if err := a.importImages(ctx, path, result.Incidents[0].Number, text); err != nil {
			return err
		}
	}
	if asJSON {
		return a.printJSON(struct {
			Path string `json:"path"`
			client.Imported
		}{path, result})
	}
	for _, in := range result.Incidents {
		name := in.Number.String()
		if dryRun {
			name = "would file"
		}
		_, _ = fmt.Fprintf(a.out, "%s: %s  %s\n", plain(path), name, oneLine(in.Title))
	}
	for _, l := range result.Report {
		where := path
		if l.Line > 0 {
			where = fmt.Sprintf("%s:%d", path, l.Line)
		}
		printLoss(a.out, where, l)
	}
	return nil
}
