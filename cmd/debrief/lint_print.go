package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/debriefhq/debrief/cmd/debrief/screen"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/lint"
)

// printRules lists the table of rules.
func (a *app) printRules(asJSON bool) error {
	if asJSON {
		return a.printJSON(lint.Rules)
	}
	rows := [][]string{{"RULE", "LEVEL", "ASKS THAT"}}
	for _, r := range lint.Rules {
		rows = append(rows, []string{r.ID, string(r.Level), r.Title})
	}
	return a.printSentences(rows)
}

// printFindings says on the error stream how much lint finds. The command has
// done its work: when lint cannot be asked there is nothing to say.
func (a *app) printFindings(ctx context.Context, n incident.Number) {
	if found, err := a.client().Lint(ctx, n); err == nil && len(found.Items) > 0 {
		_, _ = fmt.Fprintf(a.err, "%s: debrief lint %d\n", several(len(found.Items), "finding"), int64(n))
	}
}

// renderFindings writes what was found by place, the worst place first. What to
// do, why and the source stand with the first finding of each rule. Lines are of
// at most width columns, as far as words allow.
func renderFindings(one *linted, width int) string {
	var b strings.Builder
	wrap(&b, oneLine(one.Of)+"  ", "    ", one.title, width)
	explained := map[string]bool{}
	for _, group := range byPlace(one.Items) {
		fmt.Fprintln(&b)
		wrap(&b, "", "", group[0].Place, width)
		for _, f := range group {
			key := ""
			if f.Key != "" {
				key = "  key " + f.Key
			}
			fmt.Fprintf(&b, "  %-7s %s%s\n", f.Level, f.Rule, key)
			wrap(&b, "          ", "          ", f.Detail, width)
			if explained[f.Rule] {
				continue
			}
			explained[f.Rule] = true
			wrap(&b, "     do   ", "          ", f.Do, width)
			wrap(&b, "     why  ", "          ", f.Why, width)
			wrap(&b, "     see  ", "", f.Source, width)
		}
	}
	if len(one.Items) > 0 {
		fmt.Fprintln(&b)
	}
	fmt.Fprintln(&b, tally(one))
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

// tally counts: "3 findings: 1 error, 2 warnings; 4 below warning left out; 1 silenced".
func tally(one *linted) string {
	text := "no findings"
	switch {
	case len(one.Items) > 0:
		counts := map[incident.FindingLevel]int{}
		for _, f := range one.Items {
			counts[f.Level]++
		}
		var parts []string
		for _, l := range incident.FindingLevels {
			if counts[l] > 0 {
				parts = append(parts, several(counts[l], string(l)))
			}
		}
		text = several(len(one.Items), "finding") + ": " + strings.Join(parts, ", ")
	case one.below > 0 && one.least.Rank() == 0:
		text = "no finding of level " + string(one.least)
	case one.below > 0:
		text = "no finding of level " + string(one.least) + " or above"
	}
	if one.below > 0 {
		text += fmt.Sprintf("; %d below %s left out", one.below, one.least)
	}
	if len(one.Silenced) > 0 {
		text += fmt.Sprintf("; %d silenced", len(one.Silenced))
	}
	return text
}

func several(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// wrap writes words in lines of at most width columns, as far as words allow, the
// first line behind first and the others behind rest. Where first is too long for
// that, or the words' first one is, such as a link, first has a line of its own.
func wrap(b *strings.Builder, first, rest, text string, width int) {
	room := width - max(screen.Width(first), screen.Width(rest))
	if word, _, _ := strings.Cut(oneLine(text), " "); first != "" && (room < width/2 || screen.Width(word) > room) {
		b.WriteString(strings.TrimRight(first, " ") + "\n")
		first, room = rest, width-screen.Width(rest)
	}
	for _, line := range screen.Ink(false).Wrap("", oneLine(text), room) {
		b.WriteString(strings.TrimRight(first+line, " ") + "\n")
		first = rest
	}
}
