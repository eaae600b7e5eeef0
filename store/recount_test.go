package store_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// recount is the figures of a question, plainly, from the JSON of every record that a reader may see: one line each.
type recount struct {
	from, to time.Time // months
	f        store.InsightFilter
	done     map[string]string // the days on which follow-ups were written and became done, by number and id
	now      time.Time
	deployed []incident.Deployment
}

func (c recount) lines(t testing.TB, records []*incident.Incident) []string {
	t.Helper()
	var all []*incident.Incident
	for _, in := range records {
		text := must(json.Marshal(in))
		again := &incident.Incident{}
		if err := json.Unmarshal(text, again); err != nil {
			t.Fatal(err)
		}
		if c.counts(again) {
			all = append(all, again)
		}
	}
	whole := c.within(all, c.from, c.to)
	months := c.monthsBetween()
	before := c.within(all, c.from.AddDate(0, -months, 0), c.from)
	lines := []string{fmt.Sprintf("incidents %d before %d", len(whole), len(before))}
	lines = append(lines, c.distributions("", whole)...)
	lines = append(lines, c.distributions("before ", before)...)
	if months <= 13 {
		for m := c.from; m.Before(c.to); m = m.AddDate(0, 1, 0) {
			point := c.within(all, m, m.AddDate(0, 1, 0))
			lines = append(lines, c.distributions(m.Format("2006-01 "), point)...)
			lines = append(lines, fmt.Sprintf("%s %d of severities %v", m.Format("2006-01"), len(point), tally(point, func(in *incident.Incident) []string {
				return []string{strings.Replace(string(in.Severity)+"none", "4none", "4", 1)[:4]}
			})))
		}
	}
	lines = append(lines, c.deployments(c.from, c.to), c.deployments(c.from.AddDate(0, -months, 0), c.from))
	lines = append(lines, c.telling(whole), c.followUps(whole))
	lines = append(lines, fmt.Sprint("categories ", tally(whole, categories)), fmt.Sprint("components ", tally(whole, components)), fmt.Sprint("hours ", tally(whole, hours)))
	return lines
}

func (c recount) monthsBetween() int {
	return (c.to.Year()-c.from.Year())*12 + int(c.to.Month()-c.from.Month())
}

func (c recount) counts(in *incident.Incident) bool {
	switch {
	case in.Archived, in.Resolution != "", in.Kind != c.f.Kind, c.f.Severity != "" && string(in.Severity) != c.f.Severity:
		return false
	}
	return c.f.Component == "" || slices.Contains(components(in), strings.ToLower(c.f.Component))
}

func (c recount) within(all []*incident.Incident, from, to time.Time) (some []*incident.Incident) {
	for _, in := range all {
		start := in.CreatedAt
		if s := in.Milestones.Started; s != nil && s.At != nil {
			start = *s.At
		}
		if !start.Before(from) && start.Before(to) {
			some = append(some, in)
		}
	}
	return some
}

func (c recount) distributions(when string, all []*incident.Incident) (lines []string) {
	names := []string{"time_to_detect", "time_to_acknowledge", "time_to_mitigate", "time_to_resolve", "time_to_tell", "longest_silence"}
	values := make([][]int64, len(names))
	for _, in := range all {
		m := in.Measures
		for i, v := range []*int64{m.TimeToDetect, m.TimeToAcknowledge, m.TimeToMitigate, m.TimeToResolve, m.TimeToTell, silence(in)} {
			if v != nil {
				values[i] = append(values[i], *v)
			}
		}
	}
	for i, name := range names {
		slices.Sort(values[i])
		n, line := len(values[i]), ""
		if n > 0 {
			line = fmt.Sprintf(" %d %d", values[i][(n+1)/2-1], values[i][(n*9+9)/10-1])
		}
		lines = append(lines, fmt.Sprintf("%s%s %d%s", when, name, n, line))
	}
	return lines
}

func silence(in *incident.Incident) (longest *int64) {
	if in.Status != incident.Resolved && in.Status != incident.Completed {
		return nil
	}
	for _, q := range in.Quiets(time.Time{}) {
		if s := int64(q.Length() / time.Second); longest == nil || s > *longest {
			longest = &s
		}
	}
	return longest
}

func (c recount) telling(all []*incident.Incident) string {
	told, became := 0, map[incident.Kept]int{}
	for _, in := range all {
		if in.FirstTold() != nil {
			told++
		}
		for _, p := range in.Promises(c.now) {
			became[p.Kept]++
		}
	}
	return fmt.Sprintf("told %d not %d promises %d %d %d %d", told, len(all)-told, became[incident.KeptInTime], became[incident.KeptLate], became[incident.KeptNever], became[incident.KeptOpen])
}

func (c recount) deployments(from, to time.Time) string {
	n, days, begun := map[incident.DeploymentState]int{}, map[string]bool{}, 0
	for _, d := range c.deployed {
		if at := *d.At.At; !at.Before(from) && at.Before(to) && (c.f.Component == "" || strings.EqualFold(d.Component, c.f.Component)) {
			if n[d.State]++; d.State == incident.Succeeded {
				days[at.UTC().Format(time.DateOnly)] = true
			}
		}
	}
	for day := from; day.Before(to) && !day.After(c.now); day = day.AddDate(0, 0, 1) {
		begun++
	}
	return fmt.Sprintf("deployed %d not %d on %d of %d, %.2f a week", n[incident.Succeeded], n[incident.Failed], len(days), begun, 7*float64(n[incident.Succeeded])/max(1, float64(begun)))
}

