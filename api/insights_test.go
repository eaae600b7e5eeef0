package api_test

import (
	"encoding/csv"
	"reflect"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/insight"
	"github.com/debriefhq/debrief/store"
)

// visitInsights asks for all forms of insights.
func visitInsights(t *testing.T, ada *person) {
	t.Helper()
	f := client.InsightFilter{From: "2013-07", To: "2013-07"}
	got, err := ada.Insights(t.Context(), f)
	if err != nil || got.Incidents.N != 1 {
		t.Errorf("Insights = %+v, %v, want those of the one", got, err)
	}
	for _, table := range insight.Tables {
		text, err := ada.InsightTable(t.Context(), f, table.Name)
		if err != nil {
			t.Errorf("InsightTable %s = %v", table.Name, err)
		}
		rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
		if err != nil || len(rows) < 2 || rows[0][len(rows[0])-1] != "list" {
			t.Errorf("the table %s is %q, %v", table.Name, text, err)
		}
	}
}

func TestInsightsAreSaidAsJSONAndAsTables(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada := h.as("Ada", incident.Responder)
	ada.file(golden(t, "record.json"))
	const path = "/insights?from=2013-07&to=2013-07"
	said := into[incident.Insights](ada.call("GET", path, "").must(200))
	want, err := h.store.Insights(t.Context(), incident.Actor{Name: "Ada", Role: incident.Responder}, store.InsightFilter{From: "2013-07", To: "2013-07"})
	if err != nil || !reflect.DeepEqual(&said, want) {
		t.Errorf("the API says\n%+v\nand the store\n%+v, %v", said, want, err)
	}
	if list := into[store.Page[incident.Heading]](ada.call("GET", "/incidents?"+said.Measures[4].Slowest, "").must(200)); len(list.Items) != 1 {
		t.Errorf("the slowest lead to %d incidents, want 1", len(list.Items))
	}
	for _, asked := range []answer{ada.call("GET", path+"&format=csv", ""), ada.call("GET", path, "", "Accept: text/csv")} {
		if asked.must(200); !strings.HasPrefix(asked.text, "measure,n,median_seconds,") || !strings.HasPrefix(asked.header.Get("Content-Type"), "text/csv") {
			t.Errorf("asked for CSV it answers %s: %.200s", asked.header.Get("Content-Type"), asked.text)
		}
	}
	for _, bad := range []string{"?from=2013", "?from=2013-07&to=2013-06", "?from=1970-01", "?kind=outage", "?severity=sev9", "?format=csv&table=nothing", "?format=xml"} {
		if got := ada.call("GET", "/insights"+bad, ""); got.status != 422 && got.status != 400 {
			t.Errorf("GET /insights%s = %d, want a refusal", bad, got.status)
		} else {
			got.problem(got.status)
		}
	}
	ada.call("GET", "/incidents?insight=nothing", "").problem(400)
}

func TestATextInATableIsNoFormula(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada := h.as("Ada", incident.Responder)
	ada.file(`{"title": "A", "impacts": [{"component": "=cmd|' /C calc'!A0"}, {"component": "-1+1"}, {"component": "-7"}, {"component": "Billing"}]}`)
	table := ada.call("GET", "/insights?format=csv&table=components", "").must(200).text
	for _, want := range []string{"\n'=cmd", "\n'-1+1", "\n-7,", "\nBilling,"} {
		if !strings.Contains(table, want) {
			t.Errorf("the table lacks %q:\n%s", want, table)
		}
	}
}
