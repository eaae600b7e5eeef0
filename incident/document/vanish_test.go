package document

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// lines that a person may write anywhere; every W becomes a word of its own.
var anywhere = []string{
	"W", "W W", "# W", "## W", "### W", "#### W", "- W", "* W {W}", "1. W", "  W", "    W", "> W", "", "",
	"| W |", "| W | W | W | W | W | W | W |", "| Time | W |", "| --- | --- |", "|W|W", "```", "~~~", "---", "W: W", "- W: W", "- Kind: W",
	"- Figure: W", "- Figure: W: 3 W", "- From: W", "{public}", "- W {public; owner: W; also_for: W}", "- [x] W", "- [W] W {W: W}", "Because: W",
	"   Because: W", "## Summary", "## Background", "## Timeline", "| Time | Kind | What happened | Actor |", "| 02:42 | W | W | W |",
	"| | | | W |", "| W – W | | W | |", "### Row 1", "### Row W", "| 02:42 | | [in full below](#row-1) | |", "## Impact", "### W {public}", "## Causes", "### Trigger", "### Trigger {W}",
	"### Technical cause", "### Whys", "### Contributing factors", "## Lessons", "### What went well", "### Where we got lucky W",
	"## Messages", "### email, W", "### W, 02:42", "### blog", "- Next update: W", "## Actions", "W <br> W", "<!-- W -->", `\W`, `\## W`,
	"<!-- hint: W -->", "<!-- hint: W", "W -->", "- W {owner: W; owner: W}", "- W {public; private; owner: W}", "- W {Owner: W, due: W}",
	"Kind: W", "- Level: W", "- KIND: W", "- Figure: W: 1,W", "### Status page W", "### email - W", "W | W | W", "--- | --- | ---", "| Time (W) | Event |", "# Timeline W", "## Timeline ##",
}

// inFront are lines of the front matter, each to be written once at most.
var inFront = []string{"W: W", "W: # W", "owner:\n  W: W # W\n  team: [W, W]", "tags: [W, W] # W", "# W", "people:\n  - W: W\n    # W", "sources:\n  - W # W", "summary: W", "background: |\n  W\n  W"}

// Words that stand where a person meant something by them: a level of
// confidence is not lost when the record holds it in another field.
func TestNothingThatAPersonWroteVanishes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		words := 0
		fill := func(line string) string {
			for strings.Contains(line, "W") && !strings.Contains(line, "Where") && !strings.Contains(line, "What") && !strings.Contains(line, "Whys") {
				words++
				line = strings.Replace(line, "W", fmt.Sprintf("canary%03d", words), 1)
			}
			return line
		}
		var b strings.Builder
		b.WriteString("---\ntitle: " + fill("W #W # W") + "\n")
		for _, line := range rapid.SliceOfNDistinct(rapid.SampledFrom(inFront), 0, len(inFront), rapid.ID[string]).Draw(r, "front") {
			b.WriteString(fill(line) + "\n")
		}
		b.WriteString("debrief:\n" + fill("  W: W\n  number: 7 # W") + "\n---\n")
		for _, line := range rapid.SliceOfN(rapid.SampledFrom(anywhere), 1, 25).Draw(r, "lines") {
			b.WriteString(fill(line) + "\n")
		}
		text := b.String()
		got, err := ReadMarkdown(strings.NewReader(text))
		if err != nil {
			r.Fatalf("ReadMarkdown = %v, of\n%s", err, text)
		}
		kept := asJSON(tb{t, r}, got.Incident)
		for i := range words {
			if word := fmt.Sprintf("canary%03d", i+1); !strings.Contains(kept, word) {
				r.Fatalf("%s vanished from\n%s\nwhich became\n%s", word, text, kept)
			}
		}
	})
}
