package web

import (
	"net/url"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/insight"
)

// insightsPage is the page with everything that it can show, all names hostile.
func insightsPage() insights {
	minutes := func(n int64) *int64 { n *= 60; return &n }
	spread := incident.InsightSpread{N: 4, Median: minutes(25), P90: minutes(70)}
	four := incident.InsightCount{N: 4, List: "insight=told"}
	fates := incident.InsightFates{Name: hostile, Open: 2, Overdue: 1, InTime: 1, List: "insight=open"}
	f := &incident.Insights{
		From: "2013-07", To: "2013-07", Before: incident.InsightsBefore{From: "2013-06", To: "2013-06", Incidents: 3}, Kind: incident.KindIncident, Component: hostile,
		Counts: "what counts", Incomplete: true, Incidents: four, Grain: "month",
		Telling: incident.InsightTelling{Told: four, Untold: four, Kept: four, Late: four, Broken: four, Open: four},
		FollowUps: incident.InsightFollowUps{All: fates, Kinds: []incident.InsightFates{{Name: "prevent"}}, Owners: []incident.InsightFates{fates, {}},
			Ages: []incident.InsightBetween{{Name: "a week ago", N: 4, List: "insight=age"}}},
		Categories: []incident.InsightName{{Name: hostile, Of: four, Before: 1, Curve: []int64{4}}}, Components: []incident.InsightName{{Name: hostile, Of: four, Curve: []int64{4}}},
		Starts: incident.InsightStarts{Unknown: 1, Hours: []incident.InsightStart{{Weekday: "monday", Hour: 3, Of: four}}},
	}
	point := incident.InsightPoint{Name: "2013-07", From: "2013-07", To: "2013-07", Incidents: four, Severities: map[string]int64{"sev1": 3, "none": 1}, Told: 4}
	for _, d := range insight.Definitions {
		f.Measures = append(f.Measures, incident.InsightMeasure{Key: d.Key, Title: d.Title, Definition: d.Means, Few: true, Spread: spread, Before: spread, List: "insight=n", Slowest: "insight=slow"})
		point.Measures = append(point.Measures, spread)
	}
	f.Curve = []incident.InsightPoint{point}
	return newInsights(url.Values{"component": {hostile}}, f)
}
