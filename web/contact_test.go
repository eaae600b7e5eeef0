package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/storetest"
)

// keeps sends the form about reminders.
func (v visitor) keeps(email, reminders string) (reply, string) {
	v.t.Helper()
	form := url.Values{"do": {"contact"}, "email": {email}}
	if reminders != "" {
		form.Set("reminders", reminders)
	}
	return v.post("/account", form, nil)
}

func TestSomebodySaysWhereTheyAreRemindedAndAdminsSeeIt(t *testing.T) {
	t.Parallel()
	in, _ := mailing(t)
	storetest.Person(t, in.store, "Bo", incident.Responder)
	storetest.Person(t, in.store, "Cy", incident.Reviewer)
	bo, root, cy := in.as(t, "Bo"), in.as(t, "Root"), in.as(t, "Cy")
	if _, body := bo.get("/account"); strings.Contains(body, "No mail server is set") || !strings.Contains(body, `name="reminders" value="yes" checked`) {
		t.Errorf("at first the page says\n%s", plain(body))
	}
	res, _ := bo.keeps("bo@example.com", "yes")
	if _, body := bo.get(res.Header.Get("Location")); !strings.Contains(body, `value="bo@example.com"`) || !strings.Contains(body, "Where you are reminded is saved.") {
		t.Errorf("after it was kept the page says\n%s", plain(body))
	}
	if res, body := bo.keeps("no mailbox", "yes"); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, `value="no mailbox"`) || !strings.Contains(body, "more than one plain mailbox") {
		t.Errorf("what is no mailbox = %d\n%s", res.StatusCode, plain(body))
	}
	if _, body := root.get("/people"); !strings.Contains(body, "bo@example.com") {
		t.Error("an admin does not see the address")
	}
	if _, body := cy.get("/people"); strings.Contains(body, "bo@example.com") {
		t.Error("a reviewer sees the address")
	}
	bo.keeps("bo@example.com", "")
	if _, body := bo.get("/account"); strings.Contains(body, `value="yes" checked`) {
		t.Error("reminders are not switched off")
	}
	bo.keeps("", "yes")
	if _, body := root.get("/people"); strings.Contains(body, "bo@example.com") {
		t.Error("the address is not taken out")
	}
}

func TestWithoutAMailServerTheAccountSaysThatNobodyIsReminded(t *testing.T) {
	t.Parallel()
	in := installed(t)
	if _, body := in.as(t, "Lena Falk").get("/account"); !strings.Contains(body, "No mail server is set here, so nobody is reminded") {
		t.Errorf("the page says\n%s", plain(body))
	}
}

func TestAVerifiedAddressOfTheProviderIsTakenUnlessItsPersonTookItOut(t *testing.T) {
	t.Parallel()
	in := provided(t, func(p *Provider) { p.Role = incident.Viewer })
	grace, mallory := in.visitor(t), in.visitor(t)
	grace.travel("/sign-in/with", "grace")
	if _, body := grace.get("/account"); !strings.Contains(body, `value="grace@example.com"`) {
		t.Errorf("the account has not taken the address\n%s", plain(body))
	}
	grace.keeps("", "yes")
	again := in.visitor(t)
	again.travel("/sign-in/with", "grace")
	if _, body := again.get("/account"); !strings.Contains(body, "Grace Hopper") || strings.Contains(body, "grace@example.com") {
		t.Errorf("the account has the address again\n%s", plain(body))
	}
	mallory.travel("/sign-in/with", "mallory")
	if _, body := mallory.get("/account"); !strings.Contains(body, "Mallory") || strings.Contains(body, "mallory@example.com") {
		t.Errorf("an address that nobody verified was taken\n%s", plain(body))
	}
}
