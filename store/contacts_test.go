package store_test

import (
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestHistoryKeepsThatAnAddressWasSetAndNotWhich(t *testing.T) {
	t.Parallel()
	s, url, _ := telling(t)
	ctx := t.Context()
	ada, bo := storetest.Person(t, s, "Ada", incident.Admin), storetest.Person(t, s, "Bo", incident.Viewer)
	email := "canary@example.com"
	wantSame(t, "ChangeContact", must(s.ChangeContact(ctx, bo, store.ContactChange{Email: &email})), store.Contact{Email: email, Reminders: true})
	if all := must(s.Contacts(ctx, ada)); len(all) != 1 || all[bo.PersonID].Email != email {
		t.Errorf("Contacts = %v", all)
	}
	_, err := s.Contacts(ctx, bo)
	refused(t, "Contacts for a viewer", err, incident.Forbidden)
	_, err = s.Contact(ctx, bo, ada.PersonID)
	refused(t, "Contact of somebody else", err, incident.Forbidden)
	must(s.ChangePerson(ctx, ada, bo.PersonID, store.PersonChange{Role: &[]incident.Role{incident.Reviewer}[0]}))
	if rows := ask[int](t, url, `select count(*) from history where did = 'contact_changed'`); rows != 1 {
		t.Errorf("history has %d rows about it, want one", rows)
	}
	if rows := ask[int](t, url, `select count(*) from history h where h::text || encode(convert_to("values"::text, 'utf8'), 'escape') || convert_from(body, 'utf8') like '%canary%'`); rows != 0 {
		t.Errorf("%d rows of history hold the address", rows)
	}
	wantTrue(t, s)
}
