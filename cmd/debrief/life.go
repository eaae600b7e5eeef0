package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
)

func (a *app) actionCommand() *cobra.Command {
	var x incident.Action
	var change, kind, priority, due, state, audience string
	cmd := &cobra.Command{
		Use:   "action NUMBER [TITLE]",
		Short: "Add a follow-up, or change one with --change",
		Example: `  debrief action 42 "Make auto-recharge fail safe" --kind prevent --owner ana --due 2013-08-01
  debrief action 42 --change 4qk2m9x1c8za --state done`,
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case cmd.Flags().Changed("change"):
				return exactly("NUMBER")(cmd, args)
			case cmd.Flags().Changed("title"):
				return &usageError{fmt.Errorf("--title goes with --change: see %s --help", cmd.CommandPath())}
			}
			return exactly("NUMBER", "TITLE")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			n, err := number(args[0])
			if err != nil {
				return err
			}
			if cmd.Flags().Changed("change") {
				return a.changeAction(cmd, n, change)
			}
			x.Title, x.Kind, x.Priority = args[1], incident.ActionKind(kind), incident.Priority(priority)
			x.State, x.Audience = incident.ActionState(state), incident.Audience(audience)
			if due != "" {
				x.Due = &due
			}
			added, err := a.client().Append(cmd.Context(), n, &x)
			if err != nil {
				return err
			}
			a.printOdd(added...)
			_, err = fmt.Fprintf(a.out, "%s: added action %s\n", n, added[0].Head().ID)
			return err
		},
	}
	cmd.Flags().StringVar(&change, "change", "", "id of the action to change, with the flags that say how")
	cmd.Flags().StringVar(&x.Title, "title", "", "new title, with --change")
	cmd.Flags().StringVar(&kind, "kind", "prevent", "prevent, detect, mitigate, process or document")
	cmd.Flags().StringVar(&x.Owner, "owner", "", "who will do it")
	cmd.Flags().StringVar(&priority, "priority", "", "high, medium or low")
	cmd.Flags().StringVar(&due, "due", "", "a day, such as 2013-08-01")
	cmd.Flags().StringVar(&state, "state", "open", "open, in_progress, done or not_doing")
	cmd.Flags().StringVar(&x.Reason, "reason", "", "why it will not be done")
	cmd.Flags().StringVar(&x.Ticket, "ticket", "", "link")
	audienceFlag(cmd, &audience)
	return cmd
}

// changeAction sends only the flags that were given, as a merge patch.
func (a *app) changeAction(cmd *cobra.Command, n incident.Number, id string) error {
	patch := map[string]any{}
	for _, name := range []string{"title", "kind", "owner", "priority", "due", "state", "reason", "ticket", "audience"} {
		if f := cmd.Flags().Lookup(name); f.Changed {
			patch[name] = f.Value.String()
		}
	}
	if len(patch) == 0 {
		return &usageError{fmt.Errorf("say what to change, such as --state done: see %s --help", cmd.CommandPath())}
	}
	part, err := a.client().Part(cmd.Context(), n, incident.Actions, id)
	if err != nil {
		return err
	}
	changed, err := a.client().PatchPart(cmd.Context(), n, incident.Actions, id, part.Head().Revision, patch)
	if err != nil {
		return err
	}
	x, ok := changed.Part.(*incident.Action)
	if !ok {
		return fmt.Errorf("the server answered with a part of %s", changed.PartKind())
	}
	a.printOdd(changed)
	_, err = fmt.Fprintf(a.out, "%s: %s is %s\n", n, oneLine(x.Title), x.State)
	return err
}

func (a *app) resolveCommand() *cobra.Command {
	var at, reason, duplicate string
	var falseAlarm bool
	cmd := &cobra.Command{
		Use:     "resolve NUMBER",
		Short:   "Resolve an incident, which closes its open impacts",
		Example: `  debrief resolve 42 --at "9:15 PM PDT"` + "\n  debrief resolve 43 --duplicate-of 42",
		Args:    exactly("NUMBER"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if falseAlarm && duplicate != "" {
				return &usageError{fmt.Errorf("--duplicate-of and --false-alarm exclude each other: see %s --help", cmd.CommandPath())}
			}
			move := incident.StatusMove{To: incident.Resolved, Reason: reason}
			if duplicate != "" {
				of, err := number(duplicate)
				if err != nil {
					return err
				}
				move.Resolution, move.DuplicateOf = incident.Duplicate, &of
			}
			in, err := a.fetch(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if in.Kind == incident.Maintenance {
				move.To = incident.Completed
			}
			if move.At, err = a.when(in, "at", at, in.Latest()); err != nil {
				return err
			}
			if falseAlarm {
				move.Resolution = incident.FalseAlarm
			}
			in, err = a.client().Move(cmd.Context(), in.Number, move)
			if err != nil {
				return err
			}
			a.printWarnings(in.Warnings)
			_, err = fmt.Fprintf(a.out, "%s: %s%s\n", in.Number, standing(&in.Heading), understood(in, move.At))
			return err
		},
	}
	cmd.Flags().StringVar(&at, "at", "now", "when")
	cmd.Flags().StringVar(&reason, "reason", "", "why, on record")
	cmd.Flags().StringVar(&duplicate, "duplicate-of", "", "NUMBER of the incident that this one repeats")
	cmd.Flags().BoolVar(&falseAlarm, "false-alarm", false, "nothing was wrong")
	return cmd
}

func (a *app) reviewCommand() *cobra.Command {
	var reason string
	var reviewers []string
	cmd := &cobra.Command{
		Use:   "review NUMBER MOVE",
		Short: "Move the postmortem through review: submit, approve, publish",
		Long: `Moves the postmortem through review. MOVE is submit, request_changes, approve,
approve_public (of what outsiders would see), publish or withdraw. Nobody approves
alone what they alone wrote, unless an admin says why with --reason.`,
		Example: "  debrief review 42 submit --reviewer ana\n  debrief review 42 approve\n  debrief review 42 approve_public\n  debrief review 42 publish",
		Args:    exactly("NUMBER", "MOVE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			n, err := number(args[0])
			if err != nil {
				return err
			}
			if err := checkChoice("MOVE", args[1], moves); err != nil {
				return &usageError{err}
			}
			in, err := a.client().Review(cmd.Context(), n, client.ReviewStep{
				Move: incident.ReviewMove(strings.ToLower(args[1])), Reason: reason, Reviewers: reviewers,
			})
			if err != nil {
				return err
			}
			a.printWarnings(in.Warnings)
			if incident.ReviewMove(strings.ToLower(args[1])) == incident.Submit {
				a.printFindings(cmd.Context(), n)
			}
			_, err = fmt.Fprintf(a.out, "%s: the postmortem is %s\n", n, reviewed(&in.Review))
			return err
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, on record")
	cmd.Flags().StringArrayVar(&reviewers, "reviewer", nil, "name of somebody asked to review, with submit; may be repeated")
	return cmd
}

// reviewed says where the postmortem stands; before it is published, also
// whether the public version is approved.
func reviewed(r *incident.Review) string {
	public := slices.ContainsFunc(r.Approvals, func(a incident.Approval) bool { return a.Public })
	if public && r.State != incident.ReviewPublished {
		return string(r.State) + ", its public version approved"
	}
	return string(r.State)
}
