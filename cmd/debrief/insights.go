package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
)

// insightsAsked is what the command line asks figures about.
type insightsAsked struct {
	client.InsightFilter
	json bool
	csv  string
}

func (a *app) insightsCommand() *cobra.Command {
	var q insightsAsked
	cmd := &cobra.Command{
		Use:   "insights",
		Short: "Tell figures about many incidents: how long, what customers were told, what is owed",
		Long: `Tells figures about the incidents that started in some months, UTC: the last
twelve unless --from and --to say others. Times are medians and p90, the time
that nine of ten took at most, with how many they are of. The months before, as
many, stand beside them. With --csv one table comes as CSV, times in seconds:
measures, curve, times, telling, follow_ups, owners, ages, categories,
components, starts or deployments.`,
		Example: "  debrief insights\n  debrief insights --from 2013-01 --to 2013-12 --severity sev1\n  debrief insights --csv times > times.csv",
		Args:    exactly(),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.insights(cmd, &q) },
	}
	f := cmd.Flags()
	f.StringVar(&q.From, "from", "", "the first month, such as 2013-07")
	f.StringVar(&q.To, "to", "", "the last month")
	f.StringVar(&q.Kind, "kind", "", "near_miss or maintenance; incidents when it is left out")
	f.StringVar(&q.Severity, "severity", "", "sev1 to sev4")
	f.StringVar(&q.Component, "component", "", "a part of the product that was hurt")
	f.StringVar(&q.csv, "csv", "", "print one table as CSV")
	f.BoolVar(&q.json, "json", false, "print the API's JSON")
	return cmd
}

func (a *app) insights(cmd *cobra.Command, q *insightsAsked) error {
	if q.csv != "" {
		text, err := a.client().InsightTable(cmd.Context(), q.InsightFilter, q.csv)
		if err != nil {
			return err
		}
		_, err = a.out.Write(text)
		return err
	}
	f, err := a.client().Insights(cmd.Context(), q.InsightFilter)
	if err != nil {
		return err
	}
	if q.json {
		return a.printJSON(f)
	}
	return a.printInsights(f)
}

// tall is a time of a distribution in words.
func tall(seconds *int64) string {
	switch {
	case seconds == nil:
		return "-"
	case *seconds < 0:
		return "-" + incident.Span(time.Duration(-*seconds)*time.Second)
	}
	return incident.Span(time.Duration(*seconds) * time.Second)
}

func (a *app) printInsights(f *incident.Insights) error {
	_, err := fmt.Fprintf(a.out, "%s to %s: %d of kind %s, %d in the months before\n\n", f.From, f.To, f.Incidents.N, f.Kind, f.Before.Incidents)
	if err != nil {
		return err
	}
	t := a.table()
	t.row("TIME", "MEDIAN", "P90", "N", "BEFORE", "N")
	for _, m := range f.Measures {
		t.row(strings.ReplaceAll(m.Key, "_", " "), tall(m.Spread.Median), tall(m.Spread.P90), amount(m.Spread.N), tall(m.Before.Median), amount(m.Before.N))
	}
	if err := t.flush(); err != nil {
		return err
	}
	of := f.Telling
	_, err = fmt.Fprintf(a.out, "\ncustomers were told of %d, not of %d; promises of an update: %d kept, %d late, %d broken, %d open\n",
		of.Told.N, of.Untold.N, of.Kept.N, of.Late.N, of.Broken.N, of.Open.N)
	if err != nil {
		return err
	}
	u := f.FollowUps.All
	_, err = fmt.Fprintf(a.out, "follow-ups: %d open, of which %d are overdue; %d done in time, %d late, %d without a date; %d are not done\n", u.Open, u.Overdue, u.InTime, u.Late, u.Done, u.NotDoing)
	if err != nil {
		return err
	}
	if err := a.printDeployed(f.Deployments); err != nil {
		return err
	}
	for _, names := range []struct {
		what string
		all  []incident.InsightName
	}{{"components", f.Components}, {"contributing factors", f.Categories}} {
		var most []string
		for _, n := range names.all[:min(len(names.all), 5)] {
			most = append(most, fmt.Sprintf("%s %d (before %d)", oneLine(n.Name), n.Of.N, n.Before))
		}
		if most == nil {
			continue
		}
		if _, err := fmt.Fprintf(a.out, "%s: %s\n", names.what, strings.Join(most, ", ")); err != nil {
			return err
		}
	}
	if f.Incomplete {
		_, err = fmt.Fprintln(a.out, "more was written lately than has been added up: ask again in a minute")
	}
	return err
}

func (a *app) printDeployed(d incident.InsightDeployments) error {
	of := d.Frequency
	if of.Succeeded+of.Failed == 0 {
		_, err := fmt.Fprintln(a.out, "deployments: none; debrief deploy COMPONENT VERSION tells of one")
		return err
	}
	_, err := fmt.Fprintf(a.out, "deployments: %d succeeded, %d failed, on %d of %d days, %.2f a week (before %.2f); time to restore: median %s, n %d\n",
		of.Succeeded, of.Failed, of.Days, of.DaysOf, of.PerWeek, d.Before.PerWeek, tall(d.Restore.Median), d.Restore.N)
	return err
}

func amount(n int64) string { return strconv.FormatInt(n, 10) }
