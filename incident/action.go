package incident

import "time"

// ActionKind says what a follow-up is for.
type ActionKind string

// The kinds of action.
const (
	Prevent  ActionKind = "prevent"
	Detect   ActionKind = "detect"
	Mitigate ActionKind = "mitigate"
	Process  ActionKind = "process"
	Document ActionKind = "document"
)

// ActionState is where a follow-up stands.
type ActionState string

// The states of an action. NotDoing needs a reason.
const (
	Open       ActionState = "open"
	InProgress ActionState = "in_progress"
	Done       ActionState = "done"
	NotDoing   ActionState = "not_doing"
)

// Priority is how soon; "" when not said.
type Priority string

// The priorities.
const (
	High   Priority = "high"
	Medium Priority = "medium"
	Low    Priority = "low"
)

// Action is a follow-up, tracked until done.
type Action struct {
	PartHead
	Title    string      `json:"title" required:"true" minLength:"1" maxLength:"500"`
	Kind     ActionKind  `json:"kind" enum:"prevent,detect,mitigate,process,document" default:"prevent"`
	Owner    string      `json:"owner" maxLength:"200" doc:"A name; a person of the installation with it may read the incident when private."`
	Priority Priority    `json:"priority" enum:",high,medium,low"`
	Due      *string     `json:"due" format:"date" doc:"A day, such as 2013-08-01."`
	State    ActionState `json:"state" enum:"open,in_progress,done,not_doing" default:"open"`
	Reason   string      `json:"reason" maxLength:"2000" doc:"Why it will not be done; needed with not_doing."`
	Ticket   string      `json:"ticket" maxLength:"2000" doc:"Link."`
	AlsoFor  []Number    `json:"also_for" maxItems:"100" doc:"Other incidents that it serves."`
	Audience Audience    `json:"audience" enum:"public,internal,private" default:"internal"`
}

// PartKind is Actions.
func (*Action) PartKind() PartKind { return Actions }

// Seen is the action's audience.
func (a *Action) Seen() Audience { return a.Audience }

// Comment is a remark in review, on the record or on one part of it; never
// shown to outsiders and in no export.
type Comment struct {
	PartHead
	On       string    `json:"on" maxLength:"60" pattern:"^[a-z0-9_]*$" doc:"Id of a part, or the key of a field such as summary or technical_cause; empty: the whole record."`
	Author   string    `json:"author" readOnly:"true"`
	At       time.Time `json:"at" readOnly:"true"`
	Text     string    `json:"text" required:"true" minLength:"1" maxLength:"65536" doc:"Markdown."`
	Resolved bool      `json:"resolved"`
}

// PartKind is Comments.
func (*Comment) PartKind() PartKind { return Comments }

// Seen is internal: a comment has no audience of its own.
func (*Comment) Seen() Audience { return AudienceInternal }
