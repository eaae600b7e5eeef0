package incident

import (
	"strings"
	"testing"
	"time"
)

// toldIn makes a moment told in a zone; a sign ~ before the zone makes it approximate.
func toldIn(rfc3339, zone string, p Precision) *Moment {
	m := Exactly(*entryAt(rfc3339).At, strings.TrimPrefix(zone, "~"), p)
	m.Approximate = strings.HasPrefix(zone, "~")
	return &m
}

// showings are moments and the three ways to show each.
var showings = []struct {
	name              string
	m                 *Moment
	zone              string
	clock, both, date string
}{
	{"a minute", toldIn("2013-07-18T09:42:00Z", homeZone, Minute), homeZone,
		"02:42 PDT", "2:42 AM PDT / 09:42 UTC", "Thursday, 18 July 2013"},
	{"in its own zone if none is asked for", toldIn("2013-07-18T09:42:00Z", homeZone, Minute), "",
		"02:42 PDT", "2:42 AM PDT / 09:42 UTC", "Thursday, 18 July 2013"},
	{"noon and winter", toldIn("2013-01-18T20:00:00Z", homeZone, Minute), homeZone,
		"12:00 PST", "12:00 PM PST / 20:00 UTC", "Friday, 18 January 2013"},
	{"a second", toldIn("2013-07-18T09:42:07Z", homeZone, Second), homeZone,
		"02:42:07 PDT", "2:42:07 AM PDT / 09:42:07 UTC", "Thursday, 18 July 2013"},
	{"an hour", toldIn("2013-07-18T16:00:00Z", homeZone, Hour), homeZone,
		"about 09:00 PDT", "about 9 AM PDT / 16:00 UTC", "Thursday, 18 July 2013"},
	{"an hour of a zone off by half", toldIn("2013-07-18T16:30:00Z", "Asia/Kolkata", Hour), "America/St_Johns",
		"about 22:00 IST", "about 2 PM NDT / 16:30 UTC", "Thursday, 18 July 2013"},
	{"about, and on the next day in UTC", toldIn("2013-07-20T04:15:00Z", "~"+homeZone, Minute), homeZone,
		"about 21:15 PDT", "about 9:15 PM PDT / 04:15 UTC on 20 July", "Friday, 19 July 2013"},
	{"the day before in UTC", toldIn("2013-12-31T15:30:00Z", "Asia/Tokyo", Minute), "Asia/Tokyo",
		"00:30 JST", "00:30 JST / 15:30 UTC on 31 December", "Wednesday, 1 January 2014"},
	{"seen from Berlin", toldIn("2013-07-18T00:42:00Z", homeZone, Minute), "Europe/Berlin",
		"17:42 PDT", "02:42 CEST / 00:42 UTC", "Thursday, 18 July 2013"},
	{"seen from Hawaii", toldIn("2013-07-18T09:42:00Z", homeZone, Minute), "Pacific/Honolulu",
		"02:42 PDT", "11:42 PM HST / 09:42 UTC on 18 July", "Wednesday, 17 July 2013"},
	{"in UTC alone", toldIn("2013-07-18T09:42:00Z", homeZone, Minute), "UTC",
		"02:42 PDT", "09:42 UTC", "Thursday, 18 July 2013"},
	{"in UTC by another name", toldIn("2013-07-18T09:42:00Z", "Etc/UTC", Minute), "Etc/UTC",
		"09:42 UTC", "09:42 UTC", "Thursday, 18 July 2013"},
	{"in London in winter", toldIn("2013-01-18T09:42:00Z", "Europe/London", Minute), "Europe/London",
		"09:42 GMT", "09:42 UTC", "Friday, 18 January 2013"},
	{"a zone without letters", toldIn("2023-07-18T09:42:00Z", "Europe/Istanbul", Minute), "Europe/Istanbul",
		"12:42 UTC+3", "12:42 UTC+3 / 09:42 UTC", "Tuesday, 18 July 2023"},
	{"an American one", toldIn("2023-07-18T09:42:00Z", "America/Sao_Paulo", Minute), "America/Sao_Paulo",
		"06:42 UTC-3", "6:42 AM UTC-3 / 09:42 UTC", "Tuesday, 18 July 2023"},
	{"an offset", toldIn("2013-07-18T09:42:00Z", "+05:30", Minute), "-09:30",
		"15:12 UTC+5:30", "00:12 UTC-9:30 / 09:42 UTC", "Thursday, 18 July 2013"},
	{"a zone that is gone is shown in UTC", toldIn("2013-07-18T09:42:00Z", "Moon/Tycho", Minute), "",
		"09:42 UTC", "09:42 UTC", "Thursday, 18 July 2013"},
	{"a day has no clock, and is that day in every zone", toldIn("2013-07-18T07:00:00Z", homeZone, Day), "Pacific/Honolulu",
		"18 July 2013", "18 July 2013", "Thursday, 18 July 2013"},
	{"a day sent as midnight UTC is that day", toldIn("2013-07-18T00:00:00Z", homeZone, Day), "",
		"18 July 2013", "18 July 2013", "Thursday, 18 July 2013"},
	{"about a day", toldIn("2013-07-18T07:00:00Z", "~"+homeZone, Day), "", "about 18 July 2013", "about 18 July 2013", "Thursday, 18 July 2013"},
	{"an unknown time as it was written", &Moment{Zone: homeZone, Precision: UnknownPrecision, AsWritten: "Time TBC"}, "UTC",
		"Time TBC", "Time TBC", "date unknown"},
	{"or as unknown", &Moment{Zone: homeZone, Precision: UnknownPrecision}, "UTC", "time unknown", "time unknown", "date unknown"},
	{"none at all", nil, "UTC", "time unknown", "time unknown", "date unknown"},
}

func TestMomentsAreShownAsTheyWereTold(t *testing.T) {
	t.Parallel()
	for _, tt := range showings {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Clock(tt.m); got != tt.clock {
				t.Errorf("Clock = %q, want %q", got, tt.clock)
			}
			if got := Both(tt.m, tt.zone); got != tt.both {
				t.Errorf("Both in %q = %q, want %q", tt.zone, got, tt.both)
			}
			if got := Date(tt.m, tt.zone); got != tt.date {
				t.Errorf("Date in %q = %q, want %q", tt.zone, got, tt.date)
			}
		})
	}
}

func TestInGivesNoClockWithoutZoneOrInstant(t *testing.T) {
	t.Parallel()
	m := entryAt("2013-07-18T09:42:00Z")
	if local, ok := m.In("Europe/Berlin"); !ok || local.Format(time.Kitchen) != "11:42AM" {
		t.Errorf("In(Europe/Berlin) = %s, %t; want 11:42AM", local, ok)
	}
	if _, ok := m.In("Europe/Berln"); ok {
		t.Error("In(Europe/Berln) found such a zone")
	}
	if _, ok := (*Moment)(nil).In(homeZone); ok {
		t.Error("In of no moment gave a time")
	}
}
