package incident_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

// full is a valid record with something in every field.
func full() *incident.Incident {
	return incidenttest.Fill(func(pointer string) string {
		return "a" + strings.NewReplacer("/", "-", "_", "-").Replace(pointer)
	})
}

// breaking is one broken rule: what breaks it, where that is told, and a part
// of what is told.
type breaking struct {
	name    string
	edit    func(*incident.Incident)
	pointer string
	says    string
}

// refused checks that exactly one place is named, with what to do.
func (tt breaking) refused(t *testing.T) {
	t.Helper()
	in := full()
	tt.edit(in)
	err := in.Check()
	if tt.pointer == "" {
		if err != nil {
			t.Errorf("Check = %v %q, want nil", err, fields(err))
		}
		return
	}
	if !errors.Is(err, incident.Invalid) || len(fields(err)) != 1 || !strings.Contains(fields(err)[tt.pointer], tt.says) {
		t.Errorf("Check = %v %q, want %q at %s", err, fields(err), tt.says, tt.pointer)
	}
}

func number(n int64) *incident.Number { return (*incident.Number)(&n) }

func when(year int) *time.Time {
	at := time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC)
	return &at
}

var brokenRules = []breaking{
	{"a full record breaks none", func(*incident.Incident) {}, "", ""},
	{"a title has letters", func(in *incident.Incident) { in.Title = " " }, "/title", "is empty: write it"},
	{"at most two hundred", func(in *incident.Incident) { in.Title = strings.Repeat("é", 201) }, "/title", "201 characters, at most 200"},
	{"on one line", func(in *incident.Incident) { in.Title = "a\nb" }, "/title", "write it on one line"},
	{"without NUL", func(in *incident.Incident) { in.Title = "a\x00b" }, "/title", "control character"},
	{"a text has lines", func(in *incident.Incident) { in.Summary = "a\n\tb" }, "", ""},
	{"but no bell", func(in *incident.Incident) { in.Summary = "a\ab" }, "/summary", "control character"},
	{"all text is UTF-8", func(in *incident.Incident) { in.Timeline[0].Text = "\xff" }, "/timeline/0/text", "not valid UTF-8"},
	{"also as written", func(in *incident.Incident) { in.Timeline[0].At.AsWritten = "\xff" }, "/timeline/0/at/as_written", "UTF-8"},
	{"where a line is a line", func(in *incident.Incident) { in.Timeline[0].At.AsWritten = "\n" }, "/timeline/0/at/as_written", "one line"},
	{"of two hundred bytes", func(in *incident.Incident) { in.Timeline[0].At.AsWritten = strings.Repeat("é", 101) }, "/timeline/0/at/as_written", "202 bytes"},
	{"a kind is one of three", func(in *incident.Incident) { in.Kind = "outage" }, "/kind", "is \"outage\": write one of incident, near_miss"},
	{"a severity may be missing", func(in *incident.Incident) { in.Severity = "" }, "", ""},
	{"but not be made up", func(in *incident.Incident) { in.Severity = "SEV1" }, "/severity", "write one of sev1"},
	{"a channel is needed", func(in *incident.Incident) { in.Messages[0].Channel = "" }, "/messages/0/channel", "is missing: write one of status_page"},
	{"a maintenance has its own statuses", func(in *incident.Incident) { in.Kind = incident.Maintenance }, "/status", "write one of scheduled"},
	{"and an incident others", func(in *incident.Incident) { in.Status = incident.Completed }, "/status", "write one of investigating"},
	{"the zone exists", func(in *incident.Incident) { in.Zone = "Mars/Olympus" }, "/zone", "is no zone"},
	{"so does a moment's", func(in *incident.Incident) { in.Timeline[0].At.Zone = "PST" }, "/timeline/0/at/zone", "America/Los_Angeles"},
	{"a resolution needs resolving", func(in *incident.Incident) { in.Status, in.Resolution = incident.Monitoring, incident.FalseAlarm }, "/resolution", "only with the status resolved"},
	{"a duplicate names the original", func(in *incident.Incident) { in.Resolution = incident.Duplicate }, "/duplicate_of", "is missing: name"},
	{"another one", func(in *incident.Incident) { in.Resolution, in.DuplicateOf = incident.Duplicate, number(7) }, "/duplicate_of", "names the incident itself"},
	{"a recurrence too", func(in *incident.Incident) { in.RecurrenceOf = number(7) }, "/recurrence_of", "names the incident itself"},
	{"and what is related", func(in *incident.Incident) { in.Related = []incident.Number{3, 7} }, "/related/1", "names the incident itself"},
	{"once each", func(in *incident.Incident) { in.Related = []incident.Number{3, 3} }, "/related/1", "repeats INC-3"},
	{"numbers start at one", func(in *incident.Incident) { in.Related = []incident.Number{0} }, "/related/0", "start at 1"},
	{"tags have no spaces", func(in *incident.Incident) { in.Tags = []string{"a", "b c"} }, "/tags/1", "write spaces as -"},
	{"no commas", func(in *incident.Incident) { in.Tags = []string{"b,c"} }, "/tags/0", "letters, digits"},
	{"but letters of all scripts", func(in *incident.Incident) {
		in.Tags = []string{"größe", "日本", "हिन्दी", "a_b-c.d:e/f"}
	}, "", ""},
	{"once each, whatever the case", func(in *incident.Incident) { in.Tags = []string{"redis", "Redis"} }, "/tags/1", "repeats"},
	{"of sixty letters", func(in *incident.Incident) { in.Tags = []string{strings.Repeat("a", 61)} }, "/tags/0", "at most 60"},
	{"fifty at most", func(in *incident.Incident) { in.Tags = many(51) }, "/tags", "has 51 items, at most 50"},
	{"a source is no script", func(in *incident.Incident) { in.Sources = []string{"JavaScript: alert(1)"} }, "/sources/0", "javascript"},
	{"but may be plain words", func(in *incident.Incident) { in.Sources = []string{"Slack: the billing channel", "ticket 12"} }, "", ""},
	{"a message on the status page needs a public title", func(in *incident.Incident) { sent(in).PublicTitle = "" }, "/public_title", "write what outsiders may read"},
	{"and a public summary", func(in *incident.Incident) { sent(in).PublicSummary = "" }, "/public_summary", "write what outsiders may read"},
	{"one sent by mail too", func(in *incident.Incident) { sent(in).PublicTitle, in.Messages[0].Channel = "", incident.Email }, "/public_title", "a public message was sent"},
	{"but not one sent to ourselves", func(in *incident.Incident) {
		sent(in).Messages[0].Audience, in.PublicTitle = incident.AudienceInternal, ""
	}, "", ""},
	{"so does a published postmortem", func(in *incident.Incident) { published(in).PublicTitle = "" }, "/public_title", "the postmortem is published"},
	{"in both", func(in *incident.Incident) { published(in).PublicSummary = "" }, "/public_summary", "the postmortem is published"},
	{"it was filed in our time", func(in *incident.Incident) { in.CreatedAt = *when(10_000) }, "/created_at", "from 1970 to 2200"},
	{"or is not yet", func(in *incident.Incident) { in.CreatedAt = time.Time{} }, "", ""},
	{"approved in our time", func(in *incident.Incident) { in.Review.Approvals[0].At = *when(-1) }, "/review/approvals/0/at", "from 1970 to 2200"},
	{"and published", func(in *incident.Incident) { in.Review.PublishedAt = when(9999) }, "/review/published_at", "from 1970 to 2200"},
	{"a recorded one does not", func(in *incident.Incident) { in.PublicTitle, in.PublicSummary = "", "" }, "", ""},
}

