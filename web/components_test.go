package web

import (
	"context"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// componentForm is the form for a new one.
func componentForm(t testing.TB) form {
	t.Helper()
	e, err := newSite(Options{}).componentEditor(context.Background(), reader, "")
	if err != nil {
		t.Fatal(err)
	}
	return e.form
}

// component is one by its name.
func (in installation) component(t testing.TB, name string) incident.Component {
	t.Helper()
	all, err := in.store.Components(context.Background(), store.System())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("there is no component %s in %v", name, all)
	return incident.Component{}
}

func TestAComponentThatAnImpactBroughtIsNotShownUntilSomebodySaysSo(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	row := func() string {
		t.Helper()
		_, body := v.get("/components")
		_, row, _ := strings.Cut(body, `id="`+in.component(t, "Billing").ID+`"`)
		row, _, _ = strings.Cut(row, "</li>")
		return plain("<" + row)
	}
	if !strings.Contains(row(), "not shown to outsiders") || !strings.Contains(row(), "operational") {
		t.Errorf("a component that an impact brought: %s", row())
	}
	c := in.component(t, "Billing")
	path := "/components/" + c.ID
	_, body := v.get(path)
	if strings.Contains(body, `name="name"`) || !strings.Contains(body, "Edit Billing") || !strings.Contains(body, `data-draft="`+path+`"`) {
		t.Errorf("the form of a component:\n%s", body)
	}
	form := url.Values{"audience": {"public"}, "was.audience": {"internal"}, "group": {" Money "}, "was.group": {""}, "position": {"20"}, "was.position": {"0"}, "description": {"What you pay."}, "was.description": {""}}
	if res, body := v.post(path, form, nil); res.StatusCode != 303 || res.Header.Get("Location") != "/components#"+c.ID {
		t.Fatalf("POST %s = %d\n%s", path, res.StatusCode, plain(body))
	}
	if c = in.component(t, "Billing"); c.Audience != incident.AudiencePublic || c.Group != "Money" || c.Position != 20 || c.Description != "What you pay." {
		t.Errorf("after the form it is %+v", c)
	}
	if !strings.Contains(row(), "order 20") || strings.Contains(row(), "not shown") {
		t.Errorf("its row: %s", row())
	}
}

func TestTwoPeopleWhoChangeOneComponentSeeBoth(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	path := "/components/" + in.component(t, "Billing").ID
	if res, _ := v.post(path, url.Values{"description": {"First"}, "was.description": {""}}, nil); res.StatusCode != 303 {
		t.Fatalf("POST %s = %d", path, res.StatusCode)
	}
	if res, _ := v.post(path, url.Values{"group": {"Money"}, "was.group": {""}, "description": {""}, "was.description": {""}}, nil); res.StatusCode != 303 {
		t.Errorf("another field = %d, want 303", res.StatusCode)
	}
	if res, body := v.post(path, url.Values{"description": {"Second"}, "was.description": {""}}, nil); res.StatusCode != 409 || !strings.Contains(body, "First") || !strings.Contains(body, "Second") {
		t.Errorf("the same field = %d, want 409 with both\n%s", res.StatusCode, plain(body))
	}
}

func TestAComponentIsAddedOnceByWhoeverReviews(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	form := url.Values{"once": {"one"}, "name": {"Voice"}, "audience": {"public"}, "position": {"1"}}
	var places []string
	for range 2 {
		res, body := v.post("/components/new", form, nil)
		if res.StatusCode != 303 {
			t.Fatalf("adding a component = %d\n%s", res.StatusCode, plain(body))
		}
		places = append(places, res.Header.Get("Location"))
	}
	if places[0] != places[1] || places[0] != "/components#"+in.component(t, "Voice").ID {
		t.Errorf("a double click leads to %v", places)
	}
	for says, wrong := range map[string]url.Values{
		"is no whole number":       {"once": {"two"}, "name": {"SMS"}, "position": {"first"}},
		"form-component-name-says": {"once": {"three"}, "name": {" voice "}, "position": {"1"}},
		"Is empty":                 {"once": {"four"}, "name": {""}, "position": {"1"}},
	} {
		if res, body := v.post("/components/new", wrong, nil); res.StatusCode != 422 && res.StatusCode != 409 || !strings.Contains(body, says) || !strings.Contains(body, `class="fault"`) {
			t.Errorf("adding %v = %d, want a refusal at its field: %s\n%s", wrong, res.StatusCode, says, body)
		}
	}
	responder := in.as(t, "Noor Haddad")
	if _, body := responder.get("/components"); strings.Contains(body, "/components/new") || !strings.Contains(body, "Voice") {
		t.Error("a responder is offered to add components, or does not see them")
	}
	if res, body := responder.post("/components/new", form, nil); res.StatusCode != 403 || !strings.Contains(body, `value="Voice"`) {
		t.Errorf("adding one by a responder = %d, want 403 with what was typed", res.StatusCode)
	}
	if res, _ := v.get("/components/nothing"); res.StatusCode != 404 {
		t.Errorf("a component that there is not = %d", res.StatusCode)
	}
}

func TestEveryInputOfAComponentIsAFieldOfIt(t *testing.T) {
	t.Parallel()
	for _, in := range componentInputs {
		if tag, ok := tags(reflect.TypeFor[incident.Component](), in.Key); !ok || (in.Shape == asChoice) != (tag.Get("enum") != "") {
			t.Errorf("%s is asked for as %s, and its tags are %q", in.Key, in.Shape, tag)
		}
	}
}

func TestComponentsInABrowser(t *testing.T) {
	t.Parallel()
	in := installed(t)
	for name, edit := range map[string]func(*incident.Component){
		"Billing": func(c *incident.Component) {
			c.Audience, c.Group, c.Description = incident.AudiencePublic, "Money", "Balances, cards and invoices."
		},
		"Usage reports": func(c *incident.Component) { c.Position = 10 },
	} {
		if _, err := in.store.ChangeComponent(context.Background(), store.System(), in.component(t, name).ID, 0, func(c *incident.Component) error { edit(c); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	b := newBrowser(t)
	b.enters(in, "Lena Falk")
	b.look("components", in.url+"/components")
	b.look("component-new", in.url+"/components/new")
	b.look("component-edit", in.url+"/components/"+in.component(t, "Billing").ID)
}
