package store

import (
	"context"
	"errors"
	"time"

	"github.com/debriefhq/debrief/incident"
)

var errPending = errors.New("not written yet")

// File makes a new incident of in, with a number and draft review of its own.
func (s *Store) File(ctx context.Context, by incident.Actor, in *incident.Incident) (*incident.Incident, error) {
	return nil, errPending
}

// FileAll files all or none.
func (s *Store) FileAll(ctx context.Context, by incident.Actor, ins []*incident.Incident) ([]*incident.Incident, error) {
	return nil, errPending
}

// Restore files in under its own number.
func (s *Store) Restore(ctx context.Context, by incident.Actor, in *incident.Incident) (*incident.Incident, error) {
	return nil, errPending
}

// Change edits an incident.
func (s *Store) Change(ctx context.Context, by incident.Actor, n incident.Number, revision int64, edit func(*incident.Incident) error) (*incident.Incident, error) {
	return nil, errPending
}

// Append adds parts of one kind.
func (s *Store) Append(ctx context.Context, by incident.Actor, n incident.Number, parts []incident.Part) ([]incident.Part, error) {
	return nil, errPending
}

// ChangePart edits one part.
func (s *Store) ChangePart(ctx context.Context, by incident.Actor, n incident.Number, k incident.PartKind, id string, revision int64, edit func(incident.Part) error) (incident.Part, error) {
	return nil, errPending
}

// RemovePart takes one part out.
func (s *Store) RemovePart(ctx context.Context, by incident.Actor, n incident.Number, k incident.PartKind, id string, revision int64) error {
	return errPending
}

// Archive takes an incident out of lists.
func (s *Store) Archive(ctx context.Context, by incident.Actor, n incident.Number, revision int64) error {
	return errPending
}

// Incident reads a whole record.
func (s *Store) Incident(ctx context.Context, by incident.Actor, n incident.Number) (*incident.Incident, error) {
	return nil, errPending
}

// Tag reads revision and version.
func (s *Store) Tag(ctx context.Context, by incident.Actor, n incident.Number) (revision, version int64, err error) {
	return 0, 0, errPending
}

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

// AddPerson adds a person.
func (s *Store) AddPerson(ctx context.Context, by incident.Actor, p Person) (Person, error) {
	return Person{}, errPending
}

// ChangePerson changes a person.
func (s *Store) ChangePerson(ctx context.Context, by incident.Actor, id int64, c PersonChange) (Person, error) {
	return Person{}, errPending
}

// People lists everybody.
func (s *Store) People(ctx context.Context, by incident.Actor) ([]Person, error) {
	return nil, errPending
}

// NewToken makes a token.
func (s *Store) NewToken(ctx context.Context, by incident.Actor, r TokenRequest) (secret string, t Token, err error) {
	return "", Token{}, errPending
}

// Tokens lists tokens.
func (s *Store) Tokens(ctx context.Context, by incident.Actor) ([]Token, error) {
	return nil, errPending
}

// RevokeToken ends a token.
func (s *Store) RevokeToken(ctx context.Context, by incident.Actor, id int64) error {
	return errPending
}

// Identify finds who a secret belongs to.
func (s *Store) Identify(ctx context.Context, secret string) (incident.Actor, error) {
	return incident.Actor{}, errPending
}

// NewSignInLink makes a secret that signs person in once.
func (s *Store) NewSignInLink(ctx context.Context, by incident.Actor, person string, lasts time.Duration) (secret string, err error) {
	return "", errPending
}

// SignIn trades a link for a session.
func (s *Store) SignIn(ctx context.Context, link string) (session string, expires time.Time, err error) {
	return "", time.Time{}, errPending
}

// SignOut ends a session.
func (s *Store) SignOut(ctx context.Context, session string) error { return errPending }

// Verify checks the history.
func (s *Store) Verify(ctx context.Context) (Report, error) { return Report{}, errPending }

// Checkpoint notes all heads.
func (s *Store) Checkpoint(ctx context.Context) error { return errPending }
