package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/insight"
	"github.com/debriefhq/debrief/store"
)

// goingOn asks for what is open, whatever its status.
const goingOn = "open"

// choice is a filter with a closed set of values.
type choice struct {
	Label, Name, Any, Chosen string
	Values                   []string
}

// labels are the values of filters that have words of their own.
var labels = map[string]string{
	goingOn: "going on", "-number": "filed last", "number": "filed first", "-started": "started last", "started": "started first",
	"-updated": "changed last", "updated": "changed first",
}

// Word labels one of the values.
func (c choice) Word(value string) string {
	if label, ok := labels[value]; ok {
		return label
	}
	return word(value)
}

// choices are all of them; the first two are chips, the third is always in sight.
var choices = []choice{
	{Label: "Status", Name: "status", Any: "any", Values: []string{goingOn, "investigating", "identified", "monitoring", "resolved", "scheduled", "in_progress", "verifying", "completed"}},
	{Label: "Severity", Name: "severity", Any: "any", Values: []string{"sev1", "sev2", "sev3", "sev4"}},
	{Label: "Order", Name: "sort", Any: "filed last", Values: []string{"number", "-started", "started", "-updated", "updated"}},
	{Label: "Kind", Name: "kind", Any: "any", Values: []string{"incident", "near_miss", "maintenance"}},
	{Label: "Postmortem", Name: "review", Any: "any", Values: []string{"draft", "in_review", "approved", "published"}},
}

// chosen are the choices with what the address asks for.
func chosen(asked url.Values) []choice {
	all := slices.Clone(choices)
	for i := range all {
		all[i].Chosen = asked.Get(all[i].Name)
	}
	return all
}

// freeLabels are the labels of filters that are written.
var freeLabels = map[string]string{"q": "words", "component": "component", "tag": "tag", "insight": "insight", "from": "started from", "to": "started before"}

// narrowed are the filters that are on, each with the address of the list without it.
func narrowed(asked url.Values) []chip {
	var all []chip
	off := func(name, label string) {
		all = append(all, chip{Label: label, Address: at(with(asked, name, ""))})
	}
	for _, name := range free {
		if asked.Has(name) {
			off(name, freeLabel(name, asked.Get(name)))
		}
	}
	for _, c := range chosen(asked) {
		if c.Chosen != "" {
			off(c.Name, strings.ToLower(c.Label)+": "+c.Word(c.Chosen))
		}
	}
	return all
}

// freeLabel is a filter in words.
func freeLabel(name, value string) string {
	if f, err := insight.ReadFilter(value); name == "insight" && err == nil {
		return f.Words()
	}
	return freeLabels[name] + ": " + value
}

// longest is how many bytes a filter of free words may have.
const longest = 500

// free are the filters that take what people write.
var free = []string{"q", "component", "tag", "from", "to", "insight"}

// narrowing keeps of a query what narrows or orders the list.
func narrowing(q url.Values) url.Values {
	kept := url.Values{}
	keep := func(name string) {
		if value := strings.TrimSpace(q.Get(name)); value != "" {
			kept.Set(name, value)
		}
	}
	for _, name := range free {
		keep(name)
	}
	for _, c := range choices {
		keep(c.Name)
	}
	return kept
}

// readFilter understands what the address asks for. What it does not
// understand is refused with Malformed: a list that ignored it would mislead.
func readFilter(asked url.Values) (store.Filter, error) {
	for _, c := range chosen(asked) {
		if c.Chosen != "" && !slices.Contains(c.Values, c.Chosen) && c.Name != "sort" {
			return store.Filter{}, incident.Refuse(incident.Malformed, "",
				fmt.Sprintf("%s=%.40q is not known: choose one of %s", c.Name, c.Chosen, strings.Join(c.Values, ", ")))
		}
	}
	for _, name := range free {
		if len(asked.Get(name)) > longest {
			return store.Filter{}, incident.Refuse(incident.Malformed, "", fmt.Sprintf("%s is too long: at most %d bytes are looked for", name, longest))
		}
	}
	f := store.Filter{
		Query: asked.Get("q"), Status: asked.Get("status"), Severity: asked.Get("severity"), Kind: asked.Get("kind"),
		Review: asked.Get("review"), Component: asked.Get("component"), Tag: asked.Get("tag"), Insight: asked.Get("insight"), Sort: asked.Get("sort"),
	}
	if f.Status == goingOn {
		f.Status, f.Open = "", true
	}
	for name, into := range map[string]**time.Time{"from": &f.From, "to": &f.To} {
		if asked.Get(name) == "" {
			continue
		}
		day, err := time.Parse(time.DateOnly, asked.Get(name))
		if err != nil {
			return f, incident.Refuse(incident.Malformed, "", fmt.Sprintf("%s=%.40q is no day: write it as 2013-07-18", name, asked.Get(name)))
		}
		*into = &day
	}
	return f, nil
}
