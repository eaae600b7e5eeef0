package store_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// What is looked for every few seconds reads no more than what is due, however many records there are.
func TestRemindersAreFoundWithoutReadingAllRecords(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	in := must(s.File(t.Context(), ada, titled("Disks fill")))
	conn := must(pgx.Connect(t.Context(), url))
	defer func() { _ = conn.Close(t.Context()) }() // the database goes with the test
	for _, statement := range []string{
		`update people set email = 'ada@example.com'`,
		`insert into actions select $1, lpad(n::text, 12, 'a'), 1, n, 'Do', 'prevent', 'owner ' || n % 500, '', date '2026-01-01' + n, 'open', '', '', '{}', 'internal' from generate_series(1, 5000) n`,
		`insert into messages (incident, id, revision, position, channel, audience, author, role, at, state, status, body, link, next_update_at)
		select $1, lpad(n::text, 12, 'm'), 1, n, 'status_page', 'public', '', '', row(now(), 'UTC', 'second', false, '')::moment, 'sent', '', 'x', '', row(now() + n * interval '1 hour', 'UTC', 'second', false, '')::moment from generate_series(1, 5000) n`,
		`insert into reminders (person, kind, day, state, due_at, at) select $2, 'overdue', date '2020-01-01' + n, case when n < 5 then 'queued' else 'delivered' end, now(), now() from generate_series(1, 2000) n`,
	} {
		args := []any{int64(in.Number), ada.PersonID}[:strings.Count(statement, "$1")]
		if strings.Contains(statement, "$2") {
			statement, args = strings.ReplaceAll(statement, "$2", "$1"), []any{ada.PersonID}
		}
		_ = must(conn.Exec(t.Context(), statement, args...))
	}
	for _, statement := range []string{`analyze`, `set plan_cache_mode = force_generic_plan`, `set enable_seqscan = off`} { // unless there is no other way
		_ = must(conn.Exec(t.Context(), statement))
	}
	for _, tt := range []struct{ name, args, reads, never string }{
		{"queueOverdue", `('2026-11-25', now())`, "actions_by_owner", "Seq Scan on actions"},
		{"queuePromises", `(now())`, "messages_promising", "Seq Scan on messages"},
		{"claimReminder", `(now(), 'w', now())`, "reminders_queued", "Seq Scan on reminders"},
		{"lapseReminders", `(now())`, "reminders_sending", "Seq Scan on reminders"},
		{"remindersAstray", ``, "reminders_astray", "Seq Scan on reminders"},
		{"dropOldReminders", `(now())`, "reminders_pkey", "Seq Scan on reminders"},
	} {
		_ = must(conn.Exec(t.Context(), `deallocate all; prepare x as `+store.Statements()[tt.name]))
		rows, err := conn.Query(t.Context(), `explain (costs off) execute x`+tt.args, pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		plan := strings.Join(must(pgx.CollectRows(rows, pgx.RowTo[string])), "\n")
		if !strings.Contains(plan, tt.reads) || strings.Contains(plan, tt.never) {
			t.Errorf("%s%s does not read %s:\n%s", tt.name, tt.args, tt.reads, plan)
		}
	}
}
