package status_test

import (
	"math"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/status"
)

func at(text string) *incident.Moment {
	when, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	m := incident.Exactly(when, "UTC", incident.Minute)
	return &m
}

var now = *at("2013-07-19T12:00:00Z").At

func shown(name string) incident.Component {
	return incident.Component{ID: "id" + name, Name: name, Audience: incident.AudiencePublic, CreatedAt: *at("2013-07-01T00:00:00Z").At}
}

// twilio is the billing incident while it goes on: three parts are hurt, each in its own way.
func twilio(change func(*incident.Public)) *status.Notice {
	in := &incident.Public{ID: "billing00001", Kind: incident.KindIncident, Status: incident.Identified}
	in.Milestones.Started = at("2013-07-18T09:39:00Z")
	in.Impacts = []incident.PublicImpact{
		{Component: "Billing", Level: incident.MajorOutage, From: at("2013-07-18T10:00:00Z"), Until: at("2013-07-18T16:00:00Z")},
		{Component: "billing", Level: incident.DegradedPerformance, From: at("2013-07-18T09:39:00Z")},
		{Component: "Payments", Level: incident.PartialOutage, From: at("2013-07-18T12:00:00Z"), Until: at("2013-07-18T22:00:00Z")},
		{Component: "Usage reports"},
	}
	if change != nil {
		change(in)
	}
	return &status.Notice{Incident: in, AnnouncedAt: *at("2013-07-18T11:00:00Z").At}
}

// component finds one on a page.
func component(t *testing.T, p *status.Page, name string) *status.Component {
	t.Helper()
	for _, g := range p.Groups {
		for _, c := range g.Components {
			if c.Name == name {
				return c
			}
		}
	}
	t.Fatalf("%s is not on the page", name)
	return nil
}

