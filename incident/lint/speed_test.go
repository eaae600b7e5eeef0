package lint

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

// lengthy is the whole record with 10,000 entries of a text, all for outsiders.
func lengthy(t testing.TB, said ...string) *incident.Incident {
	t.Helper()
	text, err := os.ReadFile("testdata/whole.json")
	if err != nil {
		t.Fatal(err)
	}
	in := &incident.Incident{}
	if err := json.Unmarshal(text, in); err != nil {
		t.Fatal(err)
	}
	e := in.Timeline[1]
	e.Audience, in.Timeline = incident.AudiencePublic, nil
	for i := range 10_000 {
		e.Text = said[i%len(said)]
		in.Timeline = append(in.Timeline, e)
	}
	in.Normalize()
	return in
}

// usual is what timelines say.
var usual = []string{
	"Replicas reconnect and ask for a full resync; the master's load rises above 40.",
	"02:42 PDT / 09:42 UTC: monitoring pages the engineer on call, see https://status.example.com/incidents/42.",
	"The team could have waited for the resync, but nothing showed how long it would take. 1.40 % of customers.",
	"Auto-recharge is switched off in the admin pages, balances are restored from the second store.",
}

// page is 2,000 bytes of what timelines say.
var page = strings.Repeat(strings.Join(usual, "\n"), 6)[:2000]

func BenchmarkRules(b *testing.B) {
	b.Run("notes", func(b *testing.B) { eachRule(b, lengthy(b, usual...)) })
	b.Run("pages", func(b *testing.B) { eachRule(b, lengthy(b, page)) })
}

func eachRule(b *testing.B, in *incident.Incident) {
	b.Run("reading", func(b *testing.B) {
		for b.Loop() {
			read(in)
		}
	})
	for i := range Rules {
		b.Run(Rules[i].ID, func(b *testing.B) {
			known := read(in)
			for b.Loop() {
				Rules[i].find(known, &report{rule: &Rules[i], in: known})
			}
		})
	}
}

func TestManyLongEntriesAreLintedInProportion(t *testing.T) {
	t.Parallel()
	in := lengthy(t, page)
	all := in.Timeline
	incidenttest.InProportion(t, len(all)/5, func(size int) {
		in.Timeline = all[:size]
		Check(in)
	})
}

// TestNoRuleTakesMuchLongerThanReading compares each with looking for credentials,
// which is done for every text.
func TestNoRuleTakesMuchLongerThanReading(t *testing.T) {
	t.Parallel()
	in := lengthy(t, page)
	in.Timeline = in.Timeline[:500]
	least := func(do func()) time.Duration {
		return min(incidenttest.Took(do), incidenttest.Took(do), incidenttest.Took(do))
	}
	known := read(in)
	whole := least(func() { read(in) })
	if raced {
		whole *= 20 // reading is mostly the standard library's; what is left is that no rule is slow beyond all measure
	}
	for i := range Rules {
		if took := least(func() { Rules[i].find(known, &report{rule: &Rules[i], in: known}) }); took > 3*whole {
			t.Errorf("%s takes %v where reading takes %v, want at most three times as long", Rules[i].ID, took, whole)
		}
	}
}

func TestNoTextMakesARuleSlow(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{
		"a", "a ", "the a b ", "should have ", "an a engineer ", "failed to ", "a-", "db-", "1.", "12:30 ", "12:30 UTC / ", "2:42 AM PDT (", "about ",
		"http://", "https://a.", "“", "`", "```\n", "> ", "Ana ", "Ana Reyes ", "x.internal.", "ip-1-", "no ", "improve ", "obviously ", "T ", "PST ", "10:11 PST ", "times ", "could have easily ", "a\n", "://", "a.b/", "2018-07-30 ",
	} {
		t.Run(piece, func(t *testing.T) {
			in := lengthy(t, "x")
			in.Timeline = in.Timeline[:10]
			incidenttest.InProportion(t, 65_000, func(size int) {
				said := strings.Repeat(piece, 1+size/len(piece))
				for i := range in.Timeline {
					in.Timeline[i].Text = said
				}
				in.Analysis.ProcessCause.Text, in.Actions[0].Title = said, said
				Check(in)
			})
		})
	}
}
