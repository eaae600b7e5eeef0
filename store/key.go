package store

import (
	"context"
	"fmt"

	"github.com/debriefhq/debrief/incident"
)

// firstSealed gives the first row of the installation's own history, and that history's head.
const firstSealed = `
	select h.body, h.mac, c.version, c.mac, c.checkpoint, c.seal
	from   history h
	join   chains  c on c.incident = h.incident
	where  h.incident = 0
	and    h.version  = 1`

// CheckKey refuses a key that has sealed nothing of a history which is there: what we sealed with it could
// not be verified together with the rest. It is no Verify: a row or a head that was changed still passes, as
// long as the other one is true.
func (s *Store) CheckKey(ctx context.Context) error {
	var body, mac, seal []byte
	h := head{}
	err := s.pool.QueryRow(ctx, firstSealed).Scan(&body, &mac, &h.version, &h.mac, &h.checkpoint, &seal)
	switch {
	case absent(err):
		return nil
	case err != nil:
		return fmt.Errorf("check the key of the history: %w", err)
	case equal(s.link(nil, body), mac) || equal(s.seal(h), seal):
		return nil
	}
	return incident.Refuse(incident.Conflict, "", "this database's history was sealed with another key: bring back the history.key it had, or set DEBRIEF_HISTORY_KEY to what it holds")
}
