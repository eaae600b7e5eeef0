package incident

import (
	"errors"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine
)

// homeZone is the billing incident's zone; its reader's clock stands at 18 July
// 2013, 14:30 PDT, the last entry at 02:42 PDT.
const homeZone = "America/Los_Angeles"

var readersClock = time.Date(2013, 7, 18, 21, 30, 40, 0, time.UTC)

func entryAt(rfc3339 string) *Moment {
	at, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil {
		panic(err)
	}
	m := Exactly(at, homeZone, Minute)
	return &m
}

// inOneLine writes a moment in one line: instant, zone, precision, ~ if approximate.
func inOneLine(m Moment) string {
	text := "unknown"
	if m.At != nil {
		text = m.At.Format(time.RFC3339Nano)
	}
	text += " " + m.Zone + " " + string(m.Precision)
	if m.Approximate {
		text += " ~"
	}
	return text
}

// written are times as people write them, and what each says at home.
var written = []struct{ text, want string }{
	{"2:42 AM PDT", "2013-07-18T09:42:00Z America/Los_Angeles minute"},
	{"2:42 am pdt", "2013-07-18T09:42:00Z America/Los_Angeles minute"},
	{"2:42 a.m. PDT:", "2013-07-18T09:42:00Z America/Los_Angeles minute"},
	{"2:42 AM", "2013-07-18T09:42:00Z America/Los_Angeles minute"},
	{"14:05", "2013-07-18T21:05:00Z America/Los_Angeles minute"},
	{"14:05:33", "2013-07-18T21:05:33Z America/Los_Angeles second"},
	{"14:05:33,250", "2013-07-18T21:05:33.25Z America/Los_Angeles second"},
	{"yesterday 23:10 UTC", "2013-07-17T23:10:00Z UTC minute"},
	{"today 14:05", "2013-07-18T21:05:00Z America/Los_Angeles minute"},
	{"tomorrow at 9am", "2013-07-19T16:00:00Z America/Los_Angeles hour"},
	{"yesterday", "2013-07-17T07:00:00Z America/Los_Angeles day"},
	{"2013-07-18T02:42-07:00", "2013-07-18T09:42:00Z -07:00 minute"},
	{"2013-07-18T02:42:00-0700", "2013-07-18T09:42:00Z -07:00 second"},
	{"2013-07-18 02:42", "2013-07-18T09:42:00Z America/Los_Angeles minute"},
	{"2013-07-18   02:42", "2013-07-18T09:42:00Z America/Los_Angeles minute"},
	{"2013/07/18 02:42", "2013-07-18T09:42:00Z America/Los_Angeles minute"},
	{"2013-07-18 09:42 UTC", "2013-07-18T09:42:00Z UTC minute"},
	{"2013-07-18T09:42Z", "2013-07-18T09:42:00Z UTC minute"},
	{"2013-07-18", "2013-07-18T07:00:00Z America/Los_Angeles day"},
	{"18 July 2013 02:42", "2013-07-18T09:42:00Z America/Los_Angeles minute"},
	{"July 18, 2013 2:42 AM", "2013-07-18T09:42:00Z America/Los_Angeles minute"},
	{"Thursday 18th of July, 2013 at 02:42", "2013-07-18T09:42:00Z America/Los_Angeles minute"},
	{"18-Jul-2013 02:42", "2013-07-18T09:42:00Z America/Los_Angeles minute"},
	{"Jul 18 14:05", "2013-07-18T21:05:00Z America/Los_Angeles minute"},
	{"Dec 30", "unread"},
	{"25/03/2013", "2013-03-25T07:00:00Z America/Los_Angeles day"},
	{"7/18/2013 2:42 AM", "2013-07-18T09:42:00Z America/Los_Angeles minute"},
	{"05/05/2013", "2013-05-05T07:00:00Z America/Los_Angeles day"},
	{"~09:40", "2013-07-18T16:40:00Z America/Los_Angeles minute ~"},
	{"about 09:40", "2013-07-18T16:40:00Z America/Los_Angeles minute ~"},
	{"at around 3:50 PM UTC", "2013-07-18T15:50:00Z UTC minute ~"},
	{"circa 09:40", "2013-07-18T16:40:00Z America/Los_Angeles minute ~"},
	{"approx. 09:40", "2013-07-18T16:40:00Z America/Los_Angeles minute ~"},
	{"[~09:40]", "2013-07-18T16:40:00Z America/Los_Angeles minute ~"},
	{"09:40?", "2013-07-18T16:40:00Z America/Los_Angeles minute ~"},
	{"9:40ish", "2013-07-18T16:40:00Z America/Los_Angeles minute ~"},
	{"now", "2013-07-18T21:30:40Z America/Los_Angeles second"},
	{"10 min ago", "2013-07-18T21:20:00Z America/Los_Angeles minute"},
	{"1600", "2013-07-17T23:00:00Z America/Los_Angeles minute"},
	{"2013-07-18 1600Z", "2013-07-18T16:00:00Z UTC minute"},
	{"18 July 1600", "2013-07-18T23:00:00Z America/Los_Angeles minute"},
	{"2013 hrs", "2013-07-18T03:13:00Z America/Los_Angeles minute"},
	{"11.50", "2013-07-18T18:50:00Z America/Los_Angeles minute"},
	{"14h05", "2013-07-18T21:05:00Z America/Los_Angeles minute"},
	{"[14:05]", "2013-07-18T21:05:00Z America/Los_Angeles minute"},
	{"14:05 America/New_York", "2013-07-18T18:05:00Z America/New_York minute"},
	{"14:05 Europe/Berlin", "2013-07-18T12:05:00Z Europe/Berlin minute"},
	{"14:05 (CEST)", "2013-07-18T12:05:00Z Europe/Brussels minute"},
	{"14:05+02:00", "2013-07-18T12:05:00Z +02:00 minute"},
	{"14:05 UTC+5:30", "2013-07-18T08:35:00Z +05:30 minute"},
	{"14:05 -07:00", "2013-07-18T21:05:00Z -07:00 minute"},
	{"14:05 +00:00", "2013-07-18T14:05:00Z UTC minute"},
	{"9am", "2013-07-18T16:00:00Z America/Los_Angeles hour"},
	{"2 PM", "2013-07-18T21:00:00Z America/Los_Angeles hour"},
	{"2\u202fPM", "2013-07-18T21:00:00Z America/Los_Angeles hour"},
	{"14:??", "2013-07-18T21:00:00Z America/Los_Angeles hour"},
	{"noon", "2013-07-18T19:00:00Z America/Los_Angeles minute"},
	{"midnight", "2013-07-18T07:00:00Z America/Los_Angeles minute"},
	{"12:10 AM", "2013-07-18T07:10:00Z America/Los_Angeles minute"},
	{"12:10 PM", "2013-07-18T19:10:00Z America/Los_Angeles minute"},
	{"13:55 PM", "2013-07-18T20:55:00Z America/Los_Angeles minute"},
	{"00:30 AM", "2013-07-18T07:30:00Z America/Los_Angeles minute"},
	{"12:00 noon", "2013-07-18T19:00:00Z America/Los_Angeles minute"},
	{"12 midnight", "2013-07-18T07:00:00Z America/Los_Angeles minute"},
	{"midday UTC", "2013-07-18T12:00:00Z UTC minute"},
	{"Thu 18 July 2013 2:42am", "2013-07-18T09:42:00Z America/Los_Angeles minute"},
	{"Thu Jul 18 02:42:07 PDT 2013", "2013-07-18T09:42:07Z America/Los_Angeles second"},
	{"Thu, 18 Jul 2013 02:42:00 +0000", "2013-07-18T02:42:00Z UTC second"},
	{"18. July, 11:00", "2013-07-18T18:00:00Z America/Los_Angeles minute"},
	{"18.07.2013 10:00", "2013-07-18T17:00:00Z America/Los_Angeles minute"},
	{"11.50.", "2013-07-18T18:50:00Z America/Los_Angeles minute"},
	{"18 July 1985", "1985-07-18T07:00:00Z America/Los_Angeles day"},
	{"18 July 2030 10:00", "2030-07-18T17:00:00Z America/Los_Angeles minute"},
	{"09:40:15.123456789", "2013-07-18T16:40:15.123456Z America/Los_Angeles second"},
	{"2013-07-18T02:42:00-00:00", "2013-07-18T02:42:00Z UTC second"},
	{"14:05 UTC-07:00", "2013-07-18T21:05:00Z -07:00 minute"},
	{"14:05 Etc/GMT+5", "2013-07-18T19:05:00Z Etc/GMT+5 minute"},
	{"2013-07-17 --:--", "2013-07-17T07:00:00Z America/Los_Angeles day"},
	{"2013-07-17 HH:mm", "2013-07-17T07:00:00Z America/Los_Angeles day"},
	{"17 July 2013, time TBC", "2013-07-17T07:00:00Z America/Los_Angeles day"},
	{"2 days ago", "2013-07-16T07:00:00Z America/Los_Angeles day"},
	{"a week ago", "2013-07-11T07:00:00Z America/Los_Angeles day"},
	{"3 hours ago", "2013-07-18T18:30:00Z America/Los_Angeles hour"},
	{"180 min ago", "2013-07-18T18:30:00Z America/Los_Angeles minute"},
	{"1.5 hours ago", "2013-07-18T20:00:00Z America/Los_Angeles minute"},
	{"5 s ago", "2013-07-18T21:30:35Z America/Los_Angeles second"},
}

func TestReadUnderstandsWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	for _, tt := range written {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			m, err := When{Zone: homeZone, Now: readersClock}.Read(tt.text)
			got := inOneLine(m)
			if err != nil {
				got = "unread"
			}
			if got != tt.want || err == nil && m.AsWritten != strings.TrimSpace(tt.text) {
				t.Errorf("Read(%q) = %s, as written %q, %v; want %s", tt.text, got, m.AsWritten, err, tt.want)
			}
		})
	}
}

func TestReadKeepsWhatNobodyKnows(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"unknown", "?", "??:??", "TBC", "tbd", "--:--", "-", "[???]", "Time TBC", " time unknown ", "~?", "HH:mm",
		"2022-05-?? HH:mm", "2021/22-??-?? HH:mm", "1?:30", "14:0?", "??.??", "TBA", "to be confirmed", "…", "14:05 ??:??",
	} {
		m, err := When{Zone: homeZone, Now: readersClock}.Read(text)
		want := Moment{Zone: homeZone, Precision: UnknownPrecision, AsWritten: strings.TrimSpace(text)}
		if err != nil || m != want {
			t.Errorf("Read(%q) = %+v, %v; want an unknown moment", text, m, err)
		}
	}
}

// unclear are times that have two readings or none, and a part of what is said.
var unclear = []struct{ name, text, says string }{
	{"a numeric date without its order", "03/04/2013", "3 April is 2013-04-03, March 4 is 2013-03-04"},
	{"nor without its year", "03/04 14:05", "3 April or 4 March"},
	{"a year of two digits", "25/03/13", "2013-07-18"},
	{"an abbreviation of three countries", "14:05 IST", "India (Asia/Kolkata), Ireland (Europe/Dublin) or Israel (Asia/Jerusalem)"},
	{"one of two continents", "14:05 CST", "Asia/Shanghai"},
	{"one that nobody knows", "14:05 QQT", "America/Los_Angeles"},
	{"a zone that is none", "14:05 Europe/Berln", "IANA"},
	{"half past nought in the afternoon", "0:30 PM", "12:30 or 00:30"},
	{"an afternoon hour in the morning", "13:55 AM", "13:55 or 01:55"},
	{"24:00", "24:00", "00:00"},
	{"24:00 of a day", "2013-07-18T24:00:00Z", "on the next day"},
	{"a leap second", "23:59:60", "seconds to 59"},
	{"a day that no year has", "31 November 10:00", "no 31 November"},
	{"nor any month", "32 July", "no 32 July"},
	{"29 February, we know not which", "29 Feb 10:00", "write the year"},
	{"the year nought", "0000-01-01", "the year 0 is out of reach"},
	{"a year that may be a time", "18 July 2030", "20:30"},
	{"a day with a dot", "18.07.", "18 July or 18:07"},
	{"an offset that no place has", "14:05 +25:00", "-12:00 to +14:00"},
	{"nor west of the date line", "10:00 -13:00", "-12:00 to +14:00"},
	{"a range with one space", "10:00 -11:00", "range"},
	{"another day's two clocks", "2:42 AM PDT / 10:42 UTC", "2:42 AM PDT is 09:42 UTC on 18 July 2013, but 10:42 UTC is 10:42 UTC on 18 July 2013"},
	{"25:10", "25:10", "hours run to 23"},
	{"14:60", "14:60", "59"},
	{"30 February", "2013-02-30", "no 30 February in 2013"},
	{"29 February of another year", "29 February 2013 10:00", "no 29 February in 2013"},
	{"month 13", "2013-13-01", "no such month"},
	{"years long ago", "1969-12-31T23:59Z", "1970"},
	{"years far off", "2201-01-01", "2200"},
	{"a range", "12:26-12:40", "range"},
	{"a range with spaces", "14:05 – 15:00", "start and an end"},
	{"a range of words", "14:05 to 15:00", "start and an end"},
	{"a range with a hole", "12:26-12:??", "start and an end"},
	{"a range of whole hours", "2013-07-18 10:00-11:00", "range"},
	{"what may be a year", "2013", "20:13"},
	{"a year or a time, twice", "2012 2013 July 18", "20:13"},
	{"midnight of a day", "18 July 2013 midnight", "begins or ends"},
	{"a weekday alone", "Monday 14:05", "Monday"},
	{"a wrong weekday", "Friday 18 July 2013 14:05", "was a Thursday"},
	{"a date half a year from here", "Jan 10 14:05", "write the year"},
	{"two zones", "14:05 PDT EST", "guessing"},
	{"an offset against its zone", "2013-07-18 02:42 -07:00 CET", "not the offset"},
	{"two times", "14:05 14:06", "start and an end"},
	{"nothing", "  ", "guessing"},
	{"prose", "when the pager went off", "guessing"},
	{"a number", "6", "guessing"},
	{"a count without a unit", "+6", "guessing"},
	{"a line end inside", "14:05\nPDT", "control character"},
	{"broken text", "14:05\xff", "UTF-8"},
	{"an essay", strings.Repeat("~", 201), "200 bytes"},
}

func TestReadRefusesToGuess(t *testing.T) {
	t.Parallel()
	for _, tt := range unclear {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m, err := When{Zone: homeZone, Now: readersClock}.Read(tt.text)
			var refusal *Error
			if !errors.As(err, &refusal) || !errors.Is(err, Invalid) || refusal.Fields["/at"] == "" || !strings.Contains(refusal.Detail, tt.says) {
				t.Errorf("Read(%q) = %s, %v; want Invalid at /at saying %q", tt.text, inOneLine(m), err, tt.says)
			}
		})
	}
}
