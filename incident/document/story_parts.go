package document

import (
	"fmt"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// Line is what stands over the title: "INC-42 · SEV1 · resolved".
func (s *story) Line() string {
	parts := []string{}
	if s.Number != 0 {
		parts = append(parts, s.Number.String())
	}
	if s.Kind != incident.KindIncident {
		parts = append(parts, title(string(s.Kind)))
	}
	if s.Severity != "" {
		parts = append(parts, strings.ToUpper(string(s.Severity)))
	}
	status := human(s.Status)
	if s.Resolution != "" {
		status += " as " + human(s.Resolution)
	}
	parts = append(parts, status)
	if s.Visibility == incident.VisiblePrivate {
		parts = append(parts, "private")
	}
	for _, p := range s.People {
		parts = append(parts, fmt.Sprintf("%s: %s", human(p.Role), p.Name))
	}
	if len(s.Tags) > 0 {
		parts = append(parts, strings.Join(s.Tags, ", "))
	}
	return strings.Join(parts, " · ")
}

// Mark says who may see a part, "" where everybody who reads this may.
func (s *story) Mark(a incident.Audience) string {
	if s.Outsiders || a == incident.AudienceInternal {
		return ""
	}
	return string(a)
}

// cause is a statement under its name.
type cause struct {
	Name string
	Said *incident.Statement
	Mark string
}

// Statements are those that were made.
func (s *story) Statements() []cause {
	var all []cause
	a := &s.Analysis
	for _, c := range []cause{{"What set it off", a.Trigger, ""}, {"Technical cause", a.TechnicalCause, ""}, {"Process cause", a.ProcessCause, ""}} {
		if c.Said != nil {
			c.Mark = s.Mark(c.Said.Audience)
			all = append(all, c)
		}
	}
	return all
}

// Caused tells whether anything is said about causes.
func (s *story) Caused() bool {
	return len(s.Statements())+len(s.Analysis.Whys)+len(s.Analysis.Factors) > 0
}

// learned is the lessons of one kind.
type learned struct {
	Name string
	All  []incident.Lesson
}

// Learned are the lessons, by kind.
func (s *story) Learned() []learned {
	var all []learned
	for _, h := range lessonHeadings {
		l := learned{Name: h.names[0]}
		for _, one := range s.Analysis.Lessons {
			if one.Kind == h.kind {
				l.All = append(l.All, one)
			}
		}
		if len(l.All) > 0 {
			all = append(all, l)
		}
	}
	return all
}

// By says who told people, and what the message called the state of things.
func (s *story) By(m incident.Message) string {
	var parts []string
	for _, part := range []string{m.Author, m.Role} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if m.Status != "" {
		parts = append(parts, "“"+m.Status+"”")
	}
	if m.Corrects != "" {
		parts = append(parts, "corrects what was said before")
	}
	if m.State == incident.Draft {
		parts = append(parts, "draft, told nobody")
	}
	return strings.Join(parts, ", ")
}
