package document

import (
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// neutralTitle stands where nobody has written a title for outsiders. The
// internal one never does.
const neutralTitle = "Incident"

// view lays what outsiders may see out as a record, so that every form has one
// writer. It knows of nothing but Public: what is not there cannot be shown.
func view(p *incident.Public) *incident.Incident {
	in := &incident.Incident{
		Heading: incident.Heading{
			ID: p.ID, Kind: p.Kind, Title: p.Title, Status: p.Status, Zone: p.Zone, Milestones: p.Milestones,
			Review: incident.Review{PublishedAt: p.PublishedAt}, UpdatedAt: p.UpdatedAt,
		},
		Summary: p.Summary, Measures: p.Measures,
	}
	if strings.TrimSpace(in.Title) == "" {
		in.Title = neutralTitle
	}
	for _, e := range p.Timeline {
		in.Timeline = append(in.Timeline, incident.Entry{
			PartHead: incident.PartHead{ID: e.ID}, At: e.At, Until: e.Until, Kind: e.Kind, Text: e.Text,
			Actor: e.Actor, Source: e.Source, Audience: incident.AudiencePublic,
		})
	}
	for _, i := range p.Impacts {
		in.Impacts = append(in.Impacts, incident.Impact{
			PartHead: incident.PartHead{ID: i.ID}, Component: i.Component, Kind: i.Kind, Level: i.Level, From: i.From,
			Until: i.Until, Text: i.Text, Figures: i.Figures, Audience: incident.AudiencePublic,
		})
	}
	for _, m := range p.Messages {
		in.Messages = append(in.Messages, incident.Message{
			PartHead: incident.PartHead{ID: m.ID}, Channel: m.Channel, Role: m.Role, At: m.At, State: incident.Recorded,
			Status: m.Status, Body: m.Body, Link: m.Link, NextUpdateAt: m.NextUpdateAt, Corrects: m.Corrects, Audience: incident.AudiencePublic,
		})
	}
	for _, a := range p.Actions {
		in.Actions = append(in.Actions, incident.Action{
			PartHead: incident.PartHead{ID: a.ID}, Title: a.Title, Kind: a.Kind, Due: a.Due, State: a.State,
			Audience: incident.AudiencePublic,
		})
	}
	in.Analysis = viewAnalysis(&p.Analysis)
	return in
}

func viewAnalysis(p *incident.PublicAnalysis) incident.Analysis {
	a := incident.Analysis{
		Trigger: viewStatement(p.Trigger), TechnicalCause: viewStatement(p.TechnicalCause),
		ProcessCause: viewStatement(p.ProcessCause),
	}
	for _, w := range p.Whys {
		a.Whys = append(a.Whys, incident.Why{
			PartHead: incident.PartHead{ID: w.ID}, Why: w.Why, Because: w.Because, Evidence: w.Evidence,
			Audience: incident.AudiencePublic,
		})
	}
	for _, f := range p.Factors {
		a.Factors = append(a.Factors, incident.Factor{
			PartHead: incident.PartHead{ID: f.ID}, Text: f.Text, Category: f.Category, Confidence: f.Confidence,
			Evidence: f.Evidence, Audience: incident.AudiencePublic,
		})
	}
	for _, l := range p.Lessons {
		a.Lessons = append(a.Lessons, incident.Lesson{
			PartHead: incident.PartHead{ID: l.ID}, Kind: l.Kind, Text: l.Text, Audience: incident.AudiencePublic,
		})
	}
	return a
}

func viewStatement(text string) *incident.Statement {
	if text == "" {
		return nil
	}
	return &incident.Statement{Text: text, Audience: incident.AudiencePublic}
}
