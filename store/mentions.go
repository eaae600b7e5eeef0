package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// mentions are what values of history name besides what they are about, and what is to be left of it: entries
// that are evidence, and other incidents.
type mentions struct {
	evidence func([]string) []string
	numbers  func([]incident.Number) []incident.Number
}

// diff rewrites the values of a diff. It is false when nothing of a change is left.
func (m mentions) diff(d *Diff) (left bool, err error) {
	old, value := d.Old, d.Value
	if d.Old, err = m.value(d.Path, old); err != nil {
		return false, err
	}
	if d.Value, err = m.value(d.Path, value); err != nil {
		return false, err
	}
	switch hidden := !bytes.Equal(old, d.Old) || !bytes.Equal(value, d.Value); {
	case !hidden:
		return true, nil
	case d.Op == opAdd: // of nothing would tell that there was something
		return string(d.Value) != "null" && string(d.Value) != "[]", nil
	}
	return !bytes.Equal(d.Old, d.Value), nil
}

// value rewrites the JSON that stood at a path.
func (m mentions) value(path string, raw json.RawMessage) (json.RawMessage, error) {
	of, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	k := incident.PartKind(of)
	_, key, one := strings.Cut(rest, "/")
	switch _, part := kinds[k]; {
	case len(raw) == 0:
		return raw, nil
	case path == "/related", part && key == "also_for":
		return rewritten(raw, m.numbers)
	case path == "/recurrence_of", path == "/duplicate_of":
		return m.number(raw)
	case part && key == "evidence":
		return rewritten(raw, m.evidence)
	case part && !one:
		return m.part(k, raw)
	}
	return raw, nil
}

// rewritten leaves of a list what a filter leaves.
func rewritten[T any](raw json.RawMessage, filter func([]T) []T) (json.RawMessage, error) {
	var list []T
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("read a list in history: %w", err)
	}
	if left := filter(list); len(left) < len(list) {
		return encode(left)
	}
	return raw, nil
}

func (m mentions) number(raw json.RawMessage) (json.RawMessage, error) {
	var n *incident.Number
	if err := json.Unmarshal(raw, &n); err != nil {
		return nil, fmt.Errorf("read a number in history: %w", err)
	}
	if n != nil && len(m.numbers([]incident.Number{*n})) == 0 {
		return json.RawMessage("null"), nil
	}
	return raw, nil
}

func (m mentions) part(k incident.PartKind, raw json.RawMessage) (json.RawMessage, error) {
	p, _ := incident.NewPart(k) // kinds has only kinds that exist
	ids, action := evidenceOf(p), k == incident.Actions
	if ids == nil && !action {
		return raw, nil
	}
	if err := json.Unmarshal(raw, p); err != nil {
		return nil, fmt.Errorf("read a part in history: %w", err)
	}
	before, left := 0, 0
	if ids != nil {
		before = len(*ids)
		*ids = m.evidence(*ids)
		left = len(*ids)
	}
	if a, is := p.(*incident.Action); is {
		before = len(a.AlsoFor)
		a.AlsoFor = m.numbers(a.AlsoFor)
		left = len(a.AlsoFor)
	}
	if left == before {
		return raw, nil
	}
	return encode(p)
}

// hideMentions takes the incidents that by may not know of out of changes, and the evidence that is or was
// private and hidden from by.
func (s *Store) hideMentions(ctx context.Context, by incident.Actor, changes []Change, h hiding) error {
	var numbers []incident.Number
	collect := mentions{
		numbers: func(all []incident.Number) []incident.Number {
			numbers = append(numbers, all...)
			return all
		},
	}
	if err := collect.changes(changes, hiding{}); err != nil {
		return err
	}
	seen, err := s.seen(ctx, by, numbers)
	if err != nil {
		return err
	}
	hide := mentions{numbers: func(all []incident.Number) []incident.Number {
		return slices.DeleteFunc(slices.Clone(all), func(n incident.Number) bool { return !seen[n] })
	}}
	return hide.changes(changes, h)
}

// changes rewrites all the values of changes, leaving out the evidence that is hidden.
func (m mentions) changes(changes []Change, h hiding) error {
	for i := range changes {
		c := &changes[i]
		m.evidence = func(ids []string) []string {
			return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return h[c.Number][partPath(incident.Timeline, id)] })
		}
		left := c.Changes[:0]
		for _, d := range c.Changes {
			keep, err := m.diff(&d)
			if err != nil {
				return fmt.Errorf("%s at version %d: %w", c.Number, c.Version, err)
			}
			if keep {
				left = append(left, d)
			}
		}
		c.Changes = left
	}
	return nil
}
