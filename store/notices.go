package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/status"
)

// mostNotices bounds how many incidents the status page knows, what goes on and the newest of what is over, however long
// ago outsiders were told of them.
const mostNotices = 2000

const (
	insertNotice = `
	insert into notices (incident, announced_at)
	values ($1, $2)
	on conflict on constraint notices_pkey do nothing`
	setPublication = `
	insert into publications (incident, version, at, public)
	values ($1, $2, $3, $4)
	on conflict on constraint publications_pkey do update
	set    version = excluded.version, at = excluded.at, public = excluded.public`
	dropPublication = `
	delete from publications
	where  incident = $1`
	// listNotices lists what outsiders may know of: what goes on, and the newest of what is over, with the version of
	// each. It reads no more than it lists, however much is over.
	listNotices = `
	select   n.incident, n.announced_at, c.version
	from     (
		(select n.incident, n.announced_at, 0 as over
		` + ofNotices + `
		and      i.status in ('investigating', 'identified', 'monitoring', 'scheduled', 'in_progress', 'verifying')
		` + newestNotices + `)
		union all
		(select n.incident, n.announced_at, 1
		` + ofNotices + `
		and      i.status in ('resolved', 'completed')
		` + newestNotices + `)
	) n
	join     chains c on c.incident = n.incident
	order by n.over, n.announced_at desc, n.incident desc
	limit    $1`
	ofNotices = `
		from     notices   n
		join     incidents i on i.number = n.incident
		where    i.visibility = 'internal'
		and      not i.archived`
	newestNotices = `
		order by n.announced_at desc, n.incident desc
		limit    $1`
	readPublication = `
	select p.public
	from   publications p
	where  p.incident = $1`
)

// announce queues what outsiders learn of a change; before is nil for a new record. Recalled is what was published
// and is no longer to be shown.
func (w *writer) announce(before, after *incident.Incident, recalled bool) error {
	if recalled {
		w.batch.Queue(dropPublication, after.Number)
	}
	if !after.Announced() {
		return nil
	}
	w.batch.Queue(insertNotice, after.Number, w.at)
	at := after.Review.PublishedAt
	if at == nil || before != nil && before.Review.PublishedAt != nil && at.Equal(*before.Review.PublishedAt) {
		return nil
	}
	text, err := json.Marshal(after.Public())
	if err != nil {
		return fmt.Errorf("write the public version of %s: %w", after.Number, err)
	}
	w.batch.Queue(setPublication, after.Number, after.Version, *at, text)
	return nil
}

// notice is an incident that outsiders were told of, and at which version.
type notice struct {
	number  incident.Number
	at      time.Time
	version int64
}

// readNotices reads what outsiders may know of, as it stands, and what tells whether it has changed.
func (s *Store) readNotices(ctx context.Context) (all []*status.Notice, mark string, err error) {
	rows, err := s.pool.Query(ctx, listNotices, mostNotices)
	if err != nil {
		return nil, "", refuse(err, "list what outsiders may know of")
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (n notice, err error) {
		return n, row.Scan(&n.number, &n.at, &n.version)
	})
	if err != nil {
		return nil, "", refuse(err, "list what outsiders may know of")
	}
	for _, n := range found {
		one, err := s.notice(ctx, n)
		if err != nil {
			return nil, "", err
		}
		if one != nil {
			all = append(all, one)
		}
	}
	return all, fmt.Sprint(found), nil
}

// notice reads one; nil when outsiders may no longer know of it. The whole record is read, and only what is public of
// it leaves this function.
func (s *Store) notice(ctx context.Context, n notice) (*status.Notice, error) {
	if known, held := s.outside.notices.Get(n.number); held && known.version == n.version {
		return known.Notice, nil
	}
	r := reading{number: n.number, audit: true}
	var published json.RawMessage
	b := &pgx.Batch{}
	b.Queue(beginRead)
	r.queue(b, auditRecord)
	b.Queue(readPublication, n.number).Query(func(rows pgx.Rows) error {
		defer rows.Close()
		if !rows.Next() {
			return rows.Err()
		}
		return rows.Scan(&published)
	})
	b.Queue(`commit`)
	if err := s.send(ctx, b); err != nil {
		return nil, refuse(err, fmt.Sprintf("read what is public of %s", n.number))
	}
	if !r.found {
		return nil, nil
	}
	one, err := newNotice(r.record(), n.at, published)
	if err == nil {
		s.outside.notices.Add(n.number, keptNotice{r.in.Version, one})
	}
	return one, err
}

// keptNotice is a notice as it is at a version of its incident.
type keptNotice struct {
	version int64
	*status.Notice
}

func newNotice(in *incident.Incident, at time.Time, published json.RawMessage) (*status.Notice, error) {
	if in.Visibility != incident.VisibleInternal || in.Archived {
		return nil, nil
	}
	n := &status.Notice{Incident: in.Public(), AnnouncedAt: at}
	switch {
	case published != nil:
		n.Postmortem = &incident.Public{}
		if err := json.Unmarshal(published, n.Postmortem); err != nil {
			return nil, fmt.Errorf("read what was published of %s: %w", in.Number, err)
		}
	case in.Review.State == incident.ReviewPublished:
		n.Postmortem = n.Incident
	}
	if !in.Announced() { // an edit is not approved: what was published stands
		n.Incident = n.Postmortem
	}
	if n.Incident == nil {
		return nil, nil
	}
	return n, nil
}
