package incident

import (
	"reflect"
	"time"
)

// DeploymentState says how a deployment ended.
type DeploymentState string

// The states. What is still under way is no deployment yet.
const (
	Succeeded DeploymentState = "succeeded"
	Failed    DeploymentState = "failed"
)

// DeploymentStates lists the closed set.
var DeploymentStates = []DeploymentState{Succeeded, Failed}

// Production is the environment of a deployment that names none.
const Production = "production"

// Deployment is a change that reached production, or failed to. It belongs to no
// incident: what was deployed before one started is looked up. Its component is
// compared with those of impacts without case.
type Deployment struct {
	ID          string          `json:"id" readOnly:"true"` // 12 of a-z0-9; never changes
	Component   string          `json:"component" required:"true" minLength:"1" maxLength:"200" doc:"The part of the product, as impacts name it."`
	Version     string          `json:"version" required:"true" minLength:"1" maxLength:"200" doc:"A version, a tag or a commit."`
	At          *Moment         `json:"at" doc:"When it was live, or had failed. Now when it is left out."`
	State       DeploymentState `json:"state" enum:"succeeded,failed" default:"succeeded"`
	Environment string          `json:"environment" maxLength:"200" default:"production"`
	By          string          `json:"by" maxLength:"200" doc:"Who or what deployed it; whoever sends it when it is left out."`
	Link        string          `json:"link" maxLength:"2000" doc:"Where more can be read."`
	Source      string          `json:"source" maxLength:"60" doc:"Which program tells of it, such as github."`
	ExternalID  string          `json:"external_id" maxLength:"200" doc:"What that program calls it. Told again with the same source and id, it is the same deployment: a later moment replaces what was known."`
	CreatedAt   time.Time       `json:"created_at" readOnly:"true"`
}

// Normalize trims the texts and fills the defaults. A moment in no zone is in UTC.
func (d *Deployment) Normalize() {
	normalize(reflect.ValueOf(d).Elem(), "", "", "UTC")
}

// Check refuses what breaks a rule of the tags, and a moment that nobody can put in order.
func (d *Deployment) Check() error {
	check := newChecker()
	check.fields("", d)
	if !d.At.Known() {
		check.fault("/at", "has no instant: write when it was live, such as 2013-07-18T09:42:00Z")
	}
	if d.Link != "" && !IsLink(d.Link) {
		check.fault("/link", "is no link: write it with https:// before it, or leave it out")
	}
	return check.refusal()
}
