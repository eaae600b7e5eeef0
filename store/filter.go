package store

import (
	"time"

	"github.com/debriefhq/debrief/incident"
)

// Page is one page of a list. Next asks for the one after it and is empty on the last.
type Page[T any] struct {
	Items   []T      `json:"items"`
	Next    string   `json:"next"`
	Hints   []string `json:"hints,omitempty" doc:"What of q was not understood as it may have been meant, and what was looked for instead."`
	Partial bool     `json:"partial,omitempty" doc:"Looking took too long: there may be more, and better ones."`
	Newest  int      `json:"newest,omitempty" doc:"So many of the newest were compared, where there are more."`
}

// Filter says which incidents to list. Empty fields don't narrow.
type Filter struct {
	Query     string // what is written into the search box, as incident/query understands it
	Status    string
	Open      bool // going on: neither over nor only scheduled
	Severity  string
	Component string // of an impact, compared without case
	Tag       string
	Review    string // state of the review
	Kind      string
	Insight   string     // of a figure: see insight.ReadFilter
	From, To  *time.Time // started in [From, To); when nobody said, filed in it
	Sort      string     // number, started, updated, each also with "-" for descending; "" is -number
	Limit     int        // 1–200; 0 is 50
	Cursor    string     // Next of the page before, of the same filter
}

// Hit is a heading with what was found of it.
type Hit struct {
	incident.Heading
	Snippet string   `json:"snippet" doc:"That of the first place; empty where only filters were asked for."`
	Where   []Place  `json:"where" doc:"Where it was found, the most telling place first, three at most."`
	Lacks   []string `json:"lacks,omitempty" doc:"What was looked for and it does not have."`
}

// Place is where in a record something was found.
type Place struct {
	Part    string           `json:"part" doc:"Key of the record, such as timeline or summary."`
	ID      string           `json:"id,omitempty" doc:"Of the part, where there are several."`
	At      *incident.Moment `json:"at,omitempty" doc:"Of an entry, a message, or the beginning of an impact."`
	Snippet string           `json:"snippet" doc:"A piece of the text; what was found stands between ** and **."`
}

// ActionFilter says which follow-ups to list, across incidents. Empty fields don't narrow.
type ActionFilter struct {
	Owner   string // compared without case
	State   string
	Pending bool // neither done nor given up
	Overdue bool // due before today, UTC, and pending
	Kind    string
	Until   *time.Time // due on that day or before
	Undated bool       // due on no day
	Limit   int        // 1–200; 0 is 50
	Cursor  string
}

// NumberedAction is a follow-up with the incident it belongs to.
type NumberedAction struct {
	Incident incident.Number `json:"incident"`
	Heading  string          `json:"incident_title"`
	incident.Action
}

// MessageFilter says which messages to list, across incidents. Empty fields don't narrow.
type MessageFilter struct {
	Channel string
	State   string
	Limit   int // 1–200; 0 is 50
	Cursor  string
}

// NumberedMessage is a message with the incident it belongs to.
type NumberedMessage struct {
	Incident incident.Number `json:"incident"`
	Heading  string          `json:"incident_title"`
	incident.Message
}
