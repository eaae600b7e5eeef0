package incidenttest

import (
	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
)

// parts fills the collections; positions are left to Normalize, or given in
// another order than the list's.
func parts(t *rapid.T, in *incident.Incident, home string) {
	in.Timeline = list(t, "timeline", one(t, "most entries", 5, 5, 5, 5, 5, 5, 5, 5, 5, 30), func(t *rapid.T) incident.Entry { return entry(t, home) })
	in.Impacts = list(t, "impacts", 3, func(t *rapid.T) incident.Impact { return impact(t, home) })
	in.Messages = list(t, "messages", 3, func(t *rapid.T) incident.Message { return message(t, home) })
	correct(t, in.Messages)
	in.Actions = list(t, "actions", 3, action)
	var entries []string
	for _, e := range in.Timeline {
		if e.ID != "" {
			entries = append(entries, e.ID)
		}
	}
	in.Analysis = analysis(t, entries)
	seen := map[string]bool{}
	for _, k := range incident.PartKinds {
		for _, p := range in.Parts(k) {
			if seen[p.Head().ID] {
				p.Head().ID = "" // chance gave one id twice
			}
			seen[p.Head().ID] = true
		}
	}
}

func head(t *rapid.T) incident.PartHead {
	var h incident.PartHead
	if rapid.Bool().Draw(t, "with id") {
		h.ID = id(t)
	}
	if rapid.IntRange(0, 3).Draw(t, "placed") == 0 {
		h.Position = rapid.Int64Range(1, 20).Draw(t, "position")
	}
	return h
}

func entry(t *rapid.T, home string) incident.Entry {
	return incident.Entry{
		PartHead: head(t), At: maybeMoment(t, home), Until: maybeMoment(t, home),
		Kind: one(t, "kind", incident.EntryTrigger, incident.EntryImpact, incident.EntryDetection, incident.EntryEscalation, incident.EntryAction,
			incident.EntryDecision, incident.EntryCommunication, incident.EntryObservation, incident.EntryRecovery),
		Text: text(t), Actor: maybe(t, func() string { return line(t, 60) }), Source: link(t), Audience: audience(t),
	}
}

func impact(t *rapid.T, home string) incident.Impact {
	return incident.Impact{
		PartHead: head(t), Component: maybe(t, func() string { return line(t, 60) }),
		Kind: one(t, "kind", incident.Availability, incident.Performance, incident.Delay, incident.Correctness,
			incident.DataLoss, incident.Security, incident.Cost),
		Level: one(t, "level", "", incident.DegradedPerformance, incident.PartialOutage, incident.MajorOutage, incident.UnderMaintenance),
		From:  maybeMoment(t, home), Until: maybeMoment(t, home),
		Text: maybe(t, func() string { return text(t) }), Audience: audience(t),
		Figures: list(t, "figures", 3, func(t *rapid.T) incident.Figure {
			value := one(t, "round", 0, 1.4, -3, 1e21, 123456789.125, rapid.Float64().Draw(t, "value"))
			return incident.Figure{Measure: line(t, 60), Value: value, Unit: maybe(t, func() string { return line(t, 20) })}
		}),
	}
}

func analysis(t *rapid.T, entries []string) incident.Analysis {
	evidence := func(t *rapid.T) []string {
		if len(entries) == 0 {
			return nil
		}
		return rapid.SliceOfNDistinct(rapid.SampledFrom(entries), 0, len(entries), rapid.ID[string]).Draw(t, "evidence")
	}
	return incident.Analysis{
		Trigger: statement(t), TechnicalCause: statement(t), ProcessCause: statement(t),
		Whys: list(t, "whys", 3, func(t *rapid.T) incident.Why {
			return incident.Why{PartHead: head(t), Why: text(t), Because: maybe(t, func() string { return text(t) }), Evidence: evidence(t), Audience: audience(t)}
		}),
		Factors: list(t, "factors", 2, func(t *rapid.T) incident.Factor {
			return incident.Factor{PartHead: head(t), Text: text(t), Category: maybe(t, func() string { return line(t, 60) }),
				Confidence: one(t, "confidence", incident.Confirmed, incident.Likely, incident.UnknownConfidence), Evidence: evidence(t), Audience: audience(t)}
		}),
		Lessons: list(t, "lessons", 2, func(t *rapid.T) incident.Lesson {
			return incident.Lesson{PartHead: head(t), Kind: one(t, "kind", incident.WentWell, incident.WentWrong, incident.Lucky), Text: text(t), Audience: audience(t)}
		}),
	}
}

func statement(t *rapid.T) *incident.Statement {
	if rapid.Bool().Draw(t, "no statement") {
		return nil
	}
	return &incident.Statement{Text: text(t), Audience: audience(t)}
}

func message(t *rapid.T, home string) incident.Message {
	return incident.Message{
		PartHead: head(t),
		Channel:  one(t, "channel", incident.StatusPage, incident.Email, incident.Blog, incident.Forum, incident.Social, incident.Support),
		Audience: audience(t), Author: maybe(t, func() string { return line(t, 60) }), Role: maybe(t, func() string { return line(t, 60) }),
		At: maybeMoment(t, home), State: one(t, "state", incident.Draft, incident.Recorded),
		Status: maybe(t, func() string { return line(t, 30) }), Body: text(t), Link: link(t), NextUpdateAt: maybeMoment(t, home),
	}
}

// correct makes some messages correct another, that everybody may read who may read the correction.
func correct(t *rapid.T, all []incident.Message) {
	for i := 1; i < len(all); i++ {
		old := all[rapid.IntRange(0, i-1).Draw(t, "corrected")]
		if old.ID != "" && old.Audience != incident.AudiencePrivate && rapid.Bool().Draw(t, "corrects") {
			all[i].Corrects = old.ID
		}
	}
}

func action(t *rapid.T) incident.Action {
	a := incident.Action{
		PartHead: head(t), Title: line(t, 500),
		Kind:  one(t, "kind", incident.Prevent, incident.Detect, incident.Mitigate, incident.Process, incident.Document),
		Owner: maybe(t, func() string { return line(t, 60) }), Priority: one(t, "priority", "", incident.High, incident.Medium, incident.Low),
		State:  one(t, "state", incident.Open, incident.InProgress, incident.Done, incident.NotDoing),
		Reason: maybe(t, func() string { return line(t, 80) }), Ticket: link(t), AlsoFor: related(t), Audience: audience(t),
	}
	if a.State == incident.NotDoing {
		a.Reason = line(t, 80)
	}
	if rapid.Bool().Draw(t, "with due") {
		due := instant(t).Format("2006-01-02")
		a.Due = &due
	}
	return a
}
