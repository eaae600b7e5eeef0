package query

import (
	"fmt"
	"slices"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// Key is what a filter narrows by.
type Key string

// The keys.
const (
	Severity  Key = "severity"
	Status    Key = "status"
	Kind      Key = "kind"
	Review    Key = "review"
	Component Key = "component"
	Tag       Key = "tag"
	Cause     Key = "cause"
	Owner     Key = "owner"
	Person    Key = "person"
	After     Key = "after"
	Before    Key = "before"
	Is        Key = "is"
)

// The values that records don't hold as they stand here.
const (
	None       = "none"       // no severity
	GoingOn    = "open"       // neither over nor only scheduled
	Overdue    = "overdue"    // a follow-up is past its day
	Private    = "private"    // only some may know of it
	Recurrence = "recurrence" // it happened before
)

// Rule says what a filter takes.
type Rule struct {
	Key     Key
	Values  []string // all there are; none where people choose their own
	Single  bool     // a record has one: asking for two in two filters finds nothing
	Example string
	Does    string // what it keeps
	read    func(string) string
}

// Rules is the one table of filters.
var Rules = []Rule{
	{Key: Severity, Single: true, Values: []string{"sev1", "sev2", "sev3", "sev4", None}, Example: "severity:sev1,sev2", Does: "how bad it was", read: severity},
	{Key: Status, Single: true, Values: []string{GoingOn, "investigating", "identified", "monitoring", "resolved", "scheduled", "in_progress", "verifying", "completed"}, Example: "status:open", Does: "where it stands; open is all that goes on", read: snake},
	{Key: Kind, Single: true, Values: []string{"incident", "near_miss", "maintenance"}, Example: "-kind:maintenance", Does: "what sort of event", read: snake},
	{Key: Review, Single: true, Values: []string{"draft", "in_review", "approved", "published"}, Example: "review:draft", Does: "how far the postmortem is", read: snake},
	{Key: Component, Example: `component:"Billing API"`, Does: "a component that was hurt", read: strings.TrimSpace},
	{Key: Tag, Example: "tag:redis", Does: "a tag", read: strings.TrimSpace},
	{Key: Cause, Example: "cause:configuration", Does: "the category of a contributing factor", read: strings.TrimSpace},
	{Key: Owner, Example: "owner:me", Does: "who owns a follow-up; me is you", read: person},
	{Key: Person, Example: `person:"Lena Brandt"`, Does: "who is named on it in a role; me is you", read: person},
	{Key: After, Example: "after:2013-07", Does: "started on that day or later; a year, a month, a day, or 30d, 6w, 3m, 1y ago", read: strings.ToLower},
	{Key: Before, Example: "before:2013-07-18", Does: "started before that day", read: strings.ToLower},
	{Key: Is, Values: []string{GoingOn, Overdue, Private, Recurrence}, Example: "is:overdue", Does: "with a follow-up past its day; open, private and recurrence are understood too", read: snake},
}

func rule(key string) *Rule {
	for i := range Rules {
		if string(Rules[i].Key) == key {
			return &Rules[i]
		}
	}
	return nil
}

// snake writes a value of a closed set as records do.
func snake(value string) string {
	return strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(strings.TrimSpace(value)))
}

// severity understands 1 and s1 as well.
func severity(value string) string {
	value = snake(value)
	if number := strings.TrimPrefix(value, "s"); len(number) == 1 && number >= "1" && number <= "4" {
		return "sev" + number
	}
	return value
}

func person(value string) string {
	value = strings.TrimSpace(value)
	if strings.EqualFold(value, Me) {
		return Me
	}
	return value
}

// keys are the names of all filters.
func keys() []string {
	all := make([]string, len(Rules))
	for i := range Rules {
		all[i] = string(Rules[i].Key)
	}
	return all
}

// likely is the key that somebody meant by one that is none. Short words and others are told apart by no more
// than chance, so that http: and redis: are meant as they stand.
func likely(typed string) string {
	if len(typed) < 4 || slices.ContainsFunc([]byte(typed), func(c byte) bool { return c < 'a' || c > 'z' }) {
		return ""
	}
	near := incident.Nearest(typed, keys())
	if near == "" || near[0] != typed[0] || near[len(near)-1] != typed[len(typed)-1] && !strings.HasPrefix(near, typed) {
		return ""
	}
	return near
}

// unknown says what the filter takes instead of a value.
func (r *Rule) unknown(value string) string {
	said := fmt.Sprintf("%s:%.40s is not known", r.Key, value)
	if value == "" {
		said = fmt.Sprintf("%s: says nothing", r.Key)
	}
	switch last := len(r.Values) - 1; {
	case last > 0:
		return said + ": write " + strings.Join(r.Values[:last], ", ") + " or " + r.Values[last]
	default:
		return said + ": write it as " + r.Example
	}
}
