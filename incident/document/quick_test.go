package document

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// long is a text of a megabyte, made of pieces that may hold their number.
func long(piece string) string {
	const size = 1 << 20
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

// slow is far more than anything here takes, and far less than it took where
// time grew with the square of the length: a busy machine fails no test.
const slow = 12 * time.Second

func TestNoDocumentTakesSecondsToRead(t *testing.T) {
	t.Parallel()
	const ours, front = "---\ntitle: x\ndebrief:\n---\n", "---\ndebrief:\n"
	tests := []struct{ name, text string }{
		{"small tables", ours + "## Timeline\n" + long("| Time | W |\n|---|---|\n| a | |\n")},
		{"a wide table", ours + "## Timeline\n|" + long(" c |") + "\n|" + long("-|") + "\n| a | b |\n"},
		{"texts below a table", ours + "## Timeline\n| Time |\n|---|\n" + long("### Row %d\nx\n")},
		{"ranges of times", ours + "## Timeline\n" + long("| 02:42 – 02:43 | | x |\n")},
		{"a long time", ours + "## Timeline\n| " + long("02:42 – ") + " | | x |\n"},
		{"sections", ours + long("## Summary\nx\n")},
		{"strange sections", ours + long("## x\n")},
		{"hints", ours + long("<!-- hint:\n")},
		{"fences", ours + long("```\n~~~\n")},
		{"braces", ours + "## Actions\n" + long("- "+strings.Repeat("{ ", 30000)+"}\n")},
		{"actions", ours + "## Actions\n" + long("- a\n")},
		{"a long action", ours + "## Actions\n- a" + long("\n  b")},
		{"impacts", ours + "## Impact\n" + long("### a\n- From: 02:42\n")},
		{"messages", ours + "## Messages\n" + long("### email, 02:42\nx\n")},
		{"headings of a stranger", long("# x\n")},
		{"keys", front + long("k%d: v\n") + "---\n"},
		{"brackets", front + "x: " + long("[") + "\n---\n"},
		{"braces in the front matter", front + "x: " + long("{a: ") + "\n---\n"},
		{"dashes", front + "x: " + long("- ") + "\n---\n"},
		{"anchors", front + "x: [" + long("&a *a, ") + "]\n---\n"},
		{"stars", front + "x: " + long("*") + "\n---\n"},
		{"nested keys", front + func() (nest string) {
			for i := range 1400 {
				nest += strings.Repeat(" ", i) + "a:\n"
			}
			return nest
		}() + "---\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			got, err := ReadMarkdown(strings.NewReader(tt.text))
			if took := time.Since(start); took > slow {
				t.Errorf("a megabyte took %v", took)
			}
			if err == nil && len(got.Report) > mostLosses+1 {
				t.Errorf("the report has %d lines, want at most %d", len(got.Report), mostLosses+1)
			}
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

// crowd is a record of ten thousand entries, and of as many factors and whys as
// there may be that point at them.
func crowd(t *testing.T) *incident.Incident {
	t.Helper()
	in := &incident.Incident{Heading: incident.Heading{Title: "x", Zone: "America/Los_Angeles"}}
	var ids []string
	for i := range 10_000 {
		m := incident.Exactly(time.Date(2013, 7, 18, 9, 0, 37*i, 0, time.UTC), in.Zone, incident.Second)
		e := incident.Entry{At: &m, Text: "The master is **restarted**; see [the runbook](https://example.org).", Audience: incident.AudiencePublic}
		e.ID = fmt.Sprintf("e%011d", i)
		in.Timeline, ids = append(in.Timeline, e), append(ids, e.ID)
	}
	for i := range 1000 {
		in.Analysis.Factors = append(in.Analysis.Factors, incident.Factor{Text: "x", Evidence: ids[9*i : 9*i+100], Audience: incident.AudiencePublic})
	}
	for i := range 100 {
		in.Analysis.Whys = append(in.Analysis.Whys, incident.Why{Why: "x", Evidence: ids[9*i : 9*i+100], Audience: incident.AudiencePublic})
	}
	in.Normalize()
	if err := in.Check(); err != nil {
		t.Fatalf("Check = %v, want a record that may be kept", err)
	}
	return in
}

func TestNoRecordTakesSecondsToWriteOrRead(t *testing.T) {
	t.Parallel()
	in := crowd(t)
	for _, f := range Formats {
		for _, who := range []incident.Audience{incident.AudiencePublic, incident.AudiencePrivate} {
			if f.Write == nil && who != incident.AudiencePublic {
				continue
			}
			t.Run(f.Name+" for "+string(who), func(t *testing.T) {
				var b strings.Builder
				start := time.Now()
				if err := Write(&b, f, in, Options{Audience: who}); err != nil {
					t.Fatalf("Write = %v, want a document", err)
				}
				wrote := time.Since(start)
				if f.Read != nil && who == incident.AudiencePrivate {
					read(t, f, b.String())
				}
				if took := time.Since(start); took > slow {
					t.Errorf("ten thousand entries took %v, of that %v to write", took, wrote)
				}
			})
		}
	}
}
