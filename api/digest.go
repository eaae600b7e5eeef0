package api

import (
	"context"

	"github.com/debriefhq/debrief/incident"
)

type digesting struct {
	Period string `path:"period" maxLength:"20" doc:"A month or a quarter of UTC: 2013-07 or 2013-Q3." example:"2013-07"`
}

type digested struct{ Body *incident.Digest }

func (a *API) digest(ctx context.Context, by incident.Actor, req *digesting) (*digested, error) {
	d, err := a.store.Digest(ctx, by, req.Period)
	if err != nil {
		return nil, err
	}
	return &digested{d}, nil
}
