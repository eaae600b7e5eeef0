package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/debriefhq/debrief/incident"
)

// problem is the page about something that went wrong.
type problem struct {
	Status  int
	Title   string
	Detail  string // says what to do next
	Way     string // the address of a way on
	WayName string
}

// answer is how a kind of refusal looks. An empty detail gives the refusal's
// own, which is made to be shown.
type answer struct {
	status        int
	title, detail string
}

// answers are given by kind. What is not found and what one may not know of
// read the same, whatever the refusal says.
var answers = map[incident.Kind]answer{
	incident.Malformed:   {http.StatusBadRequest, "This address can’t be read", ""},
	incident.SignIn:      {http.StatusUnauthorized, "This link doesn’t sign you in", "It was used already, or is too old. Ask an admin for a new one: debrief admin sign-in-link NAME"},
	incident.Forbidden:   {http.StatusForbidden, "You may not do this", ""},
	incident.NotFound:    {http.StatusNotFound, "Nothing is here", "There is no such page, or it is not yours to see."},
	incident.Conflict:    {http.StatusConflict, "This can’t be done now", ""},
	incident.Stale:       {http.StatusConflict, "This was changed meanwhile", ""},
	incident.Invalid:     {http.StatusUnprocessableEntity, "This can’t be shown", ""},
	incident.Unsupported: {http.StatusUnsupportedMediaType, "There is no such format", ""},
	incident.TooLarge:    {http.StatusRequestEntityTooLarge, "This is too much at once", ""},
	incident.TooMany:     {http.StatusTooManyRequests, "Too many requests", ""},
}

// sentTitles are those of what was sent, where they differ.
var sentTitles = map[int]string{
	http.StatusBadRequest: "This form can’t be read", http.StatusUnprocessableEntity: "This can’t be done",
}

// fail is where every error of a page ends: a refusal is shown, a fault is
// logged and kept to ourselves. That a reader went away is no fault.
func (s *site) fail(w http.ResponseWriter, r *http.Request, by incident.Actor, err error) {
	if r.Context().Err() != nil {
		s.Log.DebugContext(r.Context(), "a reader went away", "path", r.URL.Path, "err", err)
		return
	}
	a := answer{http.StatusInternalServerError, "Something broke on our side", "It is in the log. Try again; nothing was changed halfway."}
	var refusal *incident.Error
	if errors.As(err, &refusal) {
		if known, ok := answers[refusal.Kind]; ok {
			a = known
		}
	}
	if title := sentTitles[a.status]; title != "" && r.Method == http.MethodPost {
		a.title = title
	}
	if a.detail == "" {
		a.detail = refusal.Detail
	}
	if a.status == http.StatusInternalServerError {
		s.Log.ErrorContext(r.Context(), "a page failed", "method", r.Method, "path", r.URL.Path, "err", err)
	}
	retryAfter(w, err)
	if err := s.refuse(w, a.status, by, problem{Title: a.title, Detail: a.detail}); err != nil {
		s.Log.ErrorContext(r.Context(), "the page about a failure failed", "path", r.URL.Path, "err", err)
		http.Error(w, "Something broke on our side.", http.StatusInternalServerError)
	}
}

// refuse shows the page about a problem.
func (s *site) refuse(w http.ResponseWriter, status int, by incident.Actor, p problem) error {
	p.Status, p.Detail, p.Way, p.WayName = status, sentence(p.Detail), "/incidents", "All incidents"
	if by.Name == "" {
		p.Way, p.WayName = "/", "How to sign in"
	}
	return s.show(w, status, frame{Name: "problem", Title: p.Title, By: by, Page: p})
}

// refuseMethod answers a method that an address does not take.
func (s *site) refuseMethod(w http.ResponseWriter, by incident.Actor, methods []string) error {
	w.Header().Set("Allow", strings.Join(methods, ", "))
	p := problem{Title: "This page only reads", Detail: "Nothing can be sent to this address."}
	if !slices.Contains(methods, http.MethodGet) {
		p = problem{Title: "There is nothing to read here", Detail: "This address takes a form that one of our pages sends."}
	}
	return s.refuse(w, http.StatusMethodNotAllowed, by, p)
}

// sentence makes a refusal's detail one: they are written to follow a colon.
func sentence(text string) string {
	text = capital(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	if unicode.IsLetter(last) || unicode.IsDigit(last) {
		text += "."
	}
	return text
}
