package web

import (
	"strconv"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// spot is a place of a record that people speak of: a part, a list or a field.
type spot struct {
	Name string
	ID   string // on the record's page; "" is its top
	Form string // address of the form that changes it; "" when there is none
	Text string // what stands there, Markdown
}

// spotAt finds the place that a JSON pointer leads to.
func spotAt(in *incident.Incident, pointer string) spot {
	for _, kind := range incident.PartKinds {
		rest, inside := strings.CutPrefix(pointer, kind.Pointer())
		if !inside || rest != "" && rest[0] != '/' {
			continue
		}
		index, _, _ := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
		parts := in.Parts(kind)
		if i, err := strconv.Atoi(index); err == nil && i >= 0 && i < len(parts) {
			return spotOf(in, parts[i])
		}
		return spot{Name: word(kind), ID: string(kind), Form: address(in, "/parts/"+string(kind))}
	}
	if strings.HasPrefix(pointer, "/images/") {
		return spot{Name: "Image"}
	}
	key := strings.ReplaceAll(strings.TrimPrefix(pointer, "/"), "/", ".")
	for _, g := range groups {
		for _, i := range g.Inputs {
			if key == i.Key || strings.HasPrefix(i.Key, key+".") || strings.HasPrefix(key, i.Key+".") {
				return spot{Name: i.Label, ID: g.Part, Form: address(in, "/fields/"+g.Name), Text: ownText(in, key)}
			}
		}
	}
	id := ""
	if strings.HasPrefix(key, "stated") {
		id = "times"
	}
	return spot{Name: word(strings.ReplaceAll(key, ".", " ")), ID: id}
}

// spotOf is the place of a part.
func spotOf(in *incident.Incident, p incident.Part) spot {
	id, kind := p.Head().ID, p.PartKind()
	return spot{Name: partName(newClock(in.Zone), p), ID: id, Form: address(in, "/parts/"+string(kind)+"/"+id), Text: partText(p)}
}

// partName names a part by its kind and what it is known by.
func partName(c *clock, p incident.Part) string {
	name := partNames[p.PartKind()]
	switch p := p.(type) {
	case *incident.Entry:
		if at := c.show(p.At); at.Time != "" {
			return name + " of " + at.Time + " " + at.Zone
		} else if at.Known {
			return name + " of " + at.Date
		}
	case *incident.Impact:
		if p.Component != "" {
			return name + " on " + p.Component
		}
	case *incident.Message:
		return name + " on " + word(p.Channel)
	case *incident.Lesson:
		return name + ": " + strings.ToLower(word(p.Kind))
	case *incident.Comment:
		return name + " by " + p.Author
	}
	return name
}

// partText is what a part says, Markdown.
func partText(p incident.Part) string {
	switch p := p.(type) {
	case *incident.Entry:
		return p.Text
	case *incident.Impact:
		return p.Text
	case *incident.Why:
		return strings.TrimSpace(p.Why + "\n\n" + p.Because)
	case *incident.Factor:
		return p.Text
	case *incident.Lesson:
		return p.Text
	case *incident.Message:
		return p.Body
	case *incident.Action:
		return p.Title
	case *incident.Comment:
		return p.Text
	}
	return ""
}

// ownText is what one of the record's own texts says.
func ownText(in *incident.Incident, key string) string {
	of := func(s *incident.Statement) string {
		if s == nil {
			return ""
		}
		return s.Text
	}
	switch strings.TrimSuffix(key, ".text") {
	case "title":
		return in.Title
	case "summary":
		return in.Summary
	case "background":
		return in.Background
	case "public_title":
		return in.PublicTitle
	case "public_summary":
		return in.PublicSummary
	case "analysis.trigger":
		return of(in.Analysis.Trigger)
	case "analysis.technical_cause":
		return of(in.Analysis.TechnicalCause)
	case "analysis.process_cause":
		return of(in.Analysis.ProcessCause)
	}
	return ""
}
