package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

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

type added struct {
	Location string `header:"Location" doc:"Where the person stands."`
	Body     store.Person
}

func (a *API) addPerson(ctx context.Context, by incident.Actor, req *adding) (*added, error) {
	p, err := a.store.AddPerson(ctx, by, req.Body.value)
	if err != nil {
		return nil, err
	}
	return &added{requestOf(ctx).path + "/" + strconv.FormatInt(p.ID, 10), p}, nil
}

type account struct{ Body store.Person }

func answerPerson(p store.Person, err error) (*account, error) {
	if err != nil {
		return nil, err
	}
	return &account{p}, nil
}

type readingPerson struct{ ByID }

func (a *API) person(ctx context.Context, by incident.Actor, req *readingPerson) (*account, error) {
	return answerPerson(a.store.Person(ctx, by, req.ID))
}

// ByID is embedded by requests about a person or a token.
type ByID struct {
	ID int64 `path:"id" minimum:"1"`
}

// personPatch changes role and disabled.
type personPatch struct{ mergePatch[store.Person] }

// Schema is a person's with every key optional.
func (personPatch) Schema(r huma.Registry) *huma.Schema {
	return named(r, "AccountPatch", func() *huma.Schema {
		return patchOf(r, store.Person{}, func(key string) bool { return key == "name" })
	})
}

// notInPersonPatch lists what never changes of a person.
var notInPersonPatch = []settled[store.Person]{
	{"/id", "is assigned by Debrief: leave it out", func(p *store.Person) any { return p.ID }},
	{"/name", "never changes, because records name people: leave it out", func(p *store.Person) any { return p.Name }},
}

// change is what the patch says of role and disabled.
func (p personPatch) change(of store.Person) (change store.PersonChange, err error) {
	said, err := p.alone()
	if err != nil {
		return change, err
	}
	if p.names("/role") {
		change.Role = &said.Role
	}
	if p.names("/disabled") {
		change.Disabled = &said.Disabled
	}
	return change, p.refuse(notInPersonPatch, &of, said)
}

type changingPerson struct {
	ByID
	Carries[personPatch]
}

func (a *API) changePerson(ctx context.Context, by incident.Actor, req *changingPerson) (*account, error) {
	before, err := a.store.Person(ctx, by, req.ID)
	if err != nil {
		return nil, err
	}
	change, err := req.Body.value.change(before)
	if err != nil {
		return nil, err
	}
	return answerPerson(a.store.ChangePerson(ctx, by, req.ID, change))
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
