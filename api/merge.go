package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// mergePatch is a JSON merge patch (RFC 7396) of a T: what it names is
// replaced, null takes away, objects are merged.
type mergePatch[T any] map[string]any

// decode reads an object of keys and values that a T can have.
func (p *mergePatch[T]) decode(raw []byte) error {
	var patch any
	if err := incident.Decode(raw, &patch); err != nil {
		return err
	}
	if err := incident.Decode(raw, new(T)); err != nil {
		return err
	}
	keys, isObject := patch.(map[string]any)
	if !isObject {
		return incident.Refuse(incident.Invalid, "", "here stands null, but an object belongs here")
	}
	*p = keys
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
func (p mergePatch[T]) patched(v, fresh *T) error {
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

// alone decodes what the patch says, without what it leaves as it is.
func (p mergePatch[T]) alone() (*T, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("write the patch: %w", err)
	}
	said := new(T)
	return said, incident.Decode(text, said)
}

// names tells whether the patch says anything of the key at pointer.
func (p mergePatch[T]) names(pointer string) bool {
	inside := map[string]any(p)
	steps := strings.Split(pointer[1:], "/")
	for _, step := range steps[:len(steps)-1] {
		inside, _ = inside[step].(map[string]any)
	}
	_, named := inside[steps[len(steps)-1]]
	return named
}

// settled is a key that a patch may name only as it stands, as a client does
// that sends back all that it read.
type settled[T any] struct {
	pointer string
	instead string // of changing it
	of      func(*T) any
}

// refuse collects the keys of the patch that say something else than what
// stands in v; said is the patch alone.
func (p mergePatch[T]) refuse(keys []settled[T], v, said *T) error {
	wrong := map[string]string{}
	for _, key := range keys {
		if !p.names(key.pointer) {
			continue
		}
		is, err := json.Marshal(key.of(v))
		if err != nil {
			return fmt.Errorf("write what is patched: %w", err)
		}
		meant, err := json.Marshal(key.of(said))
		if err != nil {
			return fmt.Errorf("write the patch: %w", err)
		}
		if !bytes.Equal(is, meant) {
			wrong[key.pointer] = key.instead
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	first := slices.Sorted(maps.Keys(wrong))[0]
	return &incident.Error{Kind: incident.Invalid, Detail: first + " " + wrong[first], Fields: wrong}
}
