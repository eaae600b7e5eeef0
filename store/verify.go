package store

import "github.com/debriefhq/debrief/incident"

// Report is what Verify found. Nothing was tampered with when Findings is empty.
type Report struct {
	Incidents   int64     `json:"incidents"`
	Changes     int64     `json:"changes"`
	Checkpoints int64     `json:"checkpoints"`
	Findings    []Finding `json:"findings"`
}

// Finding is one thing that is not as the history says.
type Finding struct {
	Incident incident.Number `json:"incident"` // 0: the installation's own history
	Version  int64           `json:"version,omitempty"`
	What     string          `json:"what"`
}
