package bench_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/cmd/debrief/bench"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestPlansThatReadAWholeTableAreFound(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	if err := bench.NewRecords(300, 1).Fill(t.Context(), url, func(int) {}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		sql  string
		args []any
		want string // table; "" when nothing is wrong
	}{
		{`select text from entries where incident = $1`, []any{7}, ""},
		{`select text from entries where text = $1`, []any{"It is full."}, "entries"},
		{`select i.number from incidents i join people p on p.name = i.created_by where i.number = any($1)`, []any{[]int64{1, 2}}, ""}, // people may be read whole
		{`select i.number from incidents i where i.title like $1`, []any{"%disk%"}, "incidents"},
		{`update actions set ticket = '' where ticket = $1`, []any{"x"}, "actions"},
		{`select number from incidents where not archived order by number desc limit $1`, []any{10}, ""},
	} {
		found, err := bench.Explain(t.Context(), url, tt.sql, tt.args...)
		if err != nil {
			t.Fatalf("%s: %v", tt.sql, err)
		}
		var tables []string
		for _, f := range found {
			tables = append(tables, f.Table)
		}
		if strings.Join(tables, " ") != tt.want {
			t.Errorf("%s reads %q from end to end, want %q", tt.sql, tables, tt.want)
		}
	}
}

func TestEveryTableIsKnownToGrowOrNot(t *testing.T) {
	t.Parallel()
	conn, err := pgx.Connect(t.Context(), storetest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }() // a test's connection
	rows, err := conn.Query(t.Context(), `select tablename::text from pg_tables where schemaname = 'public'`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	growing, bounded := bench.Tables()
	for _, table := range tables {
		if slices.Contains(growing, table) == (bounded[table] != "") {
			t.Errorf("the table %s must stand either in growing or in bounded, in tables.go", table)
		}
	}
	for _, table := range growing {
		if !slices.Contains(tables, table) {
			t.Errorf("tables.go names %s, which is no table", table)
		}
	}
	for table := range bounded {
		if !slices.Contains(tables, table) {
			t.Errorf("tables.go names %s, which is no table", table)
		}
	}
}
