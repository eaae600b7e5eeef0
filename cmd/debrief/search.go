package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
)

const searchLong = `Find incidents by words in any part of the record, the best first, and say where they stand.

Words are found in any form; "several words" stand in this order; -without; begin*; this OR that. Filters stand among
the words: severity:sev1,sev2 status:open component:billing tag:redis cause:configuration owner:me person:"Lena Brandt"
review:draft kind:near_miss after:2013-07 before:30d is:overdue. Where few records have all words, those that lack some
follow..`

func (a *app) searchCommand() *cobra.Command {
	var p client.Paging
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "search WORDS",
		Short: "Find incidents by words in any part of the record",
		Long:  searchLong,
		Example: `  debrief search redis slave of itself` + "\n" + `  debrief search '"wrong configuration" -dns after:2013'` + "\n" +
			`  debrief search owner:me is:overdue`,
		Args: func(cmd *cobra.Command, args []string) error {
			if strings.TrimSpace(strings.Join(args, "")) == "" {
				return &usageError{fmt.Errorf("WORDS are missing: see %s --help", cmd.CommandPath())}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			page, err := a.client().Search(cmd.Context(), strings.Join(args, " "), p)
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(page)
			}
			a.printHits(&page)
			return nil
		},
	}
	pageFlags(cmd, &p)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// printHits lists what was found, each with its places.
func (a *app) printHits(page *client.Page[client.Hit]) {
	for _, hint := range page.Hints {
		_, _ = fmt.Fprintln(a.err, oneLine(hint))
	}
	switch {
	case page.Partial:
		_, _ = fmt.Fprintln(a.err, "looking took too long: there may be more, and better ones")
	case page.Newest > 0:
		_, _ = fmt.Fprintf(a.err, "these words are common: the newest %d records with them were compared\n", page.Newest)
	}
	if len(page.Items) == 0 {
		_, _ = fmt.Fprintln(a.out, "nothing has all of these words: try fewer")
	}
	for i := range page.Items {
		h := &page.Items[i]
		_, _ = fmt.Fprintf(a.out, "%s  %s\n", h.Number, oneLine(h.Title))
		for _, p := range h.Where {
			if p.Part != "title" {
				_, _ = fmt.Fprintf(a.out, "        %s: %s\n", placeName(&p), oneLine(p.Snippet))
			}
		}
		if len(h.Lacks) > 0 {
			_, _ = fmt.Fprintf(a.out, "        without %s\n", oneLine(strings.Join(h.Lacks, ", ")))
		}
	}
	a.more(page.Next)
}

// placeName says where something was found, such as timeline 09:42.
func placeName(p *client.Place) string {
	name := strings.ReplaceAll(p.Part, "_", " ")
	if p.At.Known() && p.At.Precision != incident.Day {
		name += " " + incident.Clock(p.At)
	}
	return name
}
