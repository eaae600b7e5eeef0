package main

import (
	"strings"
	"testing"

	"github.com/debriefhq/debrief/cmd/debrief/screen"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/lint"
)

// TestWhatLintPrintsFitsTheTerminal has a finding of every rule: only an address
// that is longer than the line may go beyond it, and has the line to itself.
func TestWhatLintPrintsFitsTheTerminal(t *testing.T) {
	t.Parallel()
	one := &linted{Of: "postmortems/2013/" + strings.Repeat("long-", 10) + "name.md", title: strings.Repeat("Cards were charged twice ", 9)}
	for _, r := range lint.Rules {
		one.Items = append(one.Items, incident.Finding{
			Rule: r.ID, Level: r.Level, Place: "impact on " + strings.Repeat("the payment service 決済 ", 9), Detail: r.Title, Do: r.Why, Why: r.Why, Source: r.Source, Key: "53f09d14b021",
		})
	}
	for _, width := range []int{60, 80, 100} {
		text := renderFindings(one, width)
		for line := range strings.Lines(text) {
			line = strings.TrimSuffix(line, "\n")
			if screen.Width(line) > width && strings.Contains(line, " ") {
				t.Errorf("in %d columns a line has %d: %s", width, screen.Width(line), line)
			}
		}
		for _, r := range lint.Rules {
			if !strings.Contains(text, r.Source+"\n") {
				t.Errorf("in %d columns %s is torn apart", width, r.Source)
			}
		}
	}
}

func TestTheTableOfRulesFitsTheTerminal(t *testing.T) {
	t.Parallel()
	for _, width := range []int{0, 60, 80, 200} {
		var out strings.Builder
		if err := (&app{out: &out, width: width}).printRules(false); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		for _, line := range lines {
			if most := map[int]int{0: 80}[width] + width; screen.Width(line) > most {
				t.Errorf("in %d columns a row has %d: %s", most, screen.Width(line), line)
			}
		}
		if got := strings.Join(strings.Fields(out.String()), " "); !strings.Contains(got, "links to nothing they cannot open") {
			t.Errorf("in %d columns a title lost words:\n%s", width, out.String())
		}
		if width == 200 && len(lines) != len(lint.Rules)+1 {
			t.Errorf("in 200 columns there are %d rows, want one each", len(lines))
		}
	}
}
