package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// The operations of a Diff. A note is no change of the record: it keeps why a move was made.
const (
	opAdd     = "add"
	opReplace = "replace"
	opRemove  = "remove"
	opNote    = "note"
)

// notePath is where the reason of a move stands in its row of history.
const notePath = "/reason"

// diff is one value before and after, as JSON; private when only people named on the incident may see it.
type diff struct {
	op, path   string
	old, value json.RawMessage
	private    bool
}

// ownField is one of an incident's own fields, as history names it.
type ownField struct {
	path string
	of   func(*incident.Incident) any
}

// reviewPath is the own field that is no content: it changes by moves of review and is not counted by revision.
const reviewPath = "/review"

// ownFields lists all that history keeps of a record, but its parts.
var ownFields = []ownField{
	{"/id", func(in *incident.Incident) any { return in.ID }},
	{"/kind", func(in *incident.Incident) any { return in.Kind }},
	{"/title", func(in *incident.Incident) any { return in.Title }},
	{"/severity", func(in *incident.Incident) any { return in.Severity }},
	{"/status", func(in *incident.Incident) any { return in.Status }},
	{"/resolution", func(in *incident.Incident) any { return in.Resolution }},
	{"/visibility", func(in *incident.Incident) any { return in.Visibility }},
	{"/zone", func(in *incident.Incident) any { return in.Zone }},
	{"/tags", func(in *incident.Incident) any { return in.Tags }},
	{"/milestones/triggered", func(in *incident.Incident) any { return in.Milestones.Triggered }},
	{"/milestones/started", func(in *incident.Incident) any { return in.Milestones.Started }},
	{"/milestones/detected", func(in *incident.Incident) any { return in.Milestones.Detected }},
	{"/milestones/acknowledged", func(in *incident.Incident) any { return in.Milestones.Acknowledged }},
	{"/milestones/mitigated", func(in *incident.Incident) any { return in.Milestones.Mitigated }},
	{"/milestones/resolved", func(in *incident.Incident) any { return in.Milestones.Resolved }},
	{reviewPath, func(in *incident.Incident) any { return in.Review }},
	{"/created_by", func(in *incident.Incident) any { return in.CreatedBy }},
	{"/created_at", func(in *incident.Incident) any { return in.CreatedAt }},
	{"/archived", func(in *incident.Incident) any { return in.Archived }},
	{"/summary", func(in *incident.Incident) any { return in.Summary }},
	{"/background", func(in *incident.Incident) any { return in.Background }},
	{"/public_title", func(in *incident.Incident) any { return in.PublicTitle }},
	{"/public_summary", func(in *incident.Incident) any { return in.PublicSummary }},
	{"/people", func(in *incident.Incident) any { return in.People }},
	{"/stated", func(in *incident.Incident) any { return in.Stated }},
	{"/analysis/trigger", func(in *incident.Incident) any { return in.Analysis.Trigger }},
	{"/analysis/technical_cause", func(in *incident.Incident) any { return in.Analysis.TechnicalCause }},
	{"/analysis/process_cause", func(in *incident.Incident) any { return in.Analysis.ProcessCause }},
	{"/related", func(in *incident.Incident) any { return in.Related }},
	{"/recurrence_of", func(in *incident.Incident) any { return in.RecurrenceOf }},
	{"/duplicate_of", func(in *incident.Incident) any { return in.DuplicateOf }},
	{"/sources", func(in *incident.Incident) any { return in.Sources }},
	{"/silenced", func(in *incident.Incident) any { return in.Silenced }},
}

// blank is the record before anything was said.
func blank() *incident.Incident {
	in := &incident.Incident{}
	in.Tags, in.Related, in.Sources = []string{}, []incident.Number{}, []string{}
	in.Review.Reviewers, in.Review.Approvals = []string{}, []incident.Approval{}
	return (&reading{in: *in}).record()
}

// encode makes JSON that is the same for the same value: struct fields in their order, keys of maps sorted.
func encode(value any) (json.RawMessage, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("write JSON of history: %w", err)
	}
	return text, nil
}

