package incident

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestReadSpanUnderstandsStatedDurations(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want time.Duration
	}{
		{"68 minutes", 68 * time.Minute},
		{"1435 minutes", 1435 * time.Minute},
		{"1h 8m", 68 * time.Minute},
		{"1h8m", 68 * time.Minute},
		{"0h 55m", 55 * time.Minute},
		{"35h 36m", 35*time.Hour + 36*time.Minute},
		{"673h 34m", 673*time.Hour + 34*time.Minute},
		{"1d 6h 40m", 30*time.Hour + 40*time.Minute},
		{"7h (during support hours 10:00-17:00)", 7 * time.Hour},
		{"19 hours 43 minutes.", 19*time.Hour + 43*time.Minute},
		{"2 hours and 5 minutes", 125 * time.Minute},
		{"2 hrs, 5 mins, and 10 secs", 125*time.Minute + 10*time.Second},
		{"1 day 3 hours", 27 * time.Hour},
		{"2 weeks", 14 * 24 * time.Hour},
		{"5 min", 5 * time.Minute},
		{"10mn", 10 * time.Minute},
		{"~45 minutes", 45 * time.Minute},
		{"about 45 Minutes", 45 * time.Minute},
		{"approximately nine hours", 9 * time.Hour},
		{"an hour", time.Hour},
		{"half an hour", 30 * time.Minute},
		{"1.5 hours", 90 * time.Minute},
		{"PT68M", 68 * time.Minute},
		{"P1DT2H3M4.5S", 26*time.Hour + 3*time.Minute + 4500*time.Millisecond},
		{"01:08:00", 68 * time.Minute},
		{"42:36:05", 42*time.Hour + 36*time.Minute + 5*time.Second},
		{"0 min", 0},
	}
	for _, tt := range tests {
		if got, ok := ReadSpan(tt.text); !ok || got != tt.want {
			t.Errorf("ReadSpan(%q) = %s, %t; want %s", tt.text, got, ok, tt.want)
		}
	}
}

func TestReadSpanDoesNotGuess(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "45", "1:08", "2-3 hours", "over an hour", "less than 5 minutes", "5 min 2 hours", "5 min 5 min",
		"2 months", "1 year", "-5 min", "P", "PT", "P1Y", "P1M", "P1DT", "minutes", "and 5 minutes", "5 minutes and",
		"5 lightyears", "01:68:00", "999999 weeks", "P99999W", "unknown", "TBC", "5\nmin", "1 h\x00",
	} {
		if got, ok := ReadSpan(text); ok {
			t.Errorf("ReadSpan(%q) = %s; want it left alone", text, got)
		}
	}
}

func TestSpanIsShownInWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		d    time.Duration
		want string
	}{
		{0, "0 min"},
		{400 * time.Millisecond, "0 min"},
		{42 * time.Second, "42 s"},
		{5 * time.Minute, "5 min"},
		{500 * time.Second, "8 min 20 s"},
		{time.Hour - time.Millisecond, "1 h"},
		{68*time.Minute + 10*time.Second, "1 h 8 min"},
		{42*time.Hour + 36*time.Minute, "42 h 36 min"},
		{48*time.Hour - time.Second, "2 days"},
		{673*time.Hour + 34*time.Minute, "28 days 1 h 34 min"},
		{-68 * time.Minute, "-1 h 8 min"},
		{-1 << 63, "-106751 days 23 h 47 min"},
	}
	for _, tt := range tests {
		if got := Span(tt.d); got != tt.want {
			t.Errorf("Span(%d) = %q, want %q", tt.d, got, tt.want)
		}
	}
}

func TestSpanIsReadAsItWasShown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(0, int64(longestSpan/time.Second)-60).Draw(t, "seconds")) * time.Second
		exact := d
		if d >= time.Hour {
			exact = d.Round(time.Minute)
		}
		if got, ok := ReadSpan(Span(d)); !ok || got != exact {
			t.Fatalf("ReadSpan(Span(%s)) = ReadSpan(%q) = %s, %t; want %s", d, Span(d), got, ok, exact)
		}
	})
}

func FuzzReadSpan(f *testing.F) {
	for _, text := range []string{"68 minutes", "1d 6h 40m", "PT68M", "01:08:00", "~an hour and 5 min", "1.5 h", "7h (10:00-17:00)"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, ok := ReadSpan(text)
		if ok && (d < 0 || d > longestSpan) || !ok && d != 0 {
			t.Errorf("ReadSpan(%q) = %s, %t; want 0 to %s, and 0 when refused", text, d, ok, longestSpan)
		}
	})
}
