package incident

import (
	"testing"
	"time"
)

// TestReadTimesOfRealPostmortems: as written by 2i2c, Chia Network, DFDS, the
// Jenkins project and mybinder.org in their published reports.
func TestReadTimesOfRealPostmortems(t *testing.T) {
	t.Parallel()
	tests := []struct{ near, text, want string }{
		{"2021-10-30T20:00:00Z", "14:00 PM PST Saturday Oct 30th", "2021-10-30T21:00:00Z America/Los_Angeles minute"},
		{"2021-10-30T20:00:00Z", "03:40 AM PST Sunday Oct 31st", "2021-10-31T10:40:00Z America/Los_Angeles minute"},
		{"2024-02-15T20:00:00Z", "5:20 PM UTC February 16th, 2024,", "2024-02-16T17:20:00Z UTC minute"},
		{"2024-02-15T20:00:00Z", "around 3:50 PM UTC", "2024-02-15T15:50:00Z UTC minute ~"},
		{"2024-02-15T20:00:00Z", "08:09 AM UTC", "2024-02-16T08:09:00Z UTC minute"},
		{"2021-05-10T01:00:00Z", "Mon May 10 19:03:52 2021 +0900", "2021-05-10T10:03:52Z +09:00 second"},
		{"2021-05-10T01:00:00Z", "09:30:00 UTC", "2021-05-10T09:30:00Z UTC second"},
		{"2022-10-14T01:00:00Z", "April 14th, 2022, 10:00 AM:", "2022-04-14T08:00:00Z Europe/Copenhagen minute"},
		{"2024-02-01T01:00:00Z", "Jan 28  02:40", "2024-01-28T01:40:00Z Europe/Copenhagen minute"},
		{"2024-03-13T01:00:00Z", "2024-03-13 14:??", "2024-03-13T13:00:00Z Europe/Copenhagen hour"},
		{"2021-12-10T01:00:00Z", "2021-12-10   16:10", "2021-12-10T15:10:00Z Europe/Copenhagen minute"},
		{"2024-10-24T01:00:00Z", "2024-10-24T10:00:00-00:00", "2024-10-24T10:00:00Z UTC second"},
		{"2025-09-17T01:00:00Z", "2025-09-17T9:30:00-00:00", "2025-09-17T09:30:00Z UTC second"},
		{"2020-06-13T01:00:00Z", "2020-06-13 15:54:00", "2020-06-13T13:54:00Z Europe/Copenhagen second"},
		{"2025-01-09T01:00:00Z", "09 Jan 2025, at 08:00 AM UTC", "2025-01-09T08:00:00Z UTC minute"},
		{"2022-08-03T10:00:00Z", "12:26", "2022-08-03T10:26:00Z Europe/Copenhagen minute"},
		{"2022-08-03T10:00:00Z", "12:26-12:??", "unread"},
		{"2024-02-15T20:00:00Z", "01/05/2024", "unread"},
		{"2024-02-15T20:00:00Z", "11/20/2023", "2023-11-19T23:00:00Z Europe/Copenhagen day"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			w := When{Zone: "Europe/Copenhagen", Near: entryAt(tt.near), Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
			m, err := w.Read(tt.text)
			got := inOneLine(m)
			if err != nil {
				got = "unread"
			}
			if got != tt.want {
				t.Errorf("Read(%q) = %s, %v; want %s", tt.text, got, err, tt.want)
			}
		})
	}
}
