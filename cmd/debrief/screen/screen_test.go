package screen

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
)

func TestWrap(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		width      int
		want       []string
	}{
		{"words go to the next line", "one two three", 7, []string{"one two", "three"}},
		{"spaces are one", "one   two", 20, []string{"one two"}},
		{"wide characters take two columns and break anywhere", "日本語の文", 6, []string{"日本語", "の文"}},
		{"but not before a full stop", "日本語。文", 6, []string{"日本", "語。文"}},
		{"a link stays whole", "see https://example.org/a/long/way here", 10, []string{"see", "https://example.org/a/long/way", "here"}},
		{"a family is one character of two columns", "👩‍👩‍👧 ab", 5, []string{"👩‍👩‍👧 ab"}},
		{"nothing is an empty line", "", 5, []string{""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Ink(false).Wrap("", tt.text, tt.width); !slices.Equal(got, tt.want) {
				t.Errorf("Wrap(%q, %d) = %q, want %q", tt.text, tt.width, got, tt.want)
			}
		})
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, want string // want in letters alone
		ink              bool
	}{
		{"paragraphs stay apart", "one\ntwo\n\nthree", "one two\n\nthree", false},
		{"marks stay where there is no ink", "a **b** `c`", "a **b** `c`", false},
		{"and are drawn where there is", "a **b** `c`", "a b c", true},
		{"points hang", "- one two three four five six\n- b", "• one two three four\n  five six\n• b", false},
		{"numbers go on", "3. a\n4. b", "3. a\n4. b", false},
		{"code is not wrapped", "```\na long line of code that is copied\n```", "  a long line of code that is copied", false},
		{"nor is a table", "| a | b |\n|---|---|\n| 1 | 2 and more words |", "  | a | b |\n  |---|---|\n  | 1 | 2 and more words |", false},
		{"a link says where it leads", "[here](https://example.org)", "here\n(https://example.org)", true},
		{"HTML is text", "a <b>c</b>", "a <b>c</b>", false},
		{"what is asked for is ticked", "- [x] done\n- [ ] open", "• ☑ done\n• ☐ open", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := Bare(strings.Join(Ink(tt.ink).Markdown(tt.text, 21), "\n"))
			if got != tt.want {
				t.Errorf("Markdown(%q) =\n%s\nwant\n%s", tt.text, got, tt.want)
			}
		})
	}
}

// TestNoMarkdownDrivesTheTerminal looks for escapes that are not ours, also where
// an entity or a link spells them.
func TestNoMarkdownDrivesTheTerminal(t *testing.T) {
	t.Parallel()
	ours := regexp.MustCompile("\x1b\\[(0|[1-9]|3[0-9]|;)+m")
	for _, text := range []string{
		"\x1b]0;title\x07", "&#27;[2J", "&#x1b;]8;;http://evil&#7;", "[a](http://x/&#27;[2J)", "![&#27;c](http://x)",
		"`\x1b[8m`", "<b \x1b[8m>", "&#x202e;turned", "a\u009b2J", "<http://x/\u009b2J>", "# &#155;31m", "```\n\x1b[8m\n```",
	} {
		for _, ink := range []Ink{false, true} {
			got := strings.Join(ink.Markdown(text, 40), "\n")
			if rest := ours.ReplaceAllString(got, ""); rest != Plain(rest) {
				t.Errorf("Markdown(%q) with ink %v = %q, which drives the terminal", text, ink, got)
			}
		}
	}
}

