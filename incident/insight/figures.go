package insight

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// mostNames is how many names of one sort figures tell.
const mostNames = 30

// Question says what figures are about.
type Question struct {
	Range
	Kind      incident.IncidentKind
	Severity  string // "": all
	Component string // "": all
}

// Cell is the sheets that answer it.
func (q Question) Cell() Cell {
	c := Cell{q.Kind, Fold(q.Component), AnySeverity}
	if q.Severity != "" {
		c.Severity = q.Severity
	}
	return c
}

// Reading is the sheets of a question: for each month, or each year that lies in one point of the curve whole.
type Reading struct {
	Question
	Sheets   map[Period][]*Sheet // of the range and of the one before
	Deployed map[Period]Deployed // by month, the same
	Open     int64               // promises that nothing followed and that may still be kept
	Today    time.Time
}

// Cover lists the periods that a range is read from; year tells of which years there are sheets.
func (r Range) Cover(year func(Period) bool) []Period {
	var all []Period
	for m := r.From; m <= r.To; {
		if m%100 == 1 && m.Next(11) <= r.To && year(m.YearOf()) {
			all, m = append(all, m.YearOf()), m.Next(12)
			continue
		}
		all, m = append(all, m), m.Next(1)
	}
	return all
}

// Periods lists those that the question is answered from.
func (q Question) Periods(year func(Period) bool) []Period {
	all := q.Before().Cover(year)
	for _, p := range q.Points() {
		all = append(all, p.Cover(year)...)
	}
	return all
}

// sheets are those of a range.
func (r *Reading) sheets(of Range) (all []*Sheet) {
	for p, sheets := range r.Sheets {
		if m := p; m.Year() && of.From <= m*100+1 && m*100+12 <= of.To || !m.Year() && of.From <= m && m <= of.To {
			all = append(all, sheets...)
		}
	}
	return all
}

func spreadsOf(sheets []*Sheet, measure int) spreads {
	all := make(spreads, len(sheets))
	for i, s := range sheets {
		all[i] = &s.Spreads[measure]
	}
	return all
}

// Piece is values of a kept sheet that an answer needs.
type Piece struct {
	Row      int64
	At, Size int
	pile     *pile
}

// Fill brings them.
func (p Piece) Fill(values []byte) error { return p.pile.read(values) }

// Pieces lists what Figures needs to know of the values of kept sheets.
func (r *Reading) Pieces() (all []Piece) {
	asked := map[*pile]bool{}
	for _, of := range append(r.Points(), r.Range, r.Before()) {
		sheets := r.sheets(of)
		for m := range Measures {
			values := spreadsOf(sheets, m)
			n := values.count()
			for _, k := range []int64{median(n), p90(n)} {
				piles, _ := values.rank(k)
				for _, p := range piles {
					if p.values == nil && p.of != nil && !asked[p] {
						asked[p] = true
						all = append(all, Piece{p.of.Row, p.at, p.size, p})
					}
				}
			}
		}
	}
	return all
}

// spread reads one distribution.
func spread(sheets []*Sheet, measure int) incident.InsightSpread {
	values := spreadsOf(sheets, measure)
	out := incident.InsightSpread{N: values.count()}
	if v, ok := values.value(median(out.N)); ok {
		out.Median = &v
	}
	if v, ok := values.value(p90(out.N)); ok {
		out.P90 = &v
	}
	return out
}

// list names the filters that show the incidents of a figure.
func (q Question) list(of Range, filter string, more ...string) string {
	v := url.Values{
		"from": {of.From.Begins().Format(time.DateOnly)}, "to": {of.To.Next(1).Begins().Format(time.DateOnly)},
		"kind": {string(q.Kind)}, "insight": {filter}, "sort": {"-started"},
	}
	if q.Severity != "" {
		v.Set("severity", q.Severity)
	}
	if q.Component != "" {
		v.Set("component", q.Component)
	}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v.Encode()
}

func (q Question) counted(n int64, filter string) incident.InsightCount {
	return incident.InsightCount{N: n, List: q.list(q.Range, filter)}
}

// What is counted, in words, beside the figures.
const (
	countsMeans = "Incidents by the month, UTC, in which they started; when nobody said, in which they were filed. Archived ones, duplicates and false alarms are left out, " +
		"and so is what is private, but for private incidents that you are named on. " + MedianMeans
	tellingMeans = "Customers were told when a public message was recorded or sent. A promise is the time of the next update that a public message named: " +
		"kept when the next one came by then, give or take five minutes; late when it came after; broken when none came."
	followUpsMeans = "Follow-ups of these incidents, as they stand today. Done in time is done on the day it was due, or before. " +
		"Done without a date is one that was due on no day, or that came done with the record. Days are of UTC."
	startsMeans = "When incidents started, on the clock of the zone that each start was told in: half past two at night in Berlin is 2, and so is half past two at night in Tokyo."
)

