package web

import (
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

func TestEveryIconIsDrawn(t *testing.T) {
	t.Parallel()
	drawn, err := staticFiles.ReadFile("static/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	names := []string{
		"message", "milestone", "public", "internal", "private", "trigger", "impact", "detection", "escalation",
		"action", "decision", "communication", "observation", "recovery",
	}
	for _, state := range []any{
		incident.Investigating, incident.Identified, incident.Monitoring, incident.Resolved, incident.Scheduled,
		incident.MaintenanceInProgress, incident.Verifying, incident.Completed,
		incident.Open, incident.InProgress, incident.Done, incident.NotDoing,
	} {
		names = append(names, progress(state))
	}
	for _, name := range names {
		if !strings.Contains(string(drawn), `id="`+name+`"`) {
			t.Errorf("static/icons.svg has no icon %q", name)
		}
	}
}

func TestFigures(t *testing.T) {
	t.Parallel()
	for value, want := range map[float64]string{
		1.4: "1.4", 100: "100", 3500: "3500", 12500: "12\u202f500", 1234567.5: "1\u202f234\u202f567.5", -40000: "−40\u202f000", 0: "0",
	} {
		if got := figure(value); got != want {
			t.Errorf("figure(%v) = %q, want %q", value, got, want)
		}
	}
}

func TestLinksSayWhereTheyLead(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://www.example.com/": "example.com", "https://example.com": "example.com", "https://example.com/item?id=6067": "example.com/item?id=6067",
		"https://example.com/a/b/c/": "example.com/…/c", "https://example.com/a-name-that-goes-on-and-on-and-on": "example.com/a-name-that-goes-on-and-on-and-…",
	} {
		if got := where(address); got != want {
			t.Errorf("where(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestOnlyWebAddressesBecomeLinks(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"https://www.example.com/a": `<a href="https://www.example.com/a" rel="noreferrer noopener nofollow">example.com/a</a>`,
		"javascript:alert(1)":       "javascript:alert(1)",
		"grafana, board 7":          "grafana, board 7",
	} {
		in := &incident.Incident{Sources: []string{source}}
		in.Normalize()
		if text := drawn(t, frame{Name: "record", By: reader, Page: newRecord(in, today)}); !strings.Contains(text, "<li>"+want+"</li>") {
			t.Errorf("the source %q is not shown as %s", source, want)
		}
	}
}

func TestAWordOfAnyAlphabetBeginsALine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "", "resolved": "Resolved", "überwacht": "Überwacht", "調査中": "調査中", "élargi": "Élargi"} {
		if got := capital(text); got != want {
			t.Errorf("capital(%q) = %q, want %q", text, got, want)
		}
	}
}
