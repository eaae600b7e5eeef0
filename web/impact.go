package web

import (
	"fmt"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// impact is an impact with its times as shown.
type impact struct {
	*incident.Impact
	From, Until shown
	Lasted      string
	Edit        *way
	Remarks     *remarks
	Lasting     bool // it has no end because the incident goes on
}

func impacts(in *incident.Incident, c *clock) []impact {
	var all []impact
	for i := range in.Impacts {
		p := &in.Impacts[i]
		all = append(all, impact{
			Impact: p, From: c.show(p.From), Until: c.show(p.Until), Lasted: lasted(p.From, p.Until),
			Lasting: p.Until == nil && !over(in.Status),
		})
	}
	return all
}

// over tells whether a status is the last one.
func over(s incident.Status) bool { return s == incident.Resolved || s == incident.Completed }

// person is somebody on the incident, with the span of a handover.
type person struct {
	Name, Role, Span string
}

func people(in *incident.Incident, c *clock) []person {
	var all []person
	for _, p := range in.People {
		from, until := c.show(p.From), c.show(p.Until)
		span := make([]string, 0, 2)
		if from.Known {
			span = append(span, fmt.Sprintf("from %s", strings.TrimSpace(from.Date+" "+from.Time)))
		}
		if until.Known {
			span = append(span, fmt.Sprintf("until %s", strings.TrimSpace(until.Date+" "+until.Time)))
		}
		all = append(all, person{Name: p.Name, Role: p.Role, Span: strings.Join(span, " ")})
	}
	return all
}
