// Package incident holds the words and the rules of Debrief: what an incident
// and its parts are, how they move, what is refused and what outsiders may
// see. It does no input or output and knows no clock: times are passed in.
package incident

import "time"

// IncidentKind says what sort of event a record is about.
type IncidentKind string

// The kinds of incident. A maintenance has statuses of its own.
const (
	KindIncident IncidentKind = "incident"
	NearMiss     IncidentKind = "near_miss"
	Maintenance  IncidentKind = "maintenance"
)

// Severity is how bad it was, SEV1 the worst; "" while nobody has said.
type Severity string

// The severities.
const (
	SEV1 Severity = "sev1"
	SEV2 Severity = "sev2"
	SEV3 Severity = "sev3"
	SEV4 Severity = "sev4"
)

// Severities lists the closed set, the worst first.
var Severities = []Severity{SEV1, SEV2, SEV3, SEV4}

// Visibility says who may know that the incident exists.
type Visibility string

// An internal incident is seen by everybody who is signed in, a private one
// only by the people named on it.
const (
	VisibleInternal Visibility = "internal"
	VisiblePrivate  Visibility = "private"
)

// Heading is what a list shows of an incident. Number, ID, Revision, Version,
// Review state, CreatedBy and the two times are assigned by the store and
// ignored on input.
type Heading struct {
	Number     Number       `json:"number" readOnly:"true" doc:"Assigned when filed; shown INC-42."`
	ID         string       `json:"id" readOnly:"true" doc:"12 characters a-z0-9, for permanent addresses."`
	Revision   int64        `json:"revision" readOnly:"true" doc:"Counts changes of the incident's own fields; If-Match compares it."`
	Version    int64        `json:"version" readOnly:"true" doc:"Counts every change anywhere in the record."`
	Kind       IncidentKind `json:"kind" enum:"incident,near_miss,maintenance" default:"incident"`
	Title      string       `json:"title" required:"true" minLength:"1" maxLength:"200" doc:"For the team; outsiders see public_title."`
	Severity   Severity     `json:"severity" enum:",sev1,sev2,sev3,sev4" doc:"sev1 is the worst; empty while nobody has said."`
	Status     Status       `json:"status" enum:"investigating,identified,monitoring,resolved,scheduled,in_progress,verifying,completed"`
	Resolution Resolution   `json:"resolution,omitempty" enum:",duplicate,false_alarm" doc:"How it was resolved, when not by repair."`
	Visibility Visibility   `json:"visibility" enum:"internal,private" default:"internal"`
	Zone       string       `json:"zone" doc:"Home zone: an IANA name, UTC, or an offset such as +05:30."`
	Tags       []string     `json:"tags" maxItems:"50"`
	Milestones Milestones   `json:"milestones"`
	Review     Review       `json:"review" readOnly:"true"`
	CreatedBy  string       `json:"created_by" readOnly:"true"` // name of the person who filed it
	CreatedAt  time.Time    `json:"created_at" readOnly:"true"`
	UpdatedAt  time.Time    `json:"updated_at" readOnly:"true"`
	Archived   bool         `json:"archived,omitempty" readOnly:"true"` // deleted incidents are archived, never erased
}

// Incident is a whole record: the JSON, the rows and the template value.
type Incident struct {
	Heading
	Summary       string    `json:"summary" maxLength:"65536" doc:"Markdown, for the team."`
	Background    string    `json:"background" maxLength:"65536" doc:"Markdown: what a reader must know first."`
	PublicTitle   string    `json:"public_title" maxLength:"200"`
	PublicSummary string    `json:"public_summary" maxLength:"65536" doc:"Markdown. With public_title, needed before the first public message."`
	People        []Person  `json:"people" maxItems:"200"`
	Stated        Stated    `json:"stated"`
	Timeline      []Entry   `json:"timeline" maxItems:"10000"`
	Impacts       []Impact  `json:"impacts" maxItems:"1000"`
	Analysis      Analysis  `json:"analysis"`
	Messages      []Message `json:"messages" maxItems:"1000"`
	Actions       []Action  `json:"actions" maxItems:"1000"`
	Comments      []Comment `json:"comments,omitempty" readOnly:"true" maxItems:"10000"`
	Related       []Number  `json:"related" maxItems:"100" doc:"Other incidents. Here as in recurrence_of, duplicate_of and also_for, those that you may not know of are left out, and an edit keeps them."`
	RecurrenceOf  *Number   `json:"recurrence_of,omitempty"`
	DuplicateOf   *Number   `json:"duplicate_of,omitempty"`
	Sources       []string  `json:"sources" maxItems:"200" doc:"Links to what this record was made from."`
	Silenced      []Silence `json:"silenced,omitempty" maxItems:"200" doc:"What people decided about findings of lint."`
	Measures      *Measures `json:"measures,omitempty" readOnly:"true"` // derived; filled on reading, never stored
	Warnings      []Warning `json:"warnings,omitempty" readOnly:"true"` // what is odd but kept; derived
}

// Person is somebody named on an incident; From and Until keep handovers. A
// person of the installation with the same name (compared without case) may
// read the incident when it is private.
type Person struct {
	Role  string  `json:"role" required:"true" minLength:"1" maxLength:"60" doc:"commander, communications, scribe, author, …"`
	Name  string  `json:"name" required:"true" minLength:"1" maxLength:"200"`
	From  *Moment `json:"from"`
	Until *Moment `json:"until"`
}

// Milestones are the six moments that measures are made from. Started and
// Mitigated are about users: when they begin and cease to be hurt.
type Milestones struct {
	Triggered    *Moment `json:"triggered"`
	Started      *Moment `json:"started"`
	Detected     *Moment `json:"detected"`
	Acknowledged *Moment `json:"acknowledged"`
	Mitigated    *Moment `json:"mitigated"`
	Resolved     *Moment `json:"resolved"`
}

// Stated holds durations as an author wrote them ("35h 36m"), "" or absent
// when none was stated; they stand beside the measures, never instead of them.
type Stated struct {
	TimeToDetect      *string `json:"time_to_detect" maxLength:"200"`
	TimeToAcknowledge *string `json:"time_to_acknowledge" maxLength:"200"`
	TimeToMitigate    *string `json:"time_to_mitigate" maxLength:"200"`
	TimeToResolve     *string `json:"time_to_resolve" maxLength:"200"`
	TimeToTell        *string `json:"time_to_tell" maxLength:"200"`
}

// Measures are whole seconds, nil until both ends are known; negative when
// the record says so. DESIGN section 2 defines each.
type Measures struct {
	TimeToDetect      *int64 `json:"time_to_detect" doc:"Seconds: detected − started."`
	TimeToAcknowledge *int64 `json:"time_to_acknowledge" doc:"Seconds: acknowledged − detected."`
	TimeToMitigate    *int64 `json:"time_to_mitigate" doc:"Seconds: mitigated − started."`
	TimeToResolve     *int64 `json:"time_to_resolve" doc:"Seconds: resolved − started."`
	TimeToTell        *int64 `json:"time_to_tell" doc:"Seconds: first public message − started."`
}

// Warning names something odd that was kept as it is.
type Warning struct {
	Pointer string `json:"pointer"` // JSON pointer into the record
	Rule    string `json:"rule"`    // stable id, such as detected_before_started
	Detail  string `json:"detail"`
}
