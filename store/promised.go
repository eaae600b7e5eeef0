package store

import (
	"context"

	"github.com/debriefhq/debrief/incident"
)

// lastPromises reads what the last public message of each incident $2 promised, as incident.Told orders them. A
// correction that promises nothing leaves what was promised before.
const lastPromises = `
	select distinct on (p.incident) p.incident, p.next_update_at
	from   messages p` + ofVisible + `
	and    p.incident = any($2::bigint[])
	and    i.status not in ('resolved', 'completed')
	and    p.audience = 'public'
	and    p.state <> 'draft'
	and    (p.at).at is not null
	and    (p.at).precision <> 'day'
	and    (p.corrects is null or (p.next_update_at).at is not null and (p.next_update_at).precision <> 'day')
	order by p.incident, (p.at).at desc, p.position desc, p.id desc`

// Awaited gives the updates that outsiders were promised and wait for, as incident.Awaited does, of those of the
// incidents that have any and that by may know of.
func (s *Store) Awaited(ctx context.Context, by incident.Actor, numbers []incident.Number) (map[incident.Number]*incident.Moment, error) {
	if err := may(by, incident.Read); err != nil || len(numbers) == 0 {
		return nil, err
	}
	q := &query{args: []any{fold(by.Name), numbers}}
	q.add(lastPromises)
	type row struct {
		of incident.Number
		at *incident.Moment
	}
	found, err := collect(ctx, s, q, "list promises", func(scan func(...any) error) (r row, err error) {
		return r, scan(&r.of, told{&r.at})
	})
	all := map[incident.Number]*incident.Moment{}
	for _, r := range found {
		if r.at.Known() && r.at.Precision != incident.Day {
			all[r.of] = r.at
		}
	}
	return all, err
}
