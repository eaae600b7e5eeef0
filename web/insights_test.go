package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// toldAfter is an incident of which customers were told after so many minutes.
func toldAfter(start time.Time, minutes int) *incident.Incident {
	at := func(minutes int) *incident.Moment {
		m := incident.Exactly(start.Add(time.Duration(minutes)*time.Minute), "Europe/Berlin", incident.Minute)
		return &m
	}
	in := &incident.Incident{Heading: incident.Heading{Title: "Cards are charged twice", Status: incident.Resolved, Severity: incident.SEV2}}
	in.Milestones = incident.Milestones{Started: at(0), Detected: at(3), Mitigated: at(50), Resolved: at(90)}
	in.Impacts = []incident.Impact{{Component: "Billing"}}
	in.Messages = []incident.Message{{Channel: incident.StatusPage, Audience: incident.AudiencePublic, Body: "We look into it.", At: at(minutes)}}
	in.Actions = []incident.Action{{Title: "Test it", Owner: "Ada"}}
	in.Analysis.Factors = []incident.Factor{{Text: "No test", Category: "process"}}
	return in
}

// deployAndRecur tells of nine deployments in April 2011, and of a near miss of March that came again then.
func deployAndRecur(t *testing.T, in installation) {
	t.Helper()
	for i := range 9 {
		at := incident.Exactly(time.Date(2011, 4, 1+3*i/2, 8, 0, 0, 0, time.UTC), "UTC", incident.Minute)
		if _, err := in.store.AddDeployment(t.Context(), store.System(), incident.Deployment{Component: "billing", Version: "1", At: &at, State: []incident.DeploymentState{incident.Succeeded, incident.Failed}[i/8]}); err != nil {
			t.Fatal(err)
		}
	}
	old := toldAfter(time.Date(2011, 3, 20, 8, 0, 0, 0, time.UTC), 9)
	old.Title, old.Severity, old.Kind = "The rehearsal", incident.SEV1, incident.NearMiss
	old, err := in.store.File(t.Context(), store.System(), old)
	if err != nil {
		t.Fatal(err)
	}
	again := toldAfter(time.Date(2011, 4, 20, 8, 0, 0, 0, time.UTC), 9)
	again.Title, again.Severity, again.Kind, again.RecurrenceOf = "The rehearsal failed again", incident.SEV1, incident.NearMiss, &old.Number
	if _, err := in.store.File(t.Context(), store.System(), again); err != nil {
		t.Fatal(err)
	}
}

func TestInsightsAnswerWhetherCustomersHearSooner(t *testing.T) {
	t.Parallel()
	in := installed(t)
	for i := range 6 {
		for month, minutes := range map[time.Month]int{3: 60 + i, 4: 20 + i} {
			if _, err := in.store.File(t.Context(), store.System(), toldAfter(time.Date(2011, month, 3+i, 8, 0, 0, 0, time.UTC), minutes)); err != nil {
				t.Fatal(err)
			}
		}
	}
	deployAndRecur(t, in)
	v := in.as(t, "Lena Falk")
	const address = "/insights?from=2011-04&to=2011-04"
	_, page := v.get(address)
	text := plain(page)
	for _, want := range []string{
		"Customers were told of 6 of 6 incidents. Half of them heard within 22 min of the start, nine of ten within 25 min. That is sooner than before (2011-03 – 2011-03), when it was 1 h 2 min.",
		"6 incidents from 2011-04 to 2011-04, 6 in the months before", "first public message − started", "Billing", "process",
		"Succeeded, a week 1.87", "Days with one 8 of 30", "8 succeeded and 1 failed", "Time to restore: p90 50 min, n 6; before: 50 min, n 6", "dora.dev",
		"The rehearsal failed again", "of 1 follow-up 1 was not done then", "Test it open then",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	_, after, found := strings.Cut(page, `p90 <a href="`)
	slowest, _, _ := strings.Cut(after, `"`)
	if _, list := v.get(strings.ReplaceAll(slowest, "&amp;", "&")); !found || strings.Count(list, "Cards are charged twice") != 1 || !strings.Contains(plain(list), "25 min or longer") {
		t.Errorf("p90 leads to %s, which does not list the one incident and say why:\n%.2000s", slowest, plain(list))
	}
	for _, table := range []string{"measures", "curve", "times", "telling", "follow_ups", "owners", "ages", "categories", "components", "starts", "deployments"} {
		if !strings.Contains(page, "table="+table+"&amp;") {
			t.Errorf("the page does not link the table %s", table)
		}
		if got, text := v.get(address + "&table=" + table); got.StatusCode != http.StatusOK || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/csv") || !strings.Contains(text, "list") {
			t.Errorf("the table %s: %d, %.200s", table, got.StatusCode, text)
		}
	}
	if _, page := v.get("/insights?from=2011-03&to=2011-04&component=billing&severity=sev2"); !strings.Contains(plain(page), "of 12 incidents") {
		t.Error("filters let through another number than 12")
	}
	if _, page := v.get("/insights?from=2011-03&to=2011-03&severity=sev1"); !strings.Contains(plain(page), "debrief deploy COMPONENT VERSION") || !strings.Contains(plain(page), "No incidents in these months") || !strings.Contains(page, "/incidents/new") {
		t.Errorf("where there is nothing, the page does not teach: %.1500s", plain(page))
	}
	if got, _ := v.get("/insights?from=2011"); got.StatusCode != http.StatusBadRequest {
		t.Errorf("a month that is none: %d", got.StatusCode)
	}
	b := newBrowser(t)
	b.enters(in, "Lena Falk")
	b.look("insights", in.url+"/insights?"+url.Values{"from": {"2010-06"}, "to": {"2011-05"}}.Encode())
}
