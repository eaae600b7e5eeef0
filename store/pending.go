package store

import (
	"context"
	"errors"

	"github.com/debriefhq/debrief/incident"
)

var errPending = errors.New("not written yet")

// Incidents lists.
func (s *Store) Incidents(ctx context.Context, by incident.Actor, f Filter) (Page[incident.Heading], error) {
	return Page[incident.Heading]{}, errPending
}

// Search finds words.
func (s *Store) Search(ctx context.Context, by incident.Actor, query string, limit int, cursor string) (Page[Hit], error) {
	return Page[Hit]{}, errPending
}

// History lists the changes of one incident, newest first.
func (s *Store) History(ctx context.Context, by incident.Actor, n incident.Number, limit int, cursor string) (Page[Change], error) {
	return Page[Change]{}, errPending
}

// Changes lists changes across incidents in commit order, oldest first.
func (s *Store) Changes(ctx context.Context, by incident.Actor, limit int, cursor string) (Page[Change], error) {
	return Page[Change]{}, errPending
}

// ActionsPage lists follow-ups.
func (s *Store) ActionsPage(ctx context.Context, by incident.Actor, f ActionFilter) (Page[NumberedAction], error) {
	return Page[NumberedAction]{}, errPending
}

// MessagesPage lists messages.
func (s *Store) MessagesPage(ctx context.Context, by incident.Actor, f MessageFilter) (Page[NumberedMessage], error) {
	return Page[NumberedMessage]{}, errPending
}

// Verify checks the history.
func (s *Store) Verify(ctx context.Context) (Report, error) { return Report{}, errPending }

// Checkpoint notes all heads.
func (s *Store) Checkpoint(ctx context.Context) error { return errPending }