// diffs lists what is different in after, own fields first. Revisions of parts are not compared: history counts them.
func diffs(before, after *incident.Incident) ([]diff, error) {
	var all []diff
	for _, f := range ownFields {
		was, is := f.of(before), f.of(after)
		if reflect.DeepEqual(was, is) {
			continue
		}
		d := diff{op: opReplace, path: f.path, private: privately(was) || privately(is)}
		var err error
		if d.old, err = encode(was); err != nil {
			return nil, err
		}
		if d.value, err = encode(is); err != nil {
			return nil, err
		}
		if !bytes.Equal(d.old, d.value) {
			all = append(all, d)
		}
	}
	hidden := before.Hidden()
	maps.Copy(hidden, after.Hidden())
	for _, k := range incident.PartKinds {
		found, err := partDiffs(k, before.Parts(k), after.Parts(k), hidden)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// privately tells whether a value is a statement for the people named alone.
func privately(value any) bool {
	s, ok := value.(*incident.Statement)
	return ok && s != nil && s.Audience == incident.AudiencePrivate
}

// hides tells whether a part is hidden: by its own audience, or because it remarks on what is.
func hides(p incident.Part, hidden map[string]bool) bool {
	c, remark := p.(*incident.Comment)
	return hidden[p.Head().ID] || remark && hidden[c.On]
}

// partPath names a part in history.
func partPath(k incident.PartKind, id string) string { return "/" + string(k) + "/" + id }

func partDiffs(k incident.PartKind, before, after []incident.Part, hidden map[string]bool) ([]diff, error) {
	old := byID(before)
	var all []diff
	for _, p := range after {
		id := p.Head().ID
		was, had := old[id]
		delete(old, id)
		switch {
		case !had:
			d, err := added(p, hides(p, hidden))
			if err != nil {
				return nil, err
			}
			all = append(all, d)
		case !same(was, p):
			found, err := changedKeys(was, p, hides(p, hidden))
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		}
	}
	for _, p := range before {
		if _, gone := old[p.Head().ID]; gone {
			text, err := encode(p)
			if err != nil {
				return nil, err
			}
			all = append(all, diff{op: opRemove, path: partPath(k, p.Head().ID), old: text, private: hides(p, hidden)})
		}
	}
	return all, nil
}

// added is the diff of a new part.
func added(p incident.Part, private bool) (diff, error) {
	text, err := encode(p)
	return diff{op: opAdd, path: partPath(p.PartKind(), p.Head().ID), value: text, private: private}, err
}

// same tells whether two parts are equal but for the revision.
func same(a, b incident.Part) bool {
	revision := b.Head().Revision
	b.Head().Revision = a.Head().Revision
	defer func() { b.Head().Revision = revision }()
	return reflect.DeepEqual(a, b)
}

// changedKeys compares two states of a part key by key.
func changedKeys(was, is incident.Part, private bool) ([]diff, error) {
	before, err := keysOf(was)
	if err != nil {
		return nil, err
	}
	after, err := keysOf(is)
	if err != nil {
		return nil, err
	}
	path := partPath(is.PartKind(), is.Head().ID)
	var all []diff
	for _, key := range jsonKeys(reflect.TypeOf(is).Elem()) {
		if key != "revision" && !bytes.Equal(before[key], after[key]) {
			all = append(all, diff{op: opReplace, path: path + "/" + key, old: before[key], value: after[key], private: private})
		}
	}
	return all, nil
}

func keysOf(p incident.Part) (map[string]json.RawMessage, error) {
	text, err := encode(p)
	if err != nil {
		return nil, err
	}
	var keys map[string]json.RawMessage
	return keys, json.Unmarshal(text, &keys)
}

// jsonKeys lists the JSON keys of a struct in the order of its fields.
func jsonKeys(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			keys = append(keys, jsonKeys(f.Type)...)
			continue
		}
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		keys = append(keys, key)
	}
	return keys
}

// tracking are the keys of an action that may move on after the postmortem is approved: following it up is
// what the postmortem asks for, and none of them is free text that outsiders would see.
var tracking = map[string]bool{"state": true, "owner": true, "priority": true, "due": true, "ticket": true}

// content tells whether the diff changes what reviewers approve.
func (d diff) content() bool {
	of, rest, _ := strings.Cut(strings.TrimPrefix(d.path, "/"), "/")
	switch {
	case d.op == opNote, d.path == reviewPath, d.path == "/archived", incident.PartKind(of) == incident.Comments:
		return false
	case incident.PartKind(of) == incident.Actions && d.op == opReplace:
		_, key, _ := strings.Cut(rest, "/")
		return !tracking[key]
	}
	return true
}

// own tells whether the diff is counted by the incident's revision.
func (d diff) own() bool {
	if d.op == opNote || d.path == reviewPath {
		return false
	}
	of, _, _ := strings.Cut(strings.TrimPrefix(d.path, "/"), "/")
	_, part := kinds[incident.PartKind(of)]
	return !part
}
