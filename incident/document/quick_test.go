package document

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

// long is a text of a size, made of pieces that may hold their number.
func long(size int, piece string) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		if strings.Contains(piece, "%d") {
			fmt.Fprintf(&b, piece, i)
		} else {
			b.WriteString(piece)
		}
	}
	return b.String()
}

func TestNoDocumentTakesSecondsToRead(t *testing.T) {
	t.Parallel()
	const ours, front = "---\ntitle: x\ndebrief:\n---\n", "---\ndebrief:\n"
	tests := []struct {
		name string
		text func(long func(string) string) string
	}{
		{"small tables", func(long func(string) string) string {
			return ours + "## Timeline\n" + long("| Time | W |\n|---|---|\n| a | |\n")
		}},
		{"a wide table", func(long func(string) string) string {
			return ours + "## Timeline\n|" + long(" c |") + "\n|" + long("-|") + "\n| a | b |\n"
		}},
		{"texts below a table", func(long func(string) string) string {
			return ours + "## Timeline\n| Time |\n|---|\n" + long("### Row %d\nx\n")
		}},
		{"ranges of times", func(long func(string) string) string {
			return ours + "## Timeline\n" + long("| 02:42 – 02:43 | | x |\n")
		}},
		{"a long time", func(long func(string) string) string {
			return ours + "## Timeline\n| " + long("02:42 – ") + " | | x |\n"
		}},
		{"sections", func(long func(string) string) string { return ours + long("## Summary\nx\n") }},
		{"strange sections", func(long func(string) string) string { return ours + long("## x\n") }},
		{"hints", func(long func(string) string) string { return ours + long("<!-- hint:\n") }},
		{"fences", func(long func(string) string) string { return ours + long("```\n~~~\n") }},
		{"braces", func(long func(string) string) string {
			return ours + "## Actions\n" + long("- "+strings.Repeat("{ ", 30000)+"}\n")
		}},
		{"actions", func(long func(string) string) string { return ours + "## Actions\n" + long("- a\n") }},
		{"a long action", func(long func(string) string) string { return ours + "## Actions\n- a" + long("\n  b") }},
		{"impacts", func(long func(string) string) string { return ours + "## Impact\n" + long("### a\n- From: 02:42\n") }},
		{"messages", func(long func(string) string) string { return ours + "## Messages\n" + long("### email, 02:42\nx\n") }},
		{"headings of a stranger", func(long func(string) string) string { return long("# x\n") }},
		{"keys", func(long func(string) string) string { return front + long("k%d: v\n") + "---\n" }},
		{"brackets", func(long func(string) string) string { return front + "x: " + long("[") + "\n---\n" }},
		{"braces in the front matter", func(long func(string) string) string { return front + "x: " + long("{a: ") + "\n---\n" }},
		{"dashes", func(long func(string) string) string { return front + "x: " + long("- ") + "\n---\n" }},
		{"anchors", func(long func(string) string) string { return front + "x: [" + long("&a *a, ") + "]\n---\n" }},
		{"stars", func(long func(string) string) string { return front + "x: " + long("*") + "\n---\n" }},
		{"nested keys", func(long func(string) string) string {
			nest, i := "", 0
			for most := len(long("x")); len(nest) < most; i++ {
				nest += strings.Repeat(" ", i) + "a:\n"
			}
			return front + nest + "---\n"
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			incidenttest.InProportion(t, 1<<20, func(size int) {
				got, err := ReadMarkdown(strings.NewReader(tt.text(func(piece string) string { return long(size, piece) })))
				if err == nil && len(got.Report) > mostLosses+1 {
					t.Errorf("the report has %d lines, want at most %d", len(got.Report), mostLosses+1)
				}
			})
		})
	}
}

func TestADocumentOfTooManyPartsIsRefusedWithItsLine(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"## Actions\n" + strings.Repeat("- a\n", mostPieces+1), "## Timeline\n" + strings.Repeat("| a |\n", mostPieces+1), "## Lessons\n" + strings.Repeat("### a\n", mostPieces+1)} {
		_, err := ReadMarkdown(strings.NewReader("---\ntitle: x\ndebrief:\n---\n" + text))
		if err == nil || !strings.Contains(err.Error(), "line 5") || !strings.Contains(err.Error(), "split the document") {
			t.Errorf("ReadMarkdown of %.20q… = %v, want a refusal that names line 5", text, err)
		}
	}
}

// crowd is a record of that many entries, and of a tenth as many factors and
// some whys that point at them.
func crowd(t *testing.T, entries int) *incident.Incident {
	t.Helper()
	in := &incident.Incident{Heading: incident.Heading{Title: "x", Zone: "America/Los_Angeles"}}
	var ids []string
	for i := range entries {
		m := incident.Exactly(time.Date(2013, 7, 18, 9, 0, 37*i, 0, time.UTC), in.Zone, incident.Second)
		e := incident.Entry{At: &m, Text: "The master is **restarted**; see [the runbook](https://example.org).", Audience: incident.AudiencePublic}
		e.ID = fmt.Sprintf("e%011d", i)
		in.Timeline, ids = append(in.Timeline, e), append(ids, e.ID)
	}
	for i := range entries / 10 {
		in.Analysis.Factors = append(in.Analysis.Factors, incident.Factor{Text: "x", Evidence: ids[9*i%500:][:100], Audience: incident.AudiencePublic})
	}
	for i := range min(100, entries/20) {
		in.Analysis.Whys = append(in.Analysis.Whys, incident.Why{Why: "x", Evidence: ids[9*i%500:][:100], Audience: incident.AudiencePublic})
	}
	in.Normalize()
	if err := in.Check(); err != nil {
		t.Fatalf("Check = %v, want a record that may be kept", err)
	}
	return in
}

func TestNoRecordTakesSecondsToWriteOrRead(t *testing.T) {
	t.Parallel()
	const entries = 10_000
	crowds := map[int]*incident.Incident{entries: crowd(t, entries), entries / 16: crowd(t, entries/16)}
	for _, f := range Formats {
		for _, who := range []incident.Audience{incident.AudiencePublic, incident.AudiencePrivate} {
			if f.Write == nil && who != incident.AudiencePublic {
				continue
			}
			t.Run(f.Name+" for "+string(who), func(t *testing.T) {
				incidenttest.InProportion(t, entries, func(size int) {
					var b strings.Builder
					if err := Write(&b, f, crowds[size], Options{Audience: who}); err != nil {
						t.Fatalf("Write = %v, want a document", err)
					}
					if f.Read != nil && who == incident.AudiencePrivate {
						read(t, f, b.String())
					}
				})
			})
		}
	}
}
