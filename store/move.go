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
		deed: incident.Write, did: didReview, doing: "review", seen: seen, assigned: true, note: step.Reason, recalls: step.Move == incident.Withdraw,
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

// Send sends a message that is a draft: outsiders see it from now on. Revision is the message's that by read, 0 when it
// was not asked. It gives the record as by may see it afterwards.
func (s *Store) Send(ctx context.Context, by incident.Actor, n incident.Number, id string, revision int64) (*incident.Incident, error) {
	return s.edit(ctx, by, n, editing{
		deed: incident.Write, did: didSend, doing: "send a message of", sends: id,
		edit: func(w *writer, in *incident.Incident, _ []string) error {
			if _, err := findPart(in, incident.Messages, id, revision); err != nil {
				return err
			}
			return in.Send(incident.Sending{ID: id, By: by, At: w.at})
		},
	})
}
