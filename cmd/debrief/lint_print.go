package main

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/lint"
)

// printRules lists the table of rules.
func (a *app) printRules(asJSON bool) error {
	if asJSON {
		return a.printJSON(lint.Rules)
	}
	t := a.table()
	t.row("RULE", "LEVEL", "ASKS THAT")
	for _, r := range lint.Rules {
		t.row(r.ID, string(r.Level), r.Title)
	}
	return t.flush()
}

// printFindings says on the error stream how much lint finds. The command has
// done its work: when lint cannot be asked there is nothing to say.
func (a *app) printFindings(ctx context.Context, n incident.Number) {
	if found, err := a.client().Lint(ctx, n); err == nil && len(found.Items) > 0 {
		_, _ = fmt.Fprintf(a.err, "%s: debrief lint %d\n", several(len(found.Items), "finding"), int64(n))
	}
}

// renderFindings writes what was found by place, the worst place first. What to
// do, why and the source stand with the first finding of each rule.
func renderFindings(one *linted) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", one.Of, oneLine(one.title))
	explained := map[string]bool{}
	for _, group := range byPlace(one.Items) {
		fmt.Fprintf(&b, "\n%s\n", oneLine(group[0].Place))
		for _, f := range group {
			key := ""
			if f.Key != "" {
				key = "  key " + f.Key
			}
			fmt.Fprintf(&b, "  %-7s %s%s\n", f.Level, f.Rule, key)
			wrap(&b, "          ", "          ", f.Detail)
			if explained[f.Rule] {
				continue
			}
			explained[f.Rule] = true
			wrap(&b, "     do   ", "          ", f.Do)
			wrap(&b, "     why  ", "          ", f.Why)
			fmt.Fprintf(&b, "     see  %s\n", f.Source)
		}
	}
	if len(one.Items) > 0 {
		fmt.Fprintln(&b)
	}
	fmt.Fprintln(&b, tally(&one.Findings))
	return b.String()
}

// byPlace groups findings, the places in the order in which they come first.
func byPlace(all []incident.Finding) [][]incident.Finding {
	var groups [][]incident.Finding
	at := map[string]int{}
	for _, f := range all {
		i, known := at[f.Place]
		if !known {
			i = len(groups)
			at[f.Place], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], f)
	}
	return groups
}

// tally counts: "3 findings: 1 error, 2 notes; 1 silenced".
func tally(found *incident.Findings) string {
	text := "no findings"
	if len(found.Items) > 0 {
		counts := map[incident.FindingLevel]int{}
		for _, f := range found.Items {
			counts[f.Level]++
		}
		var parts []string
		for _, l := range incident.FindingLevels {
			if counts[l] > 0 {
				parts = append(parts, several(counts[l], string(l)))
			}
		}
		text = several(len(found.Items), "finding") + ": " + strings.Join(parts, ", ")
	}
	if len(found.Silenced) > 0 {
		text += fmt.Sprintf("; %d silenced", len(found.Silenced))
	}
	return text
}

func several(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// lineWidth is that of a terminal that everybody has.
const lineWidth = 80

// wrap writes words in lines of at most 80 columns, as far as words allow.
func wrap(b *strings.Builder, first, rest, text string) {
	line := first
	for i, word := range strings.Fields(text) {
		if i > 0 && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > lineWidth {
			b.WriteString(strings.TrimRight(line, " ") + "\n")
			line = rest + word
			continue
		}
		if i > 0 {
			line += " "
		}
		line += word
	}
	b.WriteString(line + "\n")
}
