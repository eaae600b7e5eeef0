package store

import (
	"context"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// sendings reads what was sent in one incident, newest first.
const sendings = `
	select   ` + historyColumns + `
	from     history h
	left     join people p on p.id = h.person
	where    h.incident = $1
	and      ` + ifKnown + `
	and      h.did = '` + didSend + `'
	order by h.version desc`

// Sender says who sent a message, and when, as history has it: the author that it names may be somebody else. It is ""
// for a message that was not sent, and for one that by may not see.
func (s *Store) Sender(ctx context.Context, by incident.Actor, n incident.Number, id string) (name string, at time.Time, err error) {
	if err := may(by, incident.Read); err != nil {
		return "", at, err
	}
	changes, err := s.readChanges(ctx, by, n, sendings)
	if err != nil {
		return "", at, err
	}
	for _, c := range changes {
		for _, d := range c.Changes {
			if strings.HasPrefix(d.Path, incident.Messages.Pointer()+"/"+id+"/state") {
				return c.By, c.At, nil
			}
		}
	}
	return "", at, nil
}
