package incident

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestLoadZone(t *testing.T) {
	t.Parallel()
	summer := time.Date(2013, 7, 18, 12, 0, 0, 0, time.UTC)
	for name, want := range map[string]int{ // minutes from UTC
		"UTC": 0, "Etc/UTC": 0, "America/Los_Angeles": -420, "Asia/Kolkata": 330, "Etc/GMT+5": -300,
		"America/Argentina/Buenos_Aires": -180, "America/Port-au-Prince": -240,
		"+05:30": 330, "-09:30": -570, "+00:00": 0, "+14:00": 840, "-14:00": -840,
	} {
		loc, err := LoadZone(name)
		if err != nil {
			t.Errorf("LoadZone(%q) = %v", name, err)
		} else if _, seconds := summer.In(loc).Zone(); seconds != want*60 {
			t.Errorf("LoadZone(%q) is %d s from UTC, want %d min", name, seconds, want)
		}
	}
}

func TestLoadZoneRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, zone, says string }{
		{"nothing", "", "IANA"},
		{"spaces", "  ", "IANA"},
		{"what depends on the machine", "Local", "IANA"},
		{"also as a file", "localtime", "IANA"},
		{"leap second clocks", "right/America/New_York", "IANA"},
		{"a path", "/etc/localtime", "IANA"},
		{"a way out", "../../etc/passwd", "IANA"},
		{"a way out from inside", "Europe/../Europe/Berlin", "IANA"},
		{"a way out of Windows", `Europe\..\Berlin`, "IANA"},
		{"a long name", strings.Repeat("A", 65), "IANA"},
		{"the zone of the unset clock", "Factory", "IANA"},
		{"an offset too far", "+14:01", "-14:00 to +14:00"},
		{"an offset of 60 minutes", "+05:60", "-14:00 to +14:00"},
		{"a loose offset", "+5:30", "IANA"},
		{"letter case", "america/new_york", `"America/New_York"`},
		{"spaces for underscores", "America/Los Angeles", `"America/Los_Angeles"`},
		{"a city alone", "berlin", `"Europe/Berlin"`},
		{"an abbreviation", "PDT", `"America/Los_Angeles"`},
		{"broken text", "Europe/\xff\x00", "IANA"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			loc, err := LoadZone(tt.zone)
			var refusal *Error
			if !errors.As(err, &refusal) || refusal.Kind != Invalid || refusal.Fields["/zone"] == "" || !strings.Contains(refusal.Detail, tt.says) {
				t.Errorf("LoadZone(%q) = %v, %v; want Invalid at /zone saying %q", tt.zone, loc, err, tt.says)
			}
		})
	}
}

// TestInstantsAgreeWithTheClock looks at every quarter of an hour of some years
// in zones with whole, half and doubled changes, and in one that skipped a day.
func TestInstantsAgreeWithTheClock(t *testing.T) {
	t.Parallel()
	for zone, years := range map[string][2]int{
		"America/Los_Angeles": {2013, 2014}, "Europe/Berlin": {2039, 2041}, "Europe/Dublin": {2018, 2018},
		"Australia/Lord_Howe": {2013, 2013}, "Pacific/Apia": {2011, 2012}, "America/Sao_Paulo": {2013, 2013},
		"Africa/Casablanca": {2019, 2019}, "Antarctica/Troll": {2013, 2013}, "Asia/Kolkata": {2013, 2013},
		"Asia/Pyongyang": {2015, 2018}, "UTC": {2013, 2013},
	} {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			loc, err := LoadZone(zone)
			if err != nil {
				t.Fatal(err)
			}
			shown := map[time.Time][]time.Time{} // what the clock showed, and when
			from := time.Date(years[0], 1, 1, 0, 0, 0, 0, time.UTC)
			until := time.Date(years[1]+1, 1, 1, 0, 0, 0, 0, time.UTC)
			for at := from.Add(-48 * time.Hour); at.Before(until.Add(48 * time.Hour)); at = at.Add(15 * time.Minute) {
				wall := asUTC(at.In(loc))
				shown[wall] = append(shown[wall], at)
			}
			for wall := from; wall.Before(until); wall = wall.Add(15 * time.Minute) {
				checkInstants(t, wall, loc, shown[wall])
			}
		})
	}
}

func checkInstants(t *testing.T, wall time.Time, loc *time.Location, want []time.Time) {
	t.Helper()
	got := Instants(wall, loc)
	if len(got) != len(want) {
		t.Fatalf("Instants(%s, %s) = %v, want %v", wall, loc, got, want)
	}
	for i := range got {
		if !got[i].Equal(want[i]) {
			t.Fatalf("Instants(%s, %s) = %v, want %v", wall, loc, got, want)
		}
	}
	if _, _, _, left := jump(wall, loc); left != (len(want) == 0) {
		t.Fatalf("jump(%s, %s) = %t, but the clock showed it %d times", wall, loc, left, len(want))
	}
}

func FuzzLoadZone(f *testing.F) {
	for _, name := range []string{"UTC", "Europe/Berlin", "+05:30", "Local", "../x", "los angeles", "EST5EDT", "Etc/GMT-14"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		loc, err := LoadZone(name)
		if (loc == nil) != (err != nil) {
			t.Fatalf("LoadZone(%q) = %v, %v; want one of them", name, loc, err)
		}
		if err != nil && !errors.Is(err, Invalid) {
			t.Errorf("LoadZone(%q) = %v; want Invalid", name, err)
		}
		if loc != nil && loc.String() != name {
			t.Errorf("LoadZone(%q) is called %s", name, loc)
		}
	})
}
