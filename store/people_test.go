package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestRolesSayWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	writer := storetest.Person(t, s, "Writer", incident.Responder)
	n := must(s.File(t.Context(), writer, titled("Who may do what"))).Number
	deeds := []struct {
		name string
		may  []incident.Role // first of those who may
		do   func(by incident.Actor) error
	}{
		{"read", incident.Roles, func(by incident.Actor) error { _, err := s.Incident(t.Context(), by, n); return err }},
		{"list", incident.Roles, func(by incident.Actor) error {
			_, err := s.Incidents(t.Context(), by, store.Filter{})
			return err
		}},
		{"log", incident.Roles[1:], func(by incident.Actor) error {
			_, err := s.Append(t.Context(), by, n, entries("Logged."))
			return err
		}},
		{"file", incident.Roles[1:], func(by incident.Actor) error { _, err := s.File(t.Context(), by, titled("x")); return err }},
		{"approve", incident.Roles[2:], func(by incident.Actor) error {
			_, err := s.Review(t.Context(), by, n, store.Seen{}, incident.ReviewStep{Move: incident.Approve})
			if err != nil && strings.Contains(err.Error(), "not possible while") {
				return nil // allowed, but the postmortem is a draft
			}
			return err
		}},
		{"add people", incident.Roles[3:], func(by incident.Actor) error {
			_, err := s.AddPerson(t.Context(), by, store.Person{Name: "Made by " + by.Name, Role: incident.Viewer})
			return err
		}},
	}
	for _, role := range incident.Roles {
		by := storetest.Person(t, s, "The "+string(role), role)
		for _, d := range deeds {
			err := d.do(by)
			if slices.Contains(d.may, role) != (err == nil) {
				t.Errorf("%s by a %s: %v", d.name, role, err)
			}
			if err != nil {
				refused(t, d.name, err, incident.Forbidden)
			}
		}
	}
	for _, d := range deeds {
		refused(t, d.name+" by nobody", d.do(incident.Actor{}), incident.SignIn)
	}
}

func TestATokenIsItsPersonUntilItEnds(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 10, 0, 0, 0, time.UTC)
	s := must(store.Open(t.Context(), store.Options{URL: storetest.URL(t), Key: storetest.Key, Now: func() time.Time { return now }}))
	t.Cleanup(s.Close)
	ctx, system := t.Context(), store.System()
	soon := now.Add(time.Hour)
	secret, token, err := s.NewToken(ctx, system, store.TokenRequest{Person: "Robot", Role: incident.Responder, Expires: &soon})
	if err != nil || !strings.HasPrefix(secret, "debrief_") || len(secret) != 51 {
		t.Fatalf("NewToken = %q, %v, %v", secret, token, err)
	}
	if by := must(s.Identify(ctx, secret)); by.Name != "Robot" || by.Role != incident.Responder || by.PersonID == 0 {
		t.Errorf("Identify = %+v", by)
	}
	for _, wrong := range []string{"", "debrief_", secret + "x", strings.ToUpper(secret), "\x00"} {
		_, err := s.Identify(ctx, wrong)
		refused(t, "Identify of another secret", err, incident.SignIn)
	}
	now = soon
	_, err = s.Identify(ctx, secret)
	refused(t, "Identify after the end", err, incident.SignIn)
	_, _, err = s.NewToken(ctx, system, store.TokenRequest{Person: "Robot", Expires: &soon})
	refused(t, "a token that never works", err, incident.Invalid)
	_, _, err = s.NewToken(ctx, system, store.TokenRequest{Person: " ", Role: incident.Viewer})
	if refused(t, "a token of nobody", err, incident.Invalid); !strings.HasPrefix(err.Error(), "/person ") {
		t.Errorf("a token of nobody: %v, want /person named", err)
	}

	narrow, _, err := s.NewToken(ctx, system, store.TokenRequest{Person: "ROBOT", Scope: incident.ScopeRead})
	if by := must(s.Identify(ctx, narrow)); err != nil || by.Role != incident.Viewer {
		t.Errorf("Identify behind the scope read = %+v, %v", by, err)
	}
	lasting, lastingToken, err := s.NewToken(ctx, system, store.TokenRequest{Person: "Robot"})
	if err != nil {
		t.Fatal(err)
	}
	robot := must(s.Identify(ctx, lasting))
	_, _, err = s.NewToken(ctx, robot, store.TokenRequest{Person: "Robot", Role: incident.Admin})
	refused(t, "a token with more than its person may", err, incident.Conflict)
	_, _, err = s.NewToken(ctx, robot, store.TokenRequest{Person: "Somebody else", Role: incident.Viewer})
	refused(t, "a token for another", err, incident.Forbidden)
	_, _, err = s.NewToken(ctx, robot, store.TokenRequest{Person: "Robot", Name: "two\nlines"})
	refused(t, "a token whose name is no line", err, incident.Invalid)
	other := storetest.Person(t, s, "Eve", incident.Responder)
	refused(t, "RevokeToken of another's", s.RevokeToken(ctx, other, lastingToken.ID), incident.NotFound)
	if err := s.RevokeToken(ctx, robot, lastingToken.ID); err != nil {
		t.Error(err)
	}
	_, err = s.Identify(ctx, lasting)
	refused(t, "Identify after the revocation", err, incident.SignIn)
	if all, own := must(s.Tokens(ctx, system)), must(s.Tokens(ctx, other)); len(all) != 3 || len(own) != 0 {
		t.Errorf("Tokens = %d for an admin, %d for Eve; want 3 and 0", len(all), len(own))
	}
	wantTrue(t, s)
}

