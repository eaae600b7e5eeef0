package api

import (
	"context"
	"net/http"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// subscriberTable is about who asked to be told, and what became of it.
func (a *API) subscriberTable() []row {
	const deliveries = "/incidents/{number}/messages/{id}/deliveries"
	return []row{
		operation[listingSubscribers, list[store.Subscriber]]{id: "listSubscribers", method: http.MethodGet, path: "/subscribers", summary: "List those outside who asked to be told",
			deed: incident.Administer, do: a.subscribers},
		operation[removingSubscriber, nothing]{id: "removeSubscriber", method: http.MethodDelete, path: "/subscribers/{id}", summary: "Erase somebody who asked to be told",
			about: "What is queued for them is not sent. History keeps that an admin did this, and no address.", deed: incident.Administer, do: a.removeSubscriber},
		operation[listingDeliveries, list[store.DeliveryRow]]{id: "listDeliveries", method: http.MethodGet, path: deliveries, summary: "What became of a message, for each subscriber",
			about: "Those first that a person is to decide: unknown is what broke off between being sent and being noted.", deed: incident.Administer, do: a.deliveries},
		operation[deciding, decided]{id: "decideDeliveries", method: http.MethodPost, path: deliveries, summary: "Send unknown deliveries again, or leave them",
			about: "Whoever got the message already gets it twice when it is sent again: nobody can know, so a person decides.", deed: incident.Administer, do: a.decide, adjust: answersOK},
	}
}

type listingSubscribers struct {
	Query string                  `query:"q" maxLength:"200" doc:"Part of the address."`
	Kind  incident.SubscriberKind `query:"kind" enum:"email,webhook,slack,teams"`
	State store.SubscriberState   `query:"state" enum:"pending,active,bounced"`
	Paging
}

func (a *API) subscribers(ctx context.Context, by incident.Actor, req *listingSubscribers) (*list[store.Subscriber], error) {
	page, err := a.store.SubscribersPage(ctx, by, store.SubscriberFilter{
		Query: req.Query, Kind: req.Kind, State: req.State, Limit: req.Limit, Cursor: req.Cursor,
	})
	return listed(ctx, page, err)
}

type removingSubscriber struct{ ByID }

func (a *API) removeSubscriber(ctx context.Context, by incident.Actor, req *removingSubscriber) (*nothing, error) {
	return done(a.store.RemoveSubscriber(ctx, by, req.ID))
}

type listingDeliveries struct {
	OfPart
	State store.DeliveryState `query:"state" enum:"queued,sending,delivered,failed,unknown,left,cancelled"`
	Paging
}

func (a *API) deliveries(ctx context.Context, by incident.Actor, req *listingDeliveries) (*list[store.DeliveryRow], error) {
	page, err := a.store.DeliveriesPage(ctx, by, req.Number.Number, req.ID, store.DeliveryFilter{State: req.State, Limit: req.Limit, Cursor: req.Cursor})
	return listed(ctx, page, err)
}

type deciding struct {
	OfPart
	Posts[store.Decision]
}

type decided struct {
	Body struct {
		Done int `json:"done" doc:"How many of them were unknown, and are not any more."`
	} `nameHint:"Decided"`
}

func (a *API) decide(ctx context.Context, by incident.Actor, req *deciding) (*decided, error) {
	done, err := a.store.Decide(ctx, by, req.Number.Number, req.ID, req.Body.value)
	if err != nil {
		return nil, err
	}
	out := &decided{}
	out.Body.Done = done
	return out, nil
}
