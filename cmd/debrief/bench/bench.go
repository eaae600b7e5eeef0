package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// Options say what to measure, and on what.
type Options struct {
	Size        int // records
	Seed        uint64
	Only        []string          // names of operations; empty is all
	Rounds      int               // at least 1
	Window      time.Duration     // of each side in each round
	Keep        bool              // keep the database for the next run
	KeptDir     string            // where a PostgreSQL of our own keeps such databases
	DatabaseURL string            // server to make a database on; "" starts one of our own
	Binaries    string            // of PostgreSQL, as DEBRIEF_POSTGRES has it
	Settings    map[string]string // of a PostgreSQL of our own, beside the usual ones
	Progress    func(string)      // told in plain words what is going on

	// Handler is what "debrief serve" answers with, without a bound on requests.
	Handler func(ctx context.Context, st *store.Store) http.Handler
}

func (o Options) say(text string) { o.Progress(text) }

// Sizes are how many records --size means, and SizeNames what it takes.
var (
	Sizes     = map[string]int{"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}
	SizeNames = []string{"1k", "10k", "100k", "1m"}
)

func (o Options) sizeName() string {
	for name, size := range Sizes {
		if size == o.Size {
			return name
		}
	}
	return fmt.Sprint(o.Size)
}

// progress tells of records that were made, now and then.
func (o Options) progress() func(done int) {
	began, said := time.Now(), o.Size/10
	return func(done int) {
		if done >= said || done == o.Size {
			said += o.Size / 10
			o.say(fmt.Sprintf("made %d of %d records, %.0f a second", done, o.Size, float64(done)/time.Since(began).Seconds()))
		}
		if done == o.Size {
			o.say("making their indexes")
		}
	}
}

// Who asks, as places among the names. Like everybody they are named on some private records.
const (
	admin     = 0
	responder = 1
)

// bench is one run: a filled database, our server on it and the bare one beside it.
type bench struct {
	*Records
	o        Options
	st       *store.Store
	pool     *pgxpool.Pool
	by       incident.Actor
	ours     *target
	bare     *target
	serving  context.Context //nolint:containedctx // servers that operations start end with it
	closings []func()
}

// with makes the database ready, starts the servers on it, and lets do use them.
func with(ctx context.Context, o Options, person int, tracer pgx.QueryTracer, do func(*bench) error) (err error) {
	m := NewRecords(o.Size, o.Seed)
	p, err := o.openPlace(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	db, err := p.database(ctx, o, m)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.drop()) }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	b := &bench{o: o, Records: m, serving: ctx}
	defer b.close()
	if err := b.serve(ctx, db.address, person, tracer); err != nil {
		return err
	}
	return do(b)
}

func (b *bench) close() {
	for _, c := range slices.Backward(b.closings) {
		c()
	}
}

// serve starts our server and the bare one, each with as many connections to the database.
func (b *bench) serve(ctx context.Context, address string, person int, tracer pgx.QueryTracer) error {
	began := time.Now()
	var err error
	b.st, err = store.Open(ctx, store.Options{URL: address, Key: key, Tracer: tracer, Now: func() time.Time { return until.Add(time.Since(began)) }})
	if err != nil {
		return err
	}
	b.closings = append(b.closings, b.st.Close)
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return fmt.Errorf("read the database's address: %w", err)
	}
	config.MaxConns = clients
	if b.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	b.closings = append(b.closings, b.pool.Close)
	secret, _, err := b.st.NewToken(ctx, store.System(), store.TokenRequest{Person: b.names[person], Scope: incident.ScopeFull})
	if err != nil {
		return err
	}
	if b.by, err = b.st.Identify(ctx, secret); err != nil {
		return err
	}
	if b.ours, err = b.start(b.o.Handler(ctx, b.st)); err != nil {
		return err
	}
	b.ours.header = "Authorization: Bearer " + secret + "\r\n"
	b.bare, err = b.start(bare{b.pool}.routes())
	return err
}

// start serves a handler until the run ends.
func (b *bench) start(h http.Handler) (*target, error) {
	t, stop, err := listen(b.serving, h)
	if err == nil {
		b.closings = append(b.closings, stop)
	}
	return t, err
}

// Run measures the operations, each with all its sides by turns.
func Run(ctx context.Context, o Options) (*Report, error) {
	chosen, err := choose(o.Only)
	if err != nil {
		return nil, err
	}
	report := &Report{Size: o.Size, Seed: o.Seed, Rounds: o.Rounds, Clients: clients, Processors: runtime.NumCPU(), Go: runtime.Version(), At: time.Now().UTC().Truncate(time.Second)}
	report.System = runtime.GOOS + "/" + runtime.GOARCH
	err = with(ctx, o, responder, nil, func(b *bench) error {
		if err := b.pool.QueryRow(ctx, `show server_version`).Scan(&report.PostgreSQL); err != nil {
			return err
		}
		for _, op := range chosen {
			o.say("measuring " + op.name)
			result, err := b.operation(ctx, op)
			if err != nil {
				return fmt.Errorf("%s: %w", op.name, err)
			}
			report.Operations = append(report.Operations, *result)
		}
		return nil
	})
	return report, err
}

// Check refuses names of operations that there are not.
func Check(only []string) error {
	_, err := choose(only)
	return err
}

// choose picks operations by their names.
func choose(only []string) ([]operation, error) {
	if len(only) == 0 {
		return operations, nil
	}
	var chosen []operation
	for _, name := range only {
		at := slices.IndexFunc(operations, func(op operation) bool { return op.name == name })
		if at < 0 {
			return nil, fmt.Errorf("there is no operation %q: choose among %s", name, strings.Join(Names(), ", "))
		}
		chosen = append(chosen, operations[at])
	}
	return chosen, nil
}

// Names are those of the operations.
func Names() (all []string) {
	for _, op := range operations {
		all = append(all, op.name)
	}
	return all
}
