package web

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/insight"
	"github.com/debriefhq/debrief/store"
)

// insights is the page of figures about many incidents.
type insights struct {
	*incident.Insights
	Asked   url.Values // what the figures are about
	Kinds   choice
	Grave   choice
	Ranges  []rangeOf
	Subject string // what is counted: incidents, near misses
	Lead    string // the answer to whether customers hear of it sooner
	Times   []timeOf
	Counted columns
	Told    []toldOf
	Hours   heat
	Ages    []ageOf
	Why     []nameOf
	Where   []nameOf

	Restore, RestoreBefore span
	Again                  []recurrence
}

// rangeOf is a choice of months.
type rangeOf struct {
	Label, Address string
	Chosen         bool
}

// timeOf is one measure: over the range, before it, and along it.
type timeOf struct {
	incident.InsightMeasure
	Now, Then span
	Few       string // that it is about few
	Columns   columns
	Rows      []timeRow
}

// span is a distribution in words.
type span struct {
	N           int64
	Median, P90 string
}

type timeRow struct {
	Name, List string
	span
}

type toldOf struct {
	Label string
	incident.InsightCount
}

type nameOf struct {
	incident.InsightName
	Width string // of its bar, in percent
}

// fates is a table of follow-ups.
type fates struct {
	By, CSV string
	Rows    []fate
}

type fate struct {
	incident.InsightFates
	Label string
}

// nameTable is a table of names.
type nameTable struct {
	Head, CSV string
	Rows      []nameOf
	Curve     []incident.InsightPoint
}

type ageOf struct {
	incident.InsightBetween
	Width string
}

// insightSpans are the ranges that are one step away, in months.
var insightSpans = []struct {
	label  string
	months int
}{{"3 months", 3}, {"12 months", 12}, {"3 years", 36}, {"10 years", 120}}

func (s *site) insights(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	asked, q := url.Values{}, r.URL.Query()
	for _, name := range []string{"from", "to", "kind", "severity", "component"} {
		if v := q.Get(name); v != "" && len(v) <= longest {
			asked.Set(name, v)
		}
	}
	f, err := s.Store.Insights(r.Context(), by, store.InsightFilter{
		From: asked.Get("from"), To: asked.Get("to"), Kind: incident.IncidentKind(asked.Get("kind")), Severity: asked.Get("severity"), Component: asked.Get("component"),
	})
	if err != nil {
		return err
	}
	if q.Has("table") {
		return sendTable(w, q.Get("table"), f)
	}
	page := newInsights(asked, f)
	if page.Again, err = s.recurrences(r, by, f); err != nil {
		return err
	}
	return s.show(w, http.StatusOK, frame{Name: "insights", Title: "Insights", Here: "insights", By: by, Page: page})
}

// recurrence is an incident that happened again, after others with follow-ups.
type recurrence struct {
	incident.Heading
	After []knownBefore
}

func (s *site) recurrences(r *http.Request, by incident.Actor, f *incident.Insights) (all []recurrence, err error) {
	found, err := s.Store.RecurrencesOfMonths(r.Context(), by, f.From, f.To)
	for _, again := range found {
		row := recurrence{Heading: again.Heading}
		for _, k := range again.Before {
			if k.As == store.RecurrenceOf {
				row.After = append(row.After, knownBefore{k})
			}
		}
		all = append(all, row)
	}
	return all, err
}

