package incident

import (
	"bytes"
	"encoding/json"
)

// Decode reads strict JSON.
func Decode(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return Refuse(Malformed, "", "the body is not readable as JSON: "+err.Error())
	}
	return nil
}
