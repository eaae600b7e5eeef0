package web

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/debriefhq/debrief/incident"
)

// outline writes a timeline down, one line a row: time, what, marks.
func outline(days []day) []string {
	var lines []string
	for _, d := range days {
		lines = append(lines, "# "+d.Name)
		for _, r := range d.Rows {
			if r.Gap != "" {
				lines = append(lines, strings.TrimSuffix("- "+r.Gap+" "+map[bool]string{true: "loose"}[r.Loose], " "))
			}
			what := "milestone"
			if r.Entry != nil {
				what = string(r.Entry.Kind)
			} else if r.Message != nil {
				what = "told"
			}
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s", r.At.Time, what, strings.Join(r.Flags, ","))))
		}
	}
	return lines
}

func TestTimelineTellsTheWholeStory(t *testing.T) {
	t.Parallel()
	want := []string{
		"# Thursday, 18 July 2013",
		"told",
		"01:35 trigger triggered",
		"- 1 h 4 min",
		"02:39 impact started",
		"02:42 detection detected",
		"02:42 action",
		"escalation",
		"- 46 min loose", // the escalation may have been then
		"03:28 detection",
		"03:50 decision",
		"04:00 action",
		"04:30 told",
		"- about 30 min", // since the end of the range, not since the message
		"12:00 communication",
		"# Friday, 19 July 2013",
		"observation",
		"- about 33 h 15 min loose",
		"21:15 recovery resolved",
	}
	got := outline(timeline(billing(t), newClock("America/Los_Angeles")))
	if !reflect.DeepEqual(got, want) {
		t.Errorf("timeline =\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestTimeline(t *testing.T) {
	t.Parallel()
	at := func(clock string) *incident.Moment {
		return moment(t, "2026-03-02T"+clock+":00Z", "UTC", incident.Minute)
	}
	entry := func(m *incident.Moment) incident.Entry {
		return incident.Entry{At: m, Kind: incident.EntryObservation, Text: "x"}
	}
	tests := []struct {
		name string
		in   incident.Incident
		want []string
	}{
		{"without entries there is none", incident.Incident{Heading: incident.Heading{Milestones: incident.Milestones{Started: at("10:00")}}}, nil},
		{"a milestone that no entry stands for has a row", incident.Incident{
			Heading:  incident.Heading{Milestones: incident.Milestones{Detected: at("10:05")}},
			Timeline: []incident.Entry{entry(at("10:00")), entry(at("10:10"))},
		}, []string{"# Monday, 2 March 2026", "10:00 observation", "10:05 milestone detected", "10:10 observation"}},
		{"29 minutes are no gap", incident.Incident{
			Timeline: []incident.Entry{entry(at("10:00")), entry(at("10:29"))},
		}, []string{"# Monday, 2 March 2026", "10:00 observation", "10:29 observation"}},
		{"30 are", incident.Incident{
			Timeline: []incident.Entry{entry(at("10:00")), entry(at("10:30"))},
		}, []string{"# Monday, 2 March 2026", "10:00 observation", "- 30 min", "10:30 observation"}},
		{"what comes before all known times stays first", incident.Incident{
			Timeline: []incident.Entry{entry(nil), entry(at("10:00"))},
		}, []string{"# Before the first known time", "observation", "# Monday, 2 March 2026", "10:00 observation"}},
		{"without any time there is no first one", incident.Incident{
			Timeline: []incident.Entry{entry(nil), entry(nil)},
		}, []string{"# No time is known", "observation", "observation"}},
		{"a draft was not told to anybody", incident.Incident{
			Timeline: []incident.Entry{entry(at("10:00"))},
			Messages: []incident.Message{{At: at("10:01"), State: incident.Draft}},
		}, []string{"# Monday, 2 March 2026", "10:00 observation"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := outline(timeline(&tt.in, newClock("UTC"))); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("timeline =\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestADayStandsAtItsBeginningWhereverItWasTold(t *testing.T) {
	t.Parallel()
	const la = "America/Los_Angeles"
	entry := func(at, zone string, p incident.Precision) incident.Entry {
		return incident.Entry{At: moment(t, at, zone, p), Kind: incident.EntryObservation}
	}
	in := &incident.Incident{Timeline: []incident.Entry{ // in order of their instants, as the store gives them
		entry("2013-11-03T00:00:00Z", "UTC", incident.Day), // 2 November, 17:00 in Los Angeles
		entry("2013-11-03T06:50:00Z", la, incident.Minute),
		entry("2013-11-03T08:30:00Z", la, incident.Minute),
		entry("2013-11-03T09:30:00Z", la, incident.Minute), // the clock went back
		entry("2013-11-04T15:00:00Z", "Asia/Tokyo", incident.Day),
		entry("2013-11-04T20:00:00Z", la, incident.Minute),
	}}
	want := []string{
		"# Saturday, 2 November 2013", "23:50 observation",
		"# Sunday, 3 November 2013", "observation", "- 1 h 40 min loose", "01:30 observation", "- 1 h", "01:30 observation",
		"# Monday, 4 November 2013", "- 34 h 30 min", "12:00 observation",
		"# Tuesday, 5 November 2013", "observation",
	}
	if got := outline(timeline(in, newClock(la))); !reflect.DeepEqual(got, want) {
		t.Errorf("timeline =\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAnEntryThatEndsAnotherDaySaysWhich(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		until *incident.Moment
		want  string
	}{
		"the same day needs no date":     {moment(t, "2026-03-02T23:00:00Z", "UTC", incident.Minute), "to 23:00 UTC"},
		"another one has it":             {moment(t, "2026-03-04T00:20:00Z", "UTC", incident.Minute), "to 4 Mar 2026, 00:20 UTC"},
		"also when no time is known":     {moment(t, "2026-03-04T00:00:00Z", "UTC", incident.Day), "to 4 Mar 2026"},
		"what was written stands for it": {&incident.Moment{AsWritten: "12:??"}, "to “12:??”"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := &incident.Incident{Timeline: []incident.Entry{{At: moment(t, "2026-03-02T22:00:00Z", "UTC", incident.Minute), Until: tt.until, Text: "x"}}}
			in.Normalize()
			root, err := html.Parse(strings.NewReader(drawn(t, frame{Name: "record", By: reader, Page: newRecord(in, today)})))
			if err != nil {
				t.Fatal(err)
			}
			if got := textOf(root, "until"); got != tt.want {
				t.Errorf("the end is shown as %q, want %q", got, tt.want)
			}
		})
	}
}

func TestATimeWithoutADateIsShownAsWritten(t *testing.T) {
	t.Parallel()
	in := &incident.Incident{Timeline: []incident.Entry{{At: &incident.Moment{AsWritten: "09:42"}, Text: "x"}}}
	in.Normalize()
	root, err := html.Parse(strings.NewReader(drawn(t, frame{Name: "record", By: reader, Page: newRecord(in, today)})))
	if err != nil {
		t.Fatal(err)
	}
	if got := textOf(root, "when"); got != "“09:42” as written" {
		t.Errorf("the time is shown as %q", got)
	}
}

// textOf is the text of the first element of a class, spaces folded.
func textOf(root *html.Node, class string) string {
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			if a.Key != "class" || a.Val != class {
				continue
			}
			var text strings.Builder
			for d := range n.Descendants() {
				if d.Type == html.TextNode {
					text.WriteString(d.Data)
				}
			}
			return strings.Join(strings.Fields(text.String()), " ")
		}
	}
	return ""
}
