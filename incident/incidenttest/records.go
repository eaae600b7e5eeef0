// Package incidenttest makes incidents for the tests of every room: random
// valid records of every shape, and one with a word of its own in every text.
package incidenttest

import (
	"math"
	"strings"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
)

// Drafts makes records as they are filed, in normal form and valid: nothing
// that Debrief assigns is set, save that some parts have ids.
func Drafts() *rapid.Generator[*incident.Incident] {
	return rapid.Custom(func(t *rapid.T) *incident.Incident { return record(t, false) })
}

// Records makes drafts, and records as the store gives them: with number, ids,
// revisions and a state of review, but without comments, measures and
// warnings. All are in normal form and valid.
func Records() *rapid.Generator[*incident.Incident] {
	return rapid.Custom(func(t *rapid.T) *incident.Incident { return record(t, rapid.Bool().Draw(t, "stored")) })
}

func record(t *rapid.T, stored bool) *incident.Incident {
	home := zone(t)
	in := &incident.Incident{
		Heading:       heading(t, home),
		Summary:       maybe(t, func() string { return text(t) }),
		Background:    maybe(t, func() string { return text(t) }),
		PublicTitle:   maybe(t, func() string { return line(t, 200) }),
		PublicSummary: maybe(t, func() string { return text(t) }),
		People:        list(t, "people", 3, func(t *rapid.T) incident.Person { return person(t, home) }),
		Stated:        incident.Stated{TimeToDetect: stated(t), TimeToAcknowledge: stated(t), TimeToMitigate: stated(t), TimeToResolve: stated(t), TimeToTell: stated(t)},
		Sources:       list(t, "sources", 3, source),
		Related:       related(t),
		Silenced:      silenced(t),
	}
	if rapid.IntRange(0, 3).Draw(t, "recurrence") == 0 {
		n := incident.Number(rapid.Int64Range(200, 300).Draw(t, "recurrence of"))
		in.RecurrenceOf = &n
	}
	resolve(t, in)
	parts(t, in, home)
	if stored {
		store(t, in)
	}
	in.Normalize()
	return in
}

func heading(t *rapid.T, home string) incident.Heading {
	h := incident.Heading{
		Kind:       one(t, "kind", incident.KindIncident, incident.NearMiss, incident.Maintenance),
		Title:      line(t, 200),
		Severity:   one(t, "severity", "", incident.SEV1, incident.SEV2, incident.SEV3, incident.SEV4),
		Visibility: one(t, "visibility", incident.VisibleInternal, incident.VisibleInternal, incident.VisiblePrivate),
		Status:     one(t, "status", incident.Investigating, incident.Identified, incident.Monitoring, incident.Resolved),
		Zone:       home,
		Tags:       tags(t),
		Milestones: incident.Milestones{
			Triggered: maybeMoment(t, home), Started: maybeMoment(t, home), Detected: maybeMoment(t, home),
			Acknowledged: maybeMoment(t, home), Mitigated: maybeMoment(t, home), Resolved: maybeMoment(t, home),
		},
	}
	if h.Kind == incident.Maintenance {
		h.Status = one(t, "step", incident.Scheduled, incident.MaintenanceInProgress, incident.Verifying, incident.Completed)
	}
	return h
}

func tags(t *rapid.T) []string {
	some := rapid.SampledFrom([]string{"billing", "redis", "team/ops", "größe", "v1.2", "a_b-c:d", "日本語", "true", "123", "-", "x:"})
	return rapid.SliceOfNDistinct(some, 0, 4, rapid.ID[string]).Draw(t, "tags")
}

func related(t *rapid.T) []incident.Number {
	return rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) incident.Number {
		return incident.Number(one(t, "number", rapid.Int64Range(301, 400).Draw(t, "near"), math.MaxInt64-rapid.Int64Range(0, 9).Draw(t, "far")))
	}), 0, 3, rapid.ID[incident.Number]).Draw(t, "related")
}

func person(t *rapid.T, home string) incident.Person {
	return incident.Person{
		Role: one(t, "role", "commander", "scribe", "author", line(t, 60)), Name: line(t, 200),
		From: maybeMoment(t, home), Until: maybeMoment(t, home),
	}
}