func TestMarkdownLosesNoWord(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,12}`), 1, 30).Draw(t, "words")
		between := rapid.SampledFrom([]string{" ", "\n", "\n\n", "\n- ", "\n> ", " **", "\n# "}).Draw(t, "between")
		width := rapid.IntRange(24, 60).Draw(t, "width")
		shown := strings.Join(Ink(true).Markdown(strings.Join(words, between), width), "\n")
		for _, word := range words {
			if !strings.Contains(shown, word) {
				t.Fatalf("%q is not in\n%s", word, shown)
			}
		}
		for line := range strings.Lines(shown) {
			if w := Width(strings.TrimRight(Bare(line), "\n")); w > width {
				t.Fatalf("%q has %d columns, want at most %d", line, w, width)
			}
		}
	})
}

func at(clock string) *incident.Moment {
	t, err := time.Parse("2006-01-02 15:04", "2026-01-15 "+clock)
	if err != nil {
		panic(err)
	}
	m := incident.Exactly(t, "UTC", incident.Minute)
	return &m
}

func TestBar(t *testing.T) {
	t.Parallel()
	whole := incident.Incident{Heading: incident.Heading{Zone: "UTC", Status: incident.Resolved, Milestones: incident.Milestones{
		Triggered: at("14:00"), Started: at("14:03"), Detected: at("14:09"), Acknowledged: at("14:10"), Mitigated: at("14:41"), Resolved: at("15:00"),
	}}, Impacts: []incident.Impact{{Component: "Checkout", Level: incident.PartialOutage, From: at("14:03"), Until: at("14:41")}},
		Messages: []incident.Message{{Audience: incident.AudiencePublic, State: incident.Recorded, At: at("14:20")}}}
	open := incident.Incident{Heading: incident.Heading{Zone: "UTC", Status: incident.Investigating, Milestones: incident.Milestones{Started: at("14:03")}}}
	turned := incident.Incident{Heading: incident.Heading{Zone: "UTC", Status: incident.Resolved, Milestones: incident.Milestones{
		Started: at("14:30"), Detected: at("14:00"), Resolved: at("15:00")}}}
	checkBars(t, []barTest{
		{"a whole incident", whole, 63, `
            14:00 UTC                                15:00 UTC
  incident  ┈┈█████▓▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒━━━━━━━━━━━━━━━━━
            │ │    │╰ acknowledged mitigated ╯      resolved ╯
            │ │    ╰ detected
            │ ╰ started
            ╰ triggered
  Checkout    ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓
  told                      ▲
  ┈ not yet hurt   █ unnoticed   ▓ noticed   ▒ acknowledged
  ━ over
`},
		{"one that goes on", open, 63, `
            14:03 UTC                                      now
  incident  ██████████████████████████████████████████████████▶
            ╰ started
  █ not over
`},
		{"one that was detected before it began", turned, 41, `
            14:00 UTC          15:00 UTC
  incident  ┈┈┈┈┈┈┈┈┈┈┈┈┈▓▓▓▓▓▓▓▓▓▓▓▓▓▓━
            ╰ detected   │    resolved ╯
                         ╰ started
  ┈ not yet hurt   ▓ noticed   ━ over
`},
		{"one without times has none", incident.Incident{}, 63, "\n\n"},
	})
}

func TestBarTellsOnlyWhatIsKnown(t *testing.T) {
	t.Parallel()
	atOnce := incident.Incident{Heading: incident.Heading{Zone: "UTC", Status: incident.Resolved, Milestones: incident.Milestones{
		Triggered: at("14:00"), Started: at("14:00"), Mitigated: at("15:00"), Resolved: at("15:00")}}}
	maintenance := incident.Incident{Heading: incident.Heading{Zone: "UTC", Kind: incident.Maintenance, Status: incident.Completed, Milestones: incident.Milestones{
		Started: at("14:00"), Resolved: at("15:00")}}}
	thatDay := incident.Exactly(at("00:00").At.UTC(), "UTC", incident.Day)
	byDay := incident.Incident{Heading: incident.Heading{Zone: "UTC", Status: incident.Resolved, Milestones: incident.Milestones{
		Started: at("14:00"), Acknowledged: at("15:00"), Mitigated: &thatDay}}}
	checkBars(t, []barTest{
		{"one whose milestones fell together", atOnce, 63, `
            14:00 UTC                                15:00 UTC
  incident  █████████████████████████████████████████████████━
            ╰ triggered, started         mitigated, resolved ╯
  █ not over   ━ over
`},
		{"a maintenance was not unnoticed", maintenance, 63, `
            14:00 UTC                                15:00 UTC
  incident  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░━
            ╰ started                               resolved ╯
  ░ maintenance   ━ over
`},
		{"a day alone has no place", byDay, 63, `
            14:00 UTC                                15:00 UTC
  incident  █████████████████████████████████████████████████▒
            ╰ started                           acknowledged ╯
  █ unnoticed   ▒ acknowledged
`},
	})
}

type barTest struct {
	name  string
	in    incident.Incident
	width int
	want  string
}

func checkBars(t *testing.T, tests []barTest) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := "\n" + strings.Join(Ink(false).Bar(&tt.in, *at("16:00").At, tt.width), "\n") + "\n"
			if got != tt.want {
				t.Errorf("Bar =%swant%s", got, tt.want)
			}
		})
	}
}

// TestBarStaysInItsWidth tries milestones in any order, also at one time.
func TestBarStaysInItsWidth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var in incident.Incident
		in.Zone, in.Status = "UTC", incident.Resolved
		in.Milestones, _ = someMilestones(t)
		width := rapid.IntRange(36, 100).Draw(t, "width")
		for _, line := range Ink(false).Bar(&in, *at("23:00").At, width) {
			if Width(line) > width {
				t.Fatalf("%q has %d columns, want at most %d", line, Width(line), width)
			}
		}
	})
}
