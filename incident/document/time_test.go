package document

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
)

func TestMomentsAreWrittenAsPeopleDo(t *testing.T) {
	t.Parallel()
	berlin := "Europe/Berlin"
	row := clockwork{home: berlin}.after(at("2025-10-26T00:05:00Z"))
	with := func(m *incident.Moment, change func(*incident.Moment)) *incident.Moment {
		change(m)
		return m
	}
	tests := []struct {
		name  string
		clock clockwork
		m     *incident.Moment
		want  string
	}{
		{"none is nothing", row, nil, ""},
		{"the day and the time", clockwork{home: berlin}, at("2025-07-18T09:42:00Z"), "2025-07-18 11:42"},
		{"the time alone on the day of the row before", row, at("2025-10-26T11:00:00Z"), "12:00"},
		{"but the day too where it goes back", row, at("2025-10-25T22:01:00Z"), "2025-10-26 00:01"},
		{"the offset where clocks were set back", row, at("2025-10-26T01:30:00Z"), "02:30 +01:00 Europe/Berlin"},
		{"the zone where it is another", clockwork{home: "UTC"}, at("2025-07-18T09:42:00Z"), "2025-07-18 11:42 Europe/Berlin"},
		{"about", clockwork{home: berlin}, with(at("2025-07-18T09:42:00Z"), func(m *incident.Moment) { m.Approximate = true }), "~2025-07-18 11:42"},
		{"seconds", row, with(at("2025-10-26T11:00:00Z"), func(m *incident.Moment) { m.Precision = incident.Second }), "12:00:00"},
		{"an hour", row, with(at("2025-10-26T11:00:00Z"), func(m *incident.Moment) { m.Precision = incident.Hour }), "12:00 (hour)"},
		{"a day", row, with(at("2025-07-17T22:00:00Z"), func(m *incident.Moment) { m.Precision = incident.Day }), "2025-07-18"},
		{"a day as programs send it", row, with(at("2025-07-18T00:00:00Z"), func(m *incident.Moment) { m.Precision = incident.Day }), "2025-07-18 (UTC)"},
		{"what was written", row, with(at("2025-10-26T11:00:00Z"), func(m *incident.Moment) { m.AsWritten = `"noon"` }), `12:00 "\"noon\""`},
		{"what nobody knows", row, &incident.Moment{Zone: berlin, Precision: incident.UnknownPrecision, AsWritten: "TBC"}, `unknown "TBC"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := tt.clock.write(tt.m)
			if got != tt.want {
				t.Errorf("write = %q, want %q", got, tt.want)
			}
			back, why, ok := tt.clock.read(got)
			if !ok || !same(back, tt.m) {
				t.Errorf("read(%q) = %+v, %q, want %+v", got, back, why, tt.m)
			}
		})
	}
}

func TestAnyMomentReadsBackTheSame(t *testing.T) {
	t.Parallel()
	zones := []string{"UTC", "America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "+05:30", "-03:00", "Africa/Monrovia"}
	rapid.Check(t, func(r *rapid.T) {
		moment := func(name string) *incident.Moment {
			when := time.UnixMicro(rapid.Int64Range(0, 7289654399999999).Draw(r, name))
			m := incident.Exactly(when.Truncate(rapid.SampledFrom([]time.Duration{1, time.Second, time.Minute, time.Hour}).Draw(r, "grain")),
				rapid.SampledFrom(zones).Draw(r, "zone"), rapid.SampledFrom(incident.Precisions).Draw(r, "precision"))
			m.Approximate = rapid.Bool().Draw(r, "approximate")
			m.AsWritten = rapid.SampledFrom([]string{"", "02:42 – 03:00", `a "b" | c`, "(day)"}).Draw(r, "as written")
			return &m
		}
		clock := clockwork{home: rapid.SampledFrom(zones).Draw(r, "home")}.after(moment("before"))
		m := moment("moment")
		text := clock.write(m)
		if got, why, ok := clock.read(text); !ok || !same(got, m) {
			r.Fatalf("read(%q) = %+v, %q, want %+v", text, got, why, m)
		}
	})
}
