package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// auditTallies lists the tallies that are not what counting the incidents gives, as of one moment.
const auditTallies = `
	select   t.reader, t.status, t.severity, sum(t.kept)::bigint, sum(t.is)::bigint
	from     (
		select reader, status, severity, incidents as kept, 0 as is
		from   tallies
		union  all
		select reader, status, severity, change, 0
		from   tally_changes
		union  all
		select case i.visibility when 'internal' then '` + everybodys + `' else n.name end, i.status, i.severity, 0, 1
		from   incidents i
		left   join named n on n.incident = i.number and i.visibility = 'private'
		where  not i.archived
		and    (i.visibility = 'internal' or n.name is not null)
	) t
	group by t.reader, t.status, t.severity
	having   sum(t.kept) <> sum(t.is)
	order by 1, 2, 3
	limit    $1`

// tallies counts the incidents, which no page does.
func (v *verifying) tallies(ctx context.Context) error {
	rows, err := v.s.pool.Query(ctx, auditTallies, mostFindings)
	if err != nil {
		return err
	}
	type wrong struct {
		Reader, Status, Severity string
		Kept, Is                 int64
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[wrong])
	for _, y := range all {
		whose, severity := "incidents", y.Severity
		if y.Reader != everybodys {
			whose = "private incidents that name " + y.Reader
		}
		if severity == "" {
			severity = "without severity"
		}
		v.find(0, 0, "the tally of %s that are %s and %s is %d, and there are %d", whose, y.Status, severity, y.Kept, y.Is)
	}
	return err
}
