package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

// TestTheTemplatesReadBack reads each as it is, which must say nothing, and with
// its hints taken at their word, which must be understood whole.
func TestTheTemplatesReadBack(t *testing.T) {
	t.Parallel()
	all, err := (&app{}).templates()
	if err != nil || len(all) != 6 {
		t.Fatalf("%d templates (%v), want six", len(all), err)
	}
	for _, each := range all {
		t.Run(each.Name, func(t *testing.T) {
			t.Parallel()
			reading, err := document.ReadMarkdown(strings.NewReader(each.Text))
			if err != nil || !reading.Ours || len(reading.Report) > 0 {
				t.Fatalf("the untouched template: ours %v, lost %v (%v)", reading != nil && reading.Ours, reading, err)
			}
			empty := &incident.Incident{Heading: incident.Heading{Status: incident.Resolved, Kind: reading.Incident.Kind, Visibility: reading.Incident.Visibility, Tags: reading.Incident.Tags}}
			empty.Normalize()
			if got, want := asText(t, reading.Incident), asText(t, empty); got != want {
				t.Errorf("the untouched template says\n%s\nwant\n%s", got, want)
			}
			if each.About() == "" {
				t.Error("it does not say what it is for")
			}
			shown := examples(strings.Replace(each.Text, `title: ""`, "title: It broke", 1))
			reading, err = document.ReadMarkdown(strings.NewReader(shown))
			if err != nil || !reading.Ours || len(reading.Report) > 0 {
				t.Fatalf("the examples: lost %+v (%v) of\n%s", reading, err, shown)
			}
			if in := reading.Incident; in.Title != "It broke" || len(in.Actions) == 0 || in.Actions[0].Owner != "Ana" || in.Actions[0].Due == nil {
				t.Errorf("the examples read as\n%s", asText(t, in))
			}
		})
	}
}

// examples leaves of each hint what is written as one would: from the first line
// that is a heading, a point or a number on.
func examples(template string) string {
	parts := strings.Split(template, "<!-- hint: ")
	for i, part := range parts[1:] {
		hint, rest, _ := strings.Cut(part, "-->")
		shown := ""
		lines := strings.Split(hint, "\n")
		for j, line := range lines {
			if strings.HasPrefix(line, "#") || strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "1. ") {
				shown = strings.TrimSpace(strings.Join(lines[j:], "\n"))
				break
			}
		}
		parts[i+1] = shown + rest
	}
	return strings.Join(parts, "")
}

func asText(t *testing.T, in *incident.Incident) string {
	t.Helper()
	data, err := json.MarshalIndent(in, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