func TestLevelsAreThoseOfImpactsThatLast(t *testing.T) {
	p := status.New([]incident.Component{shown("Billing"), shown("Payments"), shown("Usage reports"), shown("Voice")}, []*status.Notice{twilio(nil)}, now)
	for name, want := range map[string]incident.Level{
		"Billing": incident.DegradedPerformance, "Payments": incident.Operational,
		"Usage reports": incident.DegradedPerformance, "Voice": incident.Operational,
	} {
		if got := component(t, p, name).Level; got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if p.Level != incident.DegradedPerformance {
		t.Errorf("all in all it is %s, want the worst of what lasts", p.Level)
	}
}

func TestBarsShowPartsOfDays(t *testing.T) {
	p := status.New([]incident.Component{shown("Billing"), shown("Payments"), shown("Usage reports")}, []*status.Notice{twilio(nil)}, now)
	billing := component(t, p, "Billing")
	if len(billing.Days) != 90 || !billing.Days[89].Date.Equal(*at("2013-07-19T00:00:00Z").At) {
		t.Fatalf("there are %d days up to %v, want 90 up to today", len(billing.Days), billing.Days[len(billing.Days)-1].Date)
	}
	bad := billing.Days[88]
	if bad.Major != 6*time.Hour || bad.Degraded != 8*time.Hour+21*time.Minute || bad.Worst != incident.MajorOutage {
		t.Errorf("Billing had %v major and %v degraded, worst %s; want 6 h, and the rest from 09:39 to midnight degraded", bad.Major, bad.Degraded, bad.Worst)
	}
	if today := billing.Days[89]; today.Degraded != 12*time.Hour {
		t.Errorf("today it was degraded for %v, want until now", today.Degraded)
	}
	if reports := component(t, p, "Usage reports").Days[88]; reports.Degraded != 14*time.Hour+21*time.Minute {
		t.Errorf("usage reports were late for %v, want since the incident began", reports.Degraded)
	}
	payments := component(t, p, "Payments")
	known := 18*24*time.Hour + 12*time.Hour // since 1 July
	if want := 1 - 0.3*10/known.Hours(); math.Abs(payments.Uptime-want) > 1e-9 {
		t.Errorf("Payments were up %v, want %v: ten hours of a partial outage count for three", payments.Uptime, want)
	}
	if payments.Days[70].Known || !payments.Days[71].Known {
		t.Errorf("the days before 1 July are known: %v, %v", payments.Days[70].Known, payments.Days[71].Known)
	}
}

func TestWhatIsOverEndsWithItsIncident(t *testing.T) {
	n := twilio(func(in *incident.Public) {
		in.Status, in.Milestones.Resolved = incident.Resolved, at("2013-07-18T23:00:00Z")
	})
	p := status.New([]incident.Component{shown("Billing"), shown("Usage reports")}, []*status.Notice{n}, now)
	reports := component(t, p, "Usage reports")
	if reports.Level != incident.Operational || reports.Days[89].Degraded != 0 || reports.Days[88].Degraded != 13*time.Hour+21*time.Minute {
		t.Errorf("after the end it is %s, today %v, the day before %v", reports.Level, reports.Days[89].Degraded, reports.Days[88].Degraded)
	}
	if len(p.Open) != 0 || len(p.Past) != 1 {
		t.Errorf("%d go on and %d are over", len(p.Open), len(p.Past))
	}
}

func TestWhatNobodySaidTheEndOfEndsWhenOutsidersWereLastTold(t *testing.T) {
	n := twilio(func(in *incident.Public) {
		in.Status, in.UpdatedAt = incident.Resolved, *at("2013-07-19T08:00:00Z").At // the team edits its own notes
		in.Messages = []incident.PublicMessage{{Channel: incident.StatusPage, At: at("2013-07-18T20:00:00Z"), Status: "resolved"}}
	})
	reports := component(t, status.New([]incident.Component{shown("Usage reports")}, []*status.Notice{n}, now), "Usage reports")
	if yesterday, today := reports.Days[88].Degraded, reports.Days[89].Degraded; yesterday != 10*time.Hour+21*time.Minute || today != 0 {
		t.Errorf("it was degraded for %v and today for %v, want until 20:00 and no longer: an edit within the team ended nothing", yesterday, today)
	}
}

func TestPlannedMaintenanceHurtsNobodyYet(t *testing.T) {
	n := twilio(func(in *incident.Public) {
		in.Kind, in.Status = incident.Maintenance, incident.Scheduled
		in.Impacts = []incident.PublicImpact{{Component: "Billing", From: at("2013-07-18T00:00:00Z"), Until: at("2013-07-20T00:00:00Z")}}
	})
	p := status.New([]incident.Component{shown("Billing")}, []*status.Notice{n}, now)
	if c := component(t, p, "Billing"); c.Level != incident.Operational || c.Days[89].Maintenance != 0 || len(p.Planned) != 1 {
		t.Errorf("before it begins the component is %s, with %v today; %d planned", c.Level, c.Days[89].Maintenance, len(p.Planned))
	}
	n.Incident.Status = incident.MaintenanceInProgress
	p = status.New([]incident.Component{shown("Billing")}, []*status.Notice{n}, now)
	if c := component(t, p, "Billing"); c.Days[89].Maintenance != 12*time.Hour {
		t.Errorf("while it goes on today has %v of maintenance, want 12 h", c.Days[89].Maintenance)
	}
}

func TestInternalComponentsAreLeftOut(t *testing.T) {
	c := shown("redis-billing-01")
	c.Audience = incident.AudienceInternal
	if p := status.New([]incident.Component{c}, nil, now); len(p.Groups) != 0 {
		t.Errorf("outsiders see %+v", p.Groups)
	}
}

func TestGroupsComeInTheOrderOfTheirComponents(t *testing.T) {
	one, two, three := shown("API"), shown("Cards"), shown("Console")
	one.Position, two.Position, two.Group, three.Position, three.Group = 3, 1, "Billing", 2, "billing "
	p := status.New([]incident.Component{one, two, three}, nil, now)
	if len(p.Groups) != 2 || p.Groups[0].Name != "" || p.Groups[1].Name != "Billing" || len(p.Groups[1].Components) != 2 {
		t.Errorf("groups are %+v, want the nameless one, then Billing with two", p.Groups)
	}
}

func TestACorrectionStandsInThePlaceOfWhatItCorrects(t *testing.T) {
	n := twilio(func(in *incident.Public) {
		in.Messages = []incident.PublicMessage{
			{ID: "m1", Channel: incident.StatusPage, At: at("2013-07-18T11:00:00Z"), Body: "It began at 07:42 UTC.", NextUpdateAt: at("2013-07-18T14:00:00Z")},
			{ID: "m2", Channel: incident.Email, At: at("2013-07-18T11:05:00Z"), Body: "To subscribers alone."},
			{ID: "m3", Channel: incident.StatusPage, At: at("2013-07-18T12:00:00Z"), Body: "The cause is known."},
			{ID: "m4", Channel: incident.StatusPage, At: at("2013-07-18T13:00:00Z"), Body: "It began at 09:42 UTC.", Corrects: "m1", NextUpdateAt: at("2013-07-18T15:00:00Z")},
		}
	})
	all := n.Updates()
	if len(all) != 2 || all[0].ID != "m3" || all[1].ID != "m1" {
		t.Fatalf("the updates are %+v, want the newest first, each once", all)
	}
	if u := all[1]; u.Body != "It began at 09:42 UTC." || len(u.Earlier) != 1 || u.Earlier[0] != "It began at 07:42 UTC." || !u.CorrectedAt.Equal(*at("2013-07-18T13:00:00Z").At) {
		t.Errorf("the corrected update is %+v", u)
	} else if !u.NextUpdateAt.Known() || !u.NextUpdateAt.At.Equal(*at("2013-07-18T15:00:00Z").At) {
		t.Errorf("outsiders wait for %v, want what the correction promised", u.NextUpdateAt)
	}
}
