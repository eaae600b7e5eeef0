package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// Provider says how people sign in with an OpenID Connect provider. The zero
// Provider is none.
type Provider struct {
	Issuer       string // as its discovery document names itself
	ClientID     string
	ClientSecret string
	Name         string                   // for the button; "" is the issuer's host
	RoleClaim    string                   // the claim that roles come from, dots lead inwards; "" is none
	Roles        map[string]incident.Role // values of the claim → roles
	Role         incident.Role            // of those whom no value gives one; "" lets nobody new in
}

// role is the greatest that the claims give.
func (p Provider) role(claims map[string]any) incident.Role {
	greatest := -1
	for _, value := range claimed(claims, p.RoleClaim) {
		if role, ok := p.Roles[value]; ok {
			greatest = max(greatest, slices.Index(incident.Roles, role))
		}
	}
	if greatest < 0 {
		return p.Role
	}
	return incident.Roles[greatest]
}

// claimed are the texts of a claim, which is one or a list.
func claimed(claims map[string]any, name string) []string {
	value, ok := claims[name]
	if !ok {
		if first, rest, deeper := strings.Cut(name, "."); deeper {
			inner, _ := claims[first].(map[string]any)
			return claimed(inner, rest)
		}
	}
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		var all []string
		for _, v := range value {
			if text, is := v.(string); is {
				all = append(all, text)
			}
		}
		return all
	}
	return nil
}

const (
	providerTime = 10 * time.Second // for one answer of the provider
	awayTime     = 10 * time.Minute // for somebody to say there who they are
	deadTime     = 5 * time.Second  // before a provider that did not answer is asked again
)

// provider is found when it is first needed, and looked for again while it
// does not answer: a dead one keeps nobody from signing in otherwise.
type provider struct {
	Provider
	client *http.Client

	mu    sync.Mutex
	found *oidc.Provider
	err   error
	asked time.Time
}

func newProvider(p Provider) *provider {
	if u, err := url.Parse(p.Issuer); p.Name == "" && err == nil {
		p.Name = u.Host
	}
	return &provider{Provider: p, client: &http.Client{Timeout: providerTime}}
}

// button is what the provider is called; "" when there is none.
func (p *provider) button() string {
	if p.Issuer == "" {
		return ""
	}
	return p.Name
}

func (p *provider) discover() (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil || p.err != nil && time.Since(p.asked) < deadTime {
		return p.found, p.err
	}
	p.found, p.err = oidc.NewProvider(oidc.ClientContext(context.Background(), p.client), p.Issuer) // keeps its keys for longer than a request
	p.asked = time.Now()
	return p.found, p.err
}

// trip is what a browser keeps while somebody is at the provider.
type trip struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"` // PKCE
	Wanted   string `json:"wanted,omitempty"`
	Connect  bool   `json:"connect,omitempty"` // for the account that is signed in
}

func newTrip() trip {
	return trip{State: oauth2.GenerateVerifier(), Nonce: oauth2.GenerateVerifier(), Verifier: oauth2.GenerateVerifier()}
}

func (t trip) keep(w http.ResponseWriter, r *http.Request) error {
	text, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("note a trip to the provider: %w", err)
	}
	keep(w, r, providerCookie, url.QueryEscape(string(text)), time.Now().Add(awayTime))
	return nil
}

func tripOf(r *http.Request) (t trip) {
	text, err := url.QueryUnescape(kept(r, providerCookie))
	if err != nil || json.Unmarshal([]byte(text), &t) != nil {
		return trip{}
	}
	return t
}

// flow is how we speak with the provider, for one visitor.
func (p *provider) flow(found *oidc.Provider, r *http.Request) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.ClientID, ClientSecret: p.ClientSecret, Endpoint: found.Endpoint(),
		RedirectURL: origin(r) + "/sign-in/back", Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}
}

// goToProvider sends somebody there. The trip that connects an account was begun by a
// form of ours, which no other site can send.
func (s *site) goToProvider(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	if s.provider.button() == "" {
		return incident.Refuse(incident.NotFound, "", "")
	}
	found, err := s.provider.discover()
	if err != nil {
		return s.providerFailed(w, r, by, err)
	}
	t := tripOf(r)
	if !r.URL.Query().Has("connect") || !t.Connect {
		t = newTrip()
		t.Wanted = wanted(r.URL.Query().Get("next"))
		if err := t.keep(w, r); err != nil {
			return err
		}
	}
	http.Redirect(w, r, s.provider.flow(found, r).AuthCodeURL(t.State, oidc.Nonce(t.Nonce), oauth2.S256ChallengeOption(t.Verifier)), http.StatusSeeOther)
	return nil
}

