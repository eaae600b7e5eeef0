package api

import (
	"bytes"
	"context"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// number is an incident's number in a path: 42 and INC-42 are both understood.
type number struct{ incident.Number }

const numberPattern = "^([iI][nN][cC]-)?[0-9]+$"

// UnmarshalText reads either form.
func (n *number) UnmarshalText(text []byte) (err error) {
	n.Number, err = incident.ReadNumber(string(text))
	return err
}

// Schema says that the path takes text.
func (number) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: "string", Pattern: numberPattern, Examples: []any{"42", "INC-42"}}
}

// Of is embedded by requests about one incident.
type Of struct {
	Number number `path:"number" doc:"The incident: 42 or INC-42."`
}

// when is a time in the address: RFC 3339, or a day, which begins at midnight UTC.
type when struct{ at *time.Time }

// UnmarshalText reads either form.
func (w *when) UnmarshalText(text []byte) error {
	given := bytes.ToUpper(text)
	if sign := len(given) - len("+02:00"); sign > 0 && given[sign] == ' ' {
		given[sign] = '+' // which a query reads as a space unless it is encoded
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly} {
		if at, err := time.Parse(form, string(given)); err == nil {
			at = at.UTC()
			w.at = &at
			return nil
		}
	}
	return incident.Refuse(incident.Malformed, "", "write a time with its zone, as 2013-07-18T09:42:00Z, or a day as 2013-07-18")
}

// Schema says that the address takes either text: UnmarshalText checks it.
func (when) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: "string", Description: "A time with its zone, RFC 3339 with or without seconds, or a day, UTC.", Examples: []any{"2013-07-18T09:42:00Z", "2013-07-18"}}
}

// Paging is embedded by requests for a list.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"At most how many."`
	Cursor string `query:"cursor" maxLength:"1000" doc:"next of the page before; the first page without."`
}

// list is a page of anything, with the address of the one after it.
type list[T any] struct {
	Link string `header:"Link" doc:"The next page, rel=next; absent on the last."`
	Body store.Page[T]
}

// listed answers with a page.
func listed[T any](ctx context.Context, page store.Page[T], err error) (*list[T], error) {
	if err != nil {
		return nil, err
	}
	if page.Items == nil {
		page.Items = []T{}
	}
	out := &list[T]{Body: page}
	if page.Next != "" && len(page.Items) > 0 { // a feed has a next also where it ends for now
		from := requestOf(ctx)
		query := url.Values{}
		for key, values := range from.query {
			query[key] = values
		}
		query.Set("cursor", page.Next)
		out.Link = "<" + from.path + "?" + query.Encode() + `>; rel="next"`
	}
	return out, nil
}

// all answers with everything there is, as one page.
func all[T any](ctx context.Context, items []T, err error) (*list[T], error) {
	return listed(ctx, store.Page[T]{Items: items}, err)
}

// nothing is the answer 204.
type nothing struct{}

// done answers with nothing, or with the error.
func done(err error) (*nothing, error) {
	if err != nil {
		return nil, err
	}
	return &nothing{}, nil
}
