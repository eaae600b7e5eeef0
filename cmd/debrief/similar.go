package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
)

func (a *app) similarCommand() *cobra.Command {
	var asJSON bool
	var limit int
	said := map[string]*string{}
	cmd := &cobra.Command{
		Use:   "similar NUMBER",
		Short: "Have we seen this before? List likely relatives, with the reasons",
		Long: `Lists incidents that may be of the same sort, the likeliest first, with what they
have in common. One that is a relative is linked with --related or --repeats; one
that is none is dismissed, which is remembered until it is taken back.`,
		Example: "  debrief similar 42\n  debrief similar 42 --repeats 12\n  debrief similar 42 --dismiss 17",
		Args:    exactly("NUMBER"),
		RunE: func(cmd *cobra.Command, args []string) error {
			n, err := number(args[0])
			if err != nil {
				return err
			}
			for _, s := range sayings {
				if cmd.Flags().Changed(s.flag) {
					return a.say(cmd.Context(), n, s, *said[s.flag])
				}
			}
			all, err := a.client().Similar(cmd.Context(), n, limit)
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(all)
			}
			return a.printSimilar(all)
		},
	}
	for _, s := range sayings {
		said[s.flag] = cmd.Flags().String(s.flag, "", s.help)
	}
	cmd.MarkFlagsMutuallyExclusive("related", "repeats", "dismiss", "take-back")
	cmd.Flags().IntVar(&limit, "limit", 10, "rows, 1 to 20")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// saying is what a flag says of two incidents.
type saying struct{ flag, as, help, done string }

// sayings are all of them; the last takes back the one before it.
var sayings = []saying{
	{"related", "related", "NUMBER of one that is related", "%s is related to %s\n"},
	{"repeats", "recurrence_of", "NUMBER of one that happened again", "%s repeats %s\n"},
	{"dismiss", "no_relative", "NUMBER of one that is no relative", "%s is no relative of %s\n"},
	{"take-back", "", "NUMBER of one that was dismissed", "%s may be a relative of %s again\n"},
}

func (a *app) say(ctx context.Context, n incident.Number, s saying, text string) error {
	other, err := number(text)
	if err != nil {
		return atFlag(s.flag, err)
	}
	if s.as == "" {
		err = a.client().TakeBack(ctx, n, other)
	} else {
		err = a.client().Relate(ctx, n, other, s.as)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.out, s.done, n, other)
	return err
}

func (a *app) printSimilar(all []client.Relative) error {
	if len(all) == 0 {
		_, err := fmt.Fprintln(a.out, "nothing like it is known")
		return err
	}
	for _, r := range all {
		_, _ = fmt.Fprintf(a.out, "%s  %s\n", r.Number, oneLine(r.Title)) // the stream remembers an error
		for _, reason := range r.Reasons {
			_, _ = fmt.Fprintf(a.out, "  %s\n", oneLine(reason))
		}
	}
	return nil
}

// knownBefore says what was left of the follow-ups of older relatives.
func knownBefore(all []client.KnownBefore) []string {
	var lines []string
	for _, k := range all {
		var left []string
		for _, l := range k.Left {
			left = append(left, fmt.Sprintf("%s (%s)", l.Title, strings.ReplaceAll(string(l.Then), "_", " ")))
		}
		line := fmt.Sprintf("%d of %d follow-ups of %s were not done", len(left), k.Actions, k.Incident)
		if len(left) > 0 {
			line += ": " + strings.Join(left, "; ")
		}
		lines = append(lines, line)
	}
	return lines
}
