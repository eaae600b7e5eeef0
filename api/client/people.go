package client

import (
	"context"
	"fmt"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// Me is who the token belongs to.
type Me struct {
	ID   int64         `json:"id"`
	Name string        `json:"name"`
	Role incident.Role `json:"role"` // as far as the token's scope leaves it
}

// Me asks who the token belongs to.
func (c *Client) Me(ctx context.Context) (Me, error) { return get[Me](ctx, c, "/me", nil) }

// Account is somebody who may sign in.
type Account struct {
	ID        int64         `json:"id"`
	Name      string        `json:"name"`
	Role      incident.Role `json:"role"`
	Disabled  bool          `json:"disabled"`
	CreatedAt time.Time     `json:"created_at"`
}

// People lists everybody.
func (c *Client) People(ctx context.Context) ([]Account, error) {
	page, err := get[Page[Account]](ctx, c, "/people", nil)
	return page.Items, err
}

// Person reads one.
func (c *Client) Person(ctx context.Context, id int64) (Account, error) {
	return get[Account](ctx, c, fmt.Sprintf("/people/%d", id), nil)
}

// AddPerson adds somebody.
func (c *Client) AddPerson(ctx context.Context, name string, role incident.Role) (Account, error) {
	return post[Account](ctx, c, "/people", map[string]any{"name": name, "role": role})
}

// AccountChange says what to change about a person; nil leaves as it is.
type AccountChange struct {
	Role     *incident.Role `json:"role,omitempty"`
	Disabled *bool          `json:"disabled,omitempty"`
}

// ChangePerson changes a role, or shuts somebody out.
func (c *Client) ChangePerson(ctx context.Context, id int64, change AccountChange) (Account, error) {
	return patch[Account](ctx, c, fmt.Sprintf("/people/%d", id), "", change)
}

// Contact is whether and where somebody is reminded by mail.
type Contact struct {
	Email     string `json:"email"` // "" for none
	Reminders bool   `json:"reminders"`
	Digests   bool   `json:"digests"`
	Fault     string `json:"fault"` // why nothing is sent there any more
}

// Contact reads where somebody is reminded, for admins and themselves.
func (c *Client) Contact(ctx context.Context, id int64) (Contact, error) {
	return get[Contact](ctx, c, fmt.Sprintf("/people/%d/contact", id), nil)
}

// MyContact reads where one is reminded oneself.
func (c *Client) MyContact(ctx context.Context) (Contact, error) {
	return get[Contact](ctx, c, "/me/contact", nil)
}

// ContactChange says what to change; nil leaves as it is.
type ContactChange struct {
	Email     *string `json:"email,omitempty"`
	Reminders *bool   `json:"reminders,omitempty"`
	Digests   *bool   `json:"digests,omitempty"`
}

// ChangeMyContact changes where one is reminded oneself.
func (c *Client) ChangeMyContact(ctx context.Context, change ContactChange) (Contact, error) {
	return patch[Contact](ctx, c, "/me/contact", "", change)
}

// Token is a bearer token without its secret.
type Token struct {
	ID        int64          `json:"id"`
	Person    string         `json:"person"`
	Name      string         `json:"name"`
	Role      incident.Role  `json:"role"`
	Scope     incident.Scope `json:"scope"`
	CreatedAt time.Time      `json:"created_at"`
	Expires   *time.Time     `json:"expires"`
	Revoked   *time.Time     `json:"revoked"`
}

// Tokens lists tokens.
func (c *Client) Tokens(ctx context.Context) ([]Token, error) {
	page, err := get[Page[Token]](ctx, c, "/tokens", nil)
	return page.Items, err
}

// TokenRequest asks for a token. Person is a name; an admin's request makes that
// person when nobody has it. Expires nil is never.
type TokenRequest struct {
	Person  string         `json:"person"`
	Name    string         `json:"name,omitempty"`
	Role    incident.Role  `json:"role,omitempty"`
	Scope   incident.Scope `json:"scope,omitempty"`
	Expires *time.Time     `json:"expires,omitempty"`
}

// NewToken makes a token; its secret is given this once.
func (c *Client) NewToken(ctx context.Context, r TokenRequest) (secret string, made Token, err error) {
	answer, err := post[struct {
		Token
		Secret string `json:"secret"`
	}](ctx, c, "/tokens", r)
	return answer.Secret, answer.Token, err
}

// RevokeToken ends a token.
func (c *Client) RevokeToken(ctx context.Context, id int64) error {
	return c.remove(ctx, fmt.Sprintf("/tokens/%d", id), "")
}
