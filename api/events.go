package api

import (
	"bytes"
	"cmp"
	"context"
	"errors"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"github.com/debriefhq/debrief/api/stream"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

const eventsAbout = `Server-sent events, one for each change, with the name change. The data is a change as /changes lists it; the
id is where to go on after it. A connection that broke is resumed without loss or repetition by sending the last id as
Last-Event-ID, as browsers do by themselves, or as last_event_id. Without either it begins at now, and an id alone tells
where that is. A cursor of /changes is understood too, so a reader may catch up there and go on here.

A comment comes every 15 seconds. The stream ends when the token does, when the incident asked for may not be seen any
more, and when the server stops.`

type eventsOf struct {
	Incident    number `query:"incident" doc:"Only changes of this incident: 42 or INC-42."`
	LastEventID string `header:"Last-Event-ID" maxLength:"1000" doc:"The id of the last event that was read."`
	After       string `query:"last_event_id" maxLength:"1000" doc:"The same, for those who cannot send the header, which comes first."`
}

// streamed is an answer that is written bit by bit.
type streamed struct{ Body func(huma.Context) }

// events follows the feed of changes. All that can be refused is, before the stream begins.
func (a *API) events(ctx context.Context, by incident.Actor, req *eventsOf) (*streamed, error) {
	f := &follower{store: a.store, again: requestOf(ctx).again, of: req.Incident.Number, cursor: cmp.Or(req.LastEventID, req.After)}
	var err error
	if f.cursor == "" {
		f.begins = true
		f.cursor, err = a.store.Now(ctx, by)
	} else {
		_, err = a.store.Changes(ctx, by, f.of, 1, f.cursor)
	}
	if err != nil {
		return nil, err
	}
	if err := f.check(ctx, by); err != nil {
		return nil, err
	}
	leave, err := a.streams.Enter(by.PersonID)
	if err != nil {
		return nil, err
	}
	return &streamed{func(c huma.Context) {
		defer leave()
		r, w := humachi.Unwrap(c)
		watch := a.store.WatchFeed(f.of)
		defer watch.Close()
		err := a.streams.Serve(w, r, watch.C, f.turn)
		if refusal := new(incident.Error); err != nil && !errors.As(err, &refusal) && r.Context().Err() == nil {
			a.log.ErrorContext(ctx, "a stream of events broke", "error", err)
		}
	}}, nil
}

// follower is one reader of the feed.
type follower struct {
	store  *store.Store
	again  func(context.Context) (incident.Actor, error) // finds out anew who reads
	of     incident.Number                               // 0 is all
	cursor string
	begins bool // the reader is to be told where it begins
}

// turn sends what is new to whoever the reader is by now.
func (f *follower) turn(ctx context.Context, to *stream.Stream, _ bool) error {
	by, err := f.again(ctx)
	if err != nil {
		return err
	}
	if err := f.check(ctx, by); err != nil {
		return err
	}
	if f.begins {
		to.Add(stream.Event{ID: f.cursor})
		f.begins = false
	}
	for {
		page, err := f.store.Changes(ctx, by, f.of, 200, f.cursor)
		if err != nil || len(page.Items) == 0 {
			return err
		}
		for _, c := range page.Items {
			var data bytes.Buffer
			if err := writeJSON(&data, c); err != nil {
				return err
			}
			to.Add(stream.Event{ID: c.Cursor, Name: "change", Data: bytes.TrimSpace(data.Bytes())})
		}
		f.cursor = page.Next
		if err := to.Flush(); err != nil {
			return nil //nolint:nilerr // the reader has gone, which is no fault
		}
	}
}

// check refuses an incident that the reader may not know of, or not any more.
func (f *follower) check(ctx context.Context, by incident.Actor) error {
	if f.of == 0 {
		return nil
	}
	_, _, err := f.store.Tag(ctx, by, f.of)
	return err
}

// asEvents tells OpenAPI what streams are.
func asEvents(op *huma.Operation) {
	op.Responses["200"] = &huma.Response{Description: "The stream", Content: map[string]*huma.MediaType{
		"text/event-stream": {Schema: &huma.Schema{Type: "string", Description: "Events, each with the lines id, event and data."}},
	}}
}
