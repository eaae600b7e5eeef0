package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// demoComponents are those that outsiders see on the demo's status page, in their order. Impacts of its records name
// most of them.
var demoComponents = []incident.Component{
	{Group: "Messages", Name: "Voice"},
	{Group: "Messages", Name: "SMS"},
	{Group: "Accounts", Name: "Accounts", Description: "Signing in, and being let in"},
	{Group: "Accounts", Name: "Payments"},
	{Group: "Accounts", Name: "Auto-recharge", Description: "Charges the card on file when a balance runs low"},
	{Group: "Accounts", Name: "Usage reports"},
	{Group: "Plugins and builds", Name: "plugins.jenkins.io", Description: "Finding plugins"},
	{Group: "Plugins and builds", Name: "ci.jenkins.io", Description: "Builds of the project"},
}

// show lets outsiders see the components, and leaves those alone that they see already.
func (d *demo) show(ctx context.Context) error {
	by := d.people[ana]
	for _, c := range demoComponents {
		if _, err := d.st.AddComponent(ctx, by, c); err != nil && !errors.Is(err, incident.Conflict) {
			return fmt.Errorf("add the component %s: %w", c.Name, err)
		}
	}
	all, err := d.st.Components(ctx, by)
	if err != nil {
		return err
	}
	for i, c := range demoComponents {
		at := slices.IndexFunc(all, func(there incident.Component) bool { return strings.EqualFold(there.Name, c.Name) })
		if at < 0 || all[at].Audience == incident.AudiencePublic {
			continue
		}
		_, err := d.st.ChangeComponent(ctx, by, all[at].ID, 0, func(there *incident.Component) error {
			there.Audience, there.Position, there.Group, there.Description = incident.AudiencePublic, int64(i+1), c.Group, c.Description
			return nil
		})
		if err != nil {
			return fmt.Errorf("show the component %s: %w", c.Name, err)
		}
	}
	return nil
}

// write drafts a message to the status page.
func write(by string, status incident.Status, body string) demoMove {
	return demoMove{by, func(ctx context.Context, d *demo, who incident.Actor, n incident.Number) error {
		_, err := d.st.Append(ctx, who, n, []incident.Part{&incident.Message{
			Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Status: string(status), Role: "infrastructure team", Body: body,
		}})
		return err
	}}
}

// send sends the message that was drafted last: a move of a person, of the demo as anywhere. Where people subscribed
// it stays a draft: they wait for what is true.
func send(by string) demoMove {
	return demoMove{by, func(ctx context.Context, d *demo, who incident.Actor, n incident.Number) error {
		in, err := d.st.Incident(ctx, who, n)
		if err != nil {
			return err
		}
		for _, m := range slices.Backward(in.Messages) {
			if m.State != incident.Draft {
				continue
			}
			told, err := d.st.Recipients(ctx, who, n, m.ID)
			if err != nil || told.Total() > 0 {
				return err
			}
			_, err = d.st.Send(ctx, who, n, m.ID, 0)
			return err
		}
		return errors.New("there is no draft to send")
	}}
}
