package incident

import (
	"reflect"
	"slices"
)

// Public makes what outsiders may see of the incident. It says nothing about
// whether they may see it: see Announced. It makes a preview of a private
// incident too, for those who may read that.
func (in *Incident) Public() *Public {
	p := &Public{
		ID: in.ID, Kind: in.Kind, Status: in.Status, Zone: in.Zone,
		Title: in.PublicTitle, Summary: in.PublicSummary,
		Milestones: Milestones{
			Triggered:    shown(in.Milestones.Triggered),
			Started:      shown(in.Milestones.Started),
			Detected:     shown(in.Milestones.Detected),
			Acknowledged: shown(in.Milestones.Acknowledged),
			Mitigated:    shown(in.Milestones.Mitigated),
			Resolved:     shown(in.Milestones.Resolved),
		},
		Measures:  Measure(in),
		People:    []PublicPerson{},
		Timeline:  published(in.Timeline, in.publicEntry),
		Impacts:   published(in.Impacts, publicImpact),
		Messages:  published(slices.DeleteFunc(slices.Clone(in.Messages), isDraft), publicMessage),
		Actions:   published(in.Actions, publicAction),
		Analysis:  in.publicAnalysis(),
		UpdatedAt: in.UpdatedAt,
	}
	for i := range p.Messages {
		m := &p.Messages[i]
		if !slices.ContainsFunc(p.Messages, func(old PublicMessage) bool { return old.ID == m.Corrects }) {
			m.Corrects = ""
		}
	}
	for _, person := range in.People {
		if role := (PublicPerson{publicRole(person.Role)}); role.Role != "" && !slices.Contains(p.People, role) {
			p.People = append(p.People, role)
		}
	}
	if in.Review.PublishedAt != nil {
		at := *in.Review.PublishedAt
		p.PublishedAt = &at
	}
	in.withhold(reflect.ValueOf(p).Elem())
	return p
}

// published makes the outsiders' form of those parts that are public.
func published[T, U any, P interface {
	*T
	Part
}](parts []T, form func(P) U) []U {
	out := []U{}
	for i := range parts {
		if part := P(&parts[i]); part.Seen() == AudiencePublic {
			out = append(out, form(part))
		}
	}
	return out
}

// shown is a moment without what somebody wrote.
func shown(m *Moment) *Moment {
	if m == nil {
		return nil
	}
	out := &Moment{Zone: m.Zone, Precision: m.Precision, Approximate: m.Approximate}
	if m.At != nil {
		at := *m.At
		out.At = &at
	}
	return out
}

// address is text if outsiders may be sent there, else "".
func address(text string) string {
	if !IsLink(text) {
		return ""
	}
	return text
}

func statement(s *Statement) string {
	if s == nil || s.Audience != AudiencePublic {
		return ""
	}
	return s.Text
}

func isDraft(m Message) bool { return m.State != Recorded && m.State != Sent }

func (in *Incident) publicEntry(e *Entry) PublicEntry {
	return PublicEntry{
		ID: e.ID, At: shown(e.At), Until: shown(e.Until), Kind: e.Kind, Text: e.Text,
		Actor: in.roleOf(e.Actor), Source: address(e.Source),
	}
}

func publicImpact(i *Impact) PublicImpact {
	figures := make([]Figure, len(i.Figures))
	for n, f := range i.Figures {
		figures[n] = Figure{Measure: f.Measure, Value: f.Value, Unit: f.Unit}
	}
	return PublicImpact{
		ID: i.ID, Component: i.Component, Kind: i.Kind, Level: i.Level,
		From: shown(i.From), Until: shown(i.Until), Text: i.Text, Figures: figures,
	}
}

func (in *Incident) publicAnalysis() PublicAnalysis {
	open := map[string]bool{} // ids of the entries that outsiders see
	for i := range in.Timeline {
		if in.Timeline[i].Audience == AudiencePublic {
			open[in.Timeline[i].ID] = true
		}
	}
	evidence := func(ids []string) []string {
		return slices.DeleteFunc(append([]string{}, ids...), func(id string) bool { return !open[id] })
	}
	return PublicAnalysis{
		Trigger:        statement(in.Analysis.Trigger),
		TechnicalCause: statement(in.Analysis.TechnicalCause),
		ProcessCause:   statement(in.Analysis.ProcessCause),
		Whys: published(in.Analysis.Whys, func(w *Why) PublicWhy {
			return PublicWhy{ID: w.ID, Why: w.Why, Because: w.Because, Evidence: evidence(w.Evidence)}
		}),
		Factors: published(in.Analysis.Factors, func(f *Factor) PublicFactor {
			return PublicFactor{ID: f.ID, Text: f.Text, Category: f.Category, Confidence: f.Confidence, Evidence: evidence(f.Evidence)}
		}),
		Lessons: published(in.Analysis.Lessons, func(l *Lesson) PublicLesson {
			return PublicLesson{ID: l.ID, Kind: l.Kind, Text: l.Text}
		}),
	}
}

func publicMessage(m *Message) PublicMessage {
	return PublicMessage{
		ID: m.ID, Channel: m.Channel, Role: m.Role, At: shown(m.At), Status: m.Status,
		Body: m.Body, Link: address(m.Link), NextUpdateAt: shown(m.NextUpdateAt), Corrects: m.Corrects,
	}
}

func publicAction(a *Action) PublicAction {
	out := PublicAction{ID: a.ID, Title: a.Title, Kind: a.Kind, State: a.State}
	if a.Due != nil {
		due := *a.Due
		out.Due = &due
	}
	return out
}
