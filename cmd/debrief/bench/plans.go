package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// fewPages is how many a growing table has at least before the planner's own choice to read all of it counts: of a
// smaller one that is cheaper than to look for a page of a list. At 10k these are entries and history; at 100k all.
const fewPages = 2000

// node is one of a plan, as EXPLAIN (format json) has it.
type node struct {
	Type     string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Index    string  `json:"Index Name"`
	Cond     string  `json:"Index Cond"`
	Cost     float64 `json:"Total Cost"`
	Plans    []node  `json:"Plans"`
}

// PlanFinding is a statement that reads a growing table from end to end.
type PlanFinding struct {
	Statement string
	Request   string
	Table     string
	How       string // custom or generic; with "no index serves it" when nothing else could be chosen
	Plan      string // as EXPLAIN prints it
}

// PlanReport is what the plan check saw.
type PlanReport struct {
	Size       int
	Requests   int
	Statements int
	Findings   []PlanFinding
	Uncovered  []string // what could not be asked, because nobody said with which values
}

// Plans asks for everything that our server answers, and looks at the plans of all statements that ran.
func Plans(ctx context.Context, o Options) (*PlanReport, error) {
	report := &PlanReport{Size: o.Size}
	s := newSeen()
	err := with(ctx, o, admin, s, func(b *bench) error {
		o.say("asking for everything")
		asked, uncovered, err := b.everything(ctx, s)
		if err != nil {
			return err
		}
		report.Requests, report.Uncovered = asked, uncovered
		o.say("reading the plans")
		return b.readPlans(ctx, s, report)
	})
	return report, err
}

// readPlans explains what was seen.
func (b *bench) readPlans(ctx context.Context, s *seen, report *PlanReport) error {
	conn, err := b.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	moment, err := conn.Conn().LoadType(ctx, "moment")
	if err != nil {
		return fmt.Errorf("learn the type moment: %w", err)
	}
	conn.Conn().TypeMap().RegisterType(moment)
	conn.Conn().TypeMap().RegisterType(&pgtype.Type{Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{}})
	e := &explaining{conn: conn.Conn(), pages: map[string]int{}, indexes: map[string]string{}}
	if err := e.learn(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, sql := range s.order {
		found, err := e.statement(ctx, fmt.Sprintf("seen_%d", i), s.all[sql])
		if err != nil {
			return fmt.Errorf("explain %s: %w", s.all[sql].name(), err)
		}
		report.Statements++
		report.Findings = append(report.Findings, found...)
	}
	return nil
}

// explaining asks for plans on one connection.
type explaining struct {
	conn    *pgx.Conn
	pages   map[string]int    // of tables
	indexes map[string]string // the tables of indexes that hold all rows, or all that are listed
}

const (
	sizesOfTables = `
	select relname::text, relpages
	from   pg_class
	where  relkind = 'r'
	and    relnamespace = 'public'::regnamespace`
	wholeIndexes = `
	select c.relname::text, t.relname::text
	from   pg_index x
	join   pg_class c on c.oid = x.indexrelid
	join   pg_class t on t.oid = x.indrelid
	where  c.relnamespace = 'public'::regnamespace
	and    coalesce(pg_get_expr(x.indpred, x.indrelid), '(NOT archived)') = '(NOT archived)'`
)

func (e *explaining) learn(ctx context.Context) error {
	var name, table string
	var pages int
	err := e.each(ctx, sizesOfTables, []any{&name, &pages}, func() { e.pages[name] = pages })
	if err == nil {
		err = e.each(ctx, wholeIndexes, []any{&name, &table}, func() { e.indexes[name] = table })
	}
	if err == nil {
		_, err = e.conn.Exec(ctx, `set plan_cache_mode = force_generic_plan`)
	}
	return err
}

// each calls do for each row.
func (e *explaining) each(ctx context.Context, statement string, into []any, do func()) error {
	rows, err := e.conn.Query(ctx, statement)
	if err != nil {
		return err
	}
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (struct{}, error) {
		err := row.Scan(into...)
		do()
		return struct{}{}, err
	})
	return err
}

// statement looks at the plans that PostgreSQL takes for a statement: for its arguments, and the one for any, when it
// would be taken; each once as the planner likes, and once where it may read a whole table only when nothing else is
// possible.
func (e *explaining) statement(ctx context.Context, name string, s *statement) ([]PlanFinding, error) {
	prepared, err := e.conn.Prepare(ctx, name, s.sql)
	if err != nil {
		return nil, err
	}
	var found []PlanFinding
	for _, scans := range []string{"on", "off"} {
		if _, err := e.conn.Exec(ctx, `set enable_seqscan = `+scans+`; discard plans`); err != nil {
			return nil, err
		}
		cost := 0.0
		for i, args := range s.args {
			plan, err := e.custom(ctx, s.sql, args)
			if err != nil {
				return nil, err
			}
			cost = max(cost, plan.Cost+2.5*float64(plan.relations()+1)) // what planning counts for, as plancache.c has it
			text := func() string { return e.text(ctx, "explain (costs off) "+s.sql, args...) }
			found = append(found, e.judge(plan, s, s.requests[i], "for its arguments", scans == "off", text)...)
		}
		if s.fresh || len(prepared.ParamOIDs) == 0 {
			continue
		}
		execute := fmt.Sprintf("execute %s(%s)", name, strings.TrimSuffix(strings.Repeat("null, ", len(prepared.ParamOIDs)), ", "))
		plan, err := e.generic(ctx, execute)
		if err != nil {
			return nil, err
		}
		if plan.Cost < cost {
			text := func() string { return e.text(ctx, "explain (costs off) "+execute, pgx.QueryExecModeSimpleProtocol) }
			found = append(found, e.judge(plan, s, s.requests[0], "for any arguments", scans == "off", text)...)
		}
	}
	return once(found), e.conn.Deallocate(ctx, name)
}

