package lint

import (
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// happened tells whether the record is of something that went wrong: a planned
// maintenance has no detection, cause or lesson to lack, and neither has what
// turned out to be something else.
func happened(in *record) bool {
	return in.Kind != incident.Maintenance && in.Resolution == ""
}

// hurt tells whether users were hurt: a near miss hurt nobody.
func hurt(in *record) bool { return happened(in) && in.Kind != incident.NearMiss }

func blank(texts ...string) bool { return strings.TrimSpace(strings.Join(texts, "")) == "" }

func findNoSummary(in *record, r *report) {
	if in.Resolution == "" && blank(in.Summary) {
		r.add(place{"/summary", "summary"}, "", "there is no summary",
			"Write three sentences: what broke, whom it hurt, how it ended.")
	}
	if in.Resolution == "" && blank(in.PublicSummary) && (in.Announced() || in.Review.State == incident.ReviewApproved) {
		r.add(place{"/public_summary", "public summary"}, "public_summary", "outsiders may read this incident, and there is no summary for them",
			"Write what they noticed, when it ended, and what it means for them.")
	}
}

func findNoSeverity(in *record, r *report) {
	if hurt(in) && in.Severity == "" {
		r.add(place{"/severity", "severity"}, "", "nobody has said how bad it was", "Choose sev1, the worst, to sev4.")
	}
}

func findNoStart(in *record, r *report) {
	if hurt(in) && in.Milestones.Started == nil {
		r.add(place{"/milestones/started", "milestones"}, "", "it is not said when users began to be hurt",
			"Fill in milestones.started from a graph or a log; “about” and “unknown” are answers too.")
	}
}

func findNoDetection(in *record, r *report) {
	if happened(in) && in.Milestones.Detected == nil {
		r.add(place{"/milestones/detected", "milestones"}, "", "it is not said when the trouble was detected",
			"Fill in milestones.detected, and log by what: an alert, a colleague, a customer.")
	}
}

func findNoImpact(in *record, r *report) {
	if hurt(in) && len(in.Impacts) == 0 {
		r.add(place{"/impacts", "impact"}, "", "it is not said who was hurt and how",
			"Add an impact for each component: what users could not do, from when until when.")
	}
}

func findNoFigures(in *record, r *report) {
	if !hurt(in) || len(in.Impacts) == 0 {
		return
	}
	for i := range in.Impacts {
		if len(in.Impacts[i].Figures) > 0 {
			return
		}
	}
	r.add(place{"/impacts/0/figures", impactWords(&in.Impacts[0])}, "", "no impact has a figure",
		"Say how many: users, requests, a share, money, minutes. An estimate that says so is better than none.")
}

func findNoMessage(in *record, r *report) {
	if !hurt(in) || in.FirstTold() != nil {
		return
	}
	for i := range in.Messages {
		if m := &in.Messages[i]; m.State != incident.Draft && m.Audience == incident.AudiencePublic {
			return // told, though nobody noted when
		}
	}
	for i := range in.Impacts {
		if m := &in.Impacts[i]; m.Audience == incident.AudiencePublic {
			r.add(place{"/messages", "messages"}, "", "customers were hurt ("+strings.TrimPrefix(impactWords(m), "impact on ")+"), and no message to them is recorded",
				"Record what they were told and when, wherever it was said; if nothing was, that is a finding of its own.")
			return
		}
	}
}

func findNoAction(in *record, r *report) {
	if happened(in) && in.Status.Over() && len(in.Actions) == 0 {
		r.add(place{"/actions", "actions"}, "", "there is no follow-up",
			"Add what will make this less likely, less bad or sooner noticed; or say in a lesson why nothing is worth doing.")
	}
}

func findNothingWentWell(in *record, r *report) {
	if !happened(in) || !in.Status.Over() || len(in.Analysis.Lessons) == 0 {
		return
	}
	for i := range in.Analysis.Lessons {
		if k := in.Analysis.Lessons[i].Kind; k == incident.WentWell || k == incident.Lucky {
			return
		}
	}
	r.add(place{"/analysis/lessons", "lessons"}, "", "all lessons are of what went wrong",
		"Ask: what kept this from being worse? Was it by design, or by luck?")
}
