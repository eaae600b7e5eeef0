package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// secret is something that is shown once.
type secret struct {
	Title, Says, Value string
}

// account is the page of how somebody signs in.
type account struct {
	Name       string
	Role       incident.Role
	Done       string            // what was just done
	Problem    string            // what was not, and why
	Wrong      map[string]string // field → what is wrong with it
	Secret     *secret
	Set        *stamp // since when there is a password
	ByLink     bool
	Fresh      bool
	Provider   string // "" for none
	Identities []boundTo
	Mails      bool // can be sent here
	Contact    store.Contact
	Email      control
	Sessions   []sitting
	Tokens     []pass
	NewToken   []control
}

// boundTo is somebody at a provider.
type boundTo struct {
	Issuer string
	Since  stamp
}

// sitting is a session.
type sitting struct {
	ID           int64
	Browser, Way string
	Since        stamp
	Here         bool
}

// pass is a token.
type pass struct {
	ID    int64
	Name  string
	Role  incident.Role
	Scope incident.Scope
	Since stamp
	Until *stamp
}

// accountDone says what was done, by the word that the address ends with.
var accountDone = map[string]string{
	"password": "Your password is set. All your other sessions have ended.", "end": "That session has ended.",
	"contact": "Where you are reminded is saved.", "revoke": "The token works no more.", "connected": "Your account at the provider is connected.",
}

// lasting are how long a token may work, in days; "" is for ever.
var lasting = []option{{Value: "30", Label: "30 days"}, {Value: "90", Label: "90 days"}, {Value: "365", Label: "a year"}, {Value: "", Label: "for ever"}}

var scopes = []option{{Value: "read", Label: "read"}, {Value: "write", Label: "write"}, {Value: "full", Label: "all that you may"}}

// choose marks the option that was chosen, or the first.
func choose(all []option, value string) []option {
	all = slices.Clone(all)
	at := max(0, slices.IndexFunc(all, func(o option) bool { return o.Value == value }))
	all[at].Chosen = true
	return all
}

// typed are the values of a form, and what is wrong with them.
type typed struct {
	url.Values
	wrong map[string]string
}

// line is a control of one line.
func (t typed) line(id, key, label, hint string, needed bool) control {
	return control{input: input{Key: key, Label: label, Shape: asLine, Hint: hint}, ID: id, Value: t.Get(key), Longest: 200, Needed: needed, Error: t.wrong[key]}
}

// choice is a control of a closed set.
func (t typed) choice(id, key, label string, all []option, otherwise string) control {
	value := otherwise
	if t.Has(key) {
		value = t.Get(key)
	}
	return control{input: input{Key: key, Label: label, Shape: asChoice}, ID: id, Options: choose(all, value), Error: t.wrong[key]}
}

// wrong are the fields of a refusal, as sentences.
func wrong(err error) map[string]string {
	var refusal *incident.Error
	all := map[string]string{}
	if errors.As(err, &refusal) {
		for pointer, fault := range refusal.Fields {
			all[strings.TrimPrefix(pointer, "/")] = sentence(fault)
		}
	}
	return all
}

// refusedStatus is how a form comes back; false for errors that a form can't help.
func refusedStatus(err error) (int, bool) {
	for kind, status := range map[incident.Kind]int{
		incident.Invalid: http.StatusUnprocessableEntity, incident.Conflict: http.StatusConflict, incident.Forbidden: http.StatusForbidden,
		incident.TooMany: http.StatusTooManyRequests, incident.TooLarge: http.StatusRequestEntityTooLarge, incident.NotFound: http.StatusNotFound,
	} {
		if errors.Is(err, kind) {
			return status, true
		}
	}
	return 0, false
}

// retryAfter tells programs how long a refusal asks to wait.
func retryAfter(w http.ResponseWriter, err error) {
	if wait := store.Waits(err); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())))
	}
}

// account shows how somebody signs in.
func (s *site) account(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	return s.showAccount(w, r, http.StatusOK, by, account{Done: accountDone[r.URL.Query().Get("done")]}, typed{})
}

