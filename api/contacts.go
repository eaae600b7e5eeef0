package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

type contact struct{ Body store.Contact }

func answerContact(c store.Contact, err error) (*contact, error) {
	if err != nil {
		return nil, err
	}
	return &contact{c}, nil
}

func (a *API) contact(ctx context.Context, by incident.Actor, req *readingPerson) (*contact, error) {
	return answerContact(a.store.Contact(ctx, by, req.ID))
}

func (a *API) ownContact(ctx context.Context, by incident.Actor, _ *asking) (*contact, error) {
	return answerContact(a.store.Contact(ctx, by, by.PersonID))
}

// contactPatch changes email, reminders and digests.
type contactPatch struct{ mergePatch[store.Contact] }

// Schema is a contact's with every key optional.
func (contactPatch) Schema(r huma.Registry) *huma.Schema {
	return named(r, "ContactPatch", func() *huma.Schema { return patchOf(r, store.Contact{}, func(string) bool { return false }) })
}

// notInContactPatch lists what a patch leaves as it is.
var notInContactPatch = []settled[store.Contact]{
	{"/fault", "follows from what mail servers say: leave it out", func(c *store.Contact) any { return c.Fault }},
}

type changingContact struct{ Carries[contactPatch] }

func (a *API) changeContact(ctx context.Context, by incident.Actor, req *changingContact) (*contact, error) {
	before, err := a.store.Contact(ctx, by, by.PersonID)
	if err != nil {
		return nil, err
	}
	patch := req.Body.value
	said, err := patch.alone()
	if err != nil {
		return nil, err
	}
	if err := patch.refuse(notInContactPatch, &before, said); err != nil {
		return nil, err
	}
	var change store.ContactChange
	if patch.names("/email") {
		change.Email = &said.Email
	}
	if patch.names("/reminders") {
		change.Reminders = &said.Reminders
	}
	if patch.names("/digests") {
		change.Digests = &said.Digests
	}
	return answerContact(a.store.ChangeContact(ctx, by, change))
}
