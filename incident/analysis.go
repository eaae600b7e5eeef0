package incident

// Analysis says why it happened: a technical failure, then the process behind
// it, a chain of whys, what contributed, and what was learned.
type Analysis struct {
	Trigger        *Statement `json:"trigger"`
	TechnicalCause *Statement `json:"technical_cause"`
	ProcessCause   *Statement `json:"process_cause"`
	Whys           []Why      `json:"whys" maxItems:"100"`
	Factors        []Factor   `json:"factors" maxItems:"1000"`
	Lessons        []Lesson   `json:"lessons" maxItems:"1000"`
}

// Statements are the places of the three statements, by their keys.
func (a *Analysis) Statements() map[string]**Statement {
	return map[string]**Statement{"trigger": &a.Trigger, "technical_cause": &a.TechnicalCause, "process_cause": &a.ProcessCause}
}

// Statement is a free text with its audience.
type Statement struct {
	Text     string   `json:"text" required:"true" minLength:"1" maxLength:"65536" doc:"Markdown."`
	Audience Audience `json:"audience" enum:"public,internal,private" default:"internal"`
}

// Why is one link of the why chain.
type Why struct {
	PartHead
	Why      string   `json:"why" required:"true" minLength:"1" maxLength:"65536"`
	Because  string   `json:"because" maxLength:"65536" doc:"Markdown; empty while nobody knows."`
	Evidence []string `json:"evidence" maxItems:"100" doc:"Ids of timeline entries."`
	Audience Audience `json:"audience" enum:"public,internal,private" default:"internal"`
}

// Confidence says how sure a factor is.
type Confidence string

// The confidences.
const (
	Confirmed         Confidence = "confirmed"
	Likely            Confidence = "likely"
	UnknownConfidence Confidence = "unknown"
)

// Factor is something that contributed.
type Factor struct {
	PartHead
	Text       string     `json:"text" required:"true" minLength:"1" maxLength:"65536" doc:"Markdown."`
	Category   string     `json:"category" maxLength:"60" doc:"One word, such as process, configuration, capacity."`
	Confidence Confidence `json:"confidence" enum:"confirmed,likely,unknown" default:"unknown"`
	Evidence   []string   `json:"evidence" maxItems:"100" doc:"Ids of timeline entries."`
	Audience   Audience   `json:"audience" enum:"public,internal,private" default:"internal"`
}

// LessonKind says which question of a retrospective a lesson answers.
type LessonKind string

// The kinds of lesson.
const (
	WentWell  LessonKind = "went_well"
	WentWrong LessonKind = "went_wrong"
	Lucky     LessonKind = "lucky"
)

// Lesson is one thing learned.
type Lesson struct {
	PartHead
	Kind     LessonKind `json:"kind" required:"true" enum:"went_well,went_wrong,lucky"`
	Text     string     `json:"text" required:"true" minLength:"1" maxLength:"65536" doc:"Markdown."`
	Audience Audience   `json:"audience" enum:"public,internal,private" default:"internal"`
}

// PartKind is Whys.
func (*Why) PartKind() PartKind { return Whys }

// Seen is the link's audience.
func (w *Why) Seen() Audience { return w.Audience }

// PartKind is Factors.
func (*Factor) PartKind() PartKind { return Factors }

// Seen is the factor's audience.
func (f *Factor) Seen() Audience { return f.Audience }

// PartKind is Lessons.
func (*Lesson) PartKind() PartKind { return Lessons }

// Seen is the lesson's audience.
func (l *Lesson) Seen() Audience { return l.Audience }
