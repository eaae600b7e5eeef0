package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/incident"
)

func (a *app) showCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "show NUMBER",
		Short:   "Show one incident, whole",
		Example: "  debrief show INC-42\n  debrief show 42 --json",
		Args:    exactly("NUMBER"),
		RunE: func(cmd *cobra.Command, args []string) error {
			number, err := incident.ReadNumber(args[0])
			if err != nil {
				return err
			}
			in, err := a.client().Incident(cmd.Context(), number)
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(in)
			}
			_, err = fmt.Fprint(a.out, plain(render(in)))
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// render writes the record as a person reads it in a terminal.
func render(in *incident.Incident) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", in.Number, oneLine(in.Title))
	facts := []string{string(in.Severity), standing(&in.Heading), "review: " + string(in.Review.State), string(in.Visibility), "times in " + in.Zone}
	fmt.Fprintln(&b, strings.Join(filled(facts), " · "))
	section(&b, "Summary", in.Summary)
	renderMilestones(&b, in)
	renderTimeline(&b, in)
	renderImpacts(&b, in)
	renderAnalysis(&b, &in.Analysis)
	renderMessages(&b, in)
	renderActions(&b, in.Actions)
	for _, w := range in.Warnings {
		fmt.Fprintf(&b, "note: %s (%s)\n", oneLine(w.Detail), w.Pointer)
	}
	return b.String()
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
	return "  " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n  ")
}

func renderMilestones(b *strings.Builder, in *incident.Incident) {
	m := &in.Milestones
	rows := []struct {
		name string
		at   *incident.Moment
	}{
		{"triggered", m.Triggered},
		{"started", m.Started},
		{"detected", m.Detected},
		{"acknowledged", m.Acknowledged},
		{"mitigated", m.Mitigated},
		{"resolved", m.Resolved},
	}
	fmt.Fprintln(b)
	for _, row := range rows {
		if row.at != nil {
			fmt.Fprintf(b, "  %-13s %s, %s\n", row.name, incident.Both(row.at, in.Zone), incident.Date(row.at, in.Zone))
		}
	}
	measures := incident.Measure(in)
	for _, row := range []struct {
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
		if row.seconds != nil {
			told = append(told, incident.Span(time.Duration(*row.seconds)*time.Second))
		}
		if row.stated != nil && *row.stated != "" {
			told = append(told, "stated: "+*row.stated)
		}
		if len(told) > 0 {
			fmt.Fprintf(b, "  %-15s %s\n", row.name, strings.Join(told, ", "))
		}
	}
}

func renderTimeline(b *strings.Builder, in *incident.Incident) {
	if len(in.Timeline) == 0 {
		return
	}
	fmt.Fprintln(b, "\nTimeline")
	day := ""
	for i := range in.Timeline {
		e := &in.Timeline[i]
		if e.At.Known() {
			if d := incident.Date(e.At, in.Zone); d != day {
				day = d
				fmt.Fprintf(b, "  %s\n", day)
			}
		}
		at := incident.Both(e.At, in.Zone)
		if e.Until != nil {
			at += " – " + incident.Both(e.Until, in.Zone)
		}
		who := ""
		if e.Actor != "" {
			who = " — " + e.Actor
		}
		fmt.Fprintf(b, "    %s  [%s, %s]%s\n", at, e.Kind, e.Audience, who)
		fmt.Fprintf(b, "      %s\n", strings.ReplaceAll(e.Text, "\n", "\n      "))
	}
}

func renderImpacts(b *strings.Builder, in *incident.Incident) {
	if len(in.Impacts) == 0 {
		return
	}
	fmt.Fprintln(b, "\nImpact")
	for i := range in.Impacts {
		m := &in.Impacts[i]
		facts := []string{m.Component, string(m.Kind), string(m.Level)}
		if m.From != nil {
			facts = append(facts, "from "+incident.Both(m.From, in.Zone))
		}
		if m.Until != nil {
			facts = append(facts, "until "+incident.Both(m.Until, in.Zone))
		}
		fmt.Fprintf(b, "  - %s\n", strings.Join(filled(facts), " · "))
		if m.Text != "" {
			fmt.Fprintf(b, "    %s\n", strings.ReplaceAll(m.Text, "\n", "\n    "))
		}
		for _, f := range m.Figures {
			fmt.Fprintf(b, "    %s: %v %s\n", f.Measure, f.Value, f.Unit)
		}
	}
}

func renderAnalysis(b *strings.Builder, an *incident.Analysis) {
	for _, cause := range []struct {
		title string
		text  *incident.Statement
	}{{"Trigger", an.Trigger}, {"Technical cause", an.TechnicalCause}, {"Process cause", an.ProcessCause}} {
		if cause.text != nil {
			section(b, cause.title, cause.text.Text)
		}
	}
	for i, w := range an.Whys {
		if i == 0 {
			fmt.Fprintln(b, "\nWhys")
		}
		fmt.Fprintf(b, "  %d. %s\n     %s\n", i+1, oneLine(w.Why), oneLine(w.Because))
	}
	for i, f := range an.Factors {
		if i == 0 {
			fmt.Fprintln(b, "\nContributing factors")
		}
		fmt.Fprintf(b, "  - %s (%s)\n", oneLine(f.Text), strings.Join(filled([]string{f.Category, string(f.Confidence)}), ", "))
	}
	for i, l := range an.Lessons {
		if i == 0 {
			fmt.Fprintln(b, "\nLessons")
		}
		fmt.Fprintf(b, "  - %s: %s\n", strings.ReplaceAll(string(l.Kind), "_", " "), oneLine(l.Text))
	}
}

func renderMessages(b *strings.Builder, in *incident.Incident) {
	for i := range in.Messages {
		m := &in.Messages[i]
		if i == 0 {
			fmt.Fprintln(b, "\nMessages")
		}
		facts := []string{incident.Both(m.At, in.Zone), string(m.Channel), string(m.State), string(m.Audience), m.Author, m.Status}
		fmt.Fprintf(b, "  - %s\n%s\n", strings.Join(filled(facts), " · "), indent(indent(m.Body)))
	}
}

func renderActions(b *strings.Builder, actions []incident.Action) {
	for i := range actions {
		x := &actions[i]
		if i == 0 {
			fmt.Fprintln(b, "\nActions")
		}
		facts := []string{string(x.State), string(x.Kind), string(x.Priority)}
		if x.Owner != "" {
			facts = append(facts, "owner "+x.Owner)
		}
		if x.Due != nil {
			facts = append(facts, "due "+*x.Due)
		}
		fmt.Fprintf(b, "  - %s (%s) %s\n", oneLine(x.Title), strings.Join(filled(facts), ", "), x.ID)
	}
}
