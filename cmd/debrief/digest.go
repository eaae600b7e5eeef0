package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

func (a *app) digestCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "digest [PERIOD]",
		Short: "Tell what happened in a month or a quarter, what was learned and what is owed",
		Long: `Tells in Markdown what happened in a month or a quarter of UTC, what was learned
from it, and which follow-ups are still owed, for the whole team: nothing private
is in it. PERIOD is a month such as 2013-07 or a quarter such as 2013-Q3; the last
full month when left out.`,
		Example: "  debrief digest\n  debrief digest 2013-Q3 > digest.md",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return &usageError{fmt.Errorf("one PERIOD is taken, not %d", len(args))}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			from := incident.LastMonth(a.now())
			period := incident.PeriodName(from, from.AddDate(0, 1, 0))
			if len(args) > 0 {
				period = args[0]
			}
			if _, _, _, err := incident.ReadPeriod(period); err != nil {
				return &usageError{err}
			}
			d, err := a.client().Digest(cmd.Context(), period)
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(d)
			}
			base, _ := a.server()
			return document.WriteDigest(a.out, d, func(n incident.Number) string {
				return fmt.Sprintf("%s/incidents/%d", strings.TrimSuffix(base, "/"), n)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the API's JSON")
	return cmd
}
