package incident

import (
	"crypto/sha256"
	"slices"
	"strings"
	"time"
)

// Component is a part of the product that customers can name. Its name never
// changes: impacts name it. An impact that names one nobody knew adds it, for
// the team alone until a person shows it to outsiders.
type Component struct {
	ID          string    `json:"id" readOnly:"true"` // 12 of a-z0-9; never changes
	Revision    int64     `json:"revision" readOnly:"true"`
	Name        string    `json:"name" required:"true" minLength:"1" maxLength:"200"`
	Description string    `json:"description" maxLength:"2000"`
	Group       string    `json:"group" maxLength:"200" doc:"Heading that it stands under on the status page."`
	Position    int64     `json:"position" minimum:"0" maximum:"1000000000" doc:"Order on the status page, the least first."`
	Audience    Audience  `json:"audience" enum:"public,internal" default:"internal" doc:"public shows it on the status page."`
	Level       Level     `json:"level" readOnly:"true" doc:"How it does now: the worst of the impacts that last."`
	CreatedAt   time.Time `json:"created_at" readOnly:"true"`
}

// Normalize trims the texts and fills the defaults.
func (c *Component) Normalize() {
	c.Name, c.Group = strings.TrimSpace(c.Name), strings.TrimSpace(c.Group)
	c.Description = trimmed(c.Description, true)
	c.Audience, c.Level = or(c.Audience, AudienceInternal), or(c.Level, Operational)
}

// Check refuses what breaks a rule of the tags.
func (c *Component) Check() error {
	check := newChecker()
	check.fields("", c)
	return check.refusal()
}

// GroupID is the id of a group of components: the same for the same name.
func GroupID(name string) string {
	sum := sha256.Sum256([]byte("group " + fold(name)))
	return NewID([8]byte(sum[:8]))
}

// Levels lists the closed set, the least bad first.
var Levels = []Level{Operational, UnderMaintenance, DegradedPerformance, PartialOutage, MajorOutage}

// Worse is the worse of two levels. One that nobody said is Operational.
func (l Level) Worse(than Level) Level {
	if slices.Index(Levels, l) > slices.Index(Levels, than) {
		return l
	}
	return or(than, Operational)
}
