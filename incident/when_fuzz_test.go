package incident

import (
	"errors"
	"fmt"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// homes are zones with the oddities that clocks have.
var homes = []string{
	"UTC", "America/Los_Angeles", "America/Phoenix", "Europe/London", "Europe/Dublin", "Asia/Kolkata",
	"Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia", "Africa/Casablanca", "+05:30",
}

// checkRead holds what is true of every answer of Read.
func checkRead(t interface{ Fatalf(string, ...any) }, w When, text string) {
	m, err := w.Read(text)
	if err != nil {
		if !errors.Is(err, Invalid) || m != (Moment{}) || !utf8.ValidString(err.Error()) {
			t.Fatalf("Read(%q) = %s, %v; want Invalid and nothing beside", text, inOneLine(m), err)
		}
		return
	}
	if _, err := LoadZone(m.Zone); err != nil {
		t.Fatalf("Read(%q) is in no zone: %v", text, err)
	}
	if (m.At == nil) != (m.Precision == UnknownPrecision) {
		t.Fatalf("Read(%q) = %s: unknown goes without an instant, and only unknown", text, inOneLine(m))
	}
	if m.At == nil {
		return
	}
	if y := m.At.UTC().Year(); y < firstYear || y > lastYear {
		t.Fatalf("Read(%q) = %s: out of 1970–2200", text, inOneLine(m))
	}
	local, _ := m.In("")
	again, err := w.Read(local.Format(time.RFC3339Nano))
	if err != nil || !again.At.Equal(*m.At) {
		t.Fatalf("Read(%q) = %s, read again from RFC 3339 %s, %v", text, inOneLine(m), inOneLine(again), err)
	}
	_ = Contradiction(m) + Clock(&m) + Both(&m, w.Zone) + Date(&m, w.Zone) // no panic
}

// anyTime draws the pieces of times in orders that people use and abuse.
func anyTime(t *rapid.T) string {
	pick := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(t, label) }
	number := func(label string, least, most int) int { return rapid.IntRange(least, most).Draw(t, label) }
	date := fmt.Sprintf("%04d-%02d-%02d", number("year", 1969, 2201), number("month", 1, 12), number("day", 1, 31))
	clock := fmt.Sprintf("%02d:%02d", number("hour", 0, 24), number("minute", 0, 60))
	zone := pick("zone", "", "UTC", "PDT", "PST", "CET", "IST", "GMT", "+02:00", "-07:00", "America/New_York", "Z")
	return pick("about", "", "~", "about ") + pick("date", "", date, date+"T", "yesterday", "Jul 18,", "3 Nov 2013", "03/10/2013", "31/10/2013") +
		pick("gap", " ", "") + pick("clock", clock, clock+":30", clock+" PM", "9am", "1600", "", "01:30", "02:30") + pick("space", " ", "") + zone
}

func TestReadIsReadAgainFromRFC3339(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := When{Zone: rapid.SampledFrom(homes).Draw(t, "home")}
		w.Now = time.Unix(rapid.Int64Range(0, 7e9).Draw(t, "now"), 0)
		if rapid.Bool().Draw(t, "near") {
			m := Exactly(w.Now.Add(-time.Duration(rapid.Int64Range(-1e6, 1e7).Draw(t, "ago"))*time.Second), w.Zone,
				rapid.SampledFrom([]Precision{Second, Minute, Hour, Day}).Draw(t, "precision"))
			w.Near = &m
		}
		checkRead(t, w, anyTime(t))
	})
}

// TestReadTimesOfDayNearAnEntry: the day found is never further than promised.
func TestReadTimesOfDayNearAnEntry(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(homes).Draw(t, "home")
		base := Exactly(time.Unix(rapid.Int64Range(1e9, 2e9).Draw(t, "near"), 0), zone, Minute)
		w := When{Zone: zone, Near: &base, Now: base.At.AddDate(1, 0, 0)}
		text := fmt.Sprintf("%02d:%02d", rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute"))
		m, err := w.Read(text)
		if err != nil {
			return // one of the nights when clocks change, which have their own tests
		}
		const slack = 2 * time.Hour // days of 23 and 25 hours
		if d := m.At.Sub(*base.At); d < -8*time.Hour-slack || d > 16*time.Hour+slack {
			if zone != "Pacific/Apia" { // its day of no hours
				t.Fatalf("Read(%s) near %s = %s: %s apart", text, inOneLine(base), inOneLine(m), d)
			}
		}
	})
}

// TestWhatIsShownIsReadBack: what our pages show of a moment is the same moment
// when somebody writes it into a timeline.
func TestWhatIsShownIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(homes).Draw(t, "home")
		at := time.Unix(60*rapid.Int64Range(0, 1e8).Draw(t, "at"), 0)
		m := Exactly(at, zone, Minute)
		if rapid.Bool().Draw(t, "finer") {
			m = Exactly(at.Add(7*time.Second), zone, Second)
		}
		w := When{Zone: zone, Near: &m, Now: at}
		for _, text := range []string{Clock(&m), Both(&m, zone), Clock(&m) + ", " + Date(&m, "")} {
			if got, err := w.Read(text); err != nil || !got.At.Equal(*m.At) {
				t.Fatalf("Read(%q) = %s, %v; want %s", text, inOneLine(got), err, inOneLine(m))
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"2:42 AM PDT", "yesterday 23:10 UTC", "2013-07-18T02:42-07:00", "18 July 2013 02:42", "~09:40", "+6m", "1600", "11.50",
		"[???]", "--:--", "14:05 America/New_York", "13:55 PM", "03/04/2013", "12:26-12:??", "14:00 PM PST Saturday Oct 30th",
		"5:20 PM UTC February 16th, 2024", "Mon May 10 19:03:52 2021 +0900", "2024-10-24T10:00:00-00:00", "2025-09-17T9:30:00-00:00",
		"April 14th, 2022, 10:00 AM", "2021-05-03 11:58 UTC", "15 June 2023 at 13:00 UTC", "2013-11-03 01:30", "5 min ago", "2040-12-31 15:59",
		"2:42 AM PDT / 09:42 UTC", "9:15 PM PDT (04:15 UTC on 20 July)", "2019-12-03 --:--", "18.07.", "18 July 2030", "2 days ago", "10:00 -11:00", "\uff11\uff14\uff1a05",
	} {
		f.Add(text, uint8(1), int64(1374183040))
	}
	f.Fuzz(func(t *testing.T, text string, home uint8, now int64) {
		w := When{Zone: homes[int(home)%len(homes)], Now: time.Unix(now%7e9, 0)}
		if now%2 == 0 {
			m := Exactly(w.Now.Add(-time.Hour), w.Zone, Minute)
			w.Near = &m
		}
		checkRead(t, w, text)
	})
}
