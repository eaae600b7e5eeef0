package document

import (
	"regexp"
	"slices"

	"github.com/debriefhq/debrief/incident"
)

// entryKinds are the kinds of entry, as a table may name them.
var entryKinds = []incident.EntryKind{
	incident.EntryTrigger, incident.EntryImpact, incident.EntryDetection, incident.EntryEscalation, incident.EntryAction,
	incident.EntryDecision, incident.EntryCommunication, incident.EntryObservation, incident.EntryRecovery,
}

func kindKnown(k incident.EntryKind) bool { return slices.Contains(entryKinds, k) }

// kindSigns are the words that tell a kind beyond much doubt, the first that is
// found. Whoever pastes sees the kind and may choose another.
var kindSigns = []struct {
	kind incident.EntryKind
	sign *regexp.Regexp
}{
	{incident.EntryCommunication, regexp.MustCompile(`(?i)\b(?:status ?page|tweeted|posted (?:an? |the )?update|(?:told|emailed|informed|notified) (?:all |our |the )?(?:customers|users))\b`)},
	{incident.EntryEscalation, regexp.MustCompile(`(?i)\b(?:paged|paging|escalat(?:ed|es|ing)|woke up)\b`)},
	{incident.EntryDecision, regexp.MustCompile(`(?i)\b(?:decided|we decide|decision)\b`)},
	{incident.EntryRecovery, regexp.MustCompile(`(?i)\b(?:recovered|back to normal|all clear|RECOVERY|is resolved|are back|is back up)\b`)},
	{incident.EntryDetection, regexp.MustCompile(`(?i)^\W*(?:alert|alarm|firing|problem|critical|pagerduty|nagios)\b|\b(?:alert|alarm) (?:fires|fired|triggered)\b`)},
	{incident.EntryAction, regexp.MustCompile(`(?i)\b(?:restart(?:ed|ing)|rolled back|rolling back|reverted|reverting|deployed|failed over|scaled (?:up|down|out)|disabled|rebooted|stopped the|killed the)\b`)},
}

// kindOf guesses what an entry is about; an observation where nothing tells.
func kindOf(text string) incident.EntryKind {
	for _, s := range kindSigns {
		if s.sign.MatchString(text) {
			return s.kind
		}
	}
	return incident.EntryObservation
}
