package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// changed is a part or a field of a record at two points of its history.
type changed struct {
	Op     string // "add", "remove" or "replace"
	Name   string
	ID     string // on the record's page; "" when it is not there
	Fields []changedField
}

// changedField is one value of it, as a text that came, went or changed.
type changedField struct {
	Name   string // "" for what has one alone
	Pieces []piece
	Erased bool // on request: nobody knows it any more
}

// index finds the parts of a record as history names them: timeline/{id}.
type index struct {
	parts map[string]incident.Part
	clock *clock
	until time.Time // of comparing texts
}

func newIndex(in *incident.Incident) *index {
	x := &index{map[string]incident.Part{}, newClock(in.Zone), time.Now().Add(longestComparingPage)}
	for _, kind := range incident.PartKinds {
		for _, p := range in.Parts(kind) {
			x.parts[string(kind)+"/"+p.Head().ID] = p
		}
	}
	return x
}

// on names what a comment is on.
func (x *index) on(place string) string {
	for _, kind := range incident.PartKinds {
		if p, stands := x.parts[string(kind)+"/"+place]; stands {
			return partName(x.clock, p)
		}
	}
	return word(place)
}

// wholeName names a part that a change holds whole; others by their kind alone.
func wholeName(c *clock, kind incident.PartKind, d store.Diff) string {
	whole := d.Value
	if d.Op == "remove" {
		whole = d.Old
	}
	p, _ := incident.NewPart(kind)
	if d.Op == "replace" || json.Unmarshal(whole, p) != nil {
		return partNames[kind]
	}
	return partName(c, p)
}

// unspoken are keys that a program keeps, and nobody wrote.
var unspoken = map[string]bool{"id": true, "position": true, "revision": true, "created_by": true, "created_at": true, "review": true}

// newChanged shows what is different. In is the record as it stands now, for names.
func newChanged(in *incident.Incident, different []store.Diff) []changed {
	var all []changed
	now := newIndex(in)
	byPath := map[string]int{}
	for _, d := range different {
		pieces := strings.Split(strings.TrimPrefix(d.Path, "/"), "/")
		kind := incident.PartKind(pieces[0])
		if kind.Pointer() == "" || len(pieces) < 2 {
			if f := newField("", d, now.until); !unspoken[pieces[0]] && pieces[0] != "images" && f.says() {
				at := spotAt(in, d.Path)
				all = append(all, changed{Op: "replace", Name: at.Name, ID: at.ID, Fields: []changedField{f}})
			}
			continue
		}
		path := strings.Join(pieces[:2], "/")
		i, known := byPath[path]
		if !known {
			i = len(all)
			byPath[path] = i
			all = append(all, newChangedPart(now, kind, path, d))
		}
		if d.Op == "replace" && len(pieces) > 2 && !unspoken[pieces[2]] {
			if f := newField(fieldName(kind, pieces[2]), d, now.until); f.says() {
				all[i].Fields = append(all[i].Fields, f)
			}
		}
	}
	return slices.DeleteFunc(all, func(c changed) bool { return len(c.Fields) == 0 })
}

// newChangedPart names a part and, when it came or went, shows all of it.
func newChangedPart(now *index, kind incident.PartKind, path string, d store.Diff) changed {
	c := changed{Op: d.Op, Name: partNames[kind]}
	if p, stands := now.parts[path]; stands {
		c.Name, c.ID = partName(now.clock, p), p.Head().ID
	}
	if d.Op == "replace" {
		return c
	}
	if d.Erased {
		c.Fields = []changedField{{Erased: true}}
		return c
	}
	if c.ID == "" {
		c.Name = wholeName(now.clock, kind, d)
	}
	whole := d.Value
	if d.Op == "remove" {
		whole = d.Old
	}
	var keys map[string]json.RawMessage
	_ = json.Unmarshal(whole, &keys) // the store wrote it
	for _, i := range partInputs[kind] {
		f := changedField{Name: i.Label}
		text := readable(keys[i.Key])
		if kind == incident.Comments && i.Key == "on" {
			text = now.on(text)
		}
		if d.Op == "remove" {
			f.Pieces = onlyFull(piece{"del", text})
		} else {
			f.Pieces = onlyFull(piece{"ins", text})
		}
		if f.says() {
			c.Fields = append(c.Fields, f)
		}
	}
	return c
}

func (f changedField) says() bool { return f.Erased || len(f.Pieces) > 0 }

func newField(name string, d store.Diff, until time.Time) changedField {
	if d.Erased {
		return changedField{Name: name, Erased: true}
	}
	was, is := readable(d.Old), readable(d.Value)
	if was == is {
		return changedField{Name: name}
	}
	return changedField{Name: name, Pieces: differ(was, is, until)}
}

// fieldName is what the form calls a key of a part.
func fieldName(kind incident.PartKind, key string) string {
	for _, i := range partInputs[kind] {
		if i.Key == key {
			return i.Label
		}
	}
	return word(key)
}

// readable writes a value of history as people would.
func readable(value json.RawMessage) string {
	dec := json.NewDecoder(bytes.NewReader(value))
	dec.UseNumber()
	var v any
	if len(value) == 0 || dec.Decode(&v) != nil {
		return ""
	}
	return said(v)
}

func said(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		return map[bool]string{true: "yes", false: "no"}[v]
	case string:
		return v
	case []any:
		all := make([]string, 0, len(v))
		for _, item := range v {
			all = append(all, said(item))
		}
		return strings.Join(all, "\n")
	case map[string]any:
		return saidObject(v)
	}
	return fmt.Sprint(v)
}

func saidObject(v map[string]any) string {
	if _, moment := v["precision"]; moment {
		return momentText(v)
	}
	if text, statement := v["text"].(string); statement && len(v) == 2 {
		return text + "\n(" + said(v["audience"]) + ")"
	}
	var all []string
	for _, key := range []string{"role", "name", "measure", "value", "unit", "rule", "key", "reason", "from", "until"} {
		if text := said(v[key]); text != "" {
			all = append(all, text)
		}
	}
	if all == nil {
		for _, key := range sortedKeys(v) {
			if text := said(v[key]); text != "" {
				all = append(all, word(key)+": "+text)
			}
		}
	}
	return strings.Join(all, ", ")
}

func sortedKeys(v map[string]any) []string {
	keys := make([]string, 0, len(v))
	for key := range v {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