// many are n different tags.
func many(n int) []string {
	tags := make([]string, n)
	for i := range tags {
		tags[i] = fmt.Sprint(i)
	}
	return tags
}

func published(in *incident.Incident) *incident.Incident {
	in.Review.State, in.Review.PublishedAt = incident.ReviewPublished, when(2013)
	return in
}

// sent makes the record's message one that outsiders see.
func sent(in *incident.Incident) *incident.Incident {
	in.Messages[0].State, in.Messages[0].Audience = incident.Sent, incident.AudiencePublic
	return in
}

var brokenParts = []breaking{
	{"an instant is known or its precision is unknown", func(in *incident.Incident) { in.Timeline[0].At.At = nil }, "/timeline/0/at/precision", "without an instant"},
	{"and the reverse", func(in *incident.Incident) { in.Milestones.Started.Precision = "unknown" }, "/milestones/started/precision", "with an instant"},
	{"a precision is one of five", func(in *incident.Incident) { in.Milestones.Started.Precision = "week" }, "/milestones/started/precision", "write one of second"},
	{"2200 is the last year", func(in *incident.Incident) { in.People[0].From.At = when(2200) }, "", ""},
	{"not the one after", func(in *incident.Incident) { in.People[0].From.At = when(2201) }, "/people/0/from/at", "from 1970 to 2200"},
	{"and 1970 the first", func(in *incident.Incident) { in.Impacts[0].Until.At = when(1969) }, "/impacts/0/until/at", "from 1970"},
	{"a day need not begin at midnight", func(in *incident.Incident) { in.Impacts[0].From.Precision = incident.Day }, "", ""},
	{"an id has its form", func(in *incident.Incident) {
		in.Timeline[0].ID, in.Analysis.Whys[0].Evidence, in.Analysis.Factors[0].Evidence = "Entry", nil, nil
	}, "/timeline/0/id", "^[a-z0-9]{12}$"},
	{"and is given once in a record", func(in *incident.Incident) { in.Actions[0].ID = in.Timeline[0].ID }, "/actions/0/id", "/timeline/0 has too"},
	{"evidence is an entry", func(in *incident.Incident) { in.Analysis.Whys[0].Evidence = []string{in.Actions[0].ID} }, "/analysis/whys/0/evidence/0", "no entry of this timeline"},
	{"named once", func(in *incident.Incident) {
		in.Analysis.Factors[0].Evidence = append(in.Analysis.Factors[0].Evidence, in.Timeline[0].ID)
	}, "/analysis/factors/0/evidence/1", "repeats"},
	{"a position is positive", func(in *incident.Incident) { in.Impacts[0].Position = -1 }, "/impacts/0/position", "from 0 to 1000000000"},
	{"a source is no data", func(in *incident.Incident) { in.Timeline[0].Source = "data:text/html,x" }, "/timeline/0/source", "has the scheme \"data\""},
	{"a link has a scheme that we know", func(in *incident.Incident) { in.Messages[0].Link = "ftp://x" }, "/messages/0/link", "http, https or mailto"},
	{"or none", func(in *incident.Incident) { in.Actions[0].Ticket = "OPS-12" }, "", ""},
	{"but runs nothing", func(in *incident.Incident) { in.Actions[0].Ticket = " vbscript:x" }, "/actions/0/ticket", "vbscript"},
	{"a due day exists", func(in *incident.Incident) { due := "2013-02-30"; in.Actions[0].Due = &due }, "/actions/0/due", "is no day"},
	{"in our time", func(in *incident.Incident) { due := "1969-12-31"; in.Actions[0].Due = &due }, "/actions/0/due", "from 1970 to 2200"},
	{"what is not done says why", func(in *incident.Incident) { in.Actions[0].State, in.Actions[0].Reason = incident.NotDoing, "" }, "/actions/0/reason", "say why"},
	{"an action serves others", func(in *incident.Incident) { in.Actions[0].AlsoFor = []incident.Number{7} }, "/actions/0/also_for/0", "itself"},
	{"a figure is finite", func(in *incident.Incident) { in.Impacts[0].Figures[0].Value = math.Inf(1) }, "/impacts/0/figures/0/value", "is not a number"},
	{"and measures something", func(in *incident.Incident) { in.Impacts[0].Figures[0].Measure = "" }, "/impacts/0/figures/0/measure", "is empty"},
	{"a statement says something", func(in *incident.Incident) { in.Analysis.Trigger.Text = "" }, "/analysis/trigger/text", "is empty"},
	{"a stated duration is a line", func(in *incident.Incident) { s := strings.Repeat("a", 201); in.Stated.TimeToTell = &s }, "/stated/time_to_tell", "at most 200"},
	{"an audience is one of three", func(in *incident.Incident) { in.Timeline[0].Audience = "everybody" }, "/timeline/0/audience", "write one of public"},
}

