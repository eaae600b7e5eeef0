package incident

import (
	"strings"
	"testing"
	"time"
)

func TestReadFindsTheDay(t *testing.T) {
	t.Parallel()
	later := time.Date(2013, 8, 1, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name, near, text, want string
		now                    time.Time
	}{
		{"after 23:50 comes 00:10 of the next day", "2013-07-18T23:50:00-07:00", "00:10", "2013-07-19T00:10:00-07:00", later},
		{"a little earlier is the same day", "2013-07-18T14:05:00-07:00", "13:50", "2013-07-18T13:50:00-07:00", later},
		{"also across midnight", "2013-07-18T00:10:00-07:00", "23:50", "2013-07-17T23:50:00-07:00", later},
		{"eight hours earlier is the same day", "2013-07-18T17:00:00-07:00", "09:01", "2013-07-18T09:01:00-07:00", later},
		{"more is the next day, for timelines run forward", "2013-07-18T17:00:00-07:00", "08:59", "2013-07-19T08:59:00-07:00", later},
		{"13 hours later is later", "2013-07-18T09:00:00-07:00", "22:00", "2013-07-18T22:00:00-07:00", later},
		{"but not when that is still to come", "2013-07-18T09:00:00-07:00", "22:00", "2013-07-17T22:00:00-07:00", readersClock},
		{"a planned window runs ahead", "2013-07-20T22:00:00-07:00", "23:30", "2013-07-20T23:30:00-07:00", readersClock},
		{"the day is that of the zone told", "2013-07-18T20:00:00-07:00", "03:10 UTC", "2013-07-19T03:10:00Z", later},
		{"counting from the last entry", "2013-07-18T02:42:00-07:00", "+6m", "2013-07-18T02:48:00-07:00", later},
		{"counting hours", "2013-07-18T02:42:00-07:00", "+1h30m", "2013-07-18T04:12:00-07:00", later},
		{"counting back", "2013-07-18T02:42:00-07:00", "-5m", "2013-07-18T02:37:00-07:00", later},
		{"counting with the typographer's minus", "2013-07-18T02:42:00-07:00", "\u22125 min", "2013-07-18T02:37:00-07:00", later},
		{"ago counts from now", "2013-07-18T02:42:00-07:00", "5 minutes ago", "2013-07-31T23:55:00Z", later},
		{"yesterday is seen from now", "2013-07-18T02:42:00-07:00", "yesterday 12:00", "2013-07-30T12:00:00-07:00", later},
		{"a date takes the year of the last entry", "2012-12-30T12:00:00-08:00", "Jan 2 10:00", "2013-01-02T10:00:00-08:00", later},
		{"a date in January after one in December", "2013-01-02T12:00:00-08:00", "Dec 30 10:00", "2012-12-30T10:00:00-08:00", later},
		{"without an entry, the last such time", "", "14:31", "2013-07-18T14:31:00-07:00", readersClock},
		{"clocks differ by minutes", "", "14:35", "2013-07-18T14:35:00-07:00", readersClock},
		{"not by more", "", "14:36", "2013-07-17T14:36:00-07:00", readersClock},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := When{Zone: homeZone, Now: tt.now}
			if tt.near != "" {
				w.Near = entryAt(tt.near)
			}
			m, err := w.Read(tt.text)
			if want := entryAt(tt.want).At; err != nil || !m.At.Equal(*want) {
				t.Errorf("Read(%q) near %s = %s, %v; want %s", tt.text, tt.near, inOneLine(m), err, want)
			}
		})
	}
}

func TestReadNearADay(t *testing.T) {
	t.Parallel()
	day, err := When{Zone: homeZone, Now: readersClock}.Read("2013-07-10")
	if err != nil {
		t.Fatal(err)
	}
	w := When{Zone: homeZone, Near: &day, Now: readersClock}
	m, err := w.Read("22:00")
	if err != nil || inOneLine(m) != "2013-07-11T05:00:00Z America/Los_Angeles minute" {
		t.Errorf("Read(22:00) near 10 July = %s, %v; want 22:00 of that day", inOneLine(m), err)
	}
	if m, err = w.Read("+6m"); err == nil {
		t.Errorf("Read(+6m) near 10 July = %s; want a refusal, a day has no time to count from", inOneLine(m))
	}
}

