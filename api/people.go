package api

import (
	"context"
	"net/http"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// who is the answer to "who am I".
type who struct {
	Body struct {
		ID   int64         `json:"id"`
		Name string        `json:"name"`
		Role incident.Role `json:"role" enum:"viewer,responder,reviewer,admin" doc:"As far as the token's scope leaves it."`
	} `nameHint:"Me"`
}

type asking struct{}

func (a *API) me(_ context.Context, by incident.Actor, _ *asking) (*who, error) {
	out := &who{}
	out.Body.ID, out.Body.Name, out.Body.Role = by.PersonID, by.Name, by.Role
	return out, nil
}

func (a *API) people(ctx context.Context, by incident.Actor, _ *asking) (*list[store.Person], error) {
	people, err := a.store.People(ctx, by)
	return all(ctx, people, err)
}

type adding struct{ Posts[store.Person] }

type account struct{ Body store.Person }

func (a *API) addPerson(ctx context.Context, by incident.Actor, req *adding) (*account, error) {
	p, err := a.store.AddPerson(ctx, by, req.Body.value)
	if err != nil {
		return nil, err
	}
	return &account{p}, nil
}

// ByID is embedded by requests about a person or a token.
type ByID struct {
	ID int64 `path:"id" minimum:"1"`
}

type changingPerson struct {
	ByID
	Carries[store.PersonChange]
}

func (a *API) changePerson(ctx context.Context, by incident.Actor, req *changingPerson) (*account, error) {
	p, err := a.store.ChangePerson(ctx, by, req.ID, req.Body.value)
	if err != nil {
		return nil, err
	}
	return &account{p}, nil
}

func (a *API) tokens(ctx context.Context, by incident.Actor, _ *asking) (*list[store.Token], error) {
	tokens, err := a.store.Tokens(ctx, by)
	return all(ctx, tokens, err)
}

type asksToken struct{ Posts[store.TokenRequest] }

// NewToken is a token with its secret, which is shown this once.
type NewToken struct {
	store.Token
	Secret string `json:"secret" doc:"Send it as Authorization: Bearer SECRET. It is not shown again."`
}

type tokenMade struct {
	CacheControl string `header:"Cache-Control"`
	Body         NewToken
}

func (a *API) newToken(ctx context.Context, by incident.Actor, req *asksToken) (*tokenMade, error) {
	secret, token, err := a.store.NewToken(ctx, by, req.Body.value)
	if err != nil {
		return nil, err
	}
	return &tokenMade{"no-store", NewToken{token, secret}}, nil
}

type revoking struct{ ByID }

func (a *API) revokeToken(ctx context.Context, by incident.Actor, req *revoking) (*nothing, error) {
	return done(a.store.RevokeToken(ctx, by, req.ID))
}

// healthz says that the process serves.
func (a *API) healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n"))
}

// readyTime is how long the database may take to answer /readyz.
const readyTime = 2 * time.Second

// readyz says that the database answers too.
func (a *API) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	if err := a.store.Ready(ctx); err != nil {
		a.log.WarnContext(ctx, "not ready", "error", err)
		refuse(w, r, tell(unready, "the database does not answer"))
		return
	}
	a.healthz(w, r)
}
