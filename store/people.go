package store

import (
	"time"

	"github.com/debriefhq/debrief/incident"
)

// Person is somebody who may sign in. Names are unique without case and never change, because
// records name people and a private incident is shown to those it names.
type Person struct {
	ID        int64         `json:"id" readOnly:"true"`
	Name      string        `json:"name" required:"true" minLength:"1" maxLength:"200"`
	Role      incident.Role `json:"role" required:"true" enum:"viewer,responder,reviewer,admin"`
	Disabled  bool          `json:"disabled"`
	CreatedAt time.Time     `json:"created_at" readOnly:"true"`
}

// PersonChange says what to change about a person; nil leaves as it is.
type PersonChange struct {
	Role     *incident.Role `json:"role,omitempty" enum:"viewer,responder,reviewer,admin"`
	Disabled *bool          `json:"disabled,omitempty"`
}

// Token is a bearer token without its secret.
type Token struct {
	ID        int64          `json:"id"`
	Person    string         `json:"person"`
	Name      string         `json:"name"`
	Role      incident.Role  `json:"role"`
	Scope     incident.Scope `json:"scope"`
	CreatedAt time.Time      `json:"created_at"`
	Expires   *time.Time     `json:"expires"`
	Revoked   *time.Time     `json:"revoked"`
}

// TokenRequest asks for a token. Person is a name; when nobody has it, an admin's request makes that person.
type TokenRequest struct {
	Person  string         `json:"person" required:"true" minLength:"1" maxLength:"200"`
	Name    string         `json:"name" maxLength:"200" doc:"What it is for."`
	Role    incident.Role  `json:"role" enum:",viewer,responder,reviewer,admin" doc:"At most the person's; empty is the person's."`
	Scope   incident.Scope `json:"scope" enum:",read,write,full" default:"full"`
	Expires *time.Time     `json:"expires" doc:"null: never."`
}