func TestATokenThatEndsMakesNoneThatLastsLonger(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 10, 0, 0, 0, time.UTC)
	s := must(store.Open(t.Context(), store.Options{URL: storetest.URL(t), Key: storetest.Key, Now: func() time.Time { return now }}))
	t.Cleanup(s.Close)
	ctx := t.Context()
	root := storetest.Person(t, s, "Root", incident.Admin)
	soon, sooner, later := now.Add(time.Hour), now.Add(time.Minute), now.Add(2*time.Hour)
	secret, _, err := s.NewToken(ctx, root, store.TokenRequest{Person: "Root", Expires: &soon})
	if err != nil {
		t.Fatal(err)
	}
	by := must(s.Identify(ctx, secret))
	for _, person := range []string{"Root", "Robot"} {
		request := store.TokenRequest{Person: person, Role: incident.Viewer}
		if _, token, err := s.NewToken(ctx, by, request); err != nil || token.Expires == nil || !token.Expires.Equal(soon) {
			t.Errorf("a token for %s without an end = %+v, %v; want it to end at %s", person, token, err, soon)
		}
		request.Expires = &sooner
		if _, token, err := s.NewToken(ctx, by, request); err != nil || !token.Expires.Equal(sooner) {
			t.Errorf("a token for %s that ends sooner = %+v, %v", person, token, err)
		}
		request.Expires = &later
		_, _, err := s.NewToken(ctx, by, request)
		refused(t, "a token that ends later than its maker", err, incident.Conflict)
	}
	_, err = s.NewSignInLink(ctx, by, "Root", time.Minute)
	refused(t, "a sign-in link, which would lead to a token without an end", err, incident.Forbidden)
	wantTrue(t, s)
}

func TestASignInLinkWorksOnce(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 10, 0, 0, 0, time.UTC)
	s := must(store.Open(t.Context(), store.Options{URL: storetest.URL(t), Key: storetest.Key, Now: func() time.Time { return now }}))
	t.Cleanup(s.Close)
	ctx := t.Context()
	storetest.Person(t, s, "Ada", incident.Admin)
	link := must(s.NewSignInLink(ctx, store.System(), "ada", time.Hour))
	sessions := make([]string, 10)
	errs := race(10, func(i int) (err error) {
		sessions[i], _, err = s.SignIn(ctx, link, "")
		return err
	})
	in := slices.IndexFunc(errs, func(err error) bool { return err == nil })
	for i, err := range errs {
		if i != in {
			refused(t, "SignIn again", err, incident.SignIn)
		}
	}
	if in < 0 {
		t.Fatal("nobody was signed in")
	}
	if by := must(s.Identify(ctx, sessions[in])); by.Name != "Ada" || by.Role != incident.Admin {
		t.Errorf("Identify of the session = %+v", by)
	}
	_, err := s.Identify(ctx, link)
	refused(t, "Identify of a link", err, incident.SignIn)
	if err := s.SignOut(ctx, sessions[in]); err != nil {
		t.Error(err)
	}
	_, err = s.Identify(ctx, sessions[in])
	refused(t, "Identify after SignOut", err, incident.SignIn)

	old := must(s.NewSignInLink(ctx, store.System(), "Ada", time.Hour))
	now = now.Add(time.Hour)
	_, _, err = s.SignIn(ctx, old, "")
	refused(t, "SignIn with an old link", err, incident.SignIn)
	_, err = s.NewSignInLink(ctx, store.System(), "Nobody", time.Hour)
	refused(t, "a link for nobody", err, incident.NotFound)
}

func TestPeopleComeAndGo(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	root := storetest.Person(t, s, "Root", incident.Admin)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	_, err := s.AddPerson(ctx, root, store.Person{Name: " ADA ", Role: incident.Viewer})
	refused(t, "a second Ada", err, incident.Conflict)
	_, err = s.AddPerson(ctx, root, store.Person{Name: "debrief", Role: incident.Viewer})
	refused(t, "a person called as the installation", err, incident.Conflict)
	_, err = s.AddPerson(ctx, root, store.Person{Name: "Bob", Role: "king"})
	refused(t, "a king", err, incident.Invalid)
	_, err = s.AddPerson(ctx, root, store.Person{Name: "", Role: incident.Viewer})
	refused(t, "a person without a name", err, incident.Invalid)

	link := must(s.NewSignInLink(ctx, root, "Ada", time.Hour))
	session, _, err := s.SignIn(ctx, link, "")
	if err != nil {
		t.Fatal(err)
	}
	viewer, yes := incident.Viewer, true
	must(s.ChangePerson(ctx, root, ada.PersonID, store.PersonChange{Role: &viewer}))
	if by := must(s.Identify(ctx, session)); by.Role != incident.Viewer {
		t.Errorf("after the change Ada is a %s", by.Role)
	}
	must(s.ChangePerson(ctx, root, ada.PersonID, store.PersonChange{Disabled: &yes}))
	_, err = s.Identify(ctx, session)
	refused(t, "Identify of somebody disabled", err, incident.SignIn)
	_, err = s.ChangePerson(ctx, root, root.PersonID, store.PersonChange{Disabled: &yes})
	refused(t, "disabling the last admin", err, incident.Conflict)
	_, err = s.ChangePerson(ctx, root, 99, store.PersonChange{Disabled: &yes})
	refused(t, "changing nobody", err, incident.NotFound)
	people := must(s.People(ctx, root))
	if len(people) != 2 || people[0].Name != "Ada" || !people[0].Disabled || people[1].Role != incident.Admin {
		t.Errorf("People = %+v", people)
	}
	wantTrue(t, s)
}
