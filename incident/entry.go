package incident

// EntryKind says what an entry of the timeline is about.
type EntryKind string

// The kinds of entry.
const (
	EntryTrigger       EntryKind = "trigger"
	EntryImpact        EntryKind = "impact"
	EntryDetection     EntryKind = "detection"
	EntryEscalation    EntryKind = "escalation"
	EntryAction        EntryKind = "action"
	EntryDecision      EntryKind = "decision"
	EntryCommunication EntryKind = "communication"
	EntryObservation   EntryKind = "observation"
	EntryRecovery      EntryKind = "recovery"
)

// Entry is one line of the timeline.
type Entry struct {
	PartHead
	At       *Moment   `json:"at"`    // nil when nobody knows and nothing was written
	Until    *Moment   `json:"until"` // end of a range
	Kind     EntryKind `json:"kind" enum:"trigger,impact,detection,escalation,action,decision,communication,observation,recovery" default:"observation"`
	Text     string    `json:"text" required:"true" minLength:"1" maxLength:"65536" doc:"Markdown."`
	Actor    string    `json:"actor" maxLength:"200" doc:"Who or what did it."`
	Source   string    `json:"source" maxLength:"2000" doc:"Link to where this is known from."`
	Audience Audience  `json:"audience" enum:"public,internal,private" default:"internal"`
}

// PartKind is Timeline.
func (*Entry) PartKind() PartKind { return Timeline }

// Seen is the entry's audience.
func (e *Entry) Seen() Audience { return e.Audience }
