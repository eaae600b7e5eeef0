package document

import (
	"errors"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

const byHand = `---
title: Search was slow
severity: SEV2
zone: Europe/Berlin
milestones:
  started: 2025-03-04 23:40 CET
  detected: whenever
owner: Ana
debrief:
---

<!-- hint: What a reader must know first. -->

## Summary

Slow answers.

### And why

Because of the import.

## Timeline

| What happened | Time | By | Weather |
|---|:---:|---|---|
| Import starts | 23:40 | cron | rain |
| Alert | ~23:55 |
| Page<br>answered | 00:10 – 00:20 | Ben | |
| Nobody knows | TBC |
| Not a time | soonish |

We were tired.

## Impact

Everybody waited.

### Search

- **Level:** Major outage
- From: 2025-03-04 23:40
- Figure: searches lost: 12 %

## Root cause

The import ran early.

### Contributing factors

* No limit on imports {likely; evidence: 1}
* No alert {pubic}

## Lessons

### Lucky

- It was night. {public}

## Action items

- [x] Limit imports {owner: Ana Sol; due: 2025-04-01; high}
- Alert earlier

## Attendees

Ana, Ben
`

// handwritten is what is understood of byHand.
func handwritten(t *testing.T) *Reading {
	t.Helper()
	got, err := ReadMarkdown(strings.NewReader(byHand))
	if err != nil {
		t.Fatalf("ReadMarkdown = %v, want a record", err)
	}
	return got
}

func TestAPersonWritesItByHand(t *testing.T) {
	t.Parallel()
	in := handwritten(t).Incident
	row := func(i int) string {
		e := in.Timeline[i]
		return clockwork{home: in.Zone}.span(e.At, e.Until) + " " + e.Actor + ": " + e.Text
	}
	claims := []struct {
		claim     string
		got, want any
	}{
		{"the front matter is understood", in.Title + " " + string(in.Severity), "Search was slow sev2"},
		{"a section keeps its own headings", in.Summary, "Slow answers.\n\n### And why\n\nBecause of the import."},
		{"columns stand in any order, and a time takes the day of the start", row(0), "2025-03-04 23:40 cron: Import starts\nWeather: rain"},
		{"cells may be missing", row(1), "~2025-03-04 23:55 : Alert"},
		{"midnight passes, and a range is two times", row(2), "2025-03-05 00:10 – 00:20 Ben: Page\nanswered"},
		{"what nobody knows stays unknown", row(3), "unknown \"TBC\" : Nobody knows"},
		{"so does what cannot be read", row(4), "unknown \"soonish\" : Not a time"},
		{"an impact needs no heading", in.Impacts[0].Text, "Everybody waited."},
		{"or has one", in.Impacts[1].Component + " " + string(in.Impacts[1].Level), "Search major_outage"},
		{"with figures", counted(in.Impacts[1].Figures[0]), "Searches lost: 12%"},
		{"a cause needs no heading either", in.Analysis.TechnicalCause.Text, "The import ran early."},
		{"evidence names a row", in.Analysis.Factors[0].Evidence[0], in.Timeline[0].ID},
		{"a misspelt word hides nothing and shows nothing", in.Analysis.Factors[1].Text + " " + string(in.Analysis.Factors[1].Audience), "No alert {pubic} internal"},
		{"lessons have their question", string(in.Analysis.Lessons[0].Kind+" ") + string(in.Analysis.Lessons[0].Audience), "lucky public"},
		{"a tick is done", string(in.Actions[0].State) + " " + in.Actions[0].Owner + " " + *in.Actions[0].Due, "done Ana Sol 2025-04-01"},
		{"no box is open", string(in.Actions[1].State) + " " + in.Actions[1].Title, "open Alert earlier"},
		{"what belongs nowhere is in the background", in.Background, "### From the front matter\n\n    owner: Ana\n\n" +
			"### Timeline\n\nWe were tired.\n\n### Attendees\n\nAna, Ben"},
	}
	for _, c := range claims {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.claim, c.got, c.want)
		}
	}
	if err := in.Check(); err != nil {
		t.Errorf("Check = %v, want a record that may be filed", err)
	}
}

