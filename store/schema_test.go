package store_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
	"github.com/debriefhq/debrief/migrations"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// PostgreSQL 18 lists "not null" among the constraints. It has no refusal: records have no nulls
// where the schema has none, so it would be a fault of ours. River's tables are written by River.
func TestEveryConstraintHasARefusal(t *testing.T) {
	t.Parallel()
	refusals := store.Refusals()
	names := ask[[]string](t, storetest.URL(t), `
		select array_agg(conname::text order by conname)
		from   pg_constraint
		where  connamespace = 'public'::regnamespace
		and    contype <> 'n'
		and    conrelid <> 'schema_migrations'::regclass
		and    conrelid::regclass::text not like 'river\_%'`)
	if len(names) < 100 {
		t.Fatalf("the schema has %d constraints: this test is not looking at it", len(names))
	}
	for _, name := range names {
		if refusals[name] == nil {
			t.Errorf("constraint %s has no refusal", name)
		}
		delete(refusals, name)
	}
	for name := range refusals {
		t.Errorf("refusal %s has no constraint", name)
	}
}

var verb = regexp.MustCompile(`^\s*(select|insert|update|delete|with)\s`)

// written lists the names of the constants in this package that hold a statement.
func written(t *testing.T) []string {
	t.Helper()
	var names []string
	files := must(fs.Glob(os.DirFS("."), "*.go"))
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree := must(parser.ParseFile(token.NewFileSet(), file, nil, 0))
		ast.Inspect(tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			value := spec.Values[0]
			for binary, is := value.(*ast.BinaryExpr); is; binary, is = value.(*ast.BinaryExpr) {
				value = binary.X
			}
			if text, is := value.(*ast.BasicLit); is && verb.MatchString(strings.Trim(text.Value, "`")) {
				names = append(names, spec.Names[0].Name)
			}
			return true
		})
	}
	return names
}

func TestEveryStatementCanBePrepared(t *testing.T) {
	t.Parallel()
	statements := store.Statements()
	for _, name := range written(t) {
		if statements[name] == "" {
			t.Errorf("statement %s is not among store.Statements", name)
		}
	}
	conn := must(pgx.Connect(t.Context(), storetest.URL(t)))
	defer func() { _ = conn.Close(t.Context()) }() // the database goes with the test
	for _, name := range slices.Sorted(maps.Keys(statements)) {
		if _, err := conn.Prepare(t.Context(), name, statements[name]); err != nil {
			t.Errorf("prepare %s: %v\n%s", name, err, statements[name])
		}
	}
}

// How long an answer takes would tell of an incident whose parts were read before it was refused.
func TestNothingOfAnIncidentIsReadForWhoMayNotKnowOfIt(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	in := incidenttest.Fill(func(pointer string) string { return "word" })
	in.Visibility, in.Related, in.RecurrenceOf, in.Actions[0].AlsoFor = incident.VisiblePrivate, nil, nil, nil
	must(s.File(t.Context(), ada, in))
	conn := must(pgx.Connect(t.Context(), url))
	defer func() { _ = conn.Close(t.Context()) }() // the database goes with the test
	_ = must(conn.Exec(t.Context(), `set plan_cache_mode = force_generic_plan`))
	more := map[string]string{"newestChanges": `, 9, 9`, "changesSince": `, now(), 9`, "changesBetween": `, 0, 9`, "readAuthors": `, array['filed'], 'debrief'`}
	for name, statement := range store.Statements() {
		if !regexp.MustCompile(`^(whole|seen|last) |^(lockChain|newestChanges|changesBetween|lifeOfReview|readAuthors|readPrivate)$`).MatchString(name) {
			continue
		}
		for reader, reads := range map[string]bool{"ada": true, "bob": false} {
			_ = must(conn.Exec(t.Context(), `deallocate all; prepare x as `+statement))
			rows, err := conn.Query(t.Context(), `explain (analyze, timing off, costs off) execute x(1, '`+reader+`'`+more[name]+`)`, pgx.QueryExecModeSimpleProtocol)
			if err != nil {
				t.Fatal(err)
			}
			plan := strings.Join(must(pgx.CollectRows(rows, pgx.RowTo[string])), "\n")
			if scanned.MatchString(plan) != reads {
				t.Errorf("%s for %s, of whom the incident knows: %v\n%s", name, reader, reads, plan)
			}
		}
	}
}

// scanned finds that rows were looked for, other than to tell who may know of the incident.
var scanned = regexp.MustCompile(`Scan (Backward )?(using \w+ )?on (entries|impacts|whys|factors|lessons|messages|actions|comments|history|chains|people)\b[^(]*\(actual`)

