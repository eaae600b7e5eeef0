package api

import (
	"fmt"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/debriefhq/debrief/incident"
)

// recordPatch changes the incident's own fields.
type recordPatch struct{ mergePatch[incident.Incident] }

// Schema is the record's with every key optional.
func (recordPatch) Schema(r huma.Registry) *huma.Schema {
	return named(r, "IncidentPatch", func() *huma.Schema {
		s := patchOf(r, incident.Incident{}, func(key string) bool { return isSettled("/" + key) })
		s.Properties["analysis"] = patchOf(r, incident.Analysis{}, func(key string) bool { return isSettled("/analysis/" + key) })
		return s
	})
}

func isSettled(pointer string) bool {
	return slices.ContainsFunc(notInRecordPatch, func(f settled[incident.Incident]) bool { return f.pointer == pointer })
}

// notInRecordPatch lists the keys of a record that are not its own fields. Not
// among them is what follows from others and changes with them, such as version
// and measures: of a patch it is ignored.
var notInRecordPatch = func() []settled[incident.Incident] {
	const (
		assigned = "is assigned by Debrief: leave it out"
		byMove   = "changes by a move: POST /incidents/{number}/%s"
		byPart   = "is changed one part at a time: POST /incidents/{number}/%[1]s, PATCH and DELETE /incidents/{number}/%[1]s/{id}; leave it out"
	)
	type in = *incident.Incident
	keys := []settled[incident.Incident]{
		{"/status", fmt.Sprintf(byMove, "status"), func(in in) any { return in.Status }},
		{"/resolution", fmt.Sprintf(byMove, "status"), func(in in) any { return in.Resolution }},
		{"/review", fmt.Sprintf(byMove, "review"), func(in in) any { return in.Review }},
		{"/number", assigned, func(in in) any { return in.Number }},
		{"/id", assigned, func(in in) any { return in.ID }},
		{"/revision", assigned, func(in in) any { return in.Revision }},
		{"/created_by", assigned, func(in in) any { return in.CreatedBy }},
		{"/archived", "changes by DELETE /incidents/{number}", func(in in) any { return in.Archived }},
	}
	for _, k := range incident.PartKinds {
		keys = append(keys, settled[incident.Incident]{k.Pointer(), fmt.Sprintf(byPart, k), func(in in) any { return in.Parts(k) }})
	}
	return keys
}()

// apply changes the incident's own fields and nothing else.
func (p recordPatch) apply(in *incident.Incident) error {
	said, err := p.alone()
	if err != nil {
		return err
	}
	own := *in
	dropParts(&own)
	own.Measures, own.Warnings = nil, nil
	next := incident.Incident{}
	if err := p.patched(&own, &next); err != nil {
		return err
	}
	said.Normalize()
	if anew := onOtherCourse(in, next.Kind); anew {
		said.Status, said.Resolution = in.Status, in.Resolution
	} else {
		next.Status, next.Resolution = in.Status, in.Resolution
	}
	if err := p.refuse(notInRecordPatch, in, said); err != nil {
		return err
	}
	keep(&next, in)
	*in = next
	return nil
}

// onOtherCourse tells whether an incident of the kind cannot have the status
// that it has now: then it gets another with the kind, without a move.
func onOtherCourse(in *incident.Incident, kind incident.IncidentKind) bool {
	return kind != in.Kind && len(incident.StatusMoves(&incident.Incident{Heading: incident.Heading{Kind: kind, Status: in.Status}})) == 0
}

// dropParts empties the collections of a shallow copy.
func dropParts(in *incident.Incident) {
	in.Timeline, in.Impacts, in.Messages, in.Actions, in.Comments = nil, nil, nil, nil, nil
	in.Analysis.Whys, in.Analysis.Factors, in.Analysis.Lessons = nil, nil, nil
}

// keep takes over what a patch leaves alone: parts, and what Debrief assigns.
func keep(next, in *incident.Incident) {
	next.Timeline, next.Impacts, next.Messages, next.Actions, next.Comments = in.Timeline, in.Impacts, in.Messages, in.Actions, in.Comments
	next.Analysis.Whys, next.Analysis.Factors, next.Analysis.Lessons = in.Analysis.Whys, in.Analysis.Factors, in.Analysis.Lessons
	next.Number, next.ID, next.Revision, next.Version, next.Review = in.Number, in.ID, in.Revision, in.Version, in.Review
	next.CreatedBy, next.CreatedAt, next.UpdatedAt, next.Archived = in.CreatedBy, in.CreatedAt, in.UpdatedAt, in.Archived
	next.Measures, next.Warnings = in.Measures, in.Warnings
}
