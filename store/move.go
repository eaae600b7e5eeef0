package store

import (
	"context"

	"github.com/debriefhq/debrief/incident"
)

// Review takes a step of review.
func (s *Store) Review(ctx context.Context, by incident.Actor, n incident.Number, step incident.ReviewStep) (*incident.Incident, error) {
	return nil, errPending
}

// Move changes the status.
func (s *Store) Move(ctx context.Context, by incident.Actor, n incident.Number, revision int64, m incident.StatusMove) (*incident.Incident, error) {
	return nil, errPending
}
