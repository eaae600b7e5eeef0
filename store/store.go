// Package store keeps Debrief's records in PostgreSQL. It is the only package that knows SQL,
// and its writer is the one door for every write: lock, permission, revision, pure edit, check,
// write, history, commit. What a record means and what it may become is package incident's.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/debriefhq/debrief/incident"
)

// keyLength is the least length of Options.Key, in bytes: that of HMAC-SHA256's own hash.
const keyLength = 32

// Options say which database to open and how.
type Options struct {
	URL      string           // postgres://…; pool and pgbouncer settings of pgx may stand in it
	Key      []byte           // secret of the history, at least 32 bytes, kept outside the database
	Log      *slog.Logger     // nil is silent
	Now      func() time.Time // nil is time.Now
	MaxConns int32            // 0 is 8, unless the URL says pool_max_conns
	Mails    bool             // mail can be sent: subscribers may be told by it
	Private  bool             // receivers of webhooks may be inside, at any address
	Tracer   pgx.QueryTracer  // told of each statement; nil is none
}

// Store is an open database. Its methods may be called by many goroutines at once.
type Store struct {
	pool *pgxpool.Pool
	work *pgxpool.Pool // for background work
	key  []byte
	log  *slog.Logger
	now  func() time.Time

	known    *known
	hub      *hub
	hasher   hasher
	outside  *outside
	mails    bool   // as Options have it
	private  bool   // as Options have it
	form     string // in which records are written, as kept documents name it
	prepares bool   // statements are prepared; false where the URL asks for another mode, as for a pgbouncer
}

// Open connects, and refuses a database whose schema is not the one this program was made for: call
// Migrate first. It changes nothing.
func Open(ctx context.Context, o Options) (*Store, error) {
	if len(o.Key) < keyLength {
		return nil, fmt.Errorf("the history key has %d bytes: %d are needed", len(o.Key), keyLength)
	}
	config, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, fmt.Errorf("read the database's address: %w", err)
	}
	switch {
	case o.MaxConns > 0:
		config.MaxConns = o.MaxConns
	case !strings.Contains(o.URL, "pool_max_conns"):
		config.MaxConns = 8
	}
	if err := checkMode(config.ConnConfig.DefaultQueryExecMode); err != nil {
		return nil, err
	}
	config.AfterConnect = register
	config.ConnConfig.Tracer = o.Tracer
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if err := checkSchema(ctx, config.ConnConfig); err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	s := &Store{pool: pool, key: o.Key, log: o.Log, now: o.Now, known: newKnown(), hub: newHub(), hasher: newHasher(), outside: newOutside(), form: newForm()}
	s.mails, s.private = o.Mails, o.Private
	config = config.Copy()
	config.MaxConns, config.MinConns = workConns, 0
	if s.work, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open the database for background work: %w", err)
	}
	s.prepares = config.ConnConfig.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement
	if err := s.Ready(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// checkMode refuses ways to send statements in which the database is not asked what types they take.
func checkMode(mode pgx.QueryExecMode) error {
	switch mode {
	case pgx.QueryExecModeCacheStatement, pgx.QueryExecModeCacheDescribe:
		return nil
	}
	return fmt.Errorf("the database's address says default_query_exec_mode=%s: leave it out, or write cache_describe for a pooler that hands out connections by transaction", mode)
}

// Close ends all connections, waiting for the calls that use them, and what Watch began.
func (s *Store) Close() {
	s.hub.close()
	s.work.Close()
	s.pool.Close()
}

// Ready tells whether the database answers.
func (s *Store) Ready(ctx context.Context) error {
	if err := s.pool.Ping(ctx); err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	return nil
}

// System is the installation itself: a first start, a demo, commands of an admin on this machine. It
// may all that an admin may, and like an admin it sees only those private incidents that it filed.
func System() incident.Actor { return incident.Actor{Name: systemName, Role: incident.Admin} }

// systemName is how records show what the installation did by itself. No person may take it.
const systemName = "Debrief"

// register teaches a new connection our composite type, and to give times in UTC.
func register(ctx context.Context, conn *pgx.Conn) error {
	types := conn.TypeMap()
	types.RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	moment, err := conn.LoadType(ctx, "moment")
	if err != nil {
		return fmt.Errorf("learn the type moment: %w", err)
	}
	types.RegisterType(moment)
	return nil
}

// clock is the time of a write, as finely as the database keeps it.
func (s *Store) clock() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// missing is the answer about an incident that is not there, or that the caller may not know of.
func missing(n incident.Number) error {
	return incident.Refuse(incident.NotFound, "", fmt.Sprintf("there is no %s, or you may not see it", n))
}

// absent tells whether a query found no row.
func absent(err error) bool { return errors.Is(err, pgx.ErrNoRows) }
