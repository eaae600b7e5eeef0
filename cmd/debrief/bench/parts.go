package bench

import (
	"fmt"
	"slices"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// words are the measured ones of this record, each in a sentence of its own.
func (d *draft) words() (told []string) {
	for _, w := range slices.Concat(commonWords, knownWords) {
		if d.Holds(w, d.n) {
			told = append(told, fmt.Sprintf("We saw %s on %s.", w, d.service))
		}
	}
	return append(told, fmt.Sprintf("It began on host %s.", d.Host(d.n)))
}

func (d *draft) timeline() {
	kinds := []incident.EntryKind{incident.EntryTrigger, incident.EntryImpact, incident.EntryDetection, incident.EntryEscalation, incident.EntryObservation,
		incident.EntryObservation, incident.EntryDecision, incident.EntryAction, incident.EntryObservation, incident.EntryAction, incident.EntryCommunication,
		incident.EntryObservation, incident.EntryAction, incident.EntryRecovery, incident.EntryObservation}
	told := d.words()
	for i := range entries {
		e := incident.Entry{PartHead: d.head(), At: d.at(d.length * time.Duration(i) / entries), Kind: kinds[i], Text: d.sentence(), Audience: d.audience()}
		if i > 0 && i <= len(told) {
			e.Text += " " + told[i-1]
			e.Audience = incident.AudienceInternal // what is measured is found by everybody
		}
		if d.chance(40) {
			e.Actor = d.name()
		}
		d.in.Timeline = append(d.in.Timeline, e)
	}
	for _, w := range slices.Concat(commonWords, knownWords) { // some say it in their title, which counts for more
		if d.Holds(w, d.n) && d.chance(15) {
			d.in.Title = fmt.Sprintf("%s: %s of %s", d.in.Title, w, d.service)
		}
	}
}

func (d *draft) impacts() {
	levels := []incident.Level{incident.DegradedPerformance, incident.PartialOutage, incident.MajorOutage, ""}
	for i := range 1 + d.r.IntN(2) {
		p := incident.Impact{PartHead: d.head(), Component: of(d, components), Kind: of(d, []incident.ImpactKind{incident.Availability, incident.Performance, incident.Delay, incident.Correctness, incident.DataLoss}),
			Level: of(d, levels), From: d.at(0), Text: d.sentence(), Audience: d.audience()}
		if d.in.Kind == incident.Maintenance {
			p.Level = incident.UnderMaintenance
		}
		if d.in.Status.Over() {
			p.Until = d.at(d.length)
		}
		if i == 0 {
			p.Figures = []incident.Figure{{Measure: "customers affected", Value: float64(d.r.IntN(1000)) / 10, Unit: "%"}}
		}
		d.in.Impacts = append(d.in.Impacts, p)
	}
}

func (d *draft) analysis() {
	a := &d.in.Analysis
	said := func() *incident.Statement { return &incident.Statement{Text: d.sentence(), Audience: d.audience()} }
	if d.chance(80) {
		a.Trigger, a.TechnicalCause = said(), said()
	}
	if d.chance(50) {
		a.ProcessCause = said()
	}
	evidence := []string{d.in.Timeline[d.r.IntN(entries)].ID}
	for range d.r.IntN(3) {
		a.Whys = append(a.Whys, incident.Why{PartHead: d.head(), Why: "Why? " + d.sentence(), Because: d.sentence(), Evidence: evidence, Audience: d.audience()})
	}
	for range 1 + d.r.IntN(2) {
		a.Factors = append(a.Factors, incident.Factor{PartHead: d.head(), Text: d.sentence(), Category: of(d, factorSorts),
			Confidence: of(d, []incident.Confidence{incident.Likely, incident.Confirmed, incident.UnknownConfidence}), Evidence: []string{}, Audience: d.audience()})
	}
	for range d.r.IntN(3) {
		a.Lessons = append(a.Lessons, incident.Lesson{PartHead: d.head(), Kind: of(d, []incident.LessonKind{incident.WentWrong, incident.WentWell, incident.Lucky}), Text: d.sentence(), Audience: d.audience()})
	}
}

// messages of a third of the records were read by outsiders.
func (d *draft) messages() {
	told := d.chance(33)
	if told {
		d.in.PublicTitle, d.in.PublicSummary = "Trouble with "+d.service, "Some requests to "+d.service+" failed."
	}
	for i := range d.r.IntN(3) {
		m := incident.Message{PartHead: d.head(), Channel: of(d, []incident.Channel{incident.Support, incident.Email, incident.Social, incident.Forum, incident.Blog}),
			Audience: incident.AudienceInternal, Author: d.name(), Role: "communications", At: d.at(d.length * time.Duration(i+1) / 5), State: incident.Recorded, Status: "investigating", Body: d.sentence()}
		if told {
			m.Channel, m.Audience, m.State = incident.StatusPage, incident.AudiencePublic, incident.Sent
		}
		d.in.Messages = append(d.in.Messages, m)
	}
}

// actions are mostly done when they are old.
func (d *draft) actions() {
	for range 1 + d.r.IntN(2) {
		a := incident.Action{PartHead: d.head(), Title: d.line(), Kind: of(d, []incident.ActionKind{incident.Prevent, incident.Detect, incident.Mitigate, incident.Process, incident.Document}),
			Owner: d.name(), Priority: of(d, []incident.Priority{incident.Medium, incident.High, incident.Low, ""}), State: incident.Done, Audience: incident.AudienceInternal}
		switch x := d.r.IntN(100); {
		case x < 12 || until.Sub(d.start) < 30*24*time.Hour && x < 60:
			a.State = of(d, []incident.ActionState{incident.Open, incident.InProgress})
		case x < 20:
			a.State, a.Reason = incident.NotDoing, d.sentence()
		}
		if d.chance(70) {
			due := d.start.AddDate(0, 0, 7+d.r.IntN(90)).Format(time.DateOnly)
			a.Due = &due
		}
		if d.chance(40) {
			a.Ticket = fmt.Sprintf("https://tickets.example.com/OPS-%d", d.r.IntN(1_000_000))
		}
		d.in.Actions = append(d.in.Actions, a)
	}
}

func (d *draft) people() {
	for i, role := range []string{"commander", "communications", "scribe"} {
		if i == 0 || d.chance(40) {
			d.in.People = append(d.in.People, incident.Person{Role: role, Name: d.name(), From: d.at(time.Duration(i) * 10 * time.Minute)})
		}
	}
	if d.chance(5) {
		d.in.Comments = append(d.in.Comments, incident.Comment{PartHead: d.head(), Author: d.name(), At: d.in.CreatedAt, Text: d.sentence()})
	}
}

func (d *draft) review() {
	v := &d.in.Review
	if v.State = incident.ReviewDraft; !d.in.Status.Over() {
		return
	}
	switch x := d.r.IntN(100); {
	case x < 8 && d.in.PublicTitle != "" && d.in.Visibility == incident.VisibleInternal:
		at := d.in.CreatedAt
		v.State, v.PublishedAt = incident.ReviewPublished, &at
	case x < 12:
		v.State, v.Reviewers = incident.InReview, []string{d.name()}
		return
	case x < 60:
		v.State = incident.ReviewApproved
	default:
		return
	}
	v.Reviewers = []string{d.name()}
	for _, public := range []bool{false, true} {
		if !public || v.State == incident.ReviewPublished {
			v.Approvals = append(v.Approvals, incident.Approval{By: v.Reviewers[0], Public: public, Version: 1, At: d.in.CreatedAt})
		}
	}
}

// measured sets the milestones: most are known, and a few are told in an odd order, as people do.
func (d *draft) measured() {
	m := &d.in.Milestones
	detected := d.length / time.Duration(4+d.r.IntN(20))
	m.Started = d.at(0)
	if d.chance(60) {
		m.Triggered = d.at(-time.Duration(d.r.IntN(90)) * time.Minute)
	}
	if d.chance(90) {
		m.Detected = d.at(detected)
	}
	if d.chance(80) {
		m.Acknowledged = d.at(detected + time.Duration(d.r.IntN(15))*time.Minute)
	}
	if d.in.Status.Over() {
		m.Resolved = d.at(d.length)
		if d.chance(75) {
			m.Mitigated = d.at(d.length * time.Duration(60+d.r.IntN(40)) / 100)
		}
	}
}
