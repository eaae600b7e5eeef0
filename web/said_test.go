package web

import (
	"fmt"
	"strings"
	"testing"
)

// spoken writes the page down, one line a row: time, entries, messages, silences.
func spoken(s saying) []string {
	var lines []string
	for _, d := range s.Days {
		lines = append(lines, "# "+d.Name)
		for _, r := range d.Rows {
			if r.Silence != nil {
				lines = append(lines, fmt.Sprintf("- %s, %d happened", r.Silence.Lasted, r.Silence.Happened))
				continue
			}
			line := r.At.Time + " "
			for _, k := range r.Knew {
				line += string(k.Kind) + " "
			}
			for _, m := range r.Said {
				line += "| " + string(m.Channel)
				if m.Promise != nil {
					line += " " + string(m.Promise.Kept)
				}
			}
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

func TestWhatWasKnownStandsBesideWhatWasSaid(t *testing.T) {
	t.Parallel()
	want := []string{
		"# Thursday, 18 July 2013",
		"| forum",
		"01:35 trigger",
		"02:39 impact",
		"02:42 detection action",
		"escalation",
		"03:28 detection",
		"03:50 decision",
		"04:00 action",
		"- 1 h 51 min, 6 happened",
		"04:30 | status_page broken",
		"12:00 communication",
		"# Friday, 19 July 2013",
		"observation",
		"21:15 recovery",
		"- about 40 h 45 min, 1 happened",
	}
	got := newSaying(billing(t), today)
	if lines := spoken(got); strings.Join(lines, "\n") != strings.Join(want, "\n") {
		t.Errorf("the page tells\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	if got.Kept != 0 || got.Due != 1 || got.Longest != "about 40 h 45 min" || got.Count != 1 {
		t.Errorf("in figures: %d of %d promises, longest silence %s, %d messages", got.Kept, got.Due, got.Longest, got.Count)
	}
}

func TestWhatWasSaidIsForThoseWhoMayKnow(t *testing.T) {
	t.Parallel()
	in := installed(t)
	if res, body := in.as(t, "Lena Falk").get(fmt.Sprintf("/incidents/%d/said", in.billing)); res.StatusCode != 200 || !strings.Contains(body, "never came") || strings.Contains(body, "Legal is asked") {
		t.Errorf("the page of the billing incident = %d\n%s", res.StatusCode, body)
	}
	if res, _ := in.as(t, "Lena Falk").get(fmt.Sprintf("/incidents/%d/said", in.private)); res.StatusCode != 404 {
		t.Errorf("the page of a private incident = %d, want 404", res.StatusCode)
	}
}
