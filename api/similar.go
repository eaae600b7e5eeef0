package api

import (
	"context"
	"net/http"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

const likelyAbout = "By what they have in common, said in words: components, the kind of cause, tags, and rare words. Nothing private is compared, and private incidents come only to those named on them."

// similarTable is about what happened before.
func (a *API) similarTable() []row {
	const all = "/incidents/{number}/similar"
	return []row{
		operation[listingSimilar, list[store.Relative]]{id: "listSimilar", method: http.MethodGet, path: all, summary: "Have we seen this before? Likely relatives of an incident, with the reasons",
			about: likelyAbout + " Those that the record names already, and those that somebody dismissed, are left out.", deed: incident.Read, do: a.similar},
		operation[relating, saidOfTwo]{id: "relate", method: http.MethodPost, path: all, summary: "Confirm or dismiss a relative",
			about: "related and recurrence_of link the record to the other, as an edit of it would. no_relative is remembered, whichever of the two is looked at, and in the record of neither.", deed: incident.Write, do: a.relate, adjust: answersOK},
		operation[takingBack, nothing]{id: "takeBackDismissal", method: http.MethodDelete, path: all + "/{other}", summary: "Take back that two incidents are no relatives", deed: incident.Write, do: a.takeBack},
		operation[knowing, list[store.KnownBefore]]{id: "listKnownBefore", method: http.MethodGet, path: "/incidents/{number}/known-before", summary: "What was left of the follow-ups of older relatives when an incident started",
			about: "Of each older incident that the record names as related or repeated: the follow-ups that were open, in progress or given up then, by its history.", deed: incident.Read, do: a.knownBefore},
		operation[drafting, list[store.Relative]]{id: "findSimilar", method: http.MethodPost, path: "/similar", summary: "Likely relatives of what is about to be filed", about: likelyAbout + " Nothing is kept.",
			deed: incident.Read, do: a.similarToDraft, adjust: answersOK},
	}
}

type listingSimilar struct {
	Of
	Limit int `query:"limit" minimum:"1" maximum:"20" default:"10" doc:"At most how many."`
}

func (a *API) similar(ctx context.Context, by incident.Actor, req *listingSimilar) (*list[store.Relative], error) {
	in, err := a.store.Incident(ctx, by, req.Number.Number)
	if err != nil {
		return nil, err
	}
	found, err := a.store.Similar(ctx, by, in, req.Limit)
	return all(ctx, found, err)
}

type drafting struct{ Posts[store.Draft] }

const mostForDraft = 10

func (a *API) similarToDraft(ctx context.Context, by incident.Actor, req *drafting) (*list[store.Relative], error) {
	found, err := a.store.SimilarToDraft(ctx, by, req.Body.value, mostForDraft)
	return all(ctx, found, err)
}

// Saying is what a person says of two incidents.
type Saying struct {
	Incident incident.Number `json:"incident" required:"true" doc:"The other incident."`
	As       store.Relation  `json:"as" required:"true" enum:"related,recurrence_of,no_relative"`
}

type relating struct {
	Of
	Posts[Saying]
}

type saidOfTwo struct{ Body Saying }

func (a *API) relate(ctx context.Context, by incident.Actor, req *relating) (*saidOfTwo, error) {
	if err := a.store.Relate(ctx, by, req.Number.Number, req.Body.value.Incident, req.Body.value.As); err != nil {
		return nil, err
	}
	return &saidOfTwo{req.Body.value}, nil
}

type takingBack struct {
	Of
	Other number `path:"other" doc:"The other incident."`
}

func (a *API) takeBack(ctx context.Context, by incident.Actor, req *takingBack) (*nothing, error) {
	return done(a.store.TakeBack(ctx, by, req.Number.Number, req.Other.Number))
}

type knowing struct{ Of }

func (a *API) knownBefore(ctx context.Context, by incident.Actor, req *knowing) (*list[store.KnownBefore], error) {
	in, err := a.store.Incident(ctx, by, req.Number.Number)
	if err != nil {
		return nil, err
	}
	found, err := a.store.KnownBefore(ctx, by, in)
	return all(ctx, found, err)
}
