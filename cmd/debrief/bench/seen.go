package bench

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
)

// mostExamples is how many sets of arguments are kept of one statement.
const mostExamples = 6

// statement is one that ran, with arguments that it ran with.
type statement struct {
	sql      string
	requests []string // what ran it, with the arguments of the same place
	args     [][]any
	fresh    bool // planned anew for its arguments each time
}

// seen notes the statements that the store runs, as pgx tells of them.
type seen struct {
	mu      sync.Mutex
	request string // what is being asked now
	order   []string
	all     map[string]*statement
}

func newSeen() *seen { return &seen{all: map[string]*statement{}} }

// asking says what the statements from now on are for.
func (s *seen) asking(request string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.request = request
}

func (s *seen) note(sql string, args []any) {
	fresh := false
	for len(args) > 0 {
		mode, option := args[0].(pgx.QueryExecMode)
		if _, formats := args[0].(pgx.QueryResultFormats); !option && !formats {
			break
		}
		fresh = fresh || option && mode != pgx.QueryExecModeCacheStatement
		args = args[1:]
	}
	if !planned(sql) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.all[sql]
	if known == nil {
		known = &statement{sql: sql, fresh: fresh}
		s.all[sql], s.order = known, append(s.order, sql)
	}
	if len(known.args) < mostExamples && !(len(known.requests) > 0 && known.requests[len(known.requests)-1] == s.request) {
		known.args, known.requests = append(known.args, args), append(known.requests, s.request)
	}
}

// planned tells whether a statement is one that has a plan.
func planned(sql string) bool {
	first, _, _ := strings.Cut(strings.TrimLeft(sql, " \t\n("), " ")
	switch strings.ToLower(strings.TrimSpace(first)) {
	case "select", "insert", "update", "delete", "with", "merge":
		return true
	}
	return false
}

// TraceQueryStart is called by pgx.
func (s *seen) TraceQueryStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryStartData) context.Context {
	s.note(d.SQL, d.Args)
	return ctx
}

// TraceQueryEnd is called by pgx.
func (s *seen) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TraceBatchStart is called by pgx.
func (s *seen) TraceBatchStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceBatchStartData) context.Context {
	for _, q := range d.Batch.QueuedQueries {
		s.note(q.SQL, q.Arguments)
	}
	return ctx
}

// TraceBatchQuery is called by pgx.
func (s *seen) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd is called by pgx.
func (s *seen) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

func (s *statement) name() string {
	text := strings.Join(strings.Fields(s.sql), " ")
	if len(text) > 160 {
		text = text[:160] + " …"
	}
	return fmt.Sprintf("%s (as %s ran it)", text, s.requests[0])
}
