package incident

// Channel is where people were told.
type Channel string

// The channels.
const (
	StatusPage Channel = "status_page"
	Email      Channel = "email"
	Blog       Channel = "blog"
	Forum      Channel = "forum"
	Social     Channel = "social"
	Support    Channel = "support"
)

// MessageState says whether a message went out, and by whom.
type MessageState string

// A recorded message was said elsewhere and is noted here; a sent one was sent
// by Debrief, by a person's move of its own. Filing and importing never send: a
// filed message that says sent is kept as recorded, with a warning.
const (
	Draft    MessageState = "draft"
	Recorded MessageState = "recorded"
	Sent     MessageState = "sent"
)

// Message is something that people were told.
type Message struct {
	PartHead
	Channel      Channel      `json:"channel" required:"true" enum:"status_page,email,blog,forum,social,support"`
	Audience     Audience     `json:"audience" enum:"public,internal,private" default:"internal"`
	Author       string       `json:"author" maxLength:"200"`
	Role         string       `json:"role" maxLength:"60" doc:"What outsiders see instead of the author."`
	At           *Moment      `json:"at"`
	State        MessageState `json:"state" enum:"draft,recorded,sent" default:"recorded"`
	Status       string       `json:"status" maxLength:"60" doc:"The status word that the message gave."`
	Body         string       `json:"body" required:"true" minLength:"1" maxLength:"65536" doc:"Markdown."`
	Link         string       `json:"link" maxLength:"2000" doc:"Where it can be read."`
	NextUpdateAt *Moment      `json:"next_update_at" doc:"When the next update was promised."`
	Corrects     string       `json:"corrects,omitempty" pattern:"^[a-z0-9]{12}$" doc:"Id of the message whose wording this one corrects. Both are kept."`
}

// PartKind is Messages.
func (*Message) PartKind() PartKind { return Messages }

// Seen is the message's audience.
func (m *Message) Seen() Audience { return m.Audience }
