package document

import (
	"slices"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

func TestFiguresAreWrittenForReaders(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		f    incident.Figure
		want string
	}{
		{"thousands have commas", incident.Figure{Measure: "refunded", Value: 1234567.5, Unit: "USD"}, "Refunded: 1,234,567.5 USD"},
		{"hundreds have none", incident.Figure{Measure: "cards", Value: 350}, "Cards: 350"},
		{"a sign counts for nothing", incident.Figure{Measure: "balance", Value: -350}, "Balance: -350"},
		{"per cent stands at its number", incident.Figure{Measure: "été", Value: 1.4, Unit: "%"}, "Été: 1.4%"},
		{"what is huge stays as it is", incident.Figure{Measure: "events", Value: 1e21}, "Events: 1e+21"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := counted(tt.f); got != tt.want {
				t.Errorf("counted(%+v) = %q, want %q", tt.f, got, tt.want)
			}
		})
	}
}

// toldAtTimes is a story of entries at the times given, "" for an unknown one.
func toldAtTimes(times ...string) *story {
	in := nearlyNothing()
	for _, text := range times {
		e := incident.Entry{Text: "x"}
		if text != "" {
			e.At = at(text)
		}
		in.Timeline = append(in.Timeline, e)
	}
	in.Zone = "Europe/Berlin"
	return newStory(in, Options{}, true)
}

func TestAGapIsShownWhereNothingIsKnown(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		times []string
		want  string
	}{
		{"of some hours", []string{"2025-03-04T09:00:00Z", "2025-03-04T12:30:00Z"}, "3 h 30 min"},
		{"not of less than two", []string{"2025-03-04T09:00:00Z", "2025-03-04T10:30:00Z"}, ""},
		{"not where something happened, though nobody knows when", []string{"2025-03-04T09:00:00Z", "", "2025-03-04T12:30:00Z"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			lines := toldAtTimes(tt.times...).Days[0].Lines
			if got := lines[len(lines)-1].Gap; got != tt.want {
				t.Errorf("the gap after %v is %q, want %q", tt.times, got, tt.want)
			}
		})
	}
}

func TestAGapBeginsWhereWhatLastedEnded(t *testing.T) {
	t.Parallel()
	s := toldAtTimes("2025-03-04T09:00:00Z", "2025-03-04T10:00:00Z", "2025-03-04T15:30:00Z", "2025-03-04T18:30:00Z")
	s.Timeline[0].Until = at("2025-03-04T15:00:00Z")
	s.Days = nil
	s.tell()
	var got []string
	for _, line := range s.Days[0].Lines {
		got = append(got, line.Gap)
	}
	if want := []string{"", "", "", "3 h"}; !slices.Equal(got, want) {
		t.Errorf("the gaps around an entry that lasted until 15:00 are %q, want %q", got, want)
	}
}

func TestEvidenceIsNamedThoughItsTimeIsUnknown(t *testing.T) {
	t.Parallel()
	in := twilio(t)
	in.Timeline[0].ID, in.Timeline[0].At = "aaaaaaaaaaaa", nil
	in.Analysis.Factors[0].Evidence = []string{"aaaaaaaaaaaa"}
	var b strings.Builder
	if err := WriteHTML(&b, in, Options{}); err != nil {
		t.Fatal(err)
	}
	if want := `Evidence: <a href="#row-1">time unknown</a>.`; !strings.Contains(b.String(), want) {
		t.Errorf("the page lacks %q", want)
	}
}

func TestUTCIsNamedOnce(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := WriteHTML(&b, nearlyNothing(), Options{}); err != nil {
		t.Fatal(err)
	}
	if want := "Times are shown in UTC."; !strings.Contains(b.String(), want) {
		t.Errorf("the page lacks %q", want)
	}
}

func TestTextsThatTogetherTakeSecondsAreShownAsWritten(t *testing.T) {
	t.Parallel()
	in := nearlyNothing()
	for range 40 { // each just short of what one text may take
		in.Timeline = append(in.Timeline, incident.Entry{Text: strings.Repeat("[a](", 3150), Audience: incident.AudiencePublic})
	}
	in.Timeline = append(in.Timeline, incident.Entry{Text: "*the last*", Audience: incident.AudiencePublic})
	page := public(t, Formats[2], in)
	rendered := strings.Count(page, "<p>[a](")
	if rendered < 5 || rendered > 20 || !strings.Contains(page, "<pre>*the last*</pre>") {
		t.Errorf("of 40 costly texts %d are rendered, and the last is among them %v; want about ten, and the rest as written",
			rendered, !strings.Contains(page, "<pre>*the last*</pre>"))
	}
}

func TestAWhyWithMarksOfItsOwnIsNotSetInBold(t *testing.T) {
	t.Parallel()
	for why, want := range map[string]string{
		"Why *again*?":       "\n\nWhy *again*?\n\n",
		"Was it **really**?": "\n\nWas it **really**?\n\n",
		`What of C:\`:        "\n\nWhat of C:\\\n\n",
		"Why again?":         "\n\n**Why again?**\n\n",
	} {
		in := twilio(t)
		in.Analysis.Whys = []incident.Why{{Why: why, Because: "x", Audience: incident.AudiencePublic}}
		if text := public(t, byName(t, "hugo"), in); !strings.Contains(text, want) {
			t.Errorf("the post of %q lacks %q:\n%s", why, want, text)
		}
	}
}
