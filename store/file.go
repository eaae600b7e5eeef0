package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// takeNumbers takes $1 new numbers.
const takeNumbers = `
	select nextval(pg_get_serial_sequence('incidents', 'number'))
	from   generate_series(1, $1::bigint)`

// takeNumbersOnce takes none when the request was done before, so that retries leave no gaps.
const takeNumbersOnce = takeNumbers + `
	where  exists (select from idempotency_keys where person = $2 and key = $3 and result is null)`

// filed is what an idempotency key keeps of a filing.
type filed struct {
	Numbers []incident.Number `json:"numbers"`
}

// File makes a new incident of in, whose number, id, review and times are assigned: what in says of
// them is ignored. It never sends messages. It gives the record as it was kept, with measures and warnings.
func (s *Store) File(ctx context.Context, by incident.Actor, in *incident.Incident) (*incident.Incident, error) {
	kept, err := s.file(ctx, by, []*incident.Incident{in}, func(int) string { return "" })
	if err != nil {
		return nil, err
	}
	return kept[0], nil
}

// FileAll files all or none, in their order; pointers of a refusal begin with the place in ins.
func (s *Store) FileAll(ctx context.Context, by incident.Actor, ins []*incident.Incident) ([]*incident.Incident, error) {
	return s.file(ctx, by, ins, func(i int) string { return "/" + strconv.Itoa(i) })
}

func (s *Store) file(ctx context.Context, by incident.Actor, ins []*incident.Incident, pointer func(int) string) ([]*incident.Incident, error) {
	var drafts []*incident.Incident
	err := s.write(ctx, by, incident.Write, "file an incident", func(w *writer) error {
		drafts = drafts[:0]
		for i, in := range ins {
			draft := in.Draft()
			draft.CreatedBy = by.Name
			w.assign(draft)
			if err := draft.Check(); err != nil {
				return under(pointer(i), err)
			}
			drafts = append(drafts, draft)
		}
		return w.file(ctx, drafts, pointer)
	})
	var again *repeated
	if errors.As(err, &again) {
		return s.filedBefore(ctx, by, again.result)
	}
	if err != nil {
		return nil, err
	}
	for i, draft := range drafts {
		drafts[i] = shown(draft, true)
	}
	return drafts, nil
}

// under puts a pointer before those of a refusal.
func under(pointer string, err error) error {
	var refusal *incident.Error
	if pointer == "" || !errors.As(err, &refusal) {
		return err
	}
	moved := &incident.Error{Kind: refusal.Kind, Detail: refusal.Detail, Fields: map[string]string{}}
	for at, what := range refusal.Fields {
		moved.Fields[pointer+at] = what
	}
	return moved
}

// assign gives a new record what the store assigns, but its number.
func (w *writer) assign(in *incident.Incident) {
	in.ID, in.Revision, in.Version = newID(), 1, 1
	in.CreatedAt, in.UpdatedAt = w.at, w.at
	for _, k := range incident.PartKinds {
		for _, p := range in.Parts(k) {
			h := p.Head()
			h.Revision = 1
			if h.ID == "" {
				h.ID = newID()
			}
		}
	}
}

func newID() string {
	var random [8]byte
	_, _ = rand.Read(random[:]) // never fails
	return incident.NewID(random)
}

// file writes drafts that were checked, with new numbers.
func (w *writer) file(ctx context.Context, drafts []*incident.Incident, pointer func(int) string) error {
	var result filed
	var links []link
	for i, draft := range drafts {
		for _, l := range linksOf(draft) {
			links = append(links, link{pointer(i) + l.pointer, l.to})
		}
	}
	seen := map[incident.Number]bool{}
	err := w.begin(ctx, func(b *pgx.Batch) {
		statement, args := takeNumbers, []any{len(drafts)}
		if w.by.Once.Key != "" {
			statement, args = takeNumbersOnce, append(args, w.by.PersonID, w.by.Once.Key)
		}
		b.Queue(statement, args...).Query(func(rows pgx.Rows) (err error) {
			result.Numbers, err = pgx.CollectRows(rows, pgx.RowTo[incident.Number])
			return err
		})
		if len(links) > 0 {
			queueSeen(b, targets(links), fold(w.by.Name), seen)
		}
	})
	if err != nil {
		return err
	}
	if err := refuseUnseen(links, seen); err != nil {
		return err
	}
	if len(drafts) >= manyRecords {
		w.copies = newCopies()
	}
	for i, draft := range drafts {
		draft.Number = result.Numbers[i]
		if err := w.insertNew(draft, didFile, 0); err != nil {
			return err
		}
	}
	return w.commit(ctx, result)
}

// insertNew queues the rows and the first history of an incident whose version before was the one given.
func (w *writer) insertNew(in *incident.Incident, did string, version int64) error {
	changes, err := diffs(blank(), in)
	if err != nil {
		return err
	}
	for i := range changes {
		changes[i].op, changes[i].old = opAdd, nil
	}
	if err := w.insertAll(in); err != nil {
		return err
	}
	if err := w.announce(nil, in, false); err != nil {
		return err
	}
	return w.record(head{incident: in.Number, version: version}, in.Revision, did, changes)
}

// filedBefore reads again what a repeated request had filed.
func (s *Store) filedBefore(ctx context.Context, by incident.Actor, result json.RawMessage) ([]*incident.Incident, error) {
	var before filed
	if err := json.Unmarshal(result, &before); err != nil {
		return nil, fmt.Errorf("read what the request made before: %w", err)
	}
	kept := make([]*incident.Incident, len(before.Numbers))
	for i, n := range before.Numbers {
		in, err := s.Incident(ctx, by, n)
		if err != nil {
			return nil, err
		}
		kept[i] = in
	}
	return kept, nil
}
