package lint

import (
	"regexp"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

func findNoCause(in *record, r *report) {
	if !happened(in) || !in.Status.Over() {
		return
	}
	a := &in.Analysis
	why := len(a.Whys) > 0 || len(a.Factors) > 0
	switch {
	case a.TechnicalCause == nil && !why:
		r.add(place{"/analysis/technical_cause", "analysis"}, "", "no cause is given",
			"Say what failed, and then what let it happen; a factor that is only likely is an answer.")
	case a.TechnicalCause != nil && a.ProcessCause == nil && !why:
		r.add(place{"/analysis/process_cause", "analysis"}, "", "only a technical cause is given",
			"Ask what let it happen and stay unnoticed: a missing check, a habit, a rule, a default.")
	}
}

// wrongly is what a person did where a cause ends at them.
const wrongly = `(?:accidentally|mistakenly|by mistake|by accident|mistyped|forgot|misconfigured|overlooked|deleted|dropped|removed|ran|typed|broke|fat-fingered|pushed (?:a|the) (?:bad|wrong|broken)|pressed the wrong|chose the wrong|made (?:a|an) (?:\S+ )?(?:mistake|error|typo)|did not (?:check|notice|follow|test|read)|didn[’']t (?:check|notice|follow|test|read))\b`

// personal finds a person doing the wrong thing.
var personal = regexp.MustCompile(`(?i)\b(?:human|operator|user|pilot)[- ](?:error|mistake)\b|\bPEBKAC\b|\bfat[- ]finger|` +
	`^(?:an? |the )?(?:\S+ )?typo\b[^;\n]{0,40}$|\btypo (?:by|of) (?:the|an?)\b|` +
	`\b(?:engineer|developer|operator|admin|administrator|employee|contractor|intern|colleague|person|team member|on-call|sre|dba|sysadmin)\b[^.;\n]*?\b` + wrongly + `|` +
	`\bwe (?:accidentally|mistakenly|mistyped|forgot|misconfigured|overlooked)\b|` +
	`\b(?:somebody|someone)\b[^.;\n]*?\b` + wrongly)

// personally is what follows the name of a person there.
var personally = regexp.MustCompile(`^ (?:(?:had|has|then|simply) )?` + wrongly)

// program finds operators that are no people.
var program = regexp.MustCompile(`(?i)\b(?:kubernetes|k8s|\w+-) ?operator\b|\boperator (?:pod|pods|controller|deployment|pattern)s?\b`)

// systemic finds that the text goes on to what let them.
var systemic = regexp.MustCompile(`(?i)\b(?:because|since|as (?:the|there|no|nothing)|so that|which (?:let|allowed|meant)|nothing|(?:there (?:was|is)|had|has|with) no\b|without (?:a |any )?(?:review|check|guard|confirmation|warning|test)|allow(?:s|ed)?|permit(?:s|ted)?|let (?:it|them|anybody|anyone)|default|confirm|tooling|process|procedure|runbook|easy to)\b`)

// findPersonCauses looks at where the analysis ends: the process cause, else
// the last because, else the technical cause.
func findPersonCauses(in *record, r *report) {
	last, ok := lastCause(in)
	if !ok {
		return
	}
	said := program.ReplaceAllString(ownWords(last.said), "program")
	hit := personal.FindStringIndex(said)
	if hit == nil {
		if name, from, to := in.persons().find(said, personally.MatchString); name != "" {
			hit = []int{from, to}
		}
	}
	if hit == nil || systemic.MatchString(said) {
		return
	}
	r.add(in.place(last), last.said, "the cause stops at a person: “"+excerpt(said, hit[0], hit[1])+"”",
		"Ask on: what made this the reasonable thing to do, what made it possible, and why did nothing stop or show it?")
}

func lastCause(in *record) (last text, ok bool) {
	rank := 0
	for t := range in.words() {
		if now := causeRank(t); now >= rank && now > 0 {
			last, rank = t, now
		}
	}
	return last, rank > 0
}

// causeRank orders the texts that may end an analysis; 0 for all others.
func causeRank(t text) int {
	switch {
	case t.field == "/analysis/technical_cause/text":
		return 1
	case t.kind == incident.Whys && t.field == "because":
		return 2
	case t.field == "/analysis/process_cause/text":
		return 3
	}
	return 0
}

func findUnevidenced(in *record, r *report) {
	if len(in.Timeline) == 0 {
		return // nothing to point at
	}
	for i := range in.Analysis.Factors {
		f := &in.Analysis.Factors[i]
		if len(f.Evidence) == 0 && !strings.Contains(f.Text, "](http") && !strings.Contains(f.Text, "://") {
			r.add(under(incident.Factors, i, "evidence", "contributing factor"), f.Text, "nothing shows how this is known: “"+short(f.Text)+"”",
				"Point at the entries of the timeline that show it, or put a link to a graph or a log into the text.")
		}
	}
}
