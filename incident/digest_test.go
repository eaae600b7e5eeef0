package incident

import (
	"errors"
	"testing"
	"time"
)

func TestPeriodsAreMonthsAndQuarters(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][3]string{
		"2013-07": {"2013-07", "2013-07-01", "2013-08-01"},
		"2013-12": {"2013-12", "2013-12-01", "2014-01-01"},
		"2013-Q3": {"2013-Q3", "2013-07-01", "2013-10-01"},
		"2013-q4": {"2013-Q4", "2013-10-01", "2014-01-01"},
	} {
		name, from, until, err := ReadPeriod(text)
		if got := [3]string{name, from.Format(time.DateOnly), until.Format(time.DateOnly)}; err != nil || got != want {
			t.Errorf("ReadPeriod(%s) = %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "2013", "2013-7", "2013-13", "2013-00", "2013-Q5", "2013-Q0", "July 2013", "2013-07-01", "1969-12", "2201-01", "٢٠١٣-٠٧", " 2013-07"} {
		if _, _, _, err := ReadPeriod(text); !errors.Is(err, Malformed) {
			t.Errorf("ReadPeriod(%q) = %v, want a refusal", text, err)
		}
	}
}

func TestADigestRetellsNothingPrivate(t *testing.T) {
	t.Parallel()
	in := &Incident{
		Analysis: Analysis{
			TechnicalCause: &Statement{Text: "secret cause", Audience: AudiencePrivate}, ProcessCause: &Statement{Text: "no test", Audience: AudienceInternal},
			Lessons: []Lesson{{Text: "secret lesson", Audience: AudiencePrivate}, {Text: "an alert came at once", Audience: AudienceInternal}},
		},
		Impacts: []Impact{{Component: "Secret", Audience: AudiencePrivate}, {Component: "Billing", Audience: AudiencePublic}, {Component: "Billing", Audience: AudienceInternal}},
		Actions: []Action{{State: Open, Audience: AudiencePrivate}, {State: Done, Audience: AudienceInternal}, {State: InProgress, Audience: AudienceInternal}},
	}
	r := Retell(in)
	if r.TechnicalCause != "" || r.ProcessCause != "no test" || len(r.Lessons) != 1 || len(r.Components) != 1 || r.Done != 1 || r.Pending != 1 {
		t.Errorf("Retell gives %+v", r)
	}
}
