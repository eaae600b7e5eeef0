package store

import (
	"encoding/json"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// Change is one write: what one person did to one incident, in one transaction.
type Change struct {
	Number   incident.Number `json:"number"`
	Version  int64           `json:"version"`
	Revision int64           `json:"revision"`
	At       time.Time       `json:"at"`
	By       string          `json:"by"`
	Did      string          `json:"did" doc:"One word: filed, changed, appended, …"`
	Changes  []Diff          `json:"changes"`
}

// Diff is one value before and after. A value that was erased on request is null and Erased says so.
type Diff struct {
	Op     string          `json:"op" enum:"add,replace,remove"`
	Path   string          `json:"path" doc:"JSON pointer; parts are named by their id: /timeline/{id}/text."`
	Value  json.RawMessage `json:"value,omitempty"`
	Old    json.RawMessage `json:"old,omitempty"`
	Erased bool            `json:"erased,omitempty"`
}
