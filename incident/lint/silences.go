package lint

import (
	"fmt"
	"slices"

	"github.com/debriefhq/debrief/incident"
)

// findSilencesOfNothing finds decisions about rules that there are none of. They
// stay in the record: rules come and go.
func findSilencesOfNothing(in *record, r *report) {
	for i, s := range in.Silenced {
		if slices.Contains(in.rules, s.Rule) {
			continue
		}
		detail, do := fmt.Sprintf("there is no rule “%s”", s.Rule), "Take it out, or write a rule that there is: debrief lint --rules lists them."
		if near := incident.Nearest(s.Rule, in.rules); near != "" {
			detail, do = detail+": did you mean "+near+"?", "Write "+near+", or take it out."
		}
		r.add(place{fmt.Sprintf("/silenced/%d/rule", i), "silenced"}, s.Rule, detail, do)
	}
}
