package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/insight"
)

const (
	attempts = 3                // of a write that the database broke off for another's sake
	undoTime = 5 * time.Second  // for rolling back when the caller has gone
	keyAge   = "24 hours"       // how long an idempotency key is kept
	pause    = time.Millisecond // before the second attempt, doubled for the third
)

// writer is the one door for every write. It makes two round trips: one that begins, claims the
// request's key, locks and reads; one that writes, records and commits.
type writer struct {
	s       *Store
	conn    *pgxpool.Conn
	by      incident.Actor
	at      time.Time
	batch   *pgx.Batch               // what will be written, in one round trip with the commit
	copies  *copies                  // rows of new records, sent before it; nil unless they are many
	named   map[string]string        // components that the write brings, by their folded names
	tallied map[tallyKey]int64       // how many incidents more there are of each
	facts   *insight.Facts           // what was counted of the incident that is edited; nil when nothing was
	marked  map[insight.Period]bool  // months whose facts are not as they were
	learned map[string]int64         // words that everybody may find, with how many incidents; those new under everybodys
	after   func()                   // what follows the transaction, however it ended
	news    map[incident.Number]bool // incidents whose history has a new row

	happened []happened // what webhooks are told of
}

// repeated is how a write ends whose request was done before: nothing is written.
type repeated struct{ result json.RawMessage }

func (*repeated) Error() string { return "the request was done before" }

// may refuses an actor whose role does not allow the deed.
func may(by incident.Actor, deed incident.Deed) error {
	switch {
	case by.Role == "":
		return incident.Refuse(incident.SignIn, "", "sign in first")
	case !by.Role.May(deed):
		return incident.Refuse(incident.Forbidden, "", fmt.Sprintf("a %s may not %s: ask somebody who may", by.Role, deed))
	}
	return nil
}

// write runs one write in a transaction of its own. Do must begin with w.begin and end with w.commit;
// whatever it returns, nothing half done stays. It runs again when the database broke the transaction
// off in favour of another.
func (s *Store) write(ctx context.Context, by incident.Actor, deed incident.Deed, doing string, do func(*writer) error) error {
	if err := may(by, deed); err != nil {
		return err
	}
	if by.ReadOnly {
		return incident.Refuse(incident.Forbidden, "", "this token only reads: use one of the scope write or full")
	}
	if err := checkOnce(by.Once); err != nil {
		return err
	}
	var err error
	for i := range attempts {
		if err = s.attempt(ctx, by, do); !brokenOff(err) {
			break
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause << i):
		}
	}
	var again *repeated
	if errors.As(err, &again) && by.Once.Repeated != nil {
		*by.Once.Repeated = true
	}
	return refuse(err, doing)
}

func (s *Store) attempt(ctx context.Context, by incident.Actor, do func(*writer) error) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("take a connection: %w", err)
	}
	defer conn.Release() // closes a connection that is still in a transaction
	w := &writer{
		s: s, conn: conn, by: by, at: s.clock(), batch: &pgx.Batch{}, after: func() {},
		named: map[string]string{}, tallied: map[tallyKey]int64{}, learned: map[string]int64{}, marked: map[insight.Period]bool{}, news: map[incident.Number]bool{},
	}
	defer func() { w.after() }()
	if err = do(w); err == nil && len(w.news) > 0 {
		s.news(w.news)
	}
	if raw := conn.Conn().PgConn(); raw.IsClosed() || raw.TxStatus() == 'I' {
		return err
	}
	undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoTime)
	defer cancel()
	if _, fault := conn.Exec(undo, `rollback`); fault != nil {
		return errors.Join(err, fmt.Errorf("roll back: %w", fault))
	}
	return err
}

// brokenOff tells whether the database ended a transaction that may succeed when repeated.
func brokenOff(err error) bool {
	var fault *pgconn.PgError
	return errors.As(err, &fault) && (fault.Code == "40001" || fault.Code == "40P01") // serialization_failure, deadlock_detected
}

// claim takes an idempotency key, waiting for another request that holds it; one that is past its age
// counts as new. It gives a row when the key is ours.
const claim = `
	insert into idempotency_keys as k (person, key, hash, at)
	values ($1, $2, $3, $4)
	on conflict on constraint idempotency_keys_pkey do update
	set    hash = excluded.hash, at = excluded.at, result = null
	where  k.at < excluded.at - interval '` + keyAge + `'
	returning true`

// claimed reads what stands under a key.
const claimed = `
	select hash, result
	from   idempotency_keys
	where  person = $1
	and    key = $2`

// keepResult notes what a request made.
const keepResult = `
	update idempotency_keys
	set    result = $3
	where  person = $1
	and    key = $2`

func checkOnce(once incident.Once) error {
	if once.Key == "" {
		return nil
	}
	printable := len(once.Key) <= 255 && once.Hash != nil
	for i := range len(once.Key) {
		printable = printable && once.Key[i] >= ' ' && once.Key[i] <= '~'
	}
	if !printable {
		return incident.Refuse(incident.Malformed, "", "an Idempotency-Key is 1 to 255 bytes of printable ASCII: send a new one, such as a UUID")
	}
	return nil
}

// begin opens the transaction, claims the request's key and asks for what queue adds, in one round
// trip. It returns *repeated when the request was done before.
func (w *writer) begin(ctx context.Context, queue func(*pgx.Batch)) error {
	b := &pgx.Batch{}
	b.Queue(`begin isolation level read committed`)
	once, mine := w.by.Once, true
	var hash []byte
	var result json.RawMessage
	if once.Key != "" {
		b.Queue(claim, w.by.PersonID, once.Key, once.Hash, w.at).Query(func(rows pgx.Rows) error {
			mine = rows.Next()
			rows.Close()
			return rows.Err()
		})
		b.Queue(claimed, w.by.PersonID, once.Key).QueryRow(func(row pgx.Row) error { return row.Scan(&hash, &result) })
	}
	queue(b)
	if err := w.conn.SendBatch(ctx, b).Close(); err != nil {
		return err
	}
	switch {
	case mine:
		return nil
	case string(hash) != string(once.Hash):
		return incident.Refuse(incident.Invalid, "", "this Idempotency-Key was used for another request: send a new one")
	}
	return &repeated{result}
}

// commit sends what was queued, keeps the result under the request's key, and ends the transaction.
func (w *writer) commit(ctx context.Context, result any) error {
	if w.copies != nil {
		if err := w.copies.send(ctx, w.conn.Conn()); err != nil {
			return err
		}
	}
	w.queueTallyChanges()
	w.queueMarks()
	w.queueNews()
	w.queueComponents()
	if err := w.queueHooks(); err != nil {
		return err
	}
	if w.by.Once.Key != "" {
		text, err := json.Marshal(result)
		if err != nil {
			return fmt.Errorf("note the result: %w", err)
		}
		w.batch.Queue(keepResult, w.by.PersonID, w.by.Once.Key, text)
	}
	w.batch.Queue(`commit`)
	return w.conn.SendBatch(ctx, w.batch).Close()
}

// send runs a batch on a connection of the pool.
func (s *Store) send(ctx context.Context, b *pgx.Batch) error {
	return s.pool.SendBatch(ctx, b).Close()
}