func TestReadSaysWhoseDayItIs(t *testing.T) {
	t.Parallel()
	evening := time.Date(2013, 7, 19, 3, 0, 0, 0, time.UTC) // 20:00 on the 18th at home
	for text, want := range map[string]string{
		"yesterday 23:10":     "2013-07-18T06:10:00Z America/Los_Angeles minute",
		"today 01:10 UTC":     "2013-07-19T01:10:00Z UTC minute", // today at home as well
		"yesterday 23:10 UTC": "that day is 18 July 2013 in UTC, but 17 July 2013 in America/Los_Angeles: write the date",
		"today 14:05 UTC":     "that day is 19 July 2013 in UTC, but 18 July 2013",
		"yesterday UTC":       "write the date",
		"14:05 UTC":           "2013-07-18T14:05:00Z UTC minute",
	} {
		m, err := When{Zone: homeZone, Now: evening}.Read(text)
		got := inOneLine(m)
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) {
			t.Errorf("Read(%q) at 20:00 PDT = %s; want %s", text, got, want)
		}
	}
}

func TestReadWithoutAClockOfItsOwn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"14:05": "the day is not told", "yesterday 14:05": "which day was today is not told", "18 July": "write the year too",
		"now": "not told", "+6m": "not told", "2 days ago": "not told", "14:05 UTC / 7:05 AM PDT": "the day is not told",
		"2013-07-18 14:05": "2013-07-18T21:05:00Z", "18 July 2030": "2030-07-18T07:00:00Z",
	} {
		m, err := When{Zone: homeZone}.Read(text)
		got := inOneLine(m)
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) {
			t.Errorf("Read(%q) without a clock = %s; want %s", text, got, want)
		}
	}
	near := entryAt("2013-07-18T02:42:00-07:00")
	if m, err := (When{Zone: homeZone, Near: near}).Read("+6m"); err != nil || inOneLine(m) != "2013-07-18T09:48:00Z America/Los_Angeles minute" {
		t.Errorf("Read(+6m) near 02:42 = %s, %v; want 02:48", inOneLine(m), err)
	}
}

func TestReadTakesOneTimeToldOnTwoClocks(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2:42 AM PDT / 09:42 UTC":                         "2013-07-18T09:42:00Z America/Los_Angeles minute",
		"about 2:42 AM PDT / 09:42 UTC":                   "2013-07-18T09:42:00Z America/Los_Angeles minute ~",
		"09:42 UTC (02:42 PDT)":                           "2013-07-18T09:42:00Z UTC minute",
		"9:15 PM PDT / 04:15 UTC on 18 July":              "2013-07-18T04:15:00Z America/Los_Angeles minute",
		"2013-07-17 21:15 PDT / 04:15 UTC":                "2013-07-18T04:15:00Z America/Los_Angeles minute",
		"2:42 AM PDT / 9:42 UTC / 11:42 CEST":             "unread",
		"2:42 AM PDT / 09:43 UTC":                         "unread",
		"2:42 AM PDT (9:43 UTC)":                          "unread",
		"2:42 AM PDT / 4:00 AM":                           "unread",
		"2013-07-17 21:15 PDT / 2013-07-17 04:15 UTC":     "unread",
		"2013-11-03 01:30 America/Los_Angeles / 9:30 UTC": "unread",
	} {
		m, err := When{Zone: homeZone, Now: readersClock}.Read(text)
		got := inOneLine(m)
		if err != nil {
			got = "unread"
		}
		if got != want {
			t.Errorf("Read(%q) = %s, %v; want %s", text, got, err, want)
		}
	}
}

func TestReadTakesWhatOtherKeyboardsWrite(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"\uff11\uff14\uff1a\uff10\uff15", "14\uff1a05", "14\u223605", "\u0661\u0664:\u0660\u0665", "\u06f1\u06f4:\u06f0\u06f5", "\u0967\u096a:\u0966\u096b",
		"\ufeff14:05", "\u200e14:05\u200f", "\u206614:05\u2069", "14:05\u00a0", "2:05\u202fPM", "today\u300014:05", "18\u201107\u20112013\u200714:05",
	} {
		m, err := When{Zone: homeZone, Now: readersClock}.Read(text)
		if err != nil || m.At == nil || m.At.Format(time.RFC3339) != "2013-07-18T21:05:00Z" || m.AsWritten != strings.TrimSpace(text) {
			t.Errorf("Read(%q) = %s as written %q, %v; want 14:05 at home, as written", text, inOneLine(m), m.AsWritten, err)
		}
	}
	for _, text := range []string{"14\u3002\uff10\uff15", "\u2460\u2463:05", "\U0001d7cf4:05", "十四:05"} {
		if m, err := (When{Zone: homeZone, Now: readersClock}).Read(text); err == nil {
			t.Errorf("Read(%q) = %s; want a refusal", text, inOneLine(m))
		}
	}
}

func TestReadCountsNoFinerThanItsBase(t *testing.T) {
	t.Parallel()
	base := entryAt("2013-07-18T09:00:00-07:00")
	base.Precision, base.Approximate = Hour, true
	m, err := When{Zone: homeZone, Near: base, Now: readersClock}.Read("+30m")
	if err != nil || inOneLine(m) != "2013-07-18T16:30:00Z America/Los_Angeles hour ~" {
		t.Errorf("Read(+30m) near about 9 = %s, %v; want about 16:30 UTC to the hour", inOneLine(m), err)
	}
}