// Figures reads the figures off the sheets, whose values Pieces asked for are there.
func (r *Reading) Figures() *incident.Insights {
	whole, before := merged(r.sheets(r.Range), r.Today), merged(r.sheets(r.Before()), r.Today)
	f := &incident.Insights{
		From: r.From.String(), To: r.To.String(), Kind: r.Kind, Severity: r.Severity, Component: r.Component, Counts: countsMeans,
		Before:    incident.InsightsBefore{From: r.Before().From.String(), To: r.Before().To.String(), Incidents: before.Incidents},
		Incidents: r.counted(whole.Incidents, "counted"), Grain: r.Grain().String(),
	}
	var points []*Sheet
	for _, p := range r.Points() {
		sheets := r.sheets(p)
		s := merged(sheets, r.Today)
		points = append(points, s)
		point := incident.InsightPoint{
			Name: p.Name(), From: p.From.String(), To: p.To.String(), Told: s.Told, Severities: map[string]int64{},
			Incidents: incident.InsightCount{N: s.Incidents, List: r.list(p, "counted")},
		}
		for severity, n := range s.Severities {
			point.Severities[cmp.Or(severity, "none")] = n
		}
		for m := range Measures {
			point.Measures = append(point.Measures, spread(sheets, m))
		}
		f.Curve = append(f.Curve, point)
	}
	for m, d := range Definitions {
		of := incident.InsightMeasure{
			Key: d.Key, Title: d.Title, Definition: d.Means, Spread: spread(r.sheets(r.Range), m), Before: spread(r.sheets(r.Before()), m),
			List: r.list(r.Range, d.Key),
		}
		of.Few = of.Spread.N < Few
		if of.Spread.P90 != nil {
			of.Slowest = r.list(r.Range, d.Key+":"+number(*of.Spread.P90))
		}
		f.Measures = append(f.Measures, of)
	}
	f.Telling = incident.InsightTelling{
		Definition: tellingMeans, Told: r.counted(whole.Told, "told"), Untold: r.counted(whole.Incidents-whole.Told, "untold"),
		Kept: r.counted(whole.Kept, "kept"), Late: r.counted(whole.Late, "late"),
		Broken: r.counted(whole.Unanswered-r.Open, "broken"), Open: r.counted(r.Open, "open"),
	}
	f.Deployments = r.deployments()
	f.FollowUps = r.followUps(whole, dayOf(r.Today))
	f.Categories = r.names(whole, before, points, "category", func(s *Sheet) map[string]int64 { return s.Categories })
	f.Components = r.names(whole, before, points, "component", func(s *Sheet) map[string]int64 { return s.Components })
	f.Starts = r.starts(whole)
	return f
}

// merged adds up sheets, without their values.
func merged(sheets []*Sheet, today time.Time) *Sheet {
	sum := NewSheet()
	for _, s := range sheets {
		counts := *s
		counts.Spreads = [Measures]Spread{}
		sum.Merge(&counts, today)
	}
	return sum
}

// together adds up the counts of names that differ in case alone, under the spelling that is the most frequent.
func together(names map[string]int64) map[string]string {
	spelt := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if best, had := spelt[Fold(name)]; !had || names[name] > names[best] {
			spelt[Fold(name)] = name
		}
	}
	return spelt
}

func folded(names map[string]int64) map[string]int64 {
	sum := map[string]int64{}
	for name, n := range names {
		sum[Fold(name)] += n
	}
	return sum
}

func (q Question) names(whole, before *Sheet, points []*Sheet, what string, of func(*Sheet) map[string]int64) []incident.InsightName {
	spelt, counts, earlier := together(of(whole)), folded(of(whole)), folded(of(before))
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	all := []incident.InsightName{}
	for _, key := range keys[:min(len(keys), mostNames)] {
		all = append(all, incident.InsightName{Name: spelt[key], Of: q.counted(counts[key], what+":"+spelt[key]), Before: earlier[key], Curve: []int64{}})
	}
	for _, p := range points {
		each := folded(of(p))
		for i := range all {
			all[i].Curve = append(all[i].Curve, each[Fold(all[i].Name)])
		}
	}
	return all
}

func (q Question) starts(whole *Sheet) incident.InsightStarts {
	out := incident.InsightStarts{Definition: startsMeans, Unknown: whole.Incidents, Hours: []incident.InsightStart{}}
	for _, hour := range slices.Sorted(maps.Keys(whole.Hours)) {
		n := whole.Hours[hour]
		out.Unknown -= n
		out.Hours = append(out.Hours, incident.InsightStart{
			Weekday: strings.ToLower(time.Weekday(hour / 24).String()), Hour: int(hour % 24), Of: q.counted(n, "hour:"+number(hour)),
		})
	}
	return out
}
