package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// readAround reads what decides whether a part is odd: the heading, and what was silenced.
const readAround = `
	select ` + headingColumns + `, i.silenced
	from   incidents i
	join   chains    c on c.incident = i.number
	where  i.number = $1
	and    ` + visible

// OddParts lists what is odd about each of some parts that were written. It reads no more than the heading, and
// nothing where no part can be odd. The parts are kept already: where the heading cannot be read, it tells what
// the part alone shows.
func (s *Store) OddParts(ctx context.Context, by incident.Actor, n incident.Number, parts []incident.Part) [][]incident.Warning {
	around := incident.Incident{}
	odd, some := oddOf(&around, parts)
	if !some && !dated(parts) {
		return odd
	}
	b := &pgx.Batch{}
	b.Queue(readAround, n, fold(by.Name)).QueryRow(func(row pgx.Row) error {
		return row.Scan(append(headingTargets(&around.Heading), &around.Silenced)...)
	})
	if err := s.send(ctx, b); err != nil {
		return odd
	}
	odd, _ = oddOf(&around, parts)
	return odd
}

func oddOf(around *incident.Incident, parts []incident.Part) (odd [][]incident.Warning, some bool) {
	odd = make([][]incident.Warning, len(parts))
	for i, p := range parts {
		odd[i] = incident.OddPart(around, p)
		some = some || len(odd[i]) > 0
	}
	return odd, some
}

// dated tells whether one of the parts has a time that the heading may contradict, or lacks an end.
func dated(parts []incident.Part) bool {
	for _, p := range parts {
		switch p := p.(type) {
		case *incident.Entry:
			if p.At.Known() {
				return true
			}
		case *incident.Message:
			if p.At.Known() {
				return true
			}
		case *incident.Impact:
			if p.Until == nil {
				return true
			}
		}
	}
	return false
}