func TestReadTakesLabelsAtHome(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, homeZone, text, want, contradiction string }{
		{"IST in India", "Asia/Kolkata", "2013-07-18 14:05 IST", "2013-07-18T08:35:00Z Asia/Kolkata minute", ""},
		{"IST in Ireland", "Europe/Dublin", "2013-07-18 14:05 IST", "2013-07-18T13:05:00Z Europe/Dublin minute", ""},
		{"IST in Israel", "Asia/Jerusalem", "2013-01-18 14:05 IST", "2013-01-18T12:05:00Z Asia/Jerusalem minute", ""},
		{"CST in China", "Asia/Shanghai", "2013-07-18 14:05 CST", "2013-07-18T06:05:00Z Asia/Shanghai minute", ""},
		{"BST in London", "Europe/London", "2013-07-18 14:05 BST", "2013-07-18T13:05:00Z Europe/London minute", ""},
		{"BST in January is the clock on the wall", "Europe/London", "2013-01-18 14:05 BST", "2013-01-18T14:05:00Z Europe/London minute", "GMT"},
		{"GMT in London in winter", "Europe/London", "2013-01-18 14:05 GMT", "2013-01-18T14:05:00Z Europe/London minute", ""},
		{"GMT in London in summer may be either", "Europe/London", "2013-07-18 14:05 GMT", "unread", ""},
		{"GMT elsewhere is UTC", homeZone, "2013-07-18 14:05 GMT", "2013-07-18T14:05:00Z UTC minute", ""},
		{"MST in Phoenix in summer", "America/Phoenix", "2013-07-18 14:05 MST", "2013-07-18T21:05:00Z America/Phoenix minute", ""},
		{"MST elsewhere is Denver", "UTC", "2013-01-18 14:05 MST", "2013-01-18T21:05:00Z America/Denver minute", ""},
		{"EST in Australia may be either", "Australia/Sydney", "2013-01-18 14:05 EST", "unread", ""},
		{"CEST in Berlin stays in Berlin", "Europe/Berlin", "2013-07-18 14:05 CEST", "2013-07-18T12:05:00Z Europe/Berlin minute", ""},
		{"PST on a summer's day is the clock on the wall", homeZone, "2013-07-18 02:42 PST", "2013-07-18T09:42:00Z America/Los_Angeles minute", "PDT"},
		{"from abroad too", "UTC", "2013-07-18 02:42 PST", "2013-07-18T09:42:00Z America/Los_Angeles minute", "PDT"},
		{"in small letters too", homeZone, "2013-07-18 02:42 pst", "2013-07-18T09:42:00Z America/Los_Angeles minute", "PDT"},
		{"CST on a summer's day in Chicago", "America/Chicago", "2013-07-18 02:42 CST", "2013-07-18T07:42:00Z America/Chicago minute", "CDT"},
		{"PT is right all year", "UTC", "2013-07-18 02:42 PT", "2013-07-18T09:42:00Z America/Los_Angeles minute", ""},
		{"SGT has no letters in the database", "UTC", "2013-07-18 02:42 SGT", "2013-07-17T18:42:00Z Asia/Singapore minute", ""},
		{"an offset and its label", "UTC", "2013-07-18 02:42:00 -0700 PDT", "2013-07-18T09:42:00Z America/Los_Angeles second", ""},
		{"a home that is an offset", "+05:30", "2013-07-18 14:05", "2013-07-18T08:35:00Z +05:30 minute", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m, err := When{Zone: tt.homeZone, Now: readersClock}.Read(tt.text)
			got := inOneLine(m)
			if err != nil {
				got = "unread"
			}
			if got != tt.want {
				t.Errorf("Read(%q) at home in %s = %s, %v; want %s", tt.text, tt.homeZone, got, err, tt.want)
			}
			says := Contradiction(m)
			if (says == "") != (tt.contradiction == "") || !strings.Contains(says, tt.contradiction) {
				t.Errorf("Contradiction(%q) = %q; want %q in it", tt.text, says, tt.contradiction)
			}
		})
	}
}

func TestContradictionInAnyText(t *testing.T) {
	t.Parallel()
	m := *entryAt("2013-07-18T02:42:00-07:00")
	for text, want := range map[string]bool{
		"": false, "2:42 AM PDT / 09:42 UTC": false, "02:42 PST sharp": true, "02:42 as CEST says": true,
		"we MET at 02:42 AM": false, "Time TBC": false, "14:05 UTC+5": false, "around 09:42 UTC+5, he said": false,
	} {
		m.AsWritten = text
		if got := Contradiction(m); (got != "") != want {
			t.Errorf("Contradiction of %q at 02:42 PDT = %q; want one: %t", text, got, want)
		}
	}
	if got := Contradiction(Moment{Zone: homeZone, AsWritten: "PST"}); got != "" {
		t.Errorf("Contradiction of an unknown time = %q; want none", got)
	}
}

