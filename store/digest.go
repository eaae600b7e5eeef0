package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// The most that a digest tells.
const (
	mostRetold = 100 // incidents
	mostOwed   = 100 // follow-ups
)

// Digest tells what happened in a month or a quarter, which ReadPeriod reads. It is the same for everybody who may read:
// private incidents, and what is private in others, are not in it.
func (s *Store) Digest(ctx context.Context, by incident.Actor, period string) (*incident.Digest, error) {
	if err := may(by, incident.Read); err != nil {
		return nil, err
	}
	name, from, until, err := incident.ReadPeriod(period)
	if err != nil {
		return nil, err
	}
	nobody := incident.Actor{Role: by.Role} // is named nowhere, so no list has anything private for them
	d := &incident.Digest{Period: name, From: from, Until: until, MadeAt: s.clock(), Incidents: []incident.Retold{}, Owed: []incident.Owed{}}
	if err := s.retell(ctx, nobody, d); err != nil {
		return nil, err
	}
	page, err := s.ActionsPage(ctx, nobody, ActionFilter{Pending: true, Limit: mostOwed})
	if err != nil {
		return nil, err
	}
	today := d.MadeAt.Format(time.DateOnly)
	for _, a := range page.Items {
		d.Owed = append(d.Owed, incident.Owed{
			Incident: a.Incident, Title: a.Title, Owner: a.Owner, Due: a.Due, State: a.State, Overdue: a.Due != nil && *a.Due < today,
		})
	}
	d.MoreOwed = page.Next != ""
	return d, nil
}

// retell reads the incidents of a digest, the most severe first. Of more than it tells, those without a severity are left
// out before others.
func (s *Store) retell(ctx context.Context, by incident.Actor, d *incident.Digest) error {
	f := Filter{From: &d.From, To: &d.Until, Sort: "started", Limit: mostRetold}
	page, err := s.Incidents(ctx, by, f)
	if err != nil {
		return err
	}
	all := page.Items
	if d.More = page.Next != ""; d.More {
		all = nil
		for _, severity := range incident.Severities {
			if f.Severity, f.Limit = string(severity), mostRetold-len(all); f.Limit == 0 {
				break
			}
			if page, err = s.Incidents(ctx, by, f); err != nil {
				return err
			}
			all = append(all, page.Items...)
		}
	}
	rank := func(h incident.Heading) int {
		if h.Severity == "" {
			return len(incident.Severities)
		}
		return slices.Index(incident.Severities, h.Severity)
	}
	slices.SortStableFunc(all, func(a, b incident.Heading) int { return rank(a) - rank(b) })
	for _, h := range all {
		in, err := s.Incident(ctx, by, h.Number)
		switch {
		case errors.Is(err, incident.NotFound): // it became private meanwhile
			continue
		case err != nil:
			return err
		}
		d.Incidents = append(d.Incidents, incident.Retell(in))
	}
	return nil
}
