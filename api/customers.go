package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// customerTable is about what customers see: the parts of the product, and the messages that are sent to them.
func (a *API) customerTable() []row {
	const one = "/components/{id}"
	return []row{
		operation[asking, list[incident.Component]]{id: "listComponents", method: http.MethodGet, path: "/components", summary: "List the parts of the product, with how each does now",
			deed: incident.Read, do: a.components},
		operation[addingComponent, componentAdded]{id: "addComponent", method: http.MethodPost, path: "/components", summary: "Add a part of the product",
			about: "An impact that names a component nobody knew adds it, too. Only those whose audience is public stand on the status page.", deed: incident.ReviewDeed, do: a.addComponent},
		operation[OfComponent, component]{id: "getComponent", method: http.MethodGet, path: one, summary: "Read a part of the product", deed: incident.Read, do: a.component},
		operation[changingComponent, component]{id: "patchComponent", method: http.MethodPatch, path: one, summary: "Change what outsiders see of a part of the product",
			about: mergePatchAbout + " The name never changes: impacts name it.", deed: incident.ReviewDeed, do: a.changeComponent},
		operation[sending, changedPart[incident.Message]]{id: "sendMessage", method: http.MethodPost, path: "/incidents/{number}/messages/{id}/send", summary: "Send a message to customers",
			about: "Makes a draft sent, now: it stands on the status page, by email it goes to subscribers alone. It can't be taken back, nor changed: send another with corrects, and both stand.",
			deed:  incident.Write, do: a.send, adjust: answersOK},
		operation[OfPart, recipients]{id: "countRecipients", method: http.MethodGet, path: "/incidents/{number}/messages/{id}/recipients", summary: "Count who would get a message",
			about: "By kind of subscriber, if it were sent now. Those who read the status page alone are not counted.", deed: incident.Read, do: a.recipients},
	}
}

func (a *API) components(ctx context.Context, by incident.Actor, _ *asking) (*list[incident.Component], error) {
	found, err := a.store.Components(ctx, by)
	return all(ctx, found, err)
}

// OfComponent is embedded by requests about one part of the product.
type OfComponent struct {
	ID string `path:"id" maxLength:"60"`
}

type component struct {
	ETag string `header:"ETag" doc:"The component's revision."`
	Body incident.Component
}

func answerComponent(c incident.Component, err error) (*component, error) {
	if err != nil {
		return nil, err
	}
	return &component{componentTag(c), c}, nil
}

func componentTag(c incident.Component) string { return fmt.Sprintf(`"%d"`, c.Revision) }

func (a *API) component(ctx context.Context, by incident.Actor, req *OfComponent) (*component, error) {
	return answerComponent(a.store.Component(ctx, by, req.ID))
}

type addingComponent struct{ Posts[incident.Component] }

type componentAdded struct {
	ETag     string `header:"ETag" doc:"The component's revision."`
	Location string `header:"Location" doc:"Where the component stands."`
	Body     incident.Component
}

func (a *API) addComponent(ctx context.Context, by incident.Actor, req *addingComponent) (*componentAdded, error) {
	c, err := a.store.AddComponent(ctx, by, req.Body.value)
	if err != nil {
		return nil, err
	}
	return &componentAdded{componentTag(c), requestOf(ctx).path + "/" + c.ID, c}, nil
}

// componentPatch changes all but the name.
type componentPatch struct{ mergePatch[incident.Component] }

// Schema is a component's with every key optional.
func (componentPatch) Schema(r huma.Registry) *huma.Schema {
	return named(r, "ComponentPatch", func() *huma.Schema {
		return patchOf(r, incident.Component{}, func(key string) bool { return key == "name" })
	})
}

// notInComponentPatch lists what a patch leaves as it is.
var notInComponentPatch = []settled[incident.Component]{
	{"/id", "is assigned by Debrief: leave it out", func(c *incident.Component) any { return c.ID }},
	{"/revision", "is counted by Debrief: leave it out", func(c *incident.Component) any { return c.Revision }},
	{"/name", "never changes, because impacts name it: add another component", func(c *incident.Component) any { return c.Name }},
	{"/level", "follows from the impacts that last: leave it out", func(c *incident.Component) any { return c.Level }},
	{"/created_at", "is assigned by Debrief: leave it out", func(c *incident.Component) any { return c.CreatedAt }},
}

type changingComponent struct {
	OfComponent
	MustMatch
	Carries[componentPatch]
}

func (a *API) changeComponent(ctx context.Context, by incident.Actor, req *changingComponent) (*component, error) {
	revision, err := req.ofPart()
	if err != nil {
		return nil, err
	}
	before, err := a.store.Component(ctx, by, req.ID)
	if err != nil {
		return nil, err
	}
	patch := req.Body.value
	said, err := patch.alone()
	if err != nil {
		return nil, err
	}
	if err := patch.refuse(notInComponentPatch, &before, said); err != nil {
		return nil, err
	}
	return answerComponent(a.store.ChangeComponent(ctx, by, req.ID, revision, func(c *incident.Component) error {
		var after incident.Component
		if err := patch.patched(c, &after); err != nil {
			return err
		}
		*c = after
		return nil
	}))
}

type sending struct {
	OfPart
	MayMatch
	PostsNothing
}

func (a *API) send(ctx context.Context, by incident.Actor, req *sending) (*changedPart[incident.Message], error) {
	seen, err := req.seen()
	if err != nil {
		return nil, err
	}
	in, err := a.store.Send(ctx, by, req.Number.Number, req.ID, seen.Revision)
	if err != nil {
		return nil, err
	}
	m, found := in.Part(incident.Messages, req.ID)
	if !found {
		return nil, incident.Refuse(incident.NotFound, "", "there is no such message")
	}
	return &changedPart[incident.Message]{ETag: partTag(m), Body: partAnswered[incident.Message]{part: m}}, nil
}

type recipients struct{ Body store.Recipients }

func (a *API) recipients(ctx context.Context, by incident.Actor, req *OfPart) (*recipients, error) {
	r, err := a.store.Recipients(ctx, by, req.Number.Number, req.ID)
	return &recipients{r}, err
}
