package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// outside is the page for those who are not signed in.
type outside struct {
	Asked   bool // for a page that needs signing in
	Goodbye bool // they just signed out
}

// asking is the page that a sign-in link opens.
type asking struct {
	Key string
	Now string // who is signed in on this browser, "" for nobody
}

// keyLimit bounds what a sign-in form may hold, in bytes.
const keyLimit = 4096

// secure tells whether a visitor speaks https, with us or with the proxy before
// us, which then says so. A visitor who claims it changes only what his own
// browser keeps.
func secure(r *http.Request) bool {
	first, _, _ := strings.Cut(r.Header.Get("X-Forwarded-Proto"), ",")
	return r.TLS != nil || strings.EqualFold(strings.TrimSpace(first), "https")
}

// cookieName is the session's cookie. With https its name makes browsers refuse
// one that another host or an unencrypted page has set.
func cookieName(r *http.Request) string {
	if secure(r) {
		return "__Host-debrief"
	}
	return "debrief"
}

// keep gives the browser a session to hold until expires; a time that has
// passed takes it back.
func keep(w http.ResponseWriter, r *http.Request, session string, expires time.Time) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure with https; without, browsers would drop it
		Name: cookieName(r), Value: session, Path: "/", Expires: expires,
		HttpOnly: true, Secure: secure(r), SameSite: http.SameSiteLaxMode,
	})
}

// kept is the session that the browser holds, "" for none.
func kept(r *http.Request) string {
	c, err := r.Cookie(cookieName(r))
	if err != nil {
		return "" // no cookie is not a fault
	}
	return c.Value
}

// whoever is the person whose session the request carries; the zero Actor when
// it carries none, or one that has ended.
func (s *site) whoever(r *http.Request) (incident.Actor, error) {
	session := kept(r)
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
	if by.Name == "" {
		return s.outside(w, http.StatusOK, outside{Goodbye: r.URL.Query().Has("signed-out")})
	}
	http.Redirect(w, r, "/incidents", http.StatusSeeOther)
	return nil
}

func (s *site) outside(w http.ResponseWriter, status int, o outside) error {
	return s.show(w, status, frame{Name: "outside", Title: "Sign in", Page: o})
}

// askSignIn shows a button and leaves the key alone: programs that look at
// links before people do must not use it up.
func (s *site) askSignIn(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	key := r.URL.Query().Get("key")
	if key == "" {
		return s.home(w, r, by)
	}
	return s.show(w, http.StatusOK, frame{Name: "sign-in", Title: "Sign in", Page: asking{key, by.Name}})
}

// signIn uses the key up and begins a session, which takes the place of the one
// that the browser had.
func (s *site) signIn(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	r.Body = http.MaxBytesReader(w, r.Body, keyLimit)
	if err := r.ParseForm(); err != nil {
		return incident.Refuse(incident.Malformed, "", "The form could not be read. Open the link again.")
	}
	session, expires, err := s.Store.SignIn(r.Context(), r.PostForm.Get("key"), "")
	if err != nil {
		return err
	}
	if err := s.endSession(r, by); err != nil {
		s.Log.WarnContext(r.Context(), "the session before a sign-in did not end", "err", err)
	}
	keep(w, r, session, expires)
	http.Redirect(w, r, "/incidents", http.StatusSeeOther)
	return nil
}

// signOut ends the session and takes its cookie back.
func (s *site) signOut(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	if err := s.endSession(r, by); err != nil {
		return err
	}
	keep(w, r, "", time.Unix(1, 0))
	http.Redirect(w, r, "/?signed-out", http.StatusSeeOther)
	return nil
}

// endSession ends the session of the request, if it carries one.
func (s *site) endSession(r *http.Request, by incident.Actor) error {
	if by.Name == "" {
		return nil
	}
	return s.Store.SignOut(r.Context(), kept(r))
}
