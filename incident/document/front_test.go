package document

import (
	"errors"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

func TestTheFrontMatterAsPeopleWriteIt(t *testing.T) {
	t.Parallel()
	title := func(in *incident.Incident) string { return in.Title }
	background := func(in *incident.Incident) string { return in.Background }
	tests := []struct {
		name, text string
		of         func(*incident.Incident) string
		want       string
		lost       int // line in the report, 0 for none
	}{
		{"blank lines may stand before it", "\n\n---\ntitle: x\ndebrief:\n---\n", title, "x", 0},
		{"so may a byte order mark, and lines may end as on Windows", "\ufeff---\r\ntitle: x\r\ndebrief:\r\n---\r\n", title, "x", 0},
		{"a text is one whatever YAML makes of it", "---\ntitle: true\ndebrief:\n---\n", title, "true", 0},
		{"what follows # is not lost", "---\ntitle: Fix for #12\ndebrief:\n---\n", background, "### From the front matter\n\n    title: Fix for #12", 2},
		{"nor is a remark", "---\n# ask Ana\ntitle: x\ndebrief:\n---\n", background, "### From the front matter\n\n    # ask Ana", 2},
		{"nor what Debrief does not assign", "---\ntitle: x\ndebrief:\n  mood:\n    - good\n---\n", background,
			"### From the front matter\n\n      mood:\n        - good", 4},
		{"typographic quotes hide no word of a closed set", "---\ntitle: x\nstatus: “Resolved”\ndebrief:\n---\n",
			func(in *incident.Incident) string { return string(in.Status) }, "resolved", 0},
		{"a milestone without a day is near the one before", "---\ntitle: x\nmilestones:\n  started: 2013-07-18 23:50\n  detected: 00:10\ndebrief:\n---\n",
			func(in *incident.Incident) string { return incident.Date(in.Milestones.Detected, "") }, "Friday, 19 July 2013", 0},
		{"a handover is near the milestones", "---\npeople:\n  - commander: Ana\n    until: 03:00\nmilestones:\n  started: 2013-07-18 02:39\ndebrief:\n---\n",
			func(in *incident.Incident) string { return incident.Date(in.People[0].Until, "") }, "Thursday, 18 July 2013", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadMarkdown(strings.NewReader(tt.text))
			if err != nil {
				t.Fatalf("ReadMarkdown(%q) = %v, want a record", tt.text, err)
			}
			if told := tt.of(got.Incident); told != tt.want || !got.Ours {
				t.Errorf("ReadMarkdown(%q) gives %q, ours %v, want %q of ours", tt.text, told, got.Ours, tt.want)
			}
			if len(got.Report) > 0 != (tt.lost > 0) || tt.lost > 0 && got.Report[0].Line != tt.lost {
				t.Errorf("ReadMarkdown(%q) reports %v, want line %d", tt.text, got.Report, tt.lost)
			}
		})
	}
}

func TestAFrontMatterWithoutAnEndIsRefused(t *testing.T) {
	t.Parallel()
	_, err := ReadMarkdown(strings.NewReader("---\ntitle: x\ndebrief:\n\n## Summary\n\nIt broke.\n"))
	if !errors.Is(err, incident.Invalid) || !strings.Contains(err.Error(), "line 3") || !strings.Contains(err.Error(), "---") {
		t.Errorf("ReadMarkdown = %v, want Invalid that names line 3 and the missing ---", err)
	}
}

func TestARefusalOfWhatWasReadNamesItsLine(t *testing.T) {
	t.Parallel()
	text := "---\ntitle: x\nseverity: terrible\npeople:\n  - commander: \"\"\ndebrief:\n---\n\n## Timeline\n\n| Time | Kind | What happened |\n| --- | --- | --- |\n" +
		"| 2013-07-18 02:42 | action | restarted |\n| 2013-07-17 02:42 | actoin | earlier, so sorted first |\n\n" +
		"## Impact\n\n### Billing\n\n- Level: partial\n\n## Causes\n\n### Trigger {publik}\n\n### Whys\n\n1. Why? {evidence: 9}\n\n## Actions\n\n- [ ] two\n\n  lines\n"
	got, err := ReadMarkdown(strings.NewReader(text))
	if err != nil {
		t.Fatalf("ReadMarkdown = %v, want a record", err)
	}
	var refused *incident.Error
	if err := got.Locate(got.Incident.Check()); !errors.As(err, &refused) {
		t.Fatalf("Locate(Check) = %v, want a refusal", err)
	}
	for pointer, want := range map[string]string{
		"/severity": "in line 3 is", "/people/0/name": "in line 5 is", "/timeline/0/kind": "in line 14 is", "/impacts/0/level": "in line 18 is",
		"/analysis/whys/0/evidence/0": "in line 28 is", "/actions/0/title": "in line 32 holds",
	} {
		if !strings.HasPrefix(refused.Fields[pointer], want) {
			t.Errorf("Locate says of %s %q, want it to begin %q", pointer, refused.Fields[pointer], want)
		}
	}
	if !strings.HasPrefix(refused.Detail, "/actions/0/title in line 32 ") {
		t.Errorf("Locate gives the detail %q, want its line in it", refused.Detail)
	}
	if fault := errors.New("broken pipe"); !errors.Is(got.Locate(fault), fault) || got.Locate(nil) != nil {
		t.Error("Locate changes what is no refusal")
	}
}
