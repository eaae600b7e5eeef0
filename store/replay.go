package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// replay is a record rebuilt from its history: own fields by path, parts by path and key.
type replay struct {
	own   map[string]json.RawMessage // nil when the value was erased: not known any more
	parts map[string]*replayed
}

// replayed is a part rebuilt from history.
type replayed struct {
	keys     map[string]json.RawMessage // nil for a value that was erased
	revision int64
	erased   bool // nothing of it is known any more
}

func newReplay() *replay {
	return &replay{own: map[string]json.RawMessage{}, parts: map[string]*replayed{}}
}

// apply repeats the changes of one row. It fails when they do not fit what was before.
func (r *replay) apply(changes []bodyChange, values []*keptValue) error {
	touched := map[*replayed]bool{}
	for i, c := range changes {
		v := values[i]
		path := subject(c.Path)
		of, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
		_, part := kinds[incident.PartKind(of)]
		var err error
		switch {
		case c.Op == opNote:
		case !part && v == nil:
			r.own[c.Path] = nil
		case !part:
			r.own[c.Path] = v.Value
		case c.Op == opAdd:
			err = r.add(path, v)
		case c.Op == opRemove:
			delete(r.parts, path)
		case r.parts[path] == nil:
			err = fmt.Errorf("history changes %s, which is not there", path)
		default:
			p := r.parts[path]
			touched[p] = true
			p.set(strings.TrimPrefix(c.Path, path+"/"), v)
		}
		if err != nil {
			return err
		}
	}
	for p := range touched {
		p.revision++
	}
	return nil
}

func (r *replay) add(path string, v *keptValue) error {
	if v == nil {
		r.parts[path] = &replayed{erased: true}
		return nil
	}
	p := &replayed{}
	if err := json.Unmarshal(v.Value, &p.keys); err != nil {
		return fmt.Errorf("history of %s cannot be read", path)
	}
	if err := json.Unmarshal(p.keys["revision"], &p.revision); err != nil {
		return fmt.Errorf("history of %s has no revision", path)
	}
	r.parts[path] = p
	return nil
}

func (p *replayed) set(key string, v *keptValue) {
	switch {
	case p.erased:
	case v == nil:
		p.keys[key] = nil
	case v.Value == nil: // left out because it is empty
		delete(p.keys, key)
	default:
		p.keys[key] = v.Value
	}
}

// compare tells in which paths the record is not as history says.
func (r *replay) compare(in *incident.Incident) ([]string, error) {
	var wrong []string
	zero := blank()
	for _, f := range ownFields {
		is, err := encode(f.of(in))
		if err != nil {
			return nil, err
		}
		said, changed := r.own[f.path]
		if !changed {
			if said, err = encode(f.of(zero)); err != nil {
				return nil, err
			}
		}
		if said != nil && !bytes.Equal(is, said) {
			wrong = append(wrong, f.path)
		}
	}
	rest := make(map[string]bool, len(r.parts))
	for path := range r.parts {
		rest[path] = true
	}
	for _, k := range incident.PartKinds {
		for _, p := range in.Parts(k) {
			path := partPath(k, p.Head().ID)
			delete(rest, path)
			keys, err := r.comparePart(path, p)
			if err != nil {
				return nil, err
			}
			wrong = append(wrong, keys...)
		}
	}
	for path := range rest {
		wrong = append(wrong, path)
	}
	return wrong, nil
}

func (r *replay) comparePart(path string, p incident.Part) ([]string, error) {
	said := r.parts[path]
	if said == nil {
		return []string{path}, nil
	}
	if said.erased {
		return nil, nil
	}
	is, err := keysOf(p)
	if err != nil {
		return nil, err
	}
	said.keys["revision"] = json.RawMessage(strconv.FormatInt(said.revision, 10))
	var wrong []string
	for key, value := range is {
		if known, ok := said.keys[key]; !ok || known != nil && !bytes.Equal(known, value) {
			wrong = append(wrong, path+"/"+key)
		}
	}
	for key := range said.keys {
		if _, ok := is[key]; !ok {
			wrong = append(wrong, path+"/"+key)
		}
	}
	return wrong, nil
}

// compareImages tells which images are not those that history says.
func (r *replay) compareImages(all []keptImage) ([]string, error) {
	said := map[string]json.RawMessage{}
	for path, value := range r.own {
		if strings.HasPrefix(path, imagesPath) && value != nil {
			said[path] = value
		}
	}
	var wrong []string
	for _, m := range all {
		is, err := encode(m.note())
		if err != nil {
			return nil, err
		}
		path := imagesPath + m.ID
		if !bytes.Equal(said[path], is) {
			wrong = append(wrong, path)
		}
		delete(said, path)
	}
	for path := range said {
		wrong = append(wrong, path)
	}
	return wrong, nil
}
