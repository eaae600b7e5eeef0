package screen

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
)

// someMilestones are any of the six, in any order, also at one time.
func someMilestones(t *rapid.T) (m incident.Milestones, names []string) {
	minutes := rapid.SampledFrom([]int{1, 3, 59, 3000}).Draw(t, "minutes")
	for _, row := range []struct {
		name string
		at   **incident.Moment
	}{
		{"triggered", &m.Triggered}, {"started", &m.Started}, {"detected", &m.Detected},
		{"acknowledged", &m.Acknowledged}, {"mitigated", &m.Mitigated}, {"resolved", &m.Resolved},
	} {
		if rapid.Bool().Draw(t, row.name+" is known") {
			after := time.Duration(rapid.IntRange(0, minutes).Draw(t, row.name)) * time.Minute
			when := incident.Exactly(at("14:00").At.Add(after), "UTC", incident.Minute)
			*row.at = &when
			names = append(names, row.name)
		}
	}
	return m, names
}

// TestBarNamesEveryMilestone also where names have no room, and where impacts
// with long names reach further than the milestones.
func TestBarNamesEveryMilestone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var in incident.Incident
		var want []string
		in.Zone, in.Status = "UTC", rapid.SampledFrom([]incident.Status{incident.Resolved, incident.Monitoring}).Draw(t, "status")
		in.Milestones, want = someMilestones(t)
		for i := range rapid.IntRange(0, 3).Draw(t, "impacts") {
			after := time.Duration(rapid.IntRange(-90, 90).Draw(t, "impact")) * time.Minute
			from := incident.Exactly(at("14:00").At.Add(after), "UTC", incident.Minute)
			in.Impacts = append(in.Impacts, incident.Impact{Component: strings.Repeat("c", 8*i), From: &from})
		}
		for _, width := range []int{40, 60, 80, 120} {
			lines := Ink(false).Bar(&in, *at("23:00").At, width)
			if lines == nil {
				if len(want) > 1 && in.Status != incident.Resolved {
					t.Fatalf("no bar of %d columns with %v", width, want)
				}
				continue
			}
			var named []string
			for _, line := range lines {
				if text := strings.TrimSpace(line); strings.ContainsAny(text, "╰╯├┤") {
					named = append(named, strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,│╰╯├┤", r) })...)
				}
			}
			slices.Sort(named)
			if got, want := fmt.Sprint(named), fmt.Sprint(slices.Sorted(slices.Values(want))); got != want {
				t.Fatalf("the bar names %s, want %s:\n%s", got, want, strings.Join(lines, "\n"))
			}
		}
	})
}

func TestBarWithCrowdedNames(t *testing.T) {
	t.Parallel()
	resolved := incident.Heading{Zone: "UTC", Status: incident.Resolved}
	together := incident.Incident{Heading: resolved}
	together.Milestones = incident.Milestones{
		Triggered: at("14:00"), Started: at("14:00"), Detected: at("15:00"), Acknowledged: at("15:00"), Mitigated: at("15:00"), Resolved: at("15:00")}
	crossed := incident.Incident{Heading: resolved}
	crossed.Milestones = incident.Milestones{
		Started: at("14:00"), Detected: at("14:22"), Acknowledged: at("14:38"), Resolved: at("15:00")}
	endless := incident.Incident{Heading: resolved, Impacts: []incident.Impact{{Component: "API", From: at("13:30"), Until: at("15:00")}}}
	endless.Milestones = incident.Milestones{Detected: at("14:00"), Acknowledged: at("14:10")}
	checkBars(t, []barTest{
		{"milestones of one time that are too many for a line", together, 40, `
            14:00 UTC         15:00 UTC
  incident  ██████████████████████████━
            │                detected ┤
            │            acknowledged ┤
            │               mitigated ┤
            │                resolved ╯
            ╰ triggered, started
  █ unnoticed   ━ over
`},
		{"names in each other's way", crossed, 40, `
            14:00 UTC         15:00 UTC
  incident  █████████▓▓▓▓▓▓▓▒▒▒▒▒▒▒▒▒▒━
            │  acknowledged ╯         │
            │        │       resolved ╯
            │        ╰ detected
            ╰ started
  █ unnoticed   ▓ noticed
  ▒ acknowledged   ━ over
`},
		{"nobody knows what was before the first and after the last", endless, 63, `
            13:30 UTC                                15:00 UTC
  incident  ················▓▓▓▓▓▒····························
                            │    ╰ acknowledged
                            ╰ detected
  API       ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
  ▓ noticed   ▒ acknowledged   · not known
`},
	})
}
