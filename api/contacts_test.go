package api_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
)

// visitContacts sets an address, which admins see and others don't.
func visitContacts(t *testing.T, h *house, ada *person) {
	t.Helper()
	ctx := t.Context()
	dee := h.as("Dee", incident.Viewer)
	email, no := " dee@example.com ", false
	c, err := dee.ChangeMyContact(ctx, client.ContactChange{Email: &email})
	if err != nil || c.Email != "dee@example.com" || !c.Reminders {
		t.Errorf("ChangeMyContact = %+v, %v", c, err)
	}
	me, err := dee.Me(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = ada.Contact(ctx, me.ID); err != nil || c.Email != "dee@example.com" {
		t.Errorf("Contact for an admin = %+v, %v", c, err)
	}
	if c, err = dee.Contact(ctx, me.ID); err != nil || c.Email != "dee@example.com" {
		t.Errorf("Contact for oneself = %+v, %v", c, err)
	}
	other := h.as("Bo", incident.Reviewer)
	if c, err := other.Contact(ctx, me.ID); !errors.Is(err, incident.Forbidden) {
		t.Errorf("Contact for somebody else = %+v, %v", c, err)
	}
	for _, path := range []string{"/api/v1/people", "/api/v1/me"} {
		for _, p := range []*person{other, ada, dee} {
			if answer := h.plain("GET", path, "Authorization: Bearer "+p.token); answer.status != 200 || strings.Contains(answer.text, "dee@example.com") {
				t.Errorf("GET %s tells %s of an address: %d %s", path, p.name, answer.status, answer.text)
			}
		}
	}
	if c, err = dee.ChangeMyContact(ctx, client.ContactChange{Reminders: &no}); err != nil || c.Reminders || c.Email == "" {
		t.Errorf("ChangeMyContact = %+v, %v", c, err)
	}
	email = ""
	if c, err = dee.ChangeMyContact(ctx, client.ContactChange{Email: &email}); err != nil || c.Email != "" {
		t.Errorf("ChangeMyContact = %+v, %v", c, err)
	}
	if c, err = dee.MyContact(ctx); err != nil || c.Email != "" || c.Reminders {
		t.Errorf("MyContact = %+v, %v", c, err)
	}
	email = "dee@example.com, eve@example.com"
	if _, err := dee.ChangeMyContact(ctx, client.ContactChange{Email: &email}); !errors.Is(err, incident.Invalid) {
		t.Errorf("ChangeMyContact to two addresses = %v", err)
	}
}
