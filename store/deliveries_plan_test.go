package store_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// A delivery that is taken costs the same whether ten wait or a hundred thousand, and however many went out before.
func TestWorkersAndSweepsReadNoMoreThanTheyTake(t *testing.T) {
	t.Parallel()
	conn := must(pgx.Connect(t.Context(), storetest.URL(t)))
	defer func() { _ = conn.Close(t.Context()) }() // the database goes with the test
	for _, statement := range []string{
		`insert into subscribers (kind, address, folded, state, components, wanted, asked_at, confirmed_at)
		select case when n % 2 = 0 then 'email' else 'webhook' end, n, n, 'active', '{}', '{}', now(), now() from generate_series(1, 200) n`,
		`insert into deliveries (incident, message, subscriber, kind, state, due_at, at)
		select n, 'm', s.id, s.kind, case when n > 18 then 'queued' else 'delivered' end, now(), now() from subscribers s, generate_series(1, 20) n`,
		`analyze`,
		`set plan_cache_mode = force_custom_plan`, `set enable_seqscan = off`, `set enable_sort = off`, // unless there is no other way
	} {
		_ = must(conn.Exec(t.Context(), statement))
	}
	const worker = `, now(), 'w', now()) `
	for _, tt := range []struct{ name, args, reads, never string }{
		{"claimDelivery", `('mail'` + worker, "deliveries_queued", "Sort"},
		{"claimDelivery", `('web'` + worker, "deliveries_queued", "Sort"},
		{"lapseDeliveries", `(now())`, "deliveries_sending", "Seq Scan"},
		{"cancelLost", `(now())`, "deliveries_by_subscriber", "Seq Scan"},
		{"dropOldQuestions", `(now())`, "deliveries_of_questions", "Seq Scan"},
		{"dropOldDeliveries", `(now())`, "deliveries_pkey", "Seq Scan on"},
		{"undecidedEverywhere", ``, "deliveries_unknown", "Seq Scan"},
	} {
		_ = must(conn.Exec(t.Context(), `deallocate all; prepare x as `+store.Statements()[tt.name]))
		rows, err := conn.Query(t.Context(), `explain (costs off) execute x`+tt.args, pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		plan := strings.Join(must(pgx.CollectRows(rows, pgx.RowTo[string])), "\n")
		if !strings.Contains(plan, tt.reads) || strings.Contains(plan, tt.never) {
			t.Errorf("%s%s does not read %s alone:\n%s", tt.name, tt.args, tt.reads, plan)
		}
	}
}