func TestWhatIsNotUnderstoodIsReported(t *testing.T) {
	t.Parallel()
	got := handwritten(t)
	for _, want := range []struct {
		line int
		text string
	}{
		{7, "whenever"}, {8, "owner: Ana"}, {26, "Weather: rain"}, {30, "soonish"}, {32, "We were tired."}, {51, "{pubic}"}, {66, "Ana, Ben"},
	} {
		found := false
		for _, l := range got.Report {
			found = found || l.Line == want.line && l.Text == want.text
		}
		if !found {
			t.Errorf("the report does not name %q in line %d: %v", want.text, want.line, got.Report)
		}
	}
}

func TestAHeadingMayNameTheZone(t *testing.T) {
	t.Parallel()
	got, err := ReadMarkdown(strings.NewReader("---\nzone: Europe/Berlin\ndebrief:\n---\n## Timeline\n| Time (UTC) | Event |\n|---|---|\n| 2025-03-04 12:00 | a |\n| 14:05 CET | b |\n"))
	if err != nil {
		t.Fatalf("ReadMarkdown = %v, want a record", err)
	}
	for i, want := range []string{"12:00 UTC", "14:05 CET"} {
		if e := got.Incident.Timeline[i]; incident.Clock(e.At) != want {
			t.Errorf("the time of %q is %s, want %s", e.Text, incident.Clock(e.At), want)
		}
	}
}

func TestTheTemplate(t *testing.T) {
	t.Parallel()
	got, err := ReadMarkdown(strings.NewReader(Template))
	if err != nil {
		t.Fatalf("ReadMarkdown(Template) = %v, want a record", err)
	}
	empty := &incident.Incident{Heading: incident.Heading{Status: incident.Resolved}}
	empty.Normalize()
	if asJSON(t, got.Incident) != asJSON(t, empty) || !got.Ours || len(got.Report) > 0 {
		t.Errorf("the untouched template reads as %s, ours %v, lost %v; want an empty record of ours", asJSON(t, got.Incident), got.Ours, got.Report)
	}
	filled := strings.NewReplacer(`title: ""`, "title: It broke", "  started:  ", "  started: 2025-03-04 09:00  ", "|  |  |  |  |  |", "| 09:05 | action | restarted | | |").Replace(Template)
	for _, hidden := range []string{"<!-- hint: One heading for each component that was hurt.\n", "<!-- hint: The numbers after evidence are rows of the timeline.\n", "<!-- hint: What people were told: status_page, email, blog, forum, social or support.\n", "<!-- hint: Kinds: prevent, detect, mitigate, process, document.\n"} {
		before, after, found := strings.Cut(filled, hidden)
		if !found {
			t.Fatalf("the template lacks %q", hidden)
		}
		filled = before + strings.Replace(after, "-->", "", 1)
	}
	got, err = ReadMarkdown(strings.NewReader(filled))
	if err != nil {
		t.Fatalf("ReadMarkdown(filled template) = %v, want a record", err)
	}
	in := got.Incident
	if len(in.Timeline)*len(in.Impacts)*len(in.Analysis.Whys)*len(in.Messages)*len(in.Actions) != 1 || len(in.Impacts[0].Figures) != 1 || in.Actions[0].Owner != "Ana" {
		t.Errorf("the examples of the template read as %s, want one of each", asJSON(t, in))
	}
}

func TestABrokenFrontMatterIsRefusedWithItsLine(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, front, says string
	}{
		{"a colon needs quotes", "title: Billing: broken\ndebrief:", "line 2"},
		{"a list needs its end", "debrief:\ntags: [a", "line 3"},
		{"a key stands once", "debrief:\ntitle: a\ntitle: b", "line 4"},
		{"a title is one text", "debrief:\ntitle: [a, b]", "line 3"},
		{"a number is one", "debrief:\n  number: many", "line 3"},
		{"a milestone has its name", "debrief:\nmilestones:\n  begun: today", "line 4"},
		{"a person has a role", "debrief:\npeople: Ana", "line 3"},
		{"an alias is no text", "debrief:\ntitle: *x", "line 3"},
		{"one document is enough", "debrief:\ntitle: x\n--- # again\ntitle: y", "line 2"},
		{"a key stands once in whatever letters", "debrief:\ntitle: a\nTitle: b", "line 4"},
		{"also among milestones", "debrief:\nmilestones:\n  started: today\n  Started: now", "line 5"},
		{"a flag is true or false", "debrief:\n  archived: maybe", "line 3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := ReadMarkdown(strings.NewReader("---\n" + tt.front + "\n---\n"))
			if !errors.Is(err, incident.Invalid) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("ReadMarkdown(%q) = %v, want Invalid that says %s", tt.front, err, tt.says)
			}
		})
	}
}
