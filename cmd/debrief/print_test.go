package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

func TestNoTextDrivesTheTerminal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"\x1b[31mred\x1b[0m":           "[31mred[0m",
		"\x1b]0;title\x07":             "]0;title",
		"\u009b2Jgone":                 "2Jgone",
		"over\rwritten\x7f":            "overwritten",
		"user\u202egnp.exe":            "usergnp.exe",
		"\u2066isolated\u2069":         "isolated",
		"two\nlines\tand a tab":        "two\nlines\tand a tab",
		"日本語, é, 👩\u200d👩\u200d👧 stay": "日本語, é, 👩\u200d👩\u200d👧 stay",
	} {
		if got := plain(text); got != want {
			t.Errorf("plain(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestARefusalNamesItsFields(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		e    *incident.Error
		want string
	}{
		{"one of none", incident.Refuse(incident.Conflict, "", "ask for it"), "debrief: ask for it\n"},
		{"one", incident.Refuse(incident.Invalid, "/name", "is empty"), "debrief: is empty (/name)\n"},
		{
			"several, of which the first is told already",
			&incident.Error{Detail: "/a is empty; and 1 more", Fields: map[string]string{"/a": "is empty", "/b": "is empty"}},
			"debrief: /a is empty; and 1 more\n  /b: is empty\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			printRefusal(&b, "debrief", tt.e)
			if b.String() != tt.want {
				t.Errorf("printRefusal = %q, want %q", b.String(), tt.want)
			}
		})
	}
}

func TestANarrowTerminalTearsNoTitle(t *testing.T) {
	t.Parallel()
	all := []incident.Heading{{Number: 7, Title: "A title", Severity: incident.SEV1, Status: incident.Resolved, Review: incident.Review{State: incident.ReviewDraft}}}
	columns := "NUMBER  SEVERITY  STATUS    REVIEW  STARTED    TITLE\nINC-7   sev1      resolved  draft   not known  A title\n"
	for width, want := range map[int]string{
		0:   columns, // no terminal: a file, a pipe
		100: columns,
		99:  "INC-7  A title\n       sev1 · resolved · draft · not known\n",
	} {
		var b strings.Builder
		a := &app{out: &b, width: width}
		if err := a.printHeadings(all); err != nil || b.String() != want {
			t.Errorf("in %d columns a list is\n%s(%v), want\n%s", width, b.String(), err, want)
		}
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestWhatDoesNotArriveIsAFault(t *testing.T) {
	t.Parallel()
	var said strings.Builder
	if code := run(t.Context(), []string{"--help"}, strings.NewReader(""), full{}, &said); code != exitFault {
		t.Errorf("exit code with a full disk = %d, want %d", code, exitFault)
	}
	if !strings.Contains(said.String(), "no space left") {
		t.Errorf("it said %q, want the reason", said.String())
	}
}
