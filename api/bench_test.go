package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/storetest"
)

// tables are what a record stands in, in the order of their references.
var tables = []string{"incidents", "incident_people", "entries", "impacts", "whys", "factors", "lessons", "messages", "actions"}

// bare answers as plainly as net/http and pgx can: no permission, no rules, no
// history, no search; rows as they stand in the tables.
type bare struct{ pool *pgxpool.Pool }

func (h bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var err error
	if r.Method == http.MethodPost {
		err = h.create(w, r)
	} else {
		err = h.read(r.Context(), w, r.URL.Query().Get("number"))
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// rowsOf gives a record's rows of one table as a JSON array.
func rowsOf(table string) string {
	key := "incident"
	if table == "incidents" {
		key = "number"
	}
	return fmt.Sprintf(`select coalesce(json_agg(t), '[]') from %s t where t.%s = $1`, table, key)
}

func (h bare) read(ctx context.Context, w io.Writer, number string) error {
	b, record := &pgx.Batch{}, map[string]json.RawMessage{}
	for _, table := range tables {
		b.Queue(rowsOf(table), number).QueryRow(func(row pgx.Row) error {
			var rows json.RawMessage
			err := row.Scan(&rows)
			record[table] = rows
			return err
		})
	}
	if err := h.pool.SendBatch(ctx, b).Close(); err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(record)
}

func (h bare) create(w http.ResponseWriter, r *http.Request) error {
	var record map[string]json.RawMessage
	if err := json.NewDecoder(r.Body).Decode(&record); err != nil {
		return err
	}
	var number int64
	if err := h.pool.QueryRow(r.Context(), `select nextval(pg_get_serial_sequence('incidents', 'number'))`).Scan(&number); err != nil {
		return err
	}
	b := &pgx.Batch{} // one transaction
	for _, table := range tables {
		own := `jsonb_build_object('incident', $2::bigint)`
		if table == "incidents" {
			own = `jsonb_build_object('number', $2::bigint, 'id', lpad($2::bigint::text, 12, 'b'))`
		}
		b.Queue(fmt.Sprintf(`insert into %s select made.* from jsonb_array_elements($1) given, jsonb_populate_record(null::%s, given || %s) made`, table, table, own), record[table], number)
	}
	if err := h.pool.SendBatch(r.Context(), b).Close(); err != nil {
		return err
	}
	w.WriteHeader(http.StatusCreated)
	record["number"] = json.RawMessage(fmt.Sprint(number))
	return json.NewEncoder(w).Encode(record)
}

// target is one side of a comparison: what to ask, and what its answer must hold.
type target struct {
	method, url, token, body string
	status, entries          int
}

func (t target) once(b *testing.B) time.Duration {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), t.method, t.url, strings.NewReader(t.body))
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+t.token)
	req.Header.Set("Content-Type", "application/json")
	began := time.Now()
	got := send(b, http.DefaultClient, req)
	took := time.Since(began)
	if n := strings.Count(got.text, "Something happened"); got.status != t.status || n != t.entries {
		b.Fatalf("%s = %d with %d entries, want %d with %d: %.300s", got.what, got.status, n, t.status, t.entries, got.text)
	}
	return took
}

// compare asks both by turns, in rounds, and reports the median of the rounds'
// ratios: how many requests ours answers while the bare handler answers one.
func compare(b *testing.B, ours, plain target) {
	b.Helper()
	const round = 20
	for range 2 * round { // warm up: connections, plans, caches
		ours.once(b)
		plain.once(b)
	}
	var ratios, took []float64
	for b.Loop() {
		var a, c time.Duration
		for range round {
			a += ours.once(b)
			c += plain.once(b)
		}
		ratios, took = append(ratios, float64(c)/float64(a)), append(took, float64(a.Microseconds())/round)
	}
	b.ReportMetric(median(ratios), "of-bare")
	b.ReportMetric(slices.Min(ratios), "of-bare-least")
	b.ReportMetric(slices.Max(ratios), "of-bare-most")
	b.ReportMetric(median(took), "µs/request")
	b.ReportMetric(0, "ns/op") // a round of both sides says nothing
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}

// BenchmarkAgainstBare compares a whole record over the API with the bare
// handler beside it, on one database, in one run.
func BenchmarkAgainstBare(b *testing.B) {
	address := storetest.URL(b)
	h := serveOn(b, storetest.Open(b, address))
	ada := h.as("Ada", incident.Responder)
	pool, err := pgxpool.New(b.Context(), address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pool.Close)
	plain := httptest.NewServer(bare{pool})
	b.Cleanup(plain.Close)

	var record incident.Incident
	if err := json.Unmarshal([]byte(golden(b, "record.json")), &record); err != nil {
		b.Fatal(err)
	}
	for i := range 10 {
		record.Timeline = append(record.Timeline, incident.Entry{Text: fmt.Sprintf("Something happened, the %dth time.", i)})
	}
	posted, err := json.Marshal(record)
	if err != nil {
		b.Fatal(err)
	}
	in := ada.keep(&record)
	rows := httptest.NewRecorder()
	if err := (bare{pool}).read(b.Context(), rows, fmt.Sprint(int64(in.Number))); err != nil {
		b.Fatal(err)
	}
	b.Run("read", func(b *testing.B) {
		compare(b,
			target{"GET", fmt.Sprintf("%s/api/v1/incidents/%d", h.url, int64(in.Number)), ada.token, "", 200, 10},
			target{"GET", fmt.Sprintf("%s/?number=%d", plain.URL, int64(in.Number)), "", "", 200, 10})
	})
	b.Run("create", func(b *testing.B) {
		compare(b,
			target{"POST", h.url + "/api/v1/incidents", ada.token, string(posted), 201, 10},
			target{"POST", plain.URL, "", rows.Body.String(), 201, 10})
	})
}