// sendTable sends one of the tables as CSV.
func sendTable(w http.ResponseWriter, name string, f *incident.Insights) error {
	t, err := insight.FindTable(name)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.WriteCSV(&b, f); err != nil {
		return fmt.Errorf("write the table %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="insights-`+t.Name+`.csv"`)
	_, err = b.WriteTo(w)
	return err
}

// Address is that of the page about something else.
func (p insights) Address(with ...string) string { return insightsAddress(p.Asked, with...) }

func insightsAddress(asked url.Values, with ...string) string {
	q := url.Values{}
	for key, values := range asked {
		q[key] = values
	}
	for i := 0; i+1 < len(with); i += 2 {
		if q.Set(with[i], with[i+1]); with[i+1] == "" {
			q.Del(with[i])
		}
	}
	return "/insights?" + q.Encode()
}

// CSV is the address of a table.
func (p insights) CSV(table string) string { return p.Address("table", table) }

// listedBy is the address of the list with filters that a figure names.
func listedBy(filters string) string { return "/incidents?" + filters }

// Severities are the parts of a column, the worst first.
func (insights) Severities() []string { return severityClasses }

// Graded is one of them in words.
func (insights) Graded(s string) string { return severityWord(s) }

// Class is how one of them is drawn.
func (insights) Class(s string) string { return classOf(s) }

// Of is how many of a severity there are at a point.
func (insights) Of(p incident.InsightPoint, severity string) int64 { return p.Severities[severity] }

// Fates are follow-ups by kind or by owner.
func (p insights) Fates(by string) fates {
	f := fates{By: by, CSV: p.CSV("follow_ups")}
	all := append(p.FollowUps.Kinds[:len(p.FollowUps.Kinds):len(p.FollowUps.Kinds)], p.FollowUps.All)
	if by == "owner" {
		all, f.CSV = p.FollowUps.Owners, p.CSV("owners")
	}
	for _, of := range all {
		row := fate{of, of.Name}
		if by == "kind" {
			row.Label = capital(word(of.Name))
		} else if of.Name == "" {
			row.Label = "Nobody"
		}
		f.Rows = append(f.Rows, row)
	}
	return f
}

// Names are the categories of factors, or components.
func (p insights) Names(table string) nameTable {
	if table == "categories" {
		return nameTable{"Category", p.CSV(table), p.Why, p.Curve}
	}
	return nameTable{"Component", p.CSV(table), p.Where, p.Curve}
}

var subjects = map[incident.IncidentKind][2]string{
	incident.KindIncident: {"incident", "incidents"}, incident.NearMiss: {"near miss", "near misses"}, incident.Maintenance: {"maintenance", "maintenances"},
}

func newInsights(asked url.Values, f *incident.Insights) insights {
	subject := subjects[f.Kind]
	p := insights{Insights: f, Asked: asked, Subject: subject[1], Hours: newHeat(f.Starts)}
	p.Kinds = choice{Label: "Kind", Name: "kind", Any: "incident", Chosen: asked.Get("kind"), Values: []string{"near_miss", "maintenance"}}
	p.Grave = choice{Label: "Severity", Name: "severity", Any: "any", Chosen: asked.Get("severity"), Values: []string{"sev1", "sev2", "sev3", "sev4"}}
	to, _ := time.Parse("2006-01", f.To) // the store wrote it
	for _, r := range insightSpans {
		from := to.AddDate(0, 1-r.months, 0).Format("2006-01")
		p.Ranges = append(p.Ranges, rangeOf{r.label, insightsAddress(asked, "from", from, "to", f.To), from == f.From})
	}
	p.Counted = countColumns(f)
	for i, m := range f.Measures {
		p.Times = append(p.Times, newTime(f, i, m))
	}
	t := f.Telling
	p.Told = []toldOf{{"Customers were told", t.Told}, {"Customers were not told", t.Untold}, {"Promises of an update kept", t.Kept},
		{"Kept late", t.Late}, {"Broken", t.Broken}, {"Still open", t.Open}}
	p.Lead = lead(f, subject)
	most := int64(0)
	for _, a := range f.FollowUps.Ages {
		most = max(most, a.N)
	}
	for _, a := range f.FollowUps.Ages {
		p.Ages = append(p.Ages, ageOf{a, share(a.N, most)})
	}
	p.Restore, p.RestoreBefore = newSpan(f.Deployments.Restore), newSpan(f.Deployments.RestoreBefore)
	p.Why, p.Where = namesOf(f.Categories), namesOf(f.Components)
	return p
}

func namesOf(all []incident.InsightName) (rows []nameOf) {
	for _, n := range all {
		rows = append(rows, nameOf{n, share(n.Of.N, all[0].Of.N)})
	}
	return rows
}

func share(n, of int64) string {
	if of == 0 {
		return "0"
	}
	return percent(100 * float64(n) / float64(of))
}

func newSpan(s incident.InsightSpread) span { return span{s.N, long(s.Median), long(s.P90)} }

// long is a time in words, negative ones too.
func long(seconds *int64) string {
	switch {
	case seconds == nil:
		return "–"
	case *seconds < 0:
		return "−" + incident.Span(time.Duration(-*seconds)*time.Second)
	}
	return incident.Span(time.Duration(*seconds) * time.Second)
}

func newTime(f *incident.Insights, i int, m incident.InsightMeasure) timeOf {
	t := timeOf{InsightMeasure: m, Now: newSpan(m.Spread), Then: newSpan(m.Before), Columns: timeColumns(f, i)}
	if m.Spread.N > 0 && m.Few {
		t.Few = fmt.Sprintf("Only %d: a single one moves these figures.", m.Spread.N)
	}
	for _, p := range f.Curve {
		t.Rows = append(t.Rows, timeRow{p.Name, p.Incidents.List, newSpan(p.Measures[i])})
	}
	return t
}

// lead says whether customers hear of it sooner than before.
func lead(f *incident.Insights, subject [2]string) string {
	n := f.Incidents.N
	if n == 0 {
		return ""
	}
	told := fmt.Sprintf("Customers were told of %d of %s. ", f.Telling.Told.N, count(int(n), subject[0], subject[1]))
	m := f.Measures[toTell]
	now, then := m.Spread, m.Before
	switch {
	case now.Median == nil:
		return told + "How soon is not known of any."
	case m.Few:
		return told + fmt.Sprintf("How soon is known of %d, too few to say more: half of them within %s.", now.N, long(now.Median))
	}
	told += fmt.Sprintf("Half of them heard within %s of the start, nine of ten within %s. ", long(now.Median), long(now.P90))
	switch {
	case then.N < insight.Few:
		return told + fmt.Sprintf("Before that (%s – %s) it is known of %d, too few to compare.", f.Before.From, f.Before.To, then.N)
	case *now.Median == *then.Median:
		return told + fmt.Sprintf("Before that (%s – %s) it was as long.", f.Before.From, f.Before.To)
	case *now.Median < *then.Median:
		return told + fmt.Sprintf("That is sooner than before (%s – %s), when it was %s.", f.Before.From, f.Before.To, long(then.Median))
	}
	return told + fmt.Sprintf("That is later than before (%s – %s), when it was %s.", f.Before.From, f.Before.To, long(then.Median))
}
