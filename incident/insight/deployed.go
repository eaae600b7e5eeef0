package insight

import (
	"math"
	"net/url"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// Deployed is how many deployments of a question's component there were in a month, UTC, whatever they led to.
type Deployed struct{ Succeeded, Failed, Days int64 }

// What is counted of deployments, in words. The three measures and their names are those of DORA.
const (
	doraAddress   = "https://dora.dev/guides/dora-metrics/"
	deployedMeans = "How often and time to restore follow DORA (" + doraAddress + "). Deployment frequency is how many deployments succeeded, a week, " +
		"and on how many days (UTC) there was one, of the days of these months that have begun; kind and severity do not narrow it. " +
		"Time to restore is to mitigate, from when users began to be hurt until they were not, of these incidents, whichever a change brought about and whichever not. " +
		"DORA's change failure rate is not told: no record says which deployment an incident came from. Those that failed never reached production, and stand apart."
)

// deployed adds up a range.
func (r *Reading) deployed(of Range) (sum Deployed) {
	for m := of.From; m <= of.To; m = m.Next(1) {
		d := r.Deployed[m]
		sum = Deployed{sum.Succeeded + d.Succeeded, sum.Failed + d.Failed, sum.Days + d.Days}
	}
	return sum
}

// begun is how many days of a range have begun.
func (r Range) begun(now time.Time) int64 {
	last := min(dayOf(r.To.Next(1).Begins())-1, dayOf(now))
	return max(0, last-dayOf(r.From.Begins())+1)
}

// frequency reads off a range, a week's to the hundredth.
func (r *Reading) frequency(of Range) incident.InsightFrequency {
	d, begun := r.deployed(of), of.begun(r.Today)
	q := url.Values{"from": {of.From.Begins().Format(time.DateOnly)}, "to": {of.To.Next(1).Begins().Format(time.DateOnly)}}
	if r.Component != "" {
		q.Set("component", r.Component)
	}
	f := incident.InsightFrequency{Name: of.Name(), Succeeded: d.Succeeded, Failed: d.Failed, Days: d.Days, DaysOf: begun, List: q.Encode()}
	if begun > 0 {
		f.PerWeek = math.Round(float64(d.Succeeded)*700/float64(begun)) / 100
	}
	return f
}

// deployments reads the figures of a delivery's speed and soundness.
func (r *Reading) deployments() incident.InsightDeployments {
	d := incident.InsightDeployments{
		Definition: deployedMeans, Frequency: r.frequency(r.Range), Before: r.frequency(r.Before()), Curve: []incident.InsightFrequency{},
		Restore: spread(r.sheets(r.Range), toMitigate), RestoreBefore: spread(r.sheets(r.Before()), toMitigate), RestoreList: r.list(r.Range, Definitions[toMitigate].Key),
	}
	for _, p := range r.Points() {
		d.Curve = append(d.Curve, r.frequency(p))
	}
	return d
}