// askConnect begins a trip that connects an account, and shows the way: a
// form may not lead to another site itself.
func (s *site) askConnect(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	if s.provider.button() == "" {
		return incident.Refuse(incident.NotFound, "", "")
	}
	t := newTrip()
	t.Connect = true
	if err := t.keep(w, r); err != nil {
		return err
	}
	return s.show(w, http.StatusOK, frame{Name: "connect", Title: "Connect " + s.provider.button(), By: by, Here: "account", Page: s.provider.button()})
}

// comeBack takes what the provider says of somebody who was there.
func (s *site) comeBack(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	t, said := tripOf(r), r.URL.Query()
	keep(w, r, providerCookie, "", past)
	if s.provider.button() == "" {
		return incident.Refuse(incident.NotFound, "", "")
	}
	if t.State == "" || said.Get("state") != t.State || t.Connect && by.Name == "" {
		return incident.Refuse(incident.Conflict, "", "This sign-in was not begun in this browser, or too long ago. Begin again.")
	}
	if issuer := said.Get("iss"); issuer != "" && issuer != s.provider.Issuer { // RFC 9207
		return incident.Refuse(incident.Conflict, "", "Another provider answered. Begin again.")
	}
	if said.Get("error") != "" {
		return incident.Refuse(incident.Forbidden, "", s.provider.button()+" did not sign you in. Begin again, or ask whoever keeps it.")
	}
	claims, err := s.provider.ask(r, t, said.Get("code"))
	if err != nil {
		return s.providerFailed(w, r, by, err)
	}
	claims.Browser = browserName(r)
	if t.Connect {
		if err := s.Store.Connect(r.Context(), by, kept(r, sessionCookie), claims); err != nil {
			return err
		}
		http.Redirect(w, r, "/account?done=connected", http.StatusSeeOther)
		return nil
	}
	session, expires, err := s.Store.SignInWithProvider(r.Context(), claims)
	if err != nil {
		return err
	}
	s.arrived(w, r, by, session, expires, t.Wanted)
	return nil
}

// providerFailed says that the provider is at fault, and how to come in otherwise.
// What it answered is not logged: it may hold what is secret.
func (s *site) providerFailed(w http.ResponseWriter, r *http.Request, by incident.Actor, err error) error {
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) {
		err = fmt.Errorf("the provider answers %s %s", answer.Response.Status, answer.ErrorCode)
	}
	s.Log.WarnContext(r.Context(), "the sign-in provider failed", "issuer", s.provider.Issuer, "err", err)
	return s.refuse(w, http.StatusBadGateway, by, problem{Title: "The provider does not answer",
		Detail: s.provider.button() + " did not say who you are. Try again in a moment, or sign in with your password or a link."})
}

// ask trades a code for what the provider says of somebody, and checks it.
func (p *provider) ask(r *http.Request, t trip, code string) (c store.Claims, err error) {
	found, err := p.discover()
	if err != nil {
		return c, err
	}
	ctx := oidc.ClientContext(r.Context(), p.client)
	token, err := p.flow(found, r).Exchange(ctx, code, oauth2.VerifierOption(t.Verifier))
	if err != nil {
		return c, err
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := found.Verifier(&oidc.Config{ClientID: p.ClientID}).Verify(ctx, raw)
	if err != nil {
		return c, fmt.Errorf("check the id token: %w", err)
	}
	if id.Nonce != t.Nonce {
		return c, errors.New("the id token is of another sign-in")
	}
	claims := map[string]any{}
	if err := id.Claims(&claims); err != nil {
		return c, fmt.Errorf("read the id token: %w", err)
	}
	if claims["name"] == nil || p.RoleClaim != "" && len(claimed(claims, p.RoleClaim)) == 0 {
		if err := moreClaims(ctx, found, token, id.Subject, claims); err != nil {
			return c, err
		}
	}
	c = store.Claims{Issuer: id.Issuer, Subject: id.Subject, Role: p.role(claims), Fixed: p.RoleClaim != ""}
	for _, name := range []string{"name", "preferred_username"} {
		if all := claimed(claims, name); c.Name == "" && len(all) > 0 {
			c.Name = all[0]
		}
	}
	if all := claimed(claims, "email"); len(all) > 0 && claims["email_verified"] == true {
		c.Email = all[0]
	}
	return c, nil
}

// moreClaims adds what stands only at the provider's userinfo endpoint, where there is one.
func moreClaims(ctx context.Context, found *oidc.Provider, token *oauth2.Token, subject string, claims map[string]any) error {
	if found.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return fmt.Errorf("ask for more claims: %w", err)
	}
	if info.Subject != subject {
		return errors.New("the provider tells of somebody else")
	}
	more := map[string]any{}
	if err := info.Claims(&more); err != nil {
		return fmt.Errorf("read more claims: %w", err)
	}
	for name, value := range more {
		if claims[name] == nil {
			claims[name] = value
		}
	}
	return nil
}
