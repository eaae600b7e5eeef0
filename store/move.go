package store

import (
	"context"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// Review takes a step of review on the record as it was seen. By, At and Authors of the step are filled in
// here; history keeps its reason.
func (s *Store) Review(ctx context.Context, by incident.Actor, n incident.Number, seen Seen, step incident.ReviewStep) (*incident.Incident, error) {
	return s.edit(ctx, by, n, editing{
		deed: incident.Write, did: didReview, doing: "review", seen: seen, assigned: true, note: step.Reason,
		edit: func(w *writer, in *incident.Incident, authors []string) error {
			step.By, step.At, step.Authors = by, w.at, authors
			return in.ReviewMove(step)
		},
	})
}

// Move takes the incident to another status. A move that does not say when happens now; history keeps its
// reason. Revision is the incident's that by read, 0 when it was not asked.
func (s *Store) Move(ctx context.Context, by incident.Actor, n incident.Number, revision int64, m incident.StatusMove) (*incident.Incident, error) {
	return s.edit(ctx, by, n, editing{
		deed: incident.Write, did: didMove, doing: "move", seen: Seen{Revision: revision}, moves: true, note: m.Reason,
		edit: func(w *writer, in *incident.Incident, _ []string) error {
			m := m
			if m.At == nil {
				now := incident.Exactly(w.at.Truncate(time.Second), in.Zone, incident.Second)
				m.At = &now
			}
			return in.Move(m)
		},
	})
}
