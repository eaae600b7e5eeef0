package store_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// noon is a day on which things are deployed.
var noon = time.Date(2013, 7, 18, 12, 0, 0, 0, time.UTC)

// deployed is a deployment that many hours after noon.
func deployed(component, version string, hours float64) incident.Deployment {
	at := incident.Exactly(noon.Add(time.Duration(hours*float64(time.Hour))), "UTC", incident.Minute)
	return incident.Deployment{Component: component, Version: version, At: &at}
}

// versions are those of a list.
func versions[T any](all []T, of func(T) incident.Deployment) string {
	var names []string
	for _, d := range all {
		names = append(names, of(d).Version)
	}
	return strings.Join(names, " ")
}

func TestADeploymentIsKeptWithWhatItsSenderLeftOut(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	d := must(s.AddDeployment(t.Context(), ada, incident.Deployment{Component: " Billing ", Version: "1.2"}))
	if d.ID == "" || d.Component != "Billing" || d.By != "Ada" || d.State != incident.Succeeded || d.Environment != incident.Production || !d.At.Known() || d.CreatedAt.IsZero() {
		t.Errorf("AddDeployment = %+v", d)
	}
	wantSame(t, "Deployment", must(s.Deployment(t.Context(), ada, d.ID)), d)
	for _, wrong := range []incident.Deployment{
		{Version: "1"}, {Component: "Billing"}, {Component: "Billing", Version: "1", Link: "javascript:alert(1)"},
		{Component: "Billing", Version: "1", State: "pending"}, {Component: "Billing", Version: "1", At: &incident.Moment{AsWritten: "soon"}},
	} {
		_, err := s.AddDeployment(t.Context(), ada, wrong)
		refused(t, fmt.Sprintf("AddDeployment(%+v)", wrong), err, incident.Invalid)
	}
	eve := storetest.Person(t, s, "Eve", incident.Viewer)
	_, err := s.AddDeployment(t.Context(), eve, deployed("Billing", "2", 0))
	refused(t, "AddDeployment by a viewer", err, incident.Forbidden)
	refused(t, "RemoveDeployment by a responder", s.RemoveDeployment(t.Context(), ada, d.ID), incident.Forbidden)
}

func TestADeploymentToldTwiceIsOneAndTheLaterNewsHolds(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	tell := func(version string, hours float64, state incident.DeploymentState) incident.Deployment {
		d := deployed("Billing", version, hours)
		d.Source, d.ExternalID, d.State = "ci", "run 7", state
		return must(s.AddDeployment(t.Context(), ada, d))
	}
	first := tell("1", 0, incident.Failed)
	for _, err := range race(8, func(int) error { tell("1", 0, incident.Failed); return nil }) {
		if err != nil {
			t.Error(err)
		}
	}
	if again := tell("2", 1, incident.Succeeded); again.ID != first.ID || again.State != incident.Succeeded || again.Version != "2" {
		t.Errorf("later news = %+v, want the same deployment, which has succeeded", again)
	}
	if late := tell("1", 0.5, incident.Failed); late.State != incident.Succeeded || late.Version != "2" {
		t.Errorf("news that came late = %+v, want what is known", late)
	}
	days := must(s.DeploymentDays(t.Context(), ada, "billing", noon.AddDate(0, 0, -1), noon.AddDate(0, 0, 1)))
	if len(days) != 1 || days[0].Succeeded != 1 || days[0].Failed != 0 {
		t.Errorf("DeploymentDays = %+v, want one that succeeded", days)
	}
}

func TestDeploymentsAreListedByComponentAndMomentPageByPage(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Reviewer)
	for i := range 5 {
		must(s.AddDeployment(t.Context(), ada, deployed([]string{"Billing", "Voice"}[i%2], fmt.Sprint(i), float64(-i))))
	}
	list := func(f store.DeploymentFilter) string {
		var all []incident.Deployment
		for {
			page := must(s.Deployments(t.Context(), ada, f))
			all = append(all, page.Items...)
			if f.Cursor = page.Next; f.Cursor == "" {
				return versions(all, func(d incident.Deployment) incident.Deployment { return d })
			}
		}
	}
	from, to := noon.Add(-3*time.Hour), noon
	for _, tt := range []struct {
		name string
		f    store.DeploymentFilter
		want string
	}{
		{"all", store.DeploymentFilter{}, "0 1 2 3 4"},
		{"two on a page", store.DeploymentFilter{Limit: 2}, "0 1 2 3 4"},
		{"of a component, in any case", store.DeploymentFilter{Component: "billing", Limit: 1}, "0 2 4"},
		{"between two moments", store.DeploymentFilter{From: &from, To: &to}, "1 2 3"},
		{"of what nobody deployed", store.DeploymentFilter{Component: "Search"}, ""},
	} {
		if got := list(tt.f); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	d := must(s.Deployments(t.Context(), ada, store.DeploymentFilter{})).Items[0]
	if err := s.RemoveDeployment(t.Context(), ada, d.ID); err != nil {
		t.Fatal(err)
	}
	refused(t, "RemoveDeployment again", s.RemoveDeployment(t.Context(), ada, d.ID), incident.NotFound)
	if got := list(store.DeploymentFilter{}); got != "1 2 3 4" {
		t.Errorf("after one was removed: %s", got)
	}
}