func (c recount) followUps(all []*incident.Incident) string {
	fates, ages := map[string]int{}, map[string]int{}
	today := c.now.Format(time.DateOnly)
	for _, in := range all {
		for _, a := range in.Actions {
			if a.Audience == incident.AudiencePrivate {
				continue
			}
			days := c.done[fmt.Sprint(in.Number, a.ID)]
			added, done, _ := strings.Cut(days, " ")
			if days == "" {
				added = in.CreatedAt.Format(time.DateOnly)
			}
			for _, of := range []string{"all", string(a.Kind), "owner " + strings.ToLower(a.Owner)} {
				switch {
				case a.State == incident.NotDoing:
					fates[of+" not"]++
				case a.State == incident.Done && (done == "" || a.Due == nil):
					fates[of+" done"]++
				case a.State == incident.Done && done <= *a.Due:
					fates[of+" in time"]++
				case a.State == incident.Done:
					fates[of+" late"]++
				default:
					fates[of+" open"]++
					if a.Due != nil && *a.Due < today {
						fates[of+" overdue"]++
					}
				}
			}
			if a.State == incident.Open || a.State == incident.InProgress {
				old := int(must(time.Parse(time.DateOnly, today)).Sub(must(time.Parse(time.DateOnly, added))).Hours()) / 24
				switch {
				case old <= 7:
					ages["a week"]++
				case old <= 30:
					ages["30 days"]++
				case old <= 90:
					ages["90 days"]++
				case old <= 365:
					ages["a year"]++
				default:
					ages["more than a year"]++
				}
			}
		}
	}
	return fmt.Sprint("follow-ups ", fates, " ages ", ages)
}

func components(in *incident.Incident) (names []string) {
	for _, i := range in.Impacts {
		if i.Audience != incident.AudiencePrivate {
			names = append(names, strings.ToLower(strings.TrimSpace(i.Component)))
		}
	}
	return names
}

func categories(in *incident.Incident) (names []string) {
	for _, f := range in.Analysis.Factors {
		if f.Audience != incident.AudiencePrivate {
			names = append(names, strings.ToLower(strings.TrimSpace(f.Category)))
		}
	}
	return names
}

func hours(in *incident.Incident) []string {
	s := in.Milestones.Started
	if s == nil || s.At == nil || s.Precision == incident.Day {
		return nil
	}
	return []string{strings.ToLower(s.At.In(must(incident.LoadZone(s.Zone))).Format("Monday 15"))}
}

// tally counts incidents by names, each once.
func tally(all []*incident.Incident, of func(*incident.Incident) []string) map[string]int {
	counts := map[string]int{}
	for _, in := range all {
		names := of(in)
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			if name != "" {
				counts[name]++
			}
		}
	}
	return counts
}

// linesOf is what insights say in the same lines.
func linesOf(f *incident.Insights, byMonth bool) []string {
	lines := []string{fmt.Sprintf("incidents %d before %d", f.Incidents.N, f.Before.Incidents)}
	spread := func(when, key string, s incident.InsightSpread) {
		line := fmt.Sprintf("%s%s %d", when, key, s.N)
		if s.Median != nil && s.P90 != nil {
			line += fmt.Sprintf(" %d %d", *s.Median, *s.P90)
		}
		lines = append(lines, line)
	}
	for _, m := range f.Measures {
		spread("", m.Key, m.Spread)
	}
	for _, m := range f.Measures {
		spread("before ", m.Key, m.Before)
	}
	for _, p := range f.Curve {
		if byMonth {
			for i, s := range p.Measures {
				spread(p.Name+" ", f.Measures[i].Key, s)
			}
			lines = append(lines, fmt.Sprintf("%s %d of severities %v", p.Name, p.Incidents.N, p.Severities))
		}
	}
	for _, d := range []incident.InsightFrequency{f.Deployments.Frequency, f.Deployments.Before} {
		lines = append(lines, fmt.Sprintf("deployed %d not %d on %d of %d, %.2f a week", d.Succeeded, d.Failed, d.Days, d.DaysOf, d.PerWeek))
	}
	g := f.Telling
	lines = append(lines, fmt.Sprintf("told %d not %d promises %d %d %d %d", g.Told.N, g.Untold.N, g.Kept.N, g.Late.N, g.Broken.N, g.Open.N))
	lines = append(lines, followUpLine(f))
	named := func(what string, all []incident.InsightName) {
		counts := map[string]int{}
		for _, n := range all {
			counts[strings.ToLower(n.Name)] = int(n.Of.N)
		}
		lines = append(lines, fmt.Sprint(what, " ", counts))
	}
	named("categories", f.Categories)
	named("components", f.Components)
	counts := map[string]int{}
	for _, h := range f.Starts.Hours {
		counts[fmt.Sprintf("%s %02d", h.Weekday, h.Hour)] = int(h.Of.N)
	}
	return append(lines, fmt.Sprint("hours ", counts))
}

func followUpLine(f *incident.Insights) string {
	fates, ages := map[string]int{}, map[string]int{}
	add := func(name string, of incident.InsightFates) {
		for fate, n := range map[string]int64{"open": of.Open, "overdue": of.Overdue, "in time": of.InTime, "late": of.Late, "done": of.Done, "not": of.NotDoing} {
			if n > 0 {
				fates[name+" "+fate] += int(n)
			}
		}
	}
	add("all", f.FollowUps.All)
	for _, k := range f.FollowUps.Kinds {
		add(k.Name, k)
	}
	for _, o := range f.FollowUps.Owners {
		add("owner "+strings.ToLower(o.Name), o)
	}
	for _, a := range f.FollowUps.Ages {
		if a.N > 0 {
			ages[a.Name] = int(a.N)
		}
	}
	return fmt.Sprint("follow-ups ", fates, " ages ", ages)
}