func TestTheSchemaRefusesWhatTheRulesRefuse(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	history(t, s)
	tests := []struct{ name, statement, constraint string }{
		{"a title that is empty", `update incidents set title = ''`, "title_has_length"},
		{"a status of another kind", `update incidents set status = 'scheduled'`, "status_fits_kind"},
		{"a duplicate of nothing", `update incidents set status = 'resolved', resolution = 'duplicate'`, "duplicate_says_of_what"},
		{"a duplicate of itself", `update incidents set duplicate_of = number`, "duplicate_is_of_another"},
		{"an instant with unknown precision", `update entries set at = row(now(), 'UTC', 'unknown', false, '')`, "entry_at_is_sound"},
		{"a precision without an instant", `update incidents set started = row(null, 'UTC', 'minute', false, '')`, "started_is_sound"},
		{"a moment without a zone", `update incidents set started = row(now(), null, 'minute', false, '')`, "started_is_sound"},
		{"a moment at no end of time", `update incidents set started = row('infinity', 'UTC', 'minute', false, '')`, "started_is_sound"},
		{"a moment before all that is kept", `update incidents set started = row('1969-12-31 23:59:59+00', 'UTC', 'minute', false, '')`, "started_is_sound"},
		{"a moment after it", `update entries set at = row('2201-01-01 00:00+00', 'UTC', 'minute', false, '')`, "entry_at_is_sound"},
		{"more reviewers than are asked", `update incidents set reviewers = array_fill('x'::text, array[51])`, "reviewers_are_few"},
		{"approvals that are no list", `update incidents set approvals = '{}'`, "approvals_are_a_list"},
		{"figures that are no list", `insert into impacts values (1, 'aaaaaaaaaaaa', 1, 1, '', 'cost', '', null, null, '', '{}', 'internal')`, "impact_figures_are_few"},
		{"a day that never comes", `insert into actions values (1, 'aaaaaaaaaaaa', 1, 1, 'Do', 'prevent', '', '', 'infinity', 'open', '', '', '{}', 'internal')`, "action_due_is_in_range"},
		{"a person beyond the list", `insert into incident_people values (1, 201, 'scribe', 'Ada')`, "named_people_are_few"},
		{"an id of another form", `update entries set id = 'ABC'`, "entry_id_has_its_form"},
		{"not doing it, without a reason", `insert into actions values (1, 'aaaaaaaaaaaa', 1, 1, 'Do', 'prevent', '', '', null, 'not_doing', '', '', '{}', 'internal')`, "not_doing_says_why"},
		{"an audience without a text", `update incidents set trigger_audience = 'public'`, "trigger_is_sound"},
		{"a second person of a name", `insert into people (name, folded, role, created_at) values ('ADA', 'ada', 'viewer', now())`, "person_name_is_free"},
		{"a part of no incident", `update entries set incident = 99`, "entry_is_of_an_incident"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			conn := must(pgx.Connect(t.Context(), url))
			defer func() { _ = conn.Close(t.Context()) }() // the database goes with the test
			_, err := conn.Exec(t.Context(), tt.statement)
			var fault *pgconn.PgError
			if !errors.As(err, &fault) || fault.ConstraintName != tt.constraint {
				t.Errorf("%s = %v, want the constraint %s", tt.statement, err, tt.constraint)
			}
		})
	}
}

// goDown takes back all migrations after the number given. Numbers may be left out.
func goDown(t testing.TB, url string, to int) {
	t.Helper()
	names, ups := must(fs.Glob(migrations.Files, "*.down.sql")), must(fs.Glob(migrations.Files, "*.up.sql"))
	slices.Reverse(names)
	if last := must(strconv.ParseInt(names[0][:4], 10, 64)); last != migrations.Latest || len(names) != len(ups) {
		t.Errorf("%d migrations of %d go down, the last is %d; the latest is %d", len(names), len(ups), last, migrations.Latest)
	}
	version := 0
	for _, name := range names {
		if version = must(strconv.Atoi(name[:4])); version <= to {
			break
		}
		version = 0
		execute(t, url, string(must(fs.ReadFile(migrations.Files, name))))
	}
	execute(t, url, fmt.Sprintf(`update schema_migrations set version = %d`, version), `delete from schema_migrations where version = 0`)
}

func TestMigrationsGoDownAndUpAgain(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	goDown(t, url, 0)
	execute(t, url, `drop table schema_migrations`)
	if _, err := store.Open(t.Context(), store.Options{URL: url, Key: storetest.Key}); err == nil || !strings.Contains(err.Error(), "migrate") {
		t.Errorf("Open of an empty database = %v, want to be told to migrate", err)
	}
	for _, err := range race(3, func(int) error { return store.Migrate(t.Context(), url) }) {
		if err != nil {
			t.Errorf("Migrate: %v", err)
		}
	}
	storetest.Open(t, url)
	execute(t, url, `update schema_migrations set version = 9999`)
	for name, err := range map[string]error{"Migrate": store.Migrate(t.Context(), url), "Open": openError(t, url)} {
		if err == nil || !strings.Contains(err.Error(), "newer") {
			t.Errorf("%s of a newer database = %v, want a refusal", name, err)
		}
	}
}

func openError(t testing.TB, url string) error {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{URL: url, Key: storetest.Key})
	if err == nil {
		s.Close()
	}
	return err
}

func TestAMigrationThatWasKilledIsRepeated(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	watch := must(pgx.Connect(t.Context(), url))
	defer func() { _ = watch.Close(t.Context()) }() // the database goes with the test
	cut := 0
	for round := range 20 {
		goDown(t, url, round%int(migrations.Latest))
		done := make(chan error, 1)
		go func() { done <- store.Migrate(t.Context(), url) }()
		time.Sleep(time.Duration(round) * 4 * time.Millisecond)
		_ = must(watch.Exec(t.Context(), `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`))
		if <-done != nil {
			cut++
		}
		if err := store.Migrate(t.Context(), url); err != nil {
			t.Fatalf("Migrate after another was killed, in round %d: %v", round, err)
		}
		if err := openError(t, url); err != nil {
			t.Fatalf("Open after Migrate: %v", err)
		}
	}
	if cut == 0 {
		t.Error("no migration was cut short: this test is not looking at it")
	}
}

func TestAShortHistoryKeyIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := store.Open(context.Background(), store.Options{URL: "postgres:///nowhere", Key: []byte("short")}); err == nil {
		t.Error("Open with a key of 5 bytes succeeded")
	}
}
