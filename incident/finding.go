package incident

import "slices"

// FindingLevel says how much a finding weighs.
type FindingLevel string

// The levels. A FindingError would show outsiders what they must not see; a
// FindingWarning makes the record less true or less useful; a FindingNote is
// worth a second look.
const (
	FindingError   FindingLevel = "error"
	FindingWarning FindingLevel = "warning"
	FindingNote    FindingLevel = "note"
)

// FindingLevels are the levels, the worst first.
var FindingLevels = []FindingLevel{FindingError, FindingWarning, FindingNote}

// Rank is 0 for the worst level; -1 for a word that is none.
func (l FindingLevel) Rank() int { return slices.Index(FindingLevels, l) }

// Finding is one thing that a good postmortem still lacks; package lint makes
// them.
type Finding struct {
	Rule    string       `json:"rule" doc:"Id of the rule; it never changes."`
	Level   FindingLevel `json:"level" enum:"error,warning,note"`
	Pointer string       `json:"pointer" doc:"JSON pointer into the record."`
	Place   string       `json:"place" doc:"The same in words: timeline, 2:42 AM PDT / 09:42 UTC."`
	Detail  string       `json:"detail" doc:"What was found."`
	Do      string       `json:"do" doc:"What to do about it."`
	Why     string       `json:"why" doc:"Why it matters."`
	Source  string       `json:"source" doc:"Where that is known from."`
	Key     string       `json:"key" doc:"Names this finding in a silence; empty where the rule finds one thing at most."`
}

// Findings are what lint says of one record.
type Findings struct {
	Items    []Finding `json:"items" doc:"What to look at, worst first; at most fifty of one rule."`
	Silenced []Finding `json:"silenced" doc:"What a person decided about: see silenced of the record."`
}
