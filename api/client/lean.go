package client

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// lean writes v without keys whose value is null, an empty text or an empty
// list: a new record without a key has the default that an empty one would get.
func lean(v any) ([]byte, error) {
	raw, err := encode(v)
	if err != nil {
		return nil, err
	}
	var tree any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&tree); err != nil {
		return nil, fmt.Errorf("write the request: %w", err)
	}
	return encode(pruned(tree))
}

// pruned takes the empty keys out of objects at any depth. Elements of lists stay.
func pruned(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if v[key] = pruned(value); empty(v[key]) {
				delete(v, key)
			}
		}
	case []any:
		for i := range v {
			v[i] = pruned(v[i])
		}
	}
	return v
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	}
	return false
}
