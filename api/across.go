package api

import (
	"context"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

type searching struct {
	Query string `query:"q" required:"true" minLength:"1" maxLength:"500" doc:"Words, \"phrases\", -without, beginnings*, this OR that, and filters such as severity:sev1 component:billing after:2013-07 cause:configuration owner:me is:overdue."`
	Paging
}

func (a *API) search(ctx context.Context, by incident.Actor, req *searching) (*list[store.Hit], error) {
	page, err := a.store.Search(ctx, by, req.Query, req.Limit, req.Cursor)
	return listed(ctx, page, err)
}

type historyOf struct {
	Of
	Paging
}

func (a *API) history(ctx context.Context, by incident.Actor, req *historyOf) (*list[store.Change], error) {
	page, err := a.store.History(ctx, by, req.Number.Number, req.Limit, req.Cursor)
	return listed(ctx, page, err)
}

type following struct{ Paging }

func (a *API) changes(ctx context.Context, by incident.Actor, req *following) (*list[store.Change], error) {
	page, err := a.store.Changes(ctx, by, 0, req.Limit, req.Cursor)
	return listed(ctx, page, err)
}

type listingActions struct {
	Owner   string `query:"owner" maxLength:"200"`
	State   string `query:"state" enum:"open,in_progress,done,not_doing"`
	Overdue bool   `query:"overdue" doc:"Only those due before today, UTC, and neither done nor given up."`
	Paging
}

func (a *API) actions(ctx context.Context, by incident.Actor, req *listingActions) (*list[store.NumberedAction], error) {
	page, err := a.store.ActionsPage(ctx, by, store.ActionFilter{
		Owner: req.Owner, State: req.State, Overdue: req.Overdue, Limit: req.Limit, Cursor: req.Cursor,
	})
	return listed(ctx, page, err)
}

type listingMessages struct {
	Channel string `query:"channel" enum:"status_page,email,blog,forum,social,support"`
	State   string `query:"state" enum:"draft,recorded,sent"`
	Paging
}

func (a *API) messages(ctx context.Context, by incident.Actor, req *listingMessages) (*list[store.NumberedMessage], error) {
	page, err := a.store.MessagesPage(ctx, by, store.MessageFilter{
		Channel: req.Channel, State: req.State, Limit: req.Limit, Cursor: req.Cursor,
	})
	return listed(ctx, page, err)
}