// once leaves the first finding of each statement and table.
func once(all []PlanFinding) (first []PlanFinding) {
	for _, f := range all {
		if !slices.ContainsFunc(first, func(g PlanFinding) bool { return g.Statement == f.Statement && g.Table == f.Table }) {
			first = append(first, f)
		}
	}
	return first
}

func (e *explaining) custom(ctx context.Context, sql string, args []any) (*node, error) {
	return e.read(ctx, `explain (format json) `+sql, append([]any{pgx.QueryExecModeDescribeExec}, args...)...)
}

func (e *explaining) generic(ctx context.Context, execute string) (*node, error) {
	return e.read(ctx, `explain (format json) `+execute, pgx.QueryExecModeSimpleProtocol)
}

func (e *explaining) read(ctx context.Context, explain string, args ...any) (*node, error) {
	var text []byte
	if err := e.conn.QueryRow(ctx, explain, args...).Scan(&text); err != nil {
		return nil, err
	}
	var plans []struct{ Plan node }
	if err := json.Unmarshal(text, &plans); err != nil || len(plans) != 1 {
		return nil, fmt.Errorf("read a plan: %w", err)
	}
	return &plans[0].Plan, nil
}

// text is a plan as people read it.
func (e *explaining) text(ctx context.Context, explain string, args ...any) string {
	if len(args) == 0 || args[0] != any(pgx.QueryExecModeSimpleProtocol) {
		args = append([]any{pgx.QueryExecModeDescribeExec}, args...)
	}
	rows, err := e.conn.Query(ctx, explain, args...)
	if err != nil {
		return err.Error()
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err.Error()
	}
	return strings.Join(lines, "\n")
}

func (n *node) relations() int {
	count := 0
	if n.Relation != "" {
		count = 1
	}
	for i := range n.Plans {
		count += n.Plans[i].relations()
	}
	return count
}

// judge lists the growing tables that a plan reads from end to end. When the planner was kept from doing so, only what
// it did all the same counts.
func (e *explaining) judge(plan *node, s *statement, request, how string, kept bool, text func() string) (found []PlanFinding) {
	if kept {
		how += ", and no index serves it"
	}
	e.whole(plan, false, func(scan *node, table string) {
		if slices.Contains(growing, table) && (kept && scan.Type == seqScan || !kept && e.pages[table] >= fewPages) {
			found = append(found, PlanFinding{strings.TrimSpace(s.sql), request, table, how, text()})
		}
	})
	return found
}

const seqScan = "Seq Scan"

// whole tells of each table that is read from end to end: as it lies, or along an index of which nothing is asked,
// unless a limit ends that.
func (e *explaining) whole(n *node, limited bool, tell func(scan *node, table string)) {
	switch n.Type {
	case seqScan:
		tell(n, n.Relation)
	case "Index Scan", "Index Only Scan", "Bitmap Index Scan":
		if n.Cond == "" && !limited {
			tell(n, e.indexes[n.Index])
		}
	}
	for i := range n.Plans {
		e.whole(&n.Plans[i], n.Type == "Limit" || limited && n.passes(), tell)
	}
}

// streaming are the nodes that ask of what is below them no more than they are asked themselves.
var streaming = []string{"Nested Loop", "Subquery Scan", "Result", "LockRows", "Limit", "Incremental Sort", "Append", "Merge Append", "ProjectSet", "Unique", "Group"}

// passes tells whether a limit above the node bounds what is below. Two orders that are merged are walked from where they
// begin: when one of them begins at a cursor, the other is read up to there.
func (n *node) passes() bool {
	return slices.Contains(streaming, n.Type) || n.Type == "Merge Join" && !n.ranged()
}

// ranged tells whether a scan below begins somewhere in its order.
func (n *node) ranged() bool {
	return strings.Contains(n.Cond, " < ") || strings.Contains(n.Cond, " > ") || slices.ContainsFunc(n.Plans, func(below node) bool { return below.ranged() })
}

// Print writes the report for people.
func (r *PlanReport) Print(to io.Writer) error {
	var b strings.Builder
	for _, f := range r.Findings {
		_, _ = fmt.Fprintf(&b, "%s is read from end to end, planned %s, by %s:\n%s\n\n%s\n\n", f.Table, f.How, f.Request, f.Statement, f.Plan) // a builder never fails, here and below
	}
	for _, u := range r.Uncovered {
		_, _ = fmt.Fprintf(&b, "not asked: %s\n", u)
	}
	_, _ = fmt.Fprintf(&b, "%d statements of %d requests at %d records: ", r.Statements, r.Requests, r.Size)
	if len(r.Findings) == 0 {
		_, _ = fmt.Fprintln(&b, "none reads a growing table from end to end")
	} else {
		_, _ = fmt.Fprintf(&b, "%d times a growing table is read from end to end\n", len(r.Findings))
	}
	_, err := io.WriteString(to, b.String())
	return err
}
