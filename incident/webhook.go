package incident

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// WebhookEvent is a type of what the team's own webhooks are told of.
type WebhookEvent string

// EventTest is what a person sends to see whether a webhook works. It goes to that one alone, whatever that one wants.
const EventTest WebhookEvent = "webhook.test"

// EventOf is the type of a change of an incident, by the word that history has for it.
func EventOf(did string) WebhookEvent { return WebhookEvent("incident." + did) }

// WebhookEvents lists what a webhook may want: all changes that history tells of.
var WebhookEvents = []WebhookEvent{
	"incident.filed", "incident.changed", "incident.moved", "incident.appended", "incident.edited", "incident.removed",
	"incident.commented", "incident.reviewed", "incident.sent", "incident.archived", "incident.restored",
}

// WebhookState says whether anything is sent to a webhook.
type WebhookState string

// A disabled webhook is told nothing: what happens meanwhile is not queued for it either.
const (
	WebhookActive   WebhookState = "active"
	WebhookDisabled WebhookState = "disabled"
)

// Webhook is a receiver of the team's own, which is told of changes of incidents that everybody signed in may know of.
type Webhook struct {
	ID             string         `json:"id" readOnly:"true"` // 12 of a-z0-9; never changes
	Revision       int64          `json:"revision" readOnly:"true"`
	URL            string         `json:"url" required:"true" minLength:"1" maxLength:"2000" doc:"Where events are posted: https, at a public name."`
	Description    string         `json:"description" maxLength:"500" doc:"What it is for."`
	Events         []WebhookEvent `json:"events" nullable:"false" maxItems:"50" doc:"The types it wants; empty is all: incident.filed, .changed, .moved, .appended, .edited, .removed, .commented, .reviewed, .sent, .archived, .restored."`
	State          WebhookState   `json:"state" enum:"active,disabled" default:"active" doc:"One that fails for days is disabled by itself, and so is one that answers 410 Gone."`
	Reason         string         `json:"reason" readOnly:"true" doc:"Why it is disabled, when Debrief did that."`
	FailingSince   *time.Time     `json:"failing_since" readOnly:"true" doc:"No try since then went well."`
	OldSecretUntil *time.Time     `json:"old_secret_until" readOnly:"true" doc:"Until then all is signed with the secret before this one, too."`
	CreatedAt      time.Time      `json:"created_at" readOnly:"true"`
}

// Normalize trims the texts, sorts the events and fills the defaults.
func (w *Webhook) Normalize() {
	w.URL, w.Description = strings.TrimSpace(w.URL), trimmed(w.Description, false)
	w.Events = slices.Compact(slices.Sorted(slices.Values(w.Events)))
	if w.Events == nil {
		w.Events = []WebhookEvent{}
	}
	w.State = or(w.State, WebhookActive)
}

// Check refuses an address that nothing is posted to, and events that there are not. Private allows receivers inside:
// any port, and http.
func (w *Webhook) Check(private bool) error {
	c := newChecker()
	c.fields("", w)
	if wrong := receiverFault(w.URL, private); wrong != "" {
		c.fault("/url", wrong)
	}
	for i, e := range w.Events {
		if !slices.Contains(WebhookEvents, e) {
			c.fault(place("/events", i), fmt.Sprintf("is %.60q, which is no event: write those of the list in the reference, or none for all", e))
		}
	}
	return c.refusal()
}

// Wants tells whether the webhook is told of such events.
func (w *Webhook) Wants(e WebhookEvent) bool {
	return len(w.Events) == 0 || slices.Contains(w.Events, e)
}

// WebhookDelivery is one event for one webhook, and how telling it goes: a row of its log.
type WebhookDelivery struct {
	ID       int64        `json:"id"`
	EventID  string       `json:"event_id" doc:"The header webhook-id: the same on every try, and for every webhook."`
	Type     WebhookEvent `json:"type"`
	Incident Number       `json:"incident" doc:"0 for a test."`
	Version  int64        `json:"version" doc:"Of the incident, after that change."`
	Happened time.Time    `json:"happened_at"`
	State    string       `json:"state" enum:"queued,sending,delivered,failed,cancelled" doc:"queued waits, also for another try. A failed one is not tried again unless somebody asks."`
	Tries    int          `json:"tries"`
	DueAt    time.Time    `json:"due_at" doc:"With queued: when it is tried."`
	At       time.Time    `json:"at" doc:"Since when the state is that."`
	Status   int          `json:"status" doc:"HTTP status of the last answer; 0 when there was none."`
	Reason   string       `json:"reason" doc:"Why it did not go well."`
	Request  string       `json:"request" doc:"The body that was sent last."`
	Answer   string       `json:"answer" doc:"How the last answer begins."`
}
