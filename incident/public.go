package incident

import "time"

// Public is what outsiders may see of an incident: the one second type. It is
// built word by word from what is allowed, never by taking things away. People
// stand as roles; the parts are those marked public, in their order.
type Public struct {
	ID          string          `json:"id"`
	Kind        IncidentKind    `json:"kind"`
	Status      Status          `json:"status"`
	Zone        string          `json:"zone"`
	Title       string          `json:"title"`   // the public one
	Summary     string          `json:"summary"` // the public one, Markdown
	Milestones  Milestones      `json:"milestones"`
	Measures    *Measures       `json:"measures"`
	People      []PublicPerson  `json:"people"`
	Timeline    []PublicEntry   `json:"timeline"`
	Impacts     []PublicImpact  `json:"impacts"`
	Analysis    PublicAnalysis  `json:"analysis"`
	Messages    []PublicMessage `json:"messages"` // recorded or sent
	Actions     []PublicAction  `json:"actions"`
	PublishedAt *time.Time      `json:"published_at"` // nil while the postmortem is not published
	UpdatedAt   time.Time       `json:"updated_at"`
}

// PublicPerson is a role of the trade that somebody had; others are not told.
type PublicPerson struct {
	Role string `json:"role"`
}

// PublicEntry is a line of the timeline. Actor is a role, "" for anybody else;
// Source is a web address or "".
type PublicEntry struct {
	ID     string    `json:"id"`
	At     *Moment   `json:"at"`
	Until  *Moment   `json:"until"`
	Kind   EntryKind `json:"kind"`
	Text   string    `json:"text"`
	Actor  string    `json:"actor"`
	Source string    `json:"source"`
}

// PublicImpact says who was hurt and how.
type PublicImpact struct {
	ID        string     `json:"id"`
	Component string     `json:"component"`
	Kind      ImpactKind `json:"kind"`
	Level     Level      `json:"level"`
	From      *Moment    `json:"from"`
	Until     *Moment    `json:"until"`
	Text      string     `json:"text"`
	Figures   []Figure   `json:"figures"`
}

// PublicAnalysis holds what of the analysis is public; "" for a statement that is not.
type PublicAnalysis struct {
	Trigger        string         `json:"trigger"`
	TechnicalCause string         `json:"technical_cause"`
	ProcessCause   string         `json:"process_cause"`
	Whys           []PublicWhy    `json:"whys"`
	Factors        []PublicFactor `json:"factors"`
	Lessons        []PublicLesson `json:"lessons"`
}

// PublicWhy is a link of the why chain; Evidence names public entries only.
type PublicWhy struct {
	ID       string   `json:"id"`
	Why      string   `json:"why"`
	Because  string   `json:"because"`
	Evidence []string `json:"evidence"`
}

// PublicFactor is something that contributed; Evidence names public entries only.
type PublicFactor struct {
	ID         string     `json:"id"`
	Text       string     `json:"text"`
	Category   string     `json:"category"`
	Confidence Confidence `json:"confidence"`
	Evidence   []string   `json:"evidence"`
}

// PublicLesson is one thing learned.
type PublicLesson struct {
	ID   string     `json:"id"`
	Kind LessonKind `json:"kind"`
	Text string     `json:"text"`
}

// PublicMessage is something that people were told. Link is a web address or "".
type PublicMessage struct {
	ID           string  `json:"id"`
	Channel      Channel `json:"channel"`
	Role         string  `json:"role"` // the author's, as the message gave it
	At           *Moment `json:"at"`
	Status       string  `json:"status"`
	Body         string  `json:"body"`
	Link         string  `json:"link"`
	NextUpdateAt *Moment `json:"next_update_at"`
	Corrects     string  `json:"corrects,omitempty"` // id of a message above, whose wording this one corrects
}

// PublicAction is a follow-up.
type PublicAction struct {
	ID    string      `json:"id"`
	Title string      `json:"title"`
	Kind  ActionKind  `json:"kind"`
	Due   *string     `json:"due"`
	State ActionState `json:"state"`
}
