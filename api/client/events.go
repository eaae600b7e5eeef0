package client

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// Event is a change as it happened.
type Event struct {
	ID string // where to go on after it
	Change
}

// EventFilter says which events to read.
type EventFilter struct {
	Incident incident.Number // 0 is all
	After    string          // ID of the last event read before, or Next of Changes; "" begins now
}

const (
	longestSilence = time.Minute // the server gives a sign of life every 15 seconds
	comeAgain      = 2 * time.Second
)

// Events calls each with every change as it happens, until ctx ends, each fails, or the server refuses.
// When the connection breaks it makes another, and nothing is lost or told twice.
func (c *Client) Events(ctx context.Context, f EventFilter, each func(Event) error) error {
	for {
		err := c.eventsOnce(ctx, &f, each)
		var refusal *incident.Error
		var stop *stopped
		switch {
		case errors.As(err, &stop):
			return stop.error
		case errors.As(err, &refusal) && refusal.Kind != incident.TooMany:
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(comeAgain):
		}
	}
}

// stopped is an error of who reads the events.
type stopped struct{ error }

// eventsOnce reads one connection to its end, and notes in f how far it came.
func (c *Client) eventsOnce(ctx context.Context, f *EventFilter, each func(Event) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	silence := time.AfterFunc(longestSilence, cancel)
	defer silence.Stop()
	query := url.Values{}
	if f.Incident != 0 {
		query.Set("incident", fmt.Sprintf("%d", f.Incident))
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/events?"+query.Encode(), nil)
	if err != nil {
		return &stopped{fmt.Errorf("the server's address %q is not one: %w", c.base, err)}
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Accept", "text/event-stream, application/problem+json")
	if f.After != "" {
		req.Header.Set("Last-Event-ID", f.After)
	}
	open := *c.http
	open.Timeout = 0 // it lasts
	answer, err := open.Do(req)
	if err != nil {
		return fmt.Errorf("reach the server: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<20)) // what can be read of it
		return refusal(answer, text)
	}
	return readEvents(answer.Body, f, each, func() { silence.Reset(longestSilence) })
}

// readEvents takes events apart; heard is called at every line.
func readEvents(from io.Reader, f *EventFilter, each func(Event) error, heard func()) error {
	lines := bufio.NewReader(from)
	id, data := f.After, ""
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return fmt.Errorf("read events: %w", err)
		}
		heard()
		name, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case name == "id":
			id = value
		case name == "data":
			data += value
		case line != "\n":
		case data == "":
			f.After = id
		default:
			e := Event{ID: id}
			if err := json.Unmarshal([]byte(data), &e.Change); err != nil {
				return &stopped{fmt.Errorf("the event is not what a Debrief server sends: %w", err)}
			}
			if err := each(e); err != nil {
				return &stopped{err}
			}
			f.After, data = id, ""
		}
	}
}