func (s *site) showAccount(w http.ResponseWriter, r *http.Request, status int, by incident.Actor, page account, form typed) error {
	a, err := s.Store.Account(r.Context(), by, kept(r, sessionCookie))
	if err != nil {
		return err
	}
	tokens, err := s.Store.Tokens(r.Context(), by)
	if err != nil {
		return err
	}
	page.Name, page.Role, page.ByLink, page.Wrong = by.Name, by.Role, a.ByLink, form.wrong
	page.Fresh, page.Provider = a.Fresh, s.provider.button()
	if a.PasswordSet != nil {
		set := stamp(*a.PasswordSet)
		page.Set = &set
	}
	for _, i := range a.Identities {
		page.Identities = append(page.Identities, boundTo{i.Issuer, stamp(i.CreatedAt)})
	}
	for _, i := range a.Sessions {
		page.Sessions = append(page.Sessions, sitting{i.ID, i.Browser, i.Way, stamp(i.CreatedAt), i.Here})
	}
	for _, t := range tokens {
		if t.Person != by.Name || t.Revoked != nil {
			continue
		}
		p := pass{ID: t.ID, Name: t.Name, Role: t.Role, Scope: t.Scope, Since: stamp(t.CreatedAt)}
		if t.Expires != nil {
			until := stamp(*t.Expires)
			p.Until = &until
		}
		page.Tokens = append(page.Tokens, p)
	}
	if page.Contact, err = s.Store.Contact(r.Context(), by, by.PersonID); err != nil {
		return err
	}
	page.Mails, page.Email = s.Store.Mails(), emailControl(form, page.Contact)
	page.NewToken = []control{
		form.line("token-name", "name", "What it is for", "", true),
		form.choice("token-scope", "scope", "What it may do", scopes, "write"),
		form.choice("token-lasts", "lasts", "How long it works", lasting, "90"),
	}
	return s.show(w, status, frame{Name: "account", Title: by.Name, By: by, Here: "account", Page: page})
}

// emailControl is where somebody is reminded, as it was typed or is.
func emailControl(form typed, c store.Contact) control {
	e := form.line("email", "email", "E-mail address", "Seen by you and admins alone. Leave it empty to take it out.", false)
	if e.Longest = 254; !form.Has("email") {
		e.Value = c.Email
	}
	return e
}

// changeAccount does what a button of the page says.
func (s *site) changeAccount(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	form, err := sent(w, r)
	if err != nil {
		return err
	}
	id, _ := strconv.ParseInt(form.Get("id"), 10, 64) // 0 is nobody's
	do, ctx := form.Get("do"), r.Context()
	switch do {
	case "password":
		err = s.Store.SetPassword(ctx, by, store.PasswordChange{Session: kept(r, sessionCookie), Address: visitorAddress(r), Old: form.Get("old"), New: form.Get("new")})
	case "contact":
		email, wanted, digests := form.Get("email"), form.Get("reminders") != "", form.Get("digests") != ""
		_, err = s.Store.ChangeContact(ctx, by, store.ContactChange{Email: &email, Reminders: &wanted, Digests: &digests})
	case "end":
		err = s.Store.EndSession(ctx, by, id)
	case "everywhere":
		if err = s.Store.SignOutEverywhere(ctx, by); err == nil {
			s.left(w, r)
			return nil
		}
	case "revoke":
		err = s.Store.RevokeToken(ctx, by, id)
	case "token":
		return s.makeToken(w, r, by, form)
	case "connect":
		return s.askConnect(w, r, by)
	default:
		err = incident.Refuse(incident.Malformed, "", "This button is none of ours. Go back, and try again.")
	}
	if err != nil {
		return s.accountAgain(w, r, by, form, err)
	}
	http.Redirect(w, r, "/account?done="+do, http.StatusSeeOther)
	return nil
}

// accountAgain shows the page with what was typed and what is wrong with it.
func (s *site) accountAgain(w http.ResponseWriter, r *http.Request, by incident.Actor, form url.Values, err error) error {
	status, known := refusedStatus(err)
	if !known {
		return err
	}
	retryAfter(w, err)
	page, faults := account{}, wrong(err)
	if len(faults) == 0 {
		page.Problem = sentence(err.Error())
	}
	return s.showAccount(w, r, status, by, page, typed{form, faults})
}

func (s *site) makeToken(w http.ResponseWriter, r *http.Request, by incident.Actor, form url.Values) error {
	request := store.TokenRequest{Person: by.Name, Name: form.Get("name"), Scope: incident.Scope(form.Get("scope"))}
	if days, err := strconv.Atoi(form.Get("lasts")); err == nil && days > 0 && days <= 3660 {
		ends := s.Now().AddDate(0, 0, days)
		request.Expires = &ends
	}
	value, _, err := s.Store.NewToken(r.Context(), by, request)
	if err != nil {
		return s.accountAgain(w, r, by, form, err)
	}
	return s.showAccount(w, r, http.StatusOK, by, account{Secret: &secret{"Your new token", "Copy it to where it is needed: DEBRIEF_TOKEN, or the header Authorization: Bearer.", value}}, typed{})
}