func TestARecordShowsWhatWasDeployedBeforeItBeganThoseOfHurtComponentsFirst(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	for _, d := range []incident.Deployment{
		deployed("Voice", "voice-soon-before", -0.25), deployed("BILLING", "billing-soon-before", -1), deployed("Billing", "billing-long-before", -23),
		deployed("Billing", "billing-too-long-before", -24.5), deployed("Voice", "voice-after", 0.1),
	} {
		must(s.AddDeployment(t.Context(), ada, d))
	}
	in := titled("Cards were charged again")
	start := incident.Exactly(noon, "UTC", incident.Minute)
	in.Milestones.Started, in.Impacts = &start, []incident.Impact{{Component: "Billing", Kind: incident.Correctness}}
	in = must(s.File(t.Context(), ada, in))
	before := must(s.DeployedBefore(t.Context(), ada, in))
	if got, want := versions(before, func(d store.DeployedBefore) incident.Deployment { return d.Deployment }), "billing-soon-before billing-long-before voice-soon-before"; got != want {
		t.Errorf("DeployedBefore = %s, want %s", got, want)
	}
	if len(before) == 3 && (!before[0].Hurt || before[0].Seconds != 3600 || before[2].Hurt) {
		t.Errorf("DeployedBefore = %+v", before)
	}
	if all := must(s.DeployedBefore(t.Context(), ada, must(s.File(t.Context(), ada, titled("Nobody knows when"))))); len(all) != 0 {
		t.Errorf("DeployedBefore of an incident without a start = %+v", all)
	}
}

func TestDaysOfDeploymentsAreWhatCountingThemGives(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Reviewer)
	pick := rand.New(rand.NewPCG(7, 7))
	var ids []string
	for i := range 60 {
		d := deployed([]string{"Billing", "billing", "Voice"}[pick.IntN(3)], fmt.Sprint(i), float64(pick.IntN(240))-120)
		d.State = incident.DeploymentStates[pick.IntN(2)]
		if pick.IntN(3) == 0 {
			d.Source, d.ExternalID = "ci", fmt.Sprint(pick.IntN(5))
		}
		if ids = append(ids, must(s.AddDeployment(t.Context(), ada, d)).ID); pick.IntN(8) == 0 {
			_ = s.RemoveDeployment(t.Context(), ada, ids[pick.IntN(len(ids))]) // it may be gone already
		}
	}
	for _, component := range []string{"", "Billing", "voice"} {
		want := map[string][2]int64{}
		for _, d := range must(s.Deployments(t.Context(), ada, store.DeploymentFilter{Component: component, Limit: 200})).Items {
			day := want[d.At.At.Format(time.DateOnly)]
			if d.State == incident.Succeeded {
				day[0]++
			} else {
				day[1]++
			}
			want[d.At.At.Format(time.DateOnly)] = day
		}
		got := map[string][2]int64{}
		for _, d := range must(s.DeploymentDays(t.Context(), ada, component, noon.AddDate(-1, 0, 0), noon.AddDate(1, 0, 0))) {
			got[d.Day.Format(time.DateOnly)] = [2]int64{d.Succeeded, d.Failed}
		}
		if len(want) == 0 || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("days of %q are %v, want %v", component, got, want)
		}
	}
}

func TestDeploymentsAreReadByTheirIndexes(t *testing.T) {
	t.Parallel()
	conn := must(pgx.Connect(t.Context(), storetest.URL(t)))
	defer func() { _ = conn.Close(t.Context()) }() // the database goes with the test
	for _, statement := range []string{
		`insert into deployments select lpad(n::text, 12, '0'), 'c' || n % 50, 'v', row(timestamptz '2013-01-01' + n * interval '1 minute', 'UTC', 'minute', false, '')::moment, 'succeeded', '', '', '', '', '', now() from generate_series(1, 20000) n`,
		`analyze`,
	} {
		_ = must(conn.Exec(t.Context(), statement))
	}
	for _, tt := range []struct{ name, args string }{
		{"listDeployments", `('2013-01-20', 'c7', '2013-01-01', '2013-01-19', 'a', 51)`},
		{"deployedLately", `(array['c7', 'c8'], '2013-01-10', '2013-01-11', 10)`},
	} {
		_ = must(conn.Exec(t.Context(), `deallocate all; prepare x as `+store.Statements()[tt.name]))
		rows, err := conn.Query(t.Context(), `explain (costs off) execute x`+tt.args, pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			t.Fatal(err)
		}
		plan := strings.Join(must(pgx.CollectRows(rows, pgx.RowTo[string])), "\n")
		if strings.Contains(plan, "Seq Scan on deployments") || !strings.Contains(plan, "deployments_by_component") {
			t.Errorf("%s%s does not read its indexes alone:\n%s", tt.name, tt.args, plan)
		}
	}
}
