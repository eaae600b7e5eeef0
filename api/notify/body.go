package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/status"
	"github.com/debriefhq/debrief/store"
)

// body is what a receiver is sent.
func (n *Notifier) body(ctx context.Context, d *store.Delivery, told *store.Told) ([]byte, error) {
	var value any
	switch l := n.letter(d, told); d.To.Kind {
	case incident.BySlack:
		value = slackOf(l)
	case incident.ByTeams:
		value = teamsOf(l)
	default:
		page, _, err := n.Store.StatusPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("read the status page: %w", err)
		}
		value = n.hookOf(l, told, page)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("write a body: %w", err)
	}
	return text, nil
}

// hook is the body of Statuspage's webhooks.
// Source: support.atlassian.com/statuspage/docs/enable-webhook-notifications
type hook struct {
	Meta     hookMeta      `json:"meta"`
	Page     hookPage      `json:"page"`
	Incident *hookIncident `json:"incident,omitempty"`
}

type hookMeta struct {
	Unsubscribe   string `json:"unsubscribe,omitempty"`
	Confirm       string `json:"confirm,omitempty"` // ours: follow it, and updates are sent
	Documentation string `json:"documentation"`
	GeneratedAt   string `json:"generated_at"`
}

type hookPage struct {
	ID                string `json:"id"`
	StatusIndicator   string `json:"status_indicator"`
	StatusDescription string `json:"status_description"`
}

type hookIncident struct {
	ID         string       `json:"id"`
	Name       string       `json:"name"`
	Status     string       `json:"status"`
	Impact     string       `json:"impact"`
	CreatedAt  *string      `json:"created_at"`
	UpdatedAt  *string      `json:"updated_at"`
	ResolvedAt *string      `json:"resolved_at"`
	Shortlink  string       `json:"shortlink"`
	Updates    []hookUpdate `json:"incident_updates"`
}

type hookUpdate struct {
	ID         string  `json:"id"`
	IncidentID string  `json:"incident_id"`
	Status     string  `json:"status"`
	Body       string  `json:"body"`
	CreatedAt  *string `json:"created_at"`
	UpdatedAt  *string `json:"updated_at"`
	DisplayAt  *string `json:"display_at"`
}

func (n *Notifier) hookOf(l letter, told *store.Told, page *status.Page) hook {
	indicator, description := page.Indicator()
	h := hook{
		Meta: hookMeta{Unsubscribe: l.Leave, Documentation: n.link(statusPath), GeneratedAt: stamp(time.Now())},
		Page: hookPage{ID: n.Store.PageID(), StatusIndicator: indicator, StatusDescription: description},
	}
	if told == nil {
		h.Meta.Confirm = l.Link
		return h
	}
	about := status.Notice{Incident: told.Incident}
	if at := told.Message.At; at.Known() {
		about.AnnouncedAt = *at.At
	}
	if known := page.Find(told.Incident.ID); known != nil { // else it is told of for the first time
		about.AnnouncedAt, about.Postmortem = known.AnnouncedAt, known.Postmortem
	}
	began, updated := stamp(about.AnnouncedAt), stamp(about.Updated())
	h.Incident = &hookIncident{
		ID: about.Incident.ID, Name: about.Incident.Title, Status: string(about.Incident.Status), Impact: about.Impact(), Shortlink: l.Link,
		CreatedAt: &began, UpdatedAt: &updated, ResolvedAt: stamped(about.Ended()),
	}
	m, at := told.Message, began
	if m.At.Known() {
		at = stamp(*m.At.At)
	}
	h.Incident.Updates = []hookUpdate{{ID: m.ID, IncidentID: about.Incident.ID, Status: string(about.Word(m.Status)), Body: l.said(), CreatedAt: &at, UpdatedAt: &at, DisplayAt: &at}}
	return h
}

// said is the text with the line before it.
func (l letter) said() string { return strings.TrimSpace(l.Lead + "\n\n" + l.Text) }

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z07:00") }

// stamped is stamp, nil for what is not known.
func stamped(at *time.Time) *string {
	if at == nil {
		return nil
	}
	text := stamp(*at)
	return &text
}

// slackOf is a message of Slack's incoming webhooks, which Mattermost and others read too. What would act there,
// such as a call of everybody, is escaped.
func slackOf(l letter) any {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace
	lines := []string{"*" + escape(l.Subject) + "*"}
	lines = append(lines, escape(l.said()))
	for _, f := range l.Facts {
		lines = append(lines, escape(f.Label+": "+f.Value))
	}
	lines = append(lines, "<"+escape(l.Link)+"|"+escape(l.LinkName)+">")
	if l.Leave != "" {
		lines = append(lines, "<"+escape(l.Leave)+"|Unsubscribe>")
	}
	return map[string]string{"text": strings.Join(lines, "\n")}
}

// card is an Adaptive Card, as Teams' workflows take it.
type card struct {
	Schema  string           `json:"$schema"`
	Type    string           `json:"type"`
	Version string           `json:"version"`
	Body    []map[string]any `json:"body"`
	Actions []map[string]any `json:"actions"`
}

func teamsOf(l letter) any {
	facts := make([]map[string]string, len(l.Facts))
	for i, f := range l.Facts {
		facts[i] = map[string]string{"title": f.Label, "value": f.Value}
	}
	c := card{
		Schema: "http://adaptivecards.io/schemas/adaptive-card.json", Type: "AdaptiveCard", Version: "1.4",
		Body: []map[string]any{
			{"type": "TextBlock", "text": l.Subject, "weight": "Bolder", "size": "Medium", "wrap": true},
			{"type": "TextBlock", "text": l.said(), "wrap": true},
		},
		Actions: []map[string]any{{"type": "Action.OpenUrl", "title": l.LinkName, "url": l.Link}},
	}
	if len(facts) > 0 {
		c.Body = append(c.Body, map[string]any{"type": "FactSet", "facts": facts})
	}
	if l.Leave != "" {
		c.Actions = append(c.Actions, map[string]any{"type": "Action.OpenUrl", "title": "Unsubscribe", "url": l.Leave})
	}
	return map[string]any{
		"type":        "message",
		"attachments": []map[string]any{{"contentType": "application/vnd.microsoft.card.adaptive", "content": c}},
	}
}
