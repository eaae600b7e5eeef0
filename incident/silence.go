package incident

import (
	"slices"
	"strings"
)

// Silence is a person's decision about what lint finds, with the reason. A rule
// of lint that does not exist is kept: rules come and go, decisions stay.
type Silence struct {
	Rule   string `json:"rule" required:"true" minLength:"1" maxLength:"60" pattern:"^[a-z][a-z0-9_]*$" doc:"Id of a rule of lint."`
	Key    string `json:"key,omitempty" maxLength:"12" pattern:"^([0-9a-f]{12})?$" doc:"Of one finding; empty: the rule, in the whole record. The rule secret needs one."`
	Reason string `json:"reason" required:"true" minLength:"1" maxLength:"2000"`
}

// secretRule is lint's rule about credentials. It is silenced one by one: each
// is shown to outsiders from then on.
const secretRule = "secret"

// Silences tells whether a person has decided about a finding of lint, and said
// why: a draft that says nothing has decided nothing.
func (in *Incident) Silences(rule, key string) bool {
	return slices.ContainsFunc(in.Silenced, func(s Silence) bool {
		return s.Rule == rule && (s.Key == key || s.Key == "" && rule != secretRule) && strings.TrimSpace(s.Reason) != ""
	})
}

func (c *checker) silenced(all []Silence) {
	for i, s := range all {
		if s.Rule == secretRule && s.Key == "" {
			c.fault(place("/silenced", i)+"/key", "is missing: a credential is let through one by one, by the key that the finding names")
		}
	}
}