func TestCheckNamesThePlaceAndTheNextStep(t *testing.T) {
	t.Parallel()
	for _, tt := range slices.Concat(brokenRules, brokenParts) {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.refused(t)
		})
	}
}

func TestCheckTellsEverythingAtOnce(t *testing.T) {
	t.Parallel()
	in := full()
	in.Title, in.Kind, in.Timeline[0].Text = "", "outage", ""
	err := in.Check()
	if got := fields(err); len(got) != 3 || !strings.Contains(err.Error(), "and 2 more") {
		t.Errorf("Check = %v %q, want three places", err, got)
	}
}

func TestCheckEndsWithTheFirstHundred(t *testing.T) {
	t.Parallel()
	in := full()
	in.Timeline = make([]incident.Entry, 10_000)
	if got := fields(in.Check()); len(got) != 100 {
		t.Errorf("Check names %d places, want 100", len(got))
	}
	in.Timeline = make([]incident.Entry, 10_001)
	if got := fields(in.Check()); !strings.Contains(got["/timeline"], "at most 10000") {
		t.Errorf("Check = %q, want the timeline refused as a whole", got)
	}
}

// TestCheckLooksUpNoMoreZonesThanItTellsOf: each that is none costs a look at
// every place where zones are kept, which took seconds for a long timeline.
func TestCheckLooksUpNoMoreZonesThanItTellsOf(t *testing.T) {
	in := full()
	cost := func(zone func(i int) string) float64 {
		in.Timeline = make([]incident.Entry, 2000)
		for i := range in.Timeline {
			in.Timeline[i].At = &incident.Moment{Zone: zone(i), Precision: incident.UnknownPrecision}
		}
		return testing.AllocsPerRun(1, func() { _ = in.Check() })
	}
	one := cost(func(int) string { return "Mars" })
	each := cost(func(i int) string { return fmt.Sprintf("Mars%d", i) })
	if each > 2*one {
		t.Errorf("Check allocates %.0f times for 2000 zones that are none, %.0f for one: want about the same", each, one)
	}
}
