package web

import (
	"net/url"

	"github.com/debriefhq/debrief/store"
)

// inChips are the choices of the list that are chips, with how many incidents
// each of their values has.
var inChips = choices[:2]

// tallied are the incidents that have a status and a severity, "" for any.
func tallied(all []store.Tally, status, severity string) (n int64) {
	for _, t := range all {
		fits := status == "" || status == string(t.Status) || status == goingOn && open(t.Status)
		if fits && (severity == "" || severity == string(t.Severity)) {
			n += t.Incidents
		}
	}
	return n
}

// tallyChips are the statuses and severities that there are, each with how many
// incidents the list shows that it leads to. Tallies know of nothing else, so
// beside another filter the chips say no numbers.
func tallyChips(asked url.Values, all []store.Tally) []chips {
	known := all != nil
	for name := range asked {
		known = known && (name == "status" || name == "severity" || name == "sort")
	}
	var rows []chips
	for i, c := range inChips {
		row := chips{Label: c.Label}
		count := func(value string) string {
			if !known {
				return ""
			}
			of := [2]string{asked.Get("status"), asked.Get("severity")}
			of[i] = value
			return figure(float64(tallied(all, of[0], of[1])))
		}
		add := func(value, label string) {
			row.All = append(row.All, chip{Label: label, Address: at(with(asked, c.Name, value)), On: asked.Get(c.Name) == value, Count: count(value)})
		}
		if asked.Has(c.Name) {
			add("", c.Any)
		}
		for _, value := range c.Values {
			of := [2]string{}
			of[i] = value
			if all == nil || tallied(all, of[0], of[1]) > 0 || asked.Get(c.Name) == value {
				add(value, c.Word(value))
			}
		}
		if len(row.All) > 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

// carried are the filters that the form has no control for and sends along.
func carried(asked url.Values) []chip {
	var all []chip
	for _, c := range inChips {
		if asked.Has(c.Name) {
			all = append(all, chip{Label: c.Name, Address: asked.Get(c.Name)})
		}
	}
	if asked.Has("insight") {
		all = append(all, chip{Label: "insight", Address: asked.Get("insight")})
	}
	return all
}
