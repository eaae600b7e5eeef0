package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// changesBetween reads the changes after version $3 up to version $4, oldest first.
const changesBetween = `
	select   ` + historyColumns + `
	from     history h
	left     join people p on p.id = h.person
	where    h.incident = $1
	and      ` + ifKnown + `
	and      h.version > $3
	and      h.version <= $4
	order by h.version`

// Between gives the changes of one incident after version from up to version to, oldest first, and what they
// come to: what is different at version to, each value once. What is or was private is left out of both unless
// by is named on the incident. Version 0 is the record before it was filed.
func (s *Store) Between(ctx context.Context, by incident.Actor, n incident.Number, from, to int64) (steps []Change, different []Diff, err error) {
	if err := may(by, incident.Read); err != nil {
		return nil, nil, err
	}
	if from < 0 || from > to {
		return nil, nil, incident.Refuse(incident.Invalid, "/from", "is after the other: name the older version first")
	}
	if steps, err = s.readChanges(ctx, by, n, changesBetween, from, to); err != nil {
		return nil, nil, err
	}
	different, err = sum(steps)
	return steps, different, err
}

// summing is what several changes come to, by path and in the order in which they touch it.
type summing struct {
	order []string
	own   map[string]*Diff
	parts map[string]*summed
}

// summed is what changes come to for one part: the keys that they touch, before and after.
type summed struct {
	kind             incident.PartKind
	stood, stands    bool // it was there before, it is there after
	before, after    map[string]json.RawMessage
	erased           map[string]bool // keys with a value that was erased on request
	erasedAltogether bool
}

// sum gives what changes come to, the oldest first. Notes say why, not what, and are left out.
func sum(changes []Change) ([]Diff, error) {
	s := &summing{own: map[string]*Diff{}, parts: map[string]*summed{}}
	for _, c := range changes {
		for _, d := range c.Changes {
			if err := s.add(d); err != nil {
				return nil, err
			}
		}
	}
	all := []Diff{}
	for _, path := range s.order {
		if d := s.own[path]; d != nil {
			if d.Erased || !bytes.Equal(d.Old, d.Value) {
				all = append(all, *d)
			}
			continue
		}
		found, err := s.parts[path].diffs(path)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func (s *summing) add(d Diff) error {
	path := subject(d.Path)
	of, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	kind := incident.PartKind(of)
	_, part := kinds[kind]
	switch {
	case d.Op == opNote:
		return nil
	case !part:
		if was := s.own[d.Path]; was != nil {
			was.Value, was.Erased = d.Value, was.Erased || d.Erased
			return nil
		}
		s.order = append(s.order, d.Path)
		s.own[d.Path] = &d
		return nil
	}
	p := s.parts[path]
	if p == nil {
		p = &summed{kind: kind, stood: d.Op != opAdd, before: map[string]json.RawMessage{}, after: map[string]json.RawMessage{}, erased: map[string]bool{}}
		s.parts[path] = p
		s.order = append(s.order, path)
	}
	if err := p.add(d, strings.TrimPrefix(d.Path, path+"/")); err != nil {
		return fmt.Errorf("history of %s: %w", path, err)
	}
	return nil
}

func (p *summed) add(d Diff, key string) error {
	p.stands = d.Op != opRemove
	whole := map[string]json.RawMessage{}
	switch {
	case d.Op != opReplace && d.Erased:
		p.erasedAltogether = true
	case d.Op == opAdd:
		if err := json.Unmarshal(d.Value, &whole); err != nil {
			return fmt.Errorf("read what was added: %w", err)
		}
		p.after = whole
	case d.Op == opRemove:
		if err := json.Unmarshal(d.Old, &whole); err != nil {
			return fmt.Errorf("read what was removed: %w", err)
		}
		for key, value := range whole {
			p.first(key, value)
		}
		p.after = map[string]json.RawMessage{}
	case d.Erased:
		p.erased[key] = true
	default:
		p.first(key, d.Old)
		p.after[key] = d.Value
	}
	return nil
}

// first notes a value before all changes, unless one was seen.
func (p *summed) first(key string, value json.RawMessage) {
	if _, seen := p.before[key]; !seen && p.stood {
		p.before[key] = value
	}
}

func (p *summed) diffs(path string) ([]Diff, error) {
	switch {
	case !p.stood && !p.stands:
		return nil, nil
	case !p.stood:
		value, err := json.Marshal(p.after)
		return []Diff{{Op: opAdd, Path: path, Value: value, Erased: p.erasedAltogether}}, wrapped(err)
	case !p.stands:
		old, err := json.Marshal(p.before)
		return []Diff{{Op: opRemove, Path: path, Old: old, Erased: p.erasedAltogether}}, wrapped(err)
	}
	var all []Diff
	of, _ := incident.NewPart(p.kind)
	for _, key := range jsonKeys(reflect.TypeOf(of).Elem()) {
		if key == "revision" {
			continue
		}
		d := Diff{Op: opReplace, Path: path + "/" + key, Old: p.before[key], Value: p.after[key], Erased: p.erased[key] || p.erasedAltogether}
		if p.erased[key] || !bytes.Equal(d.Old, d.Value) {
			all = append(all, d)
		}
	}
	return all, nil
}

func wrapped(err error) error {
	if err != nil {
		return fmt.Errorf("write what is different: %w", err)
	}
	return nil
}
