package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
)

func (a *app) showCommand() *cobra.Command {
	var asJSON bool
	var d display
	cmd := &cobra.Command{
		Use:   "show NUMBER",
		Short: "Show one incident, whole",
		Long: `Shows one incident, whole. A terminal gets it drawn in its width: a bar of the
incident to scale, the timeline by days with its gaps, and colour unless NO_COLOR is
set. What is longer than the screen goes through $PAGER, else less. Into a pipe or a
file comes plain text, which --color always draws too.`,
		Example: "  debrief show INC-42\n  debrief show 42 --json\n  debrief show 42 --color always --no-pager | less -R",
		Args:    exactly("NUMBER"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ink, drawn, err := a.onScreen(&d)
			if err != nil {
				return err
			}
			n, err := number(args[0])
			if err != nil {
				return err
			}
			in, err := a.client().Incident(cmd.Context(), n)
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(in)
			}
			b, err := a.beside(cmd.Context(), n)
			if err != nil {
				return err
			}
			if drawn {
				return a.page(&d, draw(in, b, a.now(), a.columns(), ink))
			}
			_, err = fmt.Fprint(a.out, plain(render(in, b)))
			return err
		},
	}
	d.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// beside is what is known beside a record.
type beside struct {
	deployed []client.DeployedBefore
	known    []client.KnownBefore
}

func (a *app) beside(ctx context.Context, n incident.Number) (b beside, err error) {
	if b.deployed, err = a.client().DeployedBefore(ctx, n); err != nil {
		return b, err
	}
	b.known, err = a.client().KnownBefore(ctx, n)
	return b, err
}

// render writes the record as a person reads it in a terminal.
func render(in *incident.Incident, beside beside) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", in.Number, oneLine(in.Title))
	fmt.Fprintln(&b, strings.Join(filled(facts(in)), " · "))
	renderPeople(&b, in.People)
	section(&b, "Summary", in.Summary)
	section(&b, "Background", in.Background)
	section(&b, "For outsiders", strings.Join(filled([]string{in.PublicTitle, in.PublicSummary}), "\n\n"))
	renderMilestones(&b, in)
	section(&b, "Deployed before", strings.Join(deployedBefore(beside.deployed), "\n"))
	section(&b, "Known before", strings.Join(knownBefore(beside.known), "\n"))
	renderTimeline(&b, in)
	renderImpacts(&b, in)
	renderAnalysis(&b, &in.Analysis)
	renderMessages(&b, in)
	renderActions(&b, in.Actions)
	renderComments(&b, in.Comments)
	section(&b, "Relatives", strings.Join(relatives(in), "\n"))
	section(&b, "Sources", strings.Join(in.Sources, "\n"))
	if len(in.Warnings) > 0 {
		fmt.Fprintln(&b)
	}
	for _, w := range in.Warnings {
		fmt.Fprintf(&b, "note: %s (%s)\n", oneLine(w.Detail), w.Pointer)
	}
	return b.String()
}

// facts are what stands in one line below the title; empty ones are left out.
func facts(in *incident.Incident) []string {
	var kind, tags, archived string
	if in.Kind != incident.KindIncident {
		kind = string(in.Kind)
	}
	if len(in.Tags) > 0 {
		tags = "tags: " + strings.Join(in.Tags, ", ")
	}
	if in.Archived {
		archived = "archived"
	}
	return []string{kind, string(in.Severity), standing(&in.Heading), archived, "review: " + approved(&in.Review), string(in.Visibility), "times in " + in.Zone, tags}
}

// approved says where the postmortem stands, and who approved what.
func approved(r *incident.Review) string {
	var whole, public []string
	for _, a := range r.Approvals {
		if a.Public {
			public = append(public, a.By)
		} else {
			whole = append(whole, a.By)
		}
	}
	text := string(r.State)
	if by := "approved by " + strings.Join(whole, " and "); len(whole) > 0 && r.State == incident.ReviewApproved {
		text = by
	} else if len(whole) > 0 {
		text += ", " + by
	}
	if len(public) > 0 {
		text += ", its public version approved by " + strings.Join(public, " and ")
	}
	return text
}

func renderPeople(b *strings.Builder, people []incident.Person) {
	for _, p := range people {
		span := ""
		if p.From != nil {
			span += ", from " + dated(p.From, "")
		}
		if p.Until != nil {
			span += ", until " + dated(p.Until, "")
		}
		fmt.Fprintf(b, "%s: %s%s\n", oneLine(p.Role), oneLine(p.Name), span)
	}
}

func relatives(in *incident.Incident) []string {
	var all []string
	for _, n := range in.Related {
		all = append(all, "related to "+n.String())
	}
	if in.RecurrenceOf != nil {
		all = append(all, "a recurrence of "+in.RecurrenceOf.String())
	}
	if in.DuplicateOf != nil {
		all = append(all, "a duplicate of "+in.DuplicateOf.String())
	}
	return all
}

// dated is a moment with its day, where Both alone would leave that open.
func dated(m *incident.Moment, zone string) string {
	if !m.Known() || m.Precision == incident.Day {
		return incident.Both(m, zone)
	}
	return incident.Date(m, zone) + ", " + incident.Both(m, zone)
}

func filled(texts []string) []string {
	var kept []string
	for _, text := range texts {
		if text != "" {
			kept = append(kept, text)
		}
	}
	return kept
}

func section(b *strings.Builder, title, text string) {
	if text != "" {
		fmt.Fprintf(b, "\n%s\n%s\n", title, indent(text))
	}
}

func indent(text string) string {
	text = "  " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n  ")
	return strings.ReplaceAll(text, "\n  \n", "\n\n")
}

func renderMilestones(b *strings.Builder, in *incident.Incident) {
	fmt.Fprintln(b)
	for _, row := range append(milestones(in), measures(in)...) {
		fmt.Fprintf(b, "  %-15s %s\n", row.name, row.told)
	}
}

// row is a line of the milestones and the measures.
type row struct{ name, told string }

func milestones(in *incident.Incident) []row {
	m := &in.Milestones
	var rows []row
	for _, each := range []struct {
		name string
		at   *incident.Moment
	}{
		{"triggered", m.Triggered},
		{"started", m.Started},
		{"detected", m.Detected},
		{"acknowledged", m.Acknowledged},
		{"mitigated", m.Mitigated},
		{"resolved", m.Resolved},
	} {
		if each.at != nil {
			rows = append(rows, row{each.name, dated(each.at, in.Zone)})
		}
	}
	return rows
}

func measures(in *incident.Incident) []row {
	measures := incident.Measure(in)
	var rows []row
	for _, each := range []struct {
		name    string
		seconds *int64
		stated  *string
	}{
		{"to detect", measures.TimeToDetect, in.Stated.TimeToDetect},
		{"to acknowledge", measures.TimeToAcknowledge, in.Stated.TimeToAcknowledge},
		{"to mitigate", measures.TimeToMitigate, in.Stated.TimeToMitigate},
		{"to resolve", measures.TimeToResolve, in.Stated.TimeToResolve},
		{"to tell", measures.TimeToTell, in.Stated.TimeToTell},
	} {
		var told []string
		if each.seconds != nil {
			told = append(told, incident.Span(time.Duration(*each.seconds)*time.Second))
		}
		if each.stated != nil && *each.stated != "" {
			told = append(told, "stated: "+*each.stated)
		}
		if len(told) > 0 {
			rows = append(rows, row{each.name, strings.Join(told, ", ")})
		}
	}
	return rows
}
