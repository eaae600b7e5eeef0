package store

import (
	"context"
	"fmt"
	"time"

	"github.com/debriefhq/debrief/incident"
)

const (
	// settled is the transaction before which the feed of changes is complete, as of now.
	settled = `
	select pg_snapshot_xmin(pg_current_snapshot())::text`

	// newlySettled lists the incidents with changes since settled was $1: those that the feed shows now, and
	// all, of which some may be held back.
	newlySettled = `
	select pg_snapshot_xmin(pg_current_snapshot())::text,
	       array(
	       	select distinct h.incident
	       	from   history h
	       	where  h.written >= $1::text::xid8
	       	and    h.written <  pg_snapshot_xmin(pg_current_snapshot())),
	       array(
	       	select distinct h.incident
	       	from   history h
	       	where  h.written >= $1::text::xid8),
	       exists (
	       	select
	       	from   history h
	       	where  h.written >= pg_snapshot_xmin(pg_current_snapshot()))`
)

// Now is the cursor that stands where Changes ends for now: what it gives later comes after it.
func (s *Store) Now(ctx context.Context, by incident.Actor) (cursor string, err error) {
	if err := may(by, incident.Read); err != nil {
		return "", err
	}
	var at string
	if err := s.pool.QueryRow(ctx, settled).Scan(&at); err != nil {
		return "", refuse(err, "read where the changes end")
	}
	return nowAt(at)
}

// nowAt is the cursor of Now when changes have settled up to that transaction: whatever was not has it or a later one.
func nowAt(settled string) (cursor string, err error) {
	return next(feedList, settled, incident.Number(0), int64(0))
}

// lookOut looks for changes that have settled, when asked to and now and then, and wakes who watches them.
func (s *Store) lookOut() {
	h := s.hub
	var at string // what was settled at the last look; "" when nobody watched
	wait, lost := pollTime, false
	for {
		select {
		case <-h.end.Done():
			return
		case <-h.look:
		case <-time.After(wait):
		}
		if !h.watched() {
			at = ""
			continue
		}
		held, err := s.lookOnce(&at)
		switch {
		case h.end.Err() != nil:
			return
		case err != nil && !lost:
			s.log.Warn("nobody is told of changes until the database answers again", "error", err)
			wait = pollTime
		case err != nil || !held:
			wait = pollTime
		case wait == pollTime:
			wait = settleTime
		default:
			wait = min(2*wait, pollTime/2)
		}
		lost = err != nil
	}
}

func (h *hub) watched() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.watchers) > 0
}

// lookOnce tells whether changes are held back by writes that are not done. It wakes everybody when it does not
// know since when to look.
func (s *Store) lookOnce(at *string) (held bool, err error) {
	ctx, cancel := context.WithTimeout(s.hub.end, tellTime)
	defer cancel()
	since := *at
	if since == "" {
		if err := s.pool.QueryRow(ctx, settled).Scan(&since); err != nil {
			return false, fmt.Errorf("look for changes: %w", err)
		}
	}
	var ready, all []incident.Number
	var now string
	if err := s.pool.QueryRow(ctx, newlySettled, since).Scan(&now, &ready, &all, &held); err != nil {
		return false, fmt.Errorf("look for changes: %w", err)
	}
	if *at == "" {
		s.hub.wake(everybody)
	} else {
		s.hub.wake(among(setOf(ready), true))
		s.hub.wake(among(setOf(all), false))
	}
	*at = now
	return held, nil
}
