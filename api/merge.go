package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/debriefhq/debrief/incident"
)

// mergePatch is a JSON merge patch (RFC 7396) of an object: what it names is
// replaced, null takes away, objects are merged.
type mergePatch map[string]any

// decode reads any well-formed object. Its keys are checked where they are applied.
func (p *mergePatch) decode(raw []byte) error {
	var any map[string]any
	if err := incident.Decode(raw, &any); err != nil {
		return err
	}
	*p = any
	return nil
}

// merge applies the patch to target, which it changes, as RFC 7396 section 2 says.
func merge(target, patch map[string]any) map[string]any {
	if target == nil {
		target = map[string]any{}
	}
	for key, value := range patch {
		switch value := value.(type) {
		case nil:
			delete(target, key)
		case map[string]any:
			inner, _ := target[key].(map[string]any)
			target[key] = merge(inner, value)
		default:
			target[key] = value
		}
	}
	return target
}

// patched decodes into fresh what v becomes by the patch.
func (p mergePatch) patched(v, fresh any) error {
	before, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write what is patched: %w", err)
	}
	var target map[string]any
	if err := incident.Decode(before, &target); err != nil {
		return fmt.Errorf("read back what is patched: %w", err)
	}
	after, err := json.Marshal(merge(target, p))
	if err != nil {
		return fmt.Errorf("write the patched: %w", err)
	}
	return incident.Decode(after, fresh)
}

// refuse collects why keys of the patch cannot be changed here. Elsewhere maps
// the pointer of a key to what to do instead.
func (p mergePatch) refuse(elsewhere map[string]string) error {
	wrong := map[string]string{}
	for pointer, instead := range elsewhere {
		inside := map[string]any(p)
		steps := strings.Split(pointer[1:], "/")
		for _, step := range steps[:len(steps)-1] {
			inside, _ = inside[step].(map[string]any)
		}
		if _, named := inside[steps[len(steps)-1]]; named {
			wrong[pointer] = instead
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	first := slices.Sorted(maps.Keys(wrong))[0]
	return &incident.Error{Kind: incident.Invalid, Detail: first[1:] + " " + wrong[first], Fields: wrong}
}

// recordPatch changes the incident's own fields.
type recordPatch struct{ mergePatch }

// Schema is the record's without what a patch cannot change, and with every key optional.
func (recordPatch) Schema(r huma.Registry) *huma.Schema {
	return named(r, "IncidentPatch", func() *huma.Schema {
		s := patchOf(r, incident.Incident{}, notInRecordPatch)
		analysis := patchOf(r, incident.Analysis{}, map[string]string{"/whys": "", "/factors": "", "/lessons": ""})
		s.Properties["analysis"] = analysis
		return s
	})
}

// notInRecordPatch lists the keys of a record that are not its own fields.
var notInRecordPatch = func() map[string]string {
	const assigned = "is assigned by Debrief: leave it out"
	keys := map[string]string{
		"/status":     "changes by a move: POST /incidents/{number}/status",
		"/resolution": "changes by a move: POST /incidents/{number}/status",
		"/review":     "changes by a move: POST /incidents/{number}/review",
	}
	for _, key := range []string{"number", "id", "revision", "version", "created_by", "created_at", "updated_at", "archived", "measures", "warnings"} {
		keys["/"+key] = assigned
	}
	for _, k := range incident.PartKinds {
		keys[k.Pointer()] = fmt.Sprintf("is changed one part at a time: POST /incidents/{number}/%s, PATCH and DELETE /incidents/{number}/%s/{id}", k, k)
	}
	return keys
}()

// apply changes the incident's own fields and nothing else.
func (p recordPatch) apply(in *incident.Incident) error {
	if err := p.refuse(notInRecordPatch); err != nil {
		return err
	}
	own := *in
	dropParts(&own)
	own.Measures, own.Warnings = nil, nil
	next := incident.Incident{}
	if err := p.patched(&own, &next); err != nil {
		return err
	}
	keep(&next, in)
	*in = next
	return nil
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
	next.Number, next.ID, next.Revision, next.Version = in.Number, in.ID, in.Revision, in.Version
	next.Status, next.Resolution, next.Review = in.Status, in.Resolution, in.Review
	next.CreatedBy, next.CreatedAt, next.UpdatedAt, next.Archived = in.CreatedBy, in.CreatedAt, in.UpdatedAt, in.Archived
	next.Measures, next.Warnings = in.Measures, in.Warnings
}
