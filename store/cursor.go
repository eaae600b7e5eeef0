package store

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

const (
	usualLimit = 50
	mostLimit  = 200
)

// cursor is where a page ends, in the order of one list. It is opaque to callers and no secret.
type cursor struct {
	List string            `json:"l"` // which list in which order
	Keys []json.RawMessage `json:"k"`
}

// next makes the cursor after a row with these keys.
func next(list string, keys ...any) (string, error) {
	c := cursor{List: list}
	for _, key := range keys {
		text, err := json.Marshal(key)
		if err != nil {
			return "", fmt.Errorf("make a cursor: %w", err)
		}
		c.Keys = append(c.Keys, text)
	}
	text, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("make a cursor: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(text), nil
}

// foreign is the answer to a cursor that next did not make for this list.
var foreign = incident.Refuse(incident.Malformed, "cursor", "this cursor is not from this list in this order: begin without one")

// resume reads a cursor that next made for the same list into keys. It refuses any other with Malformed.
func resume(text, list string, keys ...any) error {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return foreign
	}
	var c cursor
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if d.Decode(&c) != nil || d.More() || c.List != list || len(c.Keys) != len(keys) {
		return foreign
	}
	for i, key := range keys {
		if string(c.Keys[i]) == "null" || json.Unmarshal(c.Keys[i], key) != nil {
			return foreign
		}
		if text, is := key.(*string); is && strings.ContainsRune(*text, 0) {
			return foreign
		}
	}
	return nil
}

// checkLimit fills in the usual limit and refuses one out of range.
func checkLimit(limit int) (int, error) {
	switch {
	case limit == 0:
		return usualLimit, nil
	case limit < 0 || limit > mostLimit:
		return 0, incident.Refuse(incident.Invalid, "/limit", fmt.Sprintf("is %d: ask for 1 to %d", limit, mostLimit))
	}
	return limit, nil
}

// paged cuts the row that was read beyond the limit, and says whether there was one.
func paged[T any](rows []T, limit int) ([]T, bool) {
	if rows == nil {
		rows = []T{}
	}
	if len(rows) <= limit {
		return rows, false
	}
	return rows[:limit], true
}