func silenced(t *rapid.T) []incident.Silence {
	return list(t, "silenced", 2, func(t *rapid.T) incident.Silence {
		return incident.Silence{
			Rule:   one(t, "rule", "blame", "no_impact", "a_rule_of_tomorrow"),
			Key:    one(t, "key", "", "0123456789ab", "0000000000e1"),
			Reason: line(t, 200),
		}
	})
}

func stated(t *rapid.T) *string {
	if rapid.Bool().Draw(t, "not stated") {
		return nil
	}
	s := one(t, "stated", "35h 36m", "2 hours", "about a day", line(t, 60))
	return &s
}

// resolve gives some resolved incidents a resolution.
// Some name an original all the same, which is odd but kept.
func resolve(t *rapid.T, in *incident.Incident) {
	if in.Status == incident.Resolved {
		in.Resolution = one(t, "resolution", "", incident.Duplicate, incident.FalseAlarm)
	}
	if in.Resolution == incident.Duplicate || rapid.IntRange(0, 9).Draw(t, "original") == 0 {
		n := incident.Number(rapid.Int64Range(401, 500).Draw(t, "duplicate of"))
		in.DuplicateOf = &n
	}
}

// source is an address, plain words or anything else on one line.
func source(t *rapid.T) string {
	if s := link(t); s != "" {
		return s
	}
	return "see " + line(t, 1990) // so that it has no scheme
}

// store sets what the store assigns.
func store(t *rapid.T, in *incident.Incident) {
	in.Number = incident.Number(rapid.Int64Range(1, 199).Draw(t, "number"))
	in.ID = id(t)
	in.Revision = rapid.Int64Range(1, 50).Draw(t, "revision")
	in.Version = in.Revision + rapid.Int64Range(0, 50).Draw(t, "version")
	in.CreatedBy = line(t, 60)
	in.CreatedAt, in.UpdatedAt = instant(t), instant(t)
	in.Archived = rapid.IntRange(0, 4).Draw(t, "archived") == 0
	taken := map[string]bool{in.ID: true}
	for _, k := range incident.PartKinds {
		for _, p := range in.Parts(k) {
			taken[p.Head().ID] = true
		}
	}
	for _, k := range incident.PartKinds {
		for _, p := range in.Parts(k) {
			p.Head().Revision = rapid.Int64Range(1, 9).Draw(t, "part revision")
			for p.Head().ID == "" {
				if fresh := id(t); !taken[fresh] {
					p.Head().ID, taken[fresh] = fresh, true
				}
			}
		}
	}
	review(t, in)
	send(t, in)
}

// review puts the postmortem into some state, with what belongs to it.
func review(t *rapid.T, in *incident.Incident) {
	in.Review.State = one(t, "review", incident.ReviewDraft, incident.InReview, incident.ReviewApproved)
	in.Review.Reviewers = list(t, "reviewers", 2, func(t *rapid.T) string { return line(t, 60) })
	if in.Review.State == incident.ReviewDraft {
		return
	}
	in.Review.Approvals = list(t, "approvals", 3, func(t *rapid.T) incident.Approval {
		return incident.Approval{
			By: line(t, 60), Public: rapid.Bool().Draw(t, "public"), Version: in.Version, At: instant(t),
			Reason: maybe(t, func() string { return line(t, 200) }),
		}
	})
	if in.Review.State == incident.ReviewApproved && in.Visibility == incident.VisibleInternal && rapid.Bool().Draw(t, "published") {
		at := instant(t)
		in.Review.State, in.Review.PublishedAt = incident.ReviewPublished, &at
		announce(in)
	}
}

// send makes some messages sent.
func send(t *rapid.T, in *incident.Incident) {
	for i := range in.Messages {
		if m := &in.Messages[i]; m.State == incident.Recorded && rapid.Bool().Draw(t, "sent") {
			m.State = incident.Sent
			announce(in)
		}
	}
}

// announce makes sure that outsiders have something to read.
func announce(in *incident.Incident) {
	if strings.TrimSpace(in.PublicTitle) == "" {
		in.PublicTitle = "Trouble with billing"
	}
	if strings.TrimSpace(in.PublicSummary) == "" {
		in.PublicSummary = "Some cards were charged several times."
	}
}
