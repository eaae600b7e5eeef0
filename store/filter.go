package store

import (
	"time"

	"github.com/debriefhq/debrief/incident"
)

// Page is one page of a list. Next asks for the one after it and is empty on the last.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

// Filter says which incidents to list. Empty fields don't narrow.
type Filter struct {
	Query     string // words, as in Search
	Status    string
	Open      bool // going on: neither over nor only scheduled
	Severity  string
	Component string // of an impact, compared without case
	Tag       string
	Review    string // state of the review
	Kind      string
	From, To  *time.Time // started in [From, To); when nobody said, filed in it
	Sort      string     // number, started, updated, each also with "-" for descending; "" is -number
	Limit     int        // 1–200; 0 is 50
	Cursor    string     // Next of the page before, of the same filter
}

// Hit is a heading with the piece of text that was found, its words between ** and **.
type Hit struct {
	incident.Heading
	Snippet string `json:"snippet"`
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
