package incident

// ImpactKind says in which way users were hurt.
type ImpactKind string

// The kinds of impact.
const (
	Availability ImpactKind = "availability"
	Performance  ImpactKind = "performance"
	Delay        ImpactKind = "delay"
	Correctness  ImpactKind = "correctness"
	DataLoss     ImpactKind = "data_loss"
	Security     ImpactKind = "security"
	Cost         ImpactKind = "cost"
)

// Level is the state of a component, in Statuspage's words; "" when not said.
type Level string

// The levels. A component without a trouble is Operational.
const (
	Operational         Level = "operational"
	DegradedPerformance Level = "degraded_performance"
	PartialOutage       Level = "partial_outage"
	MajorOutage         Level = "major_outage"
	UnderMaintenance    Level = "under_maintenance"
)

// Impact says who was hurt and how.
type Impact struct {
	PartHead
	Component string     `json:"component" maxLength:"200" doc:"A part of the product that customers can name."`
	Kind      ImpactKind `json:"kind" enum:"availability,performance,delay,correctness,data_loss,security,cost" default:"availability"`
	Level     Level      `json:"level" enum:",degraded_performance,partial_outage,major_outage,under_maintenance"`
	From      *Moment    `json:"from"`
	Until     *Moment    `json:"until"` // nil while it lasts
	Text      string     `json:"text" maxLength:"65536" doc:"Markdown."`
	Figures   []Figure   `json:"figures" maxItems:"100"`
	Audience  Audience   `json:"audience" enum:"public,internal,private" default:"internal"`
}

// Figure is a number about an impact: 1.4 % customers affected.
type Figure struct {
	Measure string  `json:"measure" required:"true" minLength:"1" maxLength:"200"`
	Value   float64 `json:"value" required:"true"`
	Unit    string  `json:"unit" maxLength:"60"`
}

// PartKind is Impacts.
func (*Impact) PartKind() PartKind { return Impacts }

// Seen is the impact's audience.
func (i *Impact) Seen() Audience { return i.Audience }
