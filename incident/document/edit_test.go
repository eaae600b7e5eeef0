package document

import (
	"fmt"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

// atHome begins a document of ours whose times are told in Los Angeles.
const atHome = "---\ntitle: x\nzone: America/Los_Angeles\nmilestones:\n  started: 2013-07-18 02:39\ndebrief:\n---\n"

// The record as a few words, for the claims below.
var (
	ofEntries = func(in *incident.Incident) string {
		var all []string
		for _, e := range in.Timeline {
			all = append(all, strings.TrimSpace(clockwork{home: in.Zone}.span(e.At, e.Until)+" "+e.Text))
		}
		return strings.Join(all, " / ")
	}
	ofImpacts = func(in *incident.Incident) string {
		var all []string
		for _, i := range in.Impacts {
			for _, f := range i.Figures {
				all = append(all, counted(f))
			}
			all = append(all, fmt.Sprint(i.Component, " ", i.Kind, " ", i.Level, " ", i.Audience, " ", i.Text))
		}
		return strings.Join(all, " / ")
	}
	ofMessages = func(in *incident.Incident) string {
		var all []string
		for _, m := range in.Messages {
			all = append(all, string(m.Channel)+" "+clockwork{home: in.Zone}.write(m.At))
		}
		return strings.Join(all, " / ")
	}
	ofActions = func(in *incident.Incident) string {
		var all []string
		for _, a := range in.Actions {
			all = append(all, strings.TrimSpace(fmt.Sprint(a.Title, " ", a.Owner, " ", a.Priority, " ", a.Audience)))
		}
		return strings.Join(all, " / ")
	}
	ofBackground = func(in *incident.Incident) string { return in.Background }
	ofSummary    = func(in *incident.Incident) string { return in.Summary }
)

// edits are what a person does to a document of ours: what is understood of it,
// and the line of the report when something is kept as text only.
var edits = []struct {
	name, text string
	of         func(*incident.Incident) string
	want       string
	lost       int // 0: nothing
}{
	{"a table needs no pipes at its edges", "## Timeline\n\nTime | Event\n:-- | --:\n02:42 | restarted\n02:50 | found\n\nWe | slept\n", ofEntries,
		"2013-07-18 02:42 restarted / 2013-07-18 02:50 found", 15},
	{"the heading's zone holds for ranges too", "## Timeline\n| Time (UTC) | Event |\n|-|-|\n| 09:42 – 09:50 | a |\n", ofEntries,
		"2013-07-18 09:42 UTC – 09:50 UTC a", 0},
	{"and for times of twelve hours", "## Timeline\n| Time (UTC) | Event |\n|-|-|\n| 9:42 AM | a |\n", ofEntries, `2013-07-18 09:42 UTC "9:42 AM" a`, 0},
	{"what a heading says beside its name is kept", "## Timeline\n| Time | Event (as Ana saw it) |\n|-|-|\n| 02:42 | a |\n", ofBackground,
		"### Timeline\n\n| Time | Event (as Ana saw it) |", 9},
	{"headings may be numbered, bold and closed", "## 2. **Timeline** ##\n| Time | Event |\n|-|-|\n| 02:42 | a |\n", ofEntries, "2013-07-18 02:42 a", 0},
	{"a section with another heading is text, and named", "# Timeline\n\n- 02:42 a\n", ofSummary, "# Timeline\n\n- 02:42 a", 8},
	{"also with an underlined one", "Summary\n-------\n\nIt broke.\n", ofSummary, "Summary\n-------\n\nIt broke.", 8},
	{"what was written into a hint is kept", "## Actions\n\n<!-- hint: Kinds: prevent, detect, mitigate, process, document.\n\n- [ ] Alert on failed writes\n-->\n", ofBackground,
		"### From a hint\n\n- [ ] Alert on failed writes", 12},
	{"properties need no bullets, nor capitals", "## Impact\n### Billing\nkind: correctness\nLEVEL: Major outage\n\nCards.\n", ofImpacts,
		"Billing correctness major_outage internal Cards.", 0},
	{"an unknown property hides no known one", "## Impact\n### Billing\n- Kind: delay\n- Note: hello\n- Audience: public\n", ofImpacts, "Billing delay  public - Note: hello", 11},
	{"a list is a text", "## Impact\n### Billing\n- 5 cards\n- 2 banks\n", ofImpacts, "Billing availability  internal - 5 cards\n- 2 banks", 0},
	{"a number may have commas between thousands", "## Impact\n### Billing\n- Figure: cards: 1,400\n- Figure: share: 1.4%\n", ofImpacts,
		"Cards: 1,400 / Share: 1.4% / Billing availability  internal ", 0},
	{"but is not cut at another comma", "## Impact\n### Billing\n- Figure: share: 1,4 %\n", ofBackground, "### Figure\n\nshare: 1,4 %", 10},
	{"a message's heading may have a dash, or a space", "## Messages\n### Status page – 03:00\na\n### email 03:10\nb\n### Blog\nc\n", ofMessages,
		"status_page 2013-07-18 03:00 / email 2013-07-18 03:10 / blog ", 0},
	{"braces hold words in any letters", "## Actions\n- a {Private; HIGH; Owner:Ana}\n", ofActions, "a Ana high private", 0},
	{"but not two audiences", "## Actions\n- a {public; private}\n", ofActions, "a {public; private}   internal", 9},
	{"nor two owners", "## Actions\n- a {owner: Ana; owner: Ben}\n", ofActions, "a {owner: Ana; owner: Ben}   internal", 9},
	{"nor a comma for a semicolon", "## Actions\n- a {owner: Ana, due: 2013-08-01}\n", ofActions, "a {owner: Ana, due: 2013-08-01}   internal", 9},
	{"which may stand in a name", "## Actions\n- a {owner: Ana, Ben}\n", ofActions, "a Ana, Ben  internal", 0},
}

func TestAPersonEditsADocumentOfOurs(t *testing.T) {
	t.Parallel()
	for _, tt := range edits {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadMarkdown(strings.NewReader(atHome + tt.text))
			if err != nil {
				t.Fatalf("ReadMarkdown(%q) = %v, want a record", tt.text, err)
			}
			if told := tt.of(got.Incident); told != tt.want {
				t.Errorf("ReadMarkdown(%q) gives %q, want %q", tt.text, told, tt.want)
			}
			if len(got.Report) > 0 != (tt.lost > 0) || tt.lost > 0 && got.Report[0].Line != tt.lost {
				t.Errorf("ReadMarkdown(%q) reports %v, want line %d", tt.text, got.Report, tt.lost)
			}
		})
	}
}

func TestATimeWithoutADayIsNotInvented(t *testing.T) {
	t.Parallel()
	got, err := ReadMarkdown(strings.NewReader("---\ntitle: x\ndebrief:\n---\n## Timeline\n| 02:42 | action | restarted |\n"))
	if err != nil {
		t.Fatalf("ReadMarkdown = %v, want a record", err)
	}
	if e := got.Incident.Timeline[0]; e.At.Known() || e.At.AsWritten != "02:42" {
		t.Errorf("the time is %+v, want an unknown one written 02:42", e.At)
	}
	if len(got.Report) != 1 || !strings.Contains(got.Report[0].Why, "the day is not told") {
		t.Errorf("the report is %v, want that the day is missing", got.Report)
	}
}
