package store_test

import (
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// A link that waits to be used is a way in as a session is: it ends with them.
func TestALinkEndsWithTheSessions(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	for name, end := range map[string]func(t *testing.T, s *store.Store, session string, by incident.Actor) error{
		"signing out everywhere": func(t *testing.T, s *store.Store, _ string, by incident.Actor) error {
			return s.SignOutEverywhere(t.Context(), by)
		},
		"a new password": func(t *testing.T, s *store.Store, session string, by incident.Actor) error {
			return s.SetPassword(t.Context(), by, store.PasswordChange{Session: session, Address: "192.0.2.1", New: phrase})
		},
		"another link": func(t *testing.T, s *store.Store, _ string, by incident.Actor) error {
			_, err := s.NewSignInLink(t.Context(), store.System(), by.Name, time.Hour)
			return err
		},
		"being shut out for a while": func(t *testing.T, s *store.Store, _ string, by incident.Actor) error {
			must(s.ChangePerson(t.Context(), store.System(), by.PersonID, store.PersonChange{Disabled: &yes}))
			_, err := s.ChangePerson(t.Context(), store.System(), by.PersonID, store.PersonChange{Disabled: &no})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := storetest.New(t)
			storetest.Person(t, s, "Ada", incident.Responder)
			session, by := comes(t, s, "Ada")
			link := must(s.NewSignInLink(t.Context(), store.System(), "Ada", time.Hour))
			if err := end(t, s, session, by); err != nil {
				t.Fatal(err)
			}
			_, _, err := s.SignIn(t.Context(), link, "")
			refused(t, "the link from before", err, incident.SignIn)
			wantTrue(t, s)
		})
	}
}

func TestWhoLosesTheirRoleAtTheProviderIsSignedOut(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	storetest.Person(t, s, "Root", incident.Admin)
	claims := store.Claims{Issuer: "https://id.example", Subject: "1", Name: "Grace Hopper", Role: incident.Responder, Fixed: true}
	session, _, err := s.SignInWithProvider(t.Context(), claims)
	if err != nil {
		t.Fatal(err)
	}
	claims.Role = ""
	_, _, err = s.SignInWithProvider(t.Context(), claims)
	refused(t, "a sign-in without a role", err, incident.Forbidden)
	_, err = s.Identify(t.Context(), session)
	refused(t, "the session from before", err, incident.SignIn)
	wantTrue(t, s)
}

// At many providers people choose their own names, and who is named on a private incident may read it.
func TestNobodyComesByANameThatRecordsName(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	root := storetest.Person(t, s, "Root", incident.Admin)
	in := titled("A key was stolen")
	in.Visibility, in.People = incident.VisiblePrivate, []incident.Person{{Role: "commander", Name: "Root"}, {Role: "scribe", Name: "Grace Hopper"}}
	must(s.File(t.Context(), root, in))
	claims := store.Claims{Issuer: "https://id.example", Subject: "1", Name: " grace HOPPER", Role: incident.Responder}
	_, _, err := s.SignInWithProvider(t.Context(), claims)
	refused(t, "a name that a private incident names", err, incident.Conflict)
	if people := must(s.People(t.Context(), root)); len(people) != 1 {
		t.Errorf("People = %+v, want Root alone", people)
	}
}