func TestReadOnTheNightsWhenClocksChange(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, homeZone, text, want string }{
		{"02:30 is left out in spring", homeZone, "2013-03-10 02:30", "clocks went from 02:00 to 03:00; write 01:30 or 03:30"},
		{"also with a label", homeZone, "2013-03-10 02:30 PST", "did not happen"},
		{"01:30 comes twice in autumn", homeZone, "2013-11-03 01:30", "2013-11-03T01:30-07:00 (PDT) or 2013-11-03T01:30-08:00 (PST)"},
		{"a label tells the first", homeZone, "2013-11-03 01:30 PDT", "2013-11-03T08:30:00Z America/Los_Angeles minute"},
		{"and the second", homeZone, "2013-11-03 01:30 PST", "2013-11-03T09:30:00Z America/Los_Angeles minute"},
		{"an offset as well", homeZone, "2013-11-03 01:30 -08:00", "2013-11-03T09:30:00Z -08:00 minute"},
		{"a day without a midnight begins later", "America/Sao_Paulo", "2013-10-20", "2013-10-20T03:00:00Z America/Sao_Paulo day"},
		{"a day with two begins at the first", "America/Havana", "2013-11-03", "2013-11-03T04:00:00Z America/Havana day"},
		{"a day that never was", "Pacific/Apia", "2011-12-30", "had no 30 December 2011"},
		{"nor any time of it", "Pacific/Apia", "2011-12-30 10:00", "Pacific/Apia had no 30 December 2011: write another day"},
		{"the day before it was", "Pacific/Apia", "2011-12-29 23:59", "2011-12-30T09:59:00Z Pacific/Apia minute"},
		{"and the day after", "Pacific/Apia", "2011-12-31 00:00", "2011-12-30T10:00:00Z Pacific/Apia minute"},
		{"in Berlin", "Europe/Berlin", "2013-03-31 02:30", "clocks went from 02:00 to 03:00; write 01:30 or 03:30"},
		{"and twice", "Europe/Berlin", "2013-10-27 02:30", "2013-10-27T02:30+02:00 (CEST) or 2013-10-27T02:30+01:00 (CET)"},
		{"in New York", "America/New_York", "2013-03-10 2:30 AM EDT", "write 01:30 or 03:30"},
		{"and twice there", "America/New_York", "2013-11-03 01:30 ET", "(EDT) or 2013-11-03T01:30-05:00 (EST)"},
		{"half an hour is left out", "Australia/Lord_Howe", "2013-10-06 02:15", "clocks went from 02:00 to 02:30; write 01:45 or 02:45"},
		{"or comes twice", "Australia/Lord_Howe", "2013-04-07 01:45", "2013-04-07T01:45+11:00 (UTC+11) or 2013-04-07T01:45+10:30 (UTC+10:30)"},
		{"the end of the half hour is there", "Australia/Lord_Howe", "2013-10-06 02:30", "2013-10-05T15:30:00Z Australia/Lord_Howe minute"},
		{"a choice on the day before says so", "America/Sao_Paulo", "2013-10-20 00:30", "write 2013-10-19 23:30 or 01:30"},
		{"winter's time has its label in London", "Europe/London", "2013-10-27 01:30 GMT", "2013-10-27T01:30:00Z Europe/London minute"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m, err := When{Zone: tt.homeZone, Now: readersClock}.Read(tt.text)
			got := inOneLine(m)
			if err != nil {
				got = err.Error()
			}
			if !strings.Contains(got, tt.want) {
				t.Errorf("Read(%q) at home in %s = %s; want %q", tt.text, tt.homeZone, got, tt.want)
			}
		})
	}
}

func TestReadOnTheLastDayOfALeapYear(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ home, text, want string }{
		{homeZone, "2040-12-31 15:59", "2040-12-31T23:59:00Z America/Los_Angeles minute"},
		{homeZone, "2040-12-31 16:00", "2041-01-01T00:00:00Z America/Los_Angeles minute"},
		{"Australia/Lord_Howe", "2041-01-01", "2040-12-31T13:00:00Z Australia/Lord_Howe day"},
		{"Europe/London", "2196-12-31 23:59 GMT", "2196-12-31T23:59:00Z Europe/London minute"},
	} {
		m, err := When{Zone: tt.home, Now: readersClock}.Read(tt.text)
		if err != nil || inOneLine(m) != tt.want {
			t.Errorf("Read(%q) at home in %s = %s, %v; want %s", tt.text, tt.home, inOneLine(m), err, tt.want)
		}
	}
}
