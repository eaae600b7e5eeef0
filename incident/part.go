package incident

// PartKind names a collection of parts: the last word of its path in the API
// and its key in the record (whys, factors and lessons stand under analysis).
type PartKind string

// The collections.
const (
	Timeline PartKind = "timeline"
	Impacts  PartKind = "impacts"
	Whys     PartKind = "whys"
	Factors  PartKind = "factors"
	Lessons  PartKind = "lessons"
	Messages PartKind = "messages"
	Actions  PartKind = "actions"
	Comments PartKind = "comments"
)

// PartKinds lists the collections in the order of the record.
var PartKinds = []PartKind{Timeline, Impacts, Whys, Factors, Lessons, Messages, Actions, Comments}

// PartHead is what every part has. An ID is 12 characters a-z0-9, unique
// within its incident; a caller may choose it when filing, so that evidence can
// point at entries, else it is assigned. Revision starts at 1 and is the
// part's ETag. Position keeps the order in which parts were written; 0 asks for
// the next one.
type PartHead struct {
	ID       string `json:"id,omitempty" pattern:"^[a-z0-9]{12}$" doc:"Assigned unless given when filing."`
	Revision int64  `json:"revision,omitempty" readOnly:"true"`
	Position int64  `json:"position,omitempty" minimum:"0" maximum:"1000000000" doc:"Order among parts of the same time; assigned when 0 or absent."`
}

// Head gives access to what every part has.
func (h *PartHead) Head() *PartHead { return h }

// Part is one piece of a record with a revision of its own: *Entry, *Impact,
// *Why, *Factor, *Lesson, *Message, *Action or *Comment.
type Part interface {
	Head() *PartHead
	PartKind() PartKind
	// Seen is the part's audience; comments are always internal.
	Seen() Audience
}

// Audience says who may see a part: outsiders once the incident is public,
// everybody signed in, or only the people named on the incident.
type Audience string

// The audiences, widest first.
const (
	AudiencePublic   Audience = "public"
	AudienceInternal Audience = "internal"
	AudiencePrivate  Audience = "private"
)
