package main

import (
	"fmt"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

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
			at += " – " + until(e, in.Zone)
		}
		who := ""
		if e.Actor != "" {
			who = " — " + e.Actor
		}
		fmt.Fprintf(b, "    %s  [%s, %s]%s\n", at, e.Kind, e.Audience, who)
		fmt.Fprintf(b, "      %s\n", strings.ReplaceAll(e.Text, "\n", "\n      "))
	}
}

// until is the end of an entry, with its day when that is another one.
func until(e *incident.Entry, zone string) string {
	if e.At.Known() && incident.Date(e.At, zone) == incident.Date(e.Until, zone) {
		return incident.Both(e.Until, zone)
	}
	return dated(e.Until, zone)
}

func renderImpacts(b *strings.Builder, in *incident.Incident) {
	if len(in.Impacts) == 0 {
		return
	}
	fmt.Fprintln(b, "\nImpact")
	for i := range in.Impacts {
		m := &in.Impacts[i]
		facts := []string{m.Component, string(m.Kind), string(m.Level), string(m.Audience)}
		if m.From != nil {
			facts = append(facts, "from "+dated(m.From, in.Zone))
		}
		if m.Until != nil {
			facts = append(facts, "until "+dated(m.Until, in.Zone))
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
		fmt.Fprintf(b, "  %d. %s\n     %s\n", i+1, oneLine(w.Why), or(oneLine(w.Because), "not known"))
	}
	for i, f := range an.Factors {
		if i == 0 {
			fmt.Fprintln(b, "\nContributing factors")
		}
		fmt.Fprintf(b, "  - %s (%s)\n", oneLine(f.Text), strings.Join(filled([]string{f.Category, string(f.Confidence), string(f.Audience)}), ", "))
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
		facts := []string{dated(m.At, in.Zone), string(m.Channel), string(m.State), string(m.Audience), m.Author, m.Status, m.Link}
		if m.NextUpdateAt != nil {
			facts = append(facts, "next update promised: "+dated(m.NextUpdateAt, in.Zone))
		}
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
		facts = append(facts, string(x.Audience))
		for _, n := range x.AlsoFor {
			facts = append(facts, "also for "+n.String())
		}
		fmt.Fprintf(b, "  - %s (%s) %s\n", oneLine(x.Title), strings.Join(filled(facts), ", "), x.ID)
		for _, text := range filled([]string{x.Reason, x.Ticket}) {
			fmt.Fprintf(b, "    %s\n", oneLine(text))
		}
	}
}

func renderComments(b *strings.Builder, comments []incident.Comment) {
	for i, c := range comments {
		if i == 0 {
			fmt.Fprintln(b, "\nComments")
		}
		facts := []string{c.Author, c.At.UTC().Format("2 January 2006 15:04 UTC"), c.On}
		if c.Resolved {
			facts = append(facts, "resolved")
		}
		fmt.Fprintf(b, "  - %s\n%s\n", strings.Join(filled(facts), " · "), indent(indent(c.Text)))
	}
}
