package web

import (
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// moment reads an RFC 3339 time into a moment told in a zone.
func moment(t testing.TB, at, zone string, p incident.Precision) *incident.Moment {
	t.Helper()
	instant, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	m := incident.Exactly(instant, zone, p)
	return &m
}

func TestMomentsAreShownAsFinelyAsTheyWereTold(t *testing.T) {
	t.Parallel()
	const la = "America/Los_Angeles"
	about := moment(t, "2013-07-18T09:42:00Z", la, incident.Minute)
	about.Approximate, about.AsWritten = true, "~2:42"
	tests := []struct {
		name string
		zone string
		m    *incident.Moment
		want shown // At is not compared
	}{
		{"nothing is known of a moment that is not there", la, nil, shown{}},
		{"of an unknown one there is what was written", la, &incident.Moment{Precision: incident.UnknownPrecision, AsWritten: "Time TBC"}, shown{Written: "Time TBC"}},
		{"a minute has UTC beside it", la, moment(t, "2013-07-18T09:42:00Z", la, incident.Minute),
			shown{Known: true, ISO: "2013-07-18T09:42Z", Day: "Thursday, 18 July 2013", Date: "18 Jul 2013", Time: "02:42", Zone: "PDT", UTC: "09:42 UTC"}},
		{"a second is not lost", la, moment(t, "2013-07-18T09:42:07Z", la, incident.Second),
			shown{Known: true, ISO: "2013-07-18T09:42:07Z", Day: "Thursday, 18 July 2013", Date: "18 Jul 2013", Time: "02:42:07", Zone: "PDT", UTC: "09:42:07 UTC"}},
		{"an hour says that it is one", la, moment(t, "2013-07-18T09:00:00Z", la, incident.Hour),
			shown{Known: true, ISO: "2013-07-18T09:00Z", Day: "Thursday, 18 July 2013", Date: "18 Jul 2013", Time: "02:00", Zone: "PDT", UTC: "09:00 UTC", Coarse: "to the hour"}},
		{"a day has no time of day", la, moment(t, "2013-07-18T07:00:00Z", la, incident.Day),
			shown{Known: true, ISO: "2013-07-18", Day: "Thursday, 18 July 2013", Date: "18 Jul 2013"}},
		{"UTC carries its date where that is another", la, moment(t, "2013-07-20T04:15:00Z", la, incident.Minute),
			shown{Known: true, ISO: "2013-07-20T04:15Z", Day: "Friday, 19 July 2013", Date: "19 Jul 2013", Time: "21:15", Zone: "PDT", UTC: "20 Jul 04:15 UTC"}},
		{"UTC stands alone", "UTC", moment(t, "2013-07-18T09:42:00Z", la, incident.Minute),
			shown{Known: true, ISO: "2013-07-18T09:42Z", Day: "Thursday, 18 July 2013", Date: "18 Jul 2013", Time: "09:42", Zone: "UTC"}},
		{"a zone without letters has its offset", "+05:30", moment(t, "2013-07-18T09:42:00Z", "UTC", incident.Minute),
			shown{Known: true, ISO: "2013-07-18T09:42Z", Day: "Thursday, 18 July 2013", Date: "18 Jul 2013", Time: "15:12", Zone: "UTC+5:30", UTC: "09:42 UTC"}},
		{"a zone that nobody knows is shown as UTC", "Mars/Olympus", moment(t, "2013-07-18T09:42:00Z", la, incident.Minute),
			shown{Known: true, ISO: "2013-07-18T09:42Z", Day: "Thursday, 18 July 2013", Date: "18 Jul 2013", Time: "09:42", Zone: "UTC"}},
		{"about is about", la, about,
			shown{Known: true, ISO: "2013-07-18T09:42Z", Day: "Thursday, 18 July 2013", Date: "18 Jul 2013", Time: "02:42", Zone: "PDT", UTC: "09:42 UTC", Approximate: true, Written: "~2:42"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := newClock(tt.zone).show(tt.m)
			got.At = time.Time{}
			if got != tt.want {
				t.Errorf("show = %+v\nwant   %+v", got, tt.want)
			}
		})
	}
}

func TestLasted(t *testing.T) {
	t.Parallel()
	from := moment(t, "2013-07-18T09:42:00Z", "UTC", incident.Minute)
	tests := []struct {
		name  string
		until *incident.Moment
		want  string
	}{
		{"between two minutes it is known", moment(t, "2013-07-18T11:00:00Z", "UTC", incident.Minute), "1 h 18 min"},
		{"to an hour only about", moment(t, "2013-07-18T11:00:00Z", "UTC", incident.Hour), "about 1 h 18 min"},
		{"to a day not at all", moment(t, "2013-07-19T00:00:00Z", "UTC", incident.Day), ""},
		{"nor to what nobody knows", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := lasted(from, tt.until); got != tt.want {
				t.Errorf("lasted = %q, want %q", got, tt.want)
			}
		})
	}
}
