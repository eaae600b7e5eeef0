package api

import (
	"context"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/lint"
)

type linting struct{ Of }

type linted struct {
	Body incident.Findings
}

// lint looks at the record as its reader may see it: what is private is found
// only for people named on the incident.
func (a *API) lint(ctx context.Context, by incident.Actor, req *linting) (*linted, error) {
	in, err := a.store.Incident(ctx, by, req.Number.Number)
	if err != nil {
		return nil, err
	}
	found, silenced := lint.Check(in)
	return &linted{incident.Findings{Items: found, Silenced: silenced}}, nil
}
