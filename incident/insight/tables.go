package insight

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// Table is one table of figures as rows of text: times in seconds, and in the last column the filters of GET /incidents
// that show the incidents of the row.
type Table struct {
	Name string // what CSV is asked for by
	rows func(*incident.Insights) [][]string
}

// Tables are all of them.
var Tables = []Table{
	{"measures", measureRows}, {"curve", curveRows}, {"times", timeRows}, {"telling", tellingRows},
	{"follow_ups", fateRows(func(f *incident.Insights) []incident.InsightFates {
		return append(f.FollowUps.Kinds[:len(f.FollowUps.Kinds):len(f.FollowUps.Kinds)], f.FollowUps.All)
	})},
	{"owners", fateRows(func(f *incident.Insights) []incident.InsightFates { return f.FollowUps.Owners })},
	{"ages", ageRows},
	{"categories", nameRows(func(f *incident.Insights) []incident.InsightName { return f.Categories })},
	{"components", nameRows(func(f *incident.Insights) []incident.InsightName { return f.Components })},
	{"starts", startRows}, {"deployments", deploymentRows},
}

// FindTable finds one by its name; the first for none.
func FindTable(name string) (Table, error) {
	var names []string
	for _, t := range Tables {
		if names = append(names, t.Name); t.Name == cmp.Or(name, Tables[0].Name) {
			return t, nil
		}
	}
	return Table{}, incident.Refuse(incident.Malformed, "table", fmt.Sprintf("there is no table %.40q: write one of %s", name, strings.Join(names, ", ")))
}

// WriteCSV writes the table, its heading first. A text that a spreadsheet would take for a formula begins with '.
func (t Table) WriteCSV(to io.Writer, f *incident.Insights) error {
	w := csv.NewWriter(to)
	for i, row := range t.rows(f) {
		for j, cell := range row {
			if i > 0 && cell != "" && strings.ContainsRune("=+@\t\r", rune(cell[0])) || strings.HasPrefix(cell, "-") && !isNumber(cell) {
				row[j] = "'" + cell
			}
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func isNumber(cell string) bool {
	return strings.Trim(cell[1:], "0123456789") == "" && len(cell) > 1
}

func seconds(v *int64) string {
	if v == nil {
		return ""
	}
	return number(*v)
}

func measureRows(f *incident.Insights) [][]string {
	rows := [][]string{{"measure", "n", "median_seconds", "p90_seconds", "n_before", "median_seconds_before", "p90_seconds_before", "definition", "list"}}
	for _, m := range f.Measures {
		rows = append(rows, []string{m.Key, number(m.Spread.N), seconds(m.Spread.Median), seconds(m.Spread.P90),
			number(m.Before.N), seconds(m.Before.Median), seconds(m.Before.P90), m.Definition, m.List})
	}
	return rows
}

// severities are the columns of curves.
var severities = []string{string(incident.SEV1), string(incident.SEV2), string(incident.SEV3), string(incident.SEV4), "none"}

func curveRows(f *incident.Insights) [][]string {
	rows := [][]string{append(append([]string{"period", "from", "to", "incidents"}, severities...), "told", "list")}
	for _, p := range f.Curve {
		row := []string{p.Name, p.From, p.To, number(p.Incidents.N)}
		for _, s := range severities {
			row = append(row, number(p.Severities[s]))
		}
		rows = append(rows, append(row, number(p.Told), p.Incidents.List))
	}
	return rows
}

func timeRows(f *incident.Insights) [][]string {
	rows := [][]string{{"period", "measure", "n", "median_seconds", "p90_seconds", "list"}}
	for _, p := range f.Curve {
		for i, s := range p.Measures {
			rows = append(rows, []string{p.Name, f.Measures[i].Key, number(s.N), seconds(s.Median), seconds(s.P90), p.Incidents.List})
		}
	}
	return rows
}

func tellingRows(f *incident.Insights) [][]string {
	rows, t := [][]string{{"what", "n", "list"}}, f.Telling
	for _, of := range []struct {
		what  string
		count incident.InsightCount
	}{{"told", t.Told}, {"untold", t.Untold}, {"promises_kept", t.Kept}, {"promises_late", t.Late}, {"promises_broken", t.Broken}, {"promises_open", t.Open}} {
		rows = append(rows, []string{of.what, number(of.count.N), of.count.List})
	}
	return rows
}

func fateRows(of func(*incident.Insights) []incident.InsightFates) func(*incident.Insights) [][]string {
	return func(f *incident.Insights) [][]string {
		rows := [][]string{{"name", "open", "overdue", "done_in_time", "done_late", "done_without_date", "not_doing", "list"}}
		for _, a := range of(f) {
			rows = append(rows, []string{a.Name, number(a.Open), number(a.Overdue), number(a.InTime), number(a.Late), number(a.Done), number(a.NotDoing), a.List})
		}
		return rows
	}
}

func ageRows(f *incident.Insights) [][]string {
	rows := [][]string{{"written_at_most", "open", "list"}}
	for _, a := range f.FollowUps.Ages {
		rows = append(rows, []string{a.Name, number(a.N), a.List})
	}
	return rows
}

func nameRows(of func(*incident.Insights) []incident.InsightName) func(*incident.Insights) [][]string {
	return func(f *incident.Insights) [][]string {
		head := []string{"name", "incidents", "incidents_before"}
		for _, p := range f.Curve {
			head = append(head, p.Name)
		}
		rows := [][]string{append(head, "list")}
		for _, n := range of(f) {
			row := []string{n.Name, number(n.Of.N), number(n.Before)}
			for _, c := range n.Curve {
				row = append(row, number(c))
			}
			rows = append(rows, append(row, n.Of.List))
		}
		return rows
	}
}

func startRows(f *incident.Insights) [][]string {
	rows := [][]string{{"weekday", "hour", "incidents", "list"}}
	for _, h := range f.Starts.Hours {
		rows = append(rows, []string{h.Weekday, number(int64(h.Hour)), number(h.Of.N), h.Of.List})
	}
	return rows
}

func deploymentRows(f *incident.Insights) [][]string {
	rows, d := [][]string{{"period", "succeeded", "failed", "days_with_one", "days", "per_week", "list"}}, f.Deployments
	for _, p := range append(d.Curve[:len(d.Curve):len(d.Curve)], d.Before, d.Frequency) {
		rows = append(rows, []string{p.Name, number(p.Succeeded), number(p.Failed), number(p.Days), number(p.DaysOf), strconv.FormatFloat(p.PerWeek, 'f', 2, 64), p.List})
	}
	return rows
}
