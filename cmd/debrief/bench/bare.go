package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// bare answers as plainly as net/http and pgx can, from the tables of ours: no permission, no rules, no history, no
// events, rows as they stand. What it does is the limit that ours is held against.
type bare struct{ pool *pgxpool.Pool }

// bareTables are what a record stands in, in the order of their references.
var bareTables = []string{"incidents", "incident_people", "entries", "impacts", "whys", "factors", "lessons", "messages", "actions", "comments"}

func (b bare) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, answer := range map[string]func(http.ResponseWriter, *http.Request) error{
		"GET /incidents/{number}":           b.read,
		"GET /incidents":                    b.list,
		"GET /search":                       b.search,
		"POST /incidents":                   b.create(true),
		"POST /unsearched":                  b.create(false),
		"POST /incidents/{number}/timeline": b.append,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			if err := answer(w, r); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
			}
		})
	}
	return mux
}

// rowsOf gives a record's rows of one table as a JSON array.
func rowsOf(table string) string {
	key := "incident"
	if table == "incidents" {
		key = "number"
	}
	return fmt.Sprintf(`select coalesce(json_agg(t), '[]') from %s t where t.%s = $1`, table, key)
}

const bareTag = `
	select i.revision || '.' || c.version
	from   incidents i
	join   chains    c on c.incident = i.number
	where  i.number = $1`

func (b bare) read(w http.ResponseWriter, r *http.Request) error {
	number := r.PathValue("number")
	if known := r.Header.Get("If-None-Match"); known != "" {
		var tag string
		if err := b.pool.QueryRow(r.Context(), bareTag, number).Scan(&tag); err != nil {
			return err
		}
		if known == `"`+tag+`"` {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	record, err := b.record(r.Context(), number)
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(record)
}

// record reads all rows of a record in one round trip.
func (b bare) record(ctx context.Context, number string) (map[string]json.RawMessage, error) {
	batch, record := &pgx.Batch{}, map[string]json.RawMessage{}
	for _, table := range bareTables {
		batch.Queue(rowsOf(table), number).QueryRow(func(row pgx.Row) error {
			var rows json.RawMessage
			err := row.Scan(&rows)
			record[table] = rows
			return err
		})
	}
	return record, b.pool.SendBatch(ctx, batch).Close()
}

// bareHeading are the columns that a list shows.
const bareHeading = `
	i.number, i.id, i.revision, c.version, i.kind, i.title, i.severity, i.status, i.resolution, i.visibility, i.zone, i.tags,
	i.triggered, i.started, i.detected, i.acknowledged, i.mitigated, i.resolved,
	i.review_state, i.reviewers, i.approvals, i.published_at, i.created_by, i.created_at, c.updated_at, i.archived`

const (
	bareList = `
	select coalesce(json_agg(t), '[]')
	from   (
		select   ` + bareHeading + `
		from     incidents i
		join     chains    c on c.incident = i.number
		where    i.number < $1
		and      not i.archived
		order by i.number desc
		limit    50) t`
	// bareSearch gives the newest records with a word, and the piece of text that holds it.
	bareSearch = `
	select coalesce(json_agg(t), '[]')
	from   (
		select ` + bareHeading + `,
		       ts_headline('english', s.body, websearch_to_tsquery('english', $1), 'MaxWords=30, MinWords=12, MaxFragments=2') as snippet
		from   (
			select   incident, body
			from     search
			where    words @@ websearch_to_tsquery('english', $1)
			order by incident desc
			limit    50) s
		join   incidents i on i.number = s.incident
		join   chains    c on c.incident = s.incident) t`
)

// json writes the JSON that a statement gives.
func (b bare) json(w http.ResponseWriter, r *http.Request, statement string, args ...any) error {
	var text []byte
	if err := b.pool.QueryRow(r.Context(), statement, args...).Scan(&text); err != nil {
		return err
	}
	_, err := w.Write(text)
	return err
}

func (b bare) list(w http.ResponseWriter, r *http.Request) error {
	return b.json(w, r, bareList, r.URL.Query().Get("before"))
}

func (b bare) search(w http.ResponseWriter, r *http.Request) error {
	return b.json(w, r, bareSearch, r.URL.Query().Get("q"))
}

const bareAppend = `
	insert into entries
	select e.*
	from   json_populate_record(null::entries, $2) given,
	       lateral (
		select $1::bigint, given.id, 1, coalesce(max(position), 0) + 1000, given.at, given.until, given.kind, given.text, given.actor, given.source, given.audience
		from   entries
		where  incident = $1::bigint) e
	returning row_to_json(entries)`

func (b bare) append(w http.ResponseWriter, r *http.Request) error {
	var entry json.RawMessage
	if err := json.NewDecoder(r.Body).Decode(&entry); err != nil {
		return err
	}
	w.WriteHeader(http.StatusCreated)
	return b.json(w, r, bareAppend, r.PathValue("number"), entry)
}

const (
	bareNumber = `select nextval(pg_get_serial_sequence('incidents', 'number'))`
	bareOwn    = `
	insert into incidents
	select * from json_populate_record(json_populate_record(null::incidents, json_build_object('number', $1::bigint, 'id', lpad($1::text, 12, 'b'))), $2::json)`
	bareParts = `
	insert into %s
	select * from json_populate_recordset(json_populate_record(null::%[1]s, json_build_object('incident', $1::bigint)), $2::json)`
	bareWords = `
	insert into search (incident, body, words, private_body, whole_words, hides)
	values ($1, $2, to_tsvector('english', $2), '', '', false)`
)

// posted is a record as rows, and the text that it is searched by.
type posted struct {
	Own   json.RawMessage            `json:"own"`
	Parts map[string]json.RawMessage `json:"parts"`
	Words string                     `json:"words"`
}

// create writes the rows of a record in one transaction.
func (b bare) create(searched bool) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		var p posted
		if err := json.Unmarshal(text, &p); err != nil {
			return err
		}
		var number int64
		if err := b.pool.QueryRow(r.Context(), bareNumber).Scan(&number); err != nil {
			return err
		}
		batch := &pgx.Batch{} // one transaction
		batch.Queue(bareOwn, number, p.Own)
		for _, table := range bareTables[1:] {
			if rows := p.Parts[table]; rows != nil {
				batch.Queue(fmt.Sprintf(bareParts, table), number, rows)
			}
		}
		if searched {
			batch.Queue(bareWords, number, p.Words)
		}
		if err := b.pool.SendBatch(r.Context(), batch).Close(); err != nil {
			return err
		}
		w.Header().Set("Location", fmt.Sprintf("/incidents/%d", number))
		w.WriteHeader(http.StatusCreated)
		return json.NewEncoder(w).Encode(p)
	}
}
