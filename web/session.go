package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// outside is the page for those who are not signed in.
type outside struct {
	Asked    bool   // for a page that needs signing in
	Sent     bool   // a form, which was not taken
	Goodbye  bool   // they just signed out
	Wanted   string // the page to go to afterwards
	Provider string // what the button of the provider says; "" for none
	Typed    string // the name that was typed
	Problem  string // why that did not sign in
}

// asking is the page that a sign-in link opens.
type asking struct {
	Key    string
	Now    string // who is signed in on this browser, "" for nobody
	Wanted string
}

// keyLimit bounds what a sign-in form may hold, in bytes.
const keyLimit = 16 << 10

// secure tells whether a visitor speaks https, with us or with the proxy before
// us, which then says so. A visitor who claims it changes only what his own
// browser keeps.
func secure(r *http.Request) bool {
	first, _, _ := strings.Cut(r.Header.Get("X-Forwarded-Proto"), ",")
	return r.TLS != nil || strings.EqualFold(strings.TrimSpace(first), "https")
}

// cookieName is what a cookie of ours is called. With https its name makes
// browsers refuse one that another host or an unencrypted page has set.
func cookieName(r *http.Request, name string) string {
	if secure(r) {
		return "__Host-" + name
	}
	return name
}

// The cookies.
const (
	sessionCookie  = "debrief"
	providerCookie = "debrief-provider" // while somebody is at the provider
)

// keep gives the browser a value to hold until expires; a time that has passed
// takes it back.
func keep(w http.ResponseWriter, r *http.Request, name, value string, expires time.Time) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure with https; without, browsers would drop it
		Name: cookieName(r, name), Value: value, Path: "/", Expires: expires,
		HttpOnly: true, Secure: secure(r), SameSite: http.SameSiteLaxMode,
	})
}

// past takes a cookie back.
var past = time.Unix(1, 0)

// kept is what the browser holds under a name, "" for nothing.
func kept(r *http.Request, name string) string {
	c, err := r.Cookie(cookieName(r, name))
	if err != nil {
		return "" // no cookie is not a fault
	}
	return c.Value
}

// whoever is the person whose session the request carries; the zero Actor when
// it carries none, or one that has ended.
func (s *site) whoever(r *http.Request) (incident.Actor, error) {
	session := kept(r, sessionCookie)
	if session == "" {
		return incident.Actor{}, nil
	}
	by, err := s.Store.Identify(r.Context(), session)
	if errors.Is(err, incident.SignIn) {
		return incident.Actor{}, nil
	}
	return by, err
}

// home is the list for those who are signed in, else the way in.
func (s *site) home(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	asked := r.URL.Query()
	next := wanted(asked.Get("next"))
	if by.Name == "" {
		return s.outside(w, http.StatusOK, outside{Goodbye: asked.Has("signed-out"), Wanted: next})
	}
	http.Redirect(w, r, next, http.StatusSeeOther) //nolint:gosec // wanted gives pages of ours alone
	return nil
}

func (s *site) outside(w http.ResponseWriter, status int, o outside) error {
	o.Provider = s.provider.button()
	return s.show(w, status, frame{Name: "outside", Title: "Sign in", Page: o})
}

// askSignIn shows a button and leaves the key alone: programs that look at
// links before people do must not use it up.
func (s *site) askSignIn(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	key := r.URL.Query().Get("key")
	if key == "" {
		return s.home(w, r, by)
	}
	return s.show(w, http.StatusOK, frame{Name: "sign-in", Title: "Sign in", Page: asking{key, by.Name, wanted(r.URL.Query().Get("next"))}})
}

// signIn takes a link's key, which it uses up, or a name and a password, and
// begins a session, which takes the place of the one that the browser had.
func (s *site) signIn(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	r.Body = http.MaxBytesReader(w, r.Body, keyLimit)
	if err := r.ParseForm(); err != nil {
		return incident.Refuse(incident.Malformed, "", "The form could not be read. Go back, and send it again.")
	}
	form := r.PostForm
	if !form.Has("key") {
		return s.signInWithPassword(w, r, by)
	}
	session, expires, err := s.Store.SignIn(r.Context(), form.Get("key"), browserName(r))
	if err != nil {
		return err
	}
	s.arrived(w, r, by, session, expires, form.Get("next"))
	return nil
}

func (s *site) signInWithPassword(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	form := r.PostForm
	session, expires, err := s.Store.SignInWithPassword(r.Context(), store.Login{
		Name: form.Get("name"), Password: form.Get("password"), Address: visitorAddress(r), Browser: browserName(r),
	})
	status := http.StatusUnauthorized
	switch {
	case errors.Is(err, incident.TooMany):
		status = http.StatusTooManyRequests
		retryAfter(w, err)
	case err != nil && !errors.Is(err, incident.SignIn):
		return err
	}
	if err != nil {
		return s.outside(w, status, outside{Wanted: wanted(form.Get("next")), Typed: form.Get("name"), Problem: sentence(err.Error())})
	}
	s.arrived(w, r, by, session, expires, form.Get("next"))
	return nil
}

// arrived gives the browser its session, ends the one before it, and goes to
// the page that was wanted.
func (s *site) arrived(w http.ResponseWriter, r *http.Request, by incident.Actor, session string, expires time.Time, next string) {
	if err := s.endSession(r, by); err != nil {
		s.Log.WarnContext(r.Context(), "the session before a sign-in did not end", "err", err)
	}
	keep(w, r, sessionCookie, session, expires)
	http.Redirect(w, r, wanted(next), http.StatusSeeOther) //nolint:gosec // wanted gives pages of ours alone
}

// signOut ends the session and takes its cookie back.
func (s *site) signOut(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	if err := s.endSession(r, by); err != nil {
		return err
	}
	s.left(w, r)
	return nil
}

// left takes all cookies back, and says goodbye.
func (s *site) left(w http.ResponseWriter, r *http.Request) {
	keep(w, r, sessionCookie, "", past)
	keep(w, r, providerCookie, "", past)
	http.Redirect(w, r, "/?signed-out", http.StatusSeeOther)
}

// endSession ends the session of the request, if it carries one.
func (s *site) endSession(r *http.Request, by incident.Actor) error {
	if by.Name == "" {
		return nil
	}
	return s.Store.SignOut(r.Context(), kept(r, sessionCookie))
}
