// Package lint says what a good postmortem still lacks: each finding names its
// rule, its place, why it matters with the source of that, and what to do. It
// reads a record and nothing else; it never changes one, and it never blocks
// filing: a tired person files what they have.
package lint

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/debriefhq/debrief/incident"
)

// Rule is one row of the table.
type Rule struct {
	ID     string                `json:"id"`
	Level  incident.FindingLevel `json:"level"`
	Title  string                `json:"title"` // what is asked of a record
	Why    string                `json:"why"`
	Source string                `json:"source"`
	Words  bool                  `json:"words"` // it looks at what texts say, not at what is missing

	find func(*record, *report)
}

// mostOfRule bounds the findings of one rule: who has fifty to mend knows enough.
const mostOfRule = 50

// report gathers what one rule finds.
type report struct {
	rule            *Rule
	in              *record
	found, silenced []incident.Finding
}

// add notes a finding. subject is the text that it is about: its Key is made
// from that, so that it stays the same while other parts come and go, before
// and after filing; "" for what a record has once.
func (r *report) add(at place, subject, detail, do string) {
	r.keyed(at, Key(subject), detail, do)
}

func (r *report) keyed(at place, key, detail, do string) {
	to := &r.found
	if r.in.Silences(r.rule.ID, key) {
		to = &r.silenced
	}
	if len(*to) >= mostOfRule {
		return
	}
	*to = append(*to, incident.Finding{
		Rule: r.rule.ID, Level: r.rule.Level, Pointer: at.pointer, Place: at.words, Detail: detail, Do: do,
		Why: r.rule.Why, Source: r.rule.Source, Key: key,
	})
}

// full tells whether looking on is of no use.
func (r *report) full() bool { return len(r.found) >= mostOfRule }

// Key names what a finding is about: the first 12 hex digits of the SHA-256 of
// the text, as incident.Secret does it; "" for "".
func Key(subject string) string {
	if subject == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(subject))
	return hex.EncodeToString(sum[:])[:12]
}

// Check gives what the rules find in a record, and apart from that what the
// record silences: worst first and then in the order of the rules, at most
// fifty of one rule in each. The record is in normal form.
func Check(in *incident.Incident) (found, silenced []incident.Finding) {
	found, silenced = []incident.Finding{}, []incident.Finding{}
	known := read(in)
	for i := range Rules {
		r := &report{rule: &Rules[i], in: known}
		Rules[i].find(known, r)
		found, silenced = append(found, r.found...), append(silenced, r.silenced...)
	}
	worstFirst := func(a, b incident.Finding) int { return a.Level.Rank() - b.Level.Rank() }
	slices.SortStableFunc(found, worstFirst)
	slices.SortStableFunc(silenced, worstFirst)
	return found, silenced
}

// Lookup finds a rule by its id.
func Lookup(id string) (Rule, bool) {
	i := slices.IndexFunc(Rules, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		return Rule{}, false
	}
	return Rules[i], true
}
