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
		return w.file(ctx, drafts)
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
func (w *writer) file(ctx context.Context, drafts []*incident.Incident) error {
	var result filed
	err := w.begin(ctx, func(b *pgx.Batch) {
		statement, args := takeNumbers, []any{len(drafts)}
		if w.by.Once.Key != "" {
			statement, args = takeNumbersOnce, append(args, w.by.PersonID, w.by.Once.Key)
		}
		b.Queue(statement, args...).Query(func(rows pgx.Rows) (err error) {
			result.Numbers, err = pgx.CollectRows(rows, pgx.RowTo[incident.Number])
			return err
		})
	})
	if err != nil {
		return err
	}
	for i, draft := range drafts {
		draft.Number = result.Numbers[i]
		if err := w.checkLinks(ctx, blank(), draft); err != nil {
			return err
		}
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

// skipNumbers makes new incidents get numbers after a restored one.
const skipNumbers = `
	select setval(pg_get_serial_sequence('incidents', 'number'), greatest($1::bigint, max(number)))
	from   incidents`

// greatestRestored leaves numbers and revisions for those who write afterwards.
const greatestRestored = 1_000_000_000_000

// leavesRoom refuses a number or revision after which nobody could count on.
func leavesRoom(in *incident.Incident) error {
	counts := map[string]int64{"/number": int64(in.Number), "/revision": in.Revision}
	for _, k := range incident.PartKinds {
		for i, p := range in.Parts(k) {
			if n := p.Head().Revision; n > greatestRestored {
				counts[fmt.Sprintf("%s/%d/revision", k.Pointer(), i)] = n
			}
		}
	}
	for pointer, n := range counts {
		if n > greatestRestored {
			return incident.Refuse(incident.Invalid, pointer, fmt.Sprintf("is %d: counting goes on from there, so what is restored is at most %d", n, int64(greatestRestored)))
		}
	}
	return nil
}

// Restore files in as it is: under its own number and id, with its revision and review, as an admin who
// brings a record back. It is refused with Conflict where the number or the id is taken. Its history begins anew.
func (s *Store) Restore(ctx context.Context, by incident.Actor, in *incident.Incident) (*incident.Incident, error) {
	var draft *incident.Incident
	err := s.write(ctx, by, incident.Administer, "restore an incident", func(w *writer) error {
		draft = in.Clone()
		draft.Normalize()
		draft.Measures, draft.Warnings, draft.UpdatedAt = nil, nil, w.at
		w.restored(draft)
		if draft.Number < 1 {
			return incident.Refuse(incident.Invalid, "/number", "is missing: a record without one is filed, not restored")
		}
		if err := leavesRoom(draft); err != nil {
			return err
		}
		if err := draft.Check(); err != nil {
			return err
		}
		if err := w.begin(ctx, func(*pgx.Batch) {}); err != nil {
			return err
		}
		if err := w.checkLinks(ctx, blank(), draft); err != nil {
			return err
		}
		if err := w.insertNew(draft, didRestore, 0); err != nil {
			return err
		}
		w.batch.Queue(skipNumbers, draft.Number)
		return w.commit(ctx, filed{[]incident.Number{draft.Number}})
	})
	var again *repeated
	if errors.As(err, &again) {
		before, err := s.filedBefore(ctx, by, again.result)
		if err != nil {
			return nil, err
		}
		return before[0], nil
	}
	if err != nil {
		return nil, err
	}
	return shown(draft, true), nil
}

// restored fills in what a record lacks of that which the store assigns. Its version begins anew.
func (w *writer) restored(in *incident.Incident) {
	given := *in
	revisions := map[string]int64{}
	for _, k := range incident.PartKinds {
		for _, p := range in.Parts(k) {
			revisions[p.Head().ID] = p.Head().Revision
		}
	}
	w.assign(in)
	for _, k := range incident.PartKinds {
		for _, p := range in.Parts(k) {
			p.Head().Revision = max(1, revisions[p.Head().ID])
		}
	}
	in.Revision = max(1, given.Revision)
	if given.ID != "" {
		in.ID = given.ID
	}
	if !given.CreatedAt.IsZero() {
		in.CreatedAt = given.CreatedAt
	}
	if in.CreatedBy == "" {
		in.CreatedBy = w.by.Name
	}
}
