package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/debriefhq/debrief/incident"
)

const (
	postedEntries = 10  // of a record that is created
	appendedTo    = 256 // records that entries are appended to, on each side
	bulk          = 100 // records in one import
)

// drafts are records as people file them.
func (b *bench) drafts() []*incident.Incident {
	all := make([]*incident.Incident, min(someBody, b.Size))
	for i := range all {
		in := b.Record(1 + i*(b.Size/len(all))).Draft()
		in.Timeline, in.Visibility = in.Timeline[:postedEntries], incident.VisibleInternal
		in.Related, in.RecurrenceOf = nil, nil
		for j := range in.Analysis.Whys {
			in.Analysis.Whys[j].Evidence = nil
		}
		all[i] = in
	}
	return all
}

// bodies are what both sides are posted: records, and the same ones as rows.
func (b *bench) bodies(ctx context.Context) (ours, plain []ask, err error) {
	for i, in := range b.drafts() {
		text, err := json.Marshal(in)
		if err != nil {
			return nil, nil, err
		}
		count := []byte(`"actor":`)
		ours = append(ours, ask{method: "POST", path: "/api/v1/incidents", body: text, want: 201, count: count, least: postedEntries, most: postedEntries})
		rows, err := b.rows(ctx, 1+i*(b.Size/min(someBody, b.Size)))
		if err != nil {
			return nil, nil, err
		}
		plain = append(plain, ask{method: "POST", path: "/incidents", body: rows, want: 201, count: count, least: postedEntries, most: postedEntries})
	}
	return ours, plain, nil
}

// rows is record n as the bare handler takes it, with ten entries and all that it is searched by.
func (b *bench) rows(ctx context.Context, n int) ([]byte, error) {
	record, err := bare{b.pool}.record(ctx, fmt.Sprint(n))
	if err != nil {
		return nil, err
	}
	p, words := posted{Parts: map[string]json.RawMessage{}}, []string{}
	for table, text := range record {
		var rows []map[string]any
		if err := json.Unmarshal(text, &rows); err != nil {
			return nil, fmt.Errorf("read rows of %s: %w", table, err)
		}
		if table == "entries" {
			rows = rows[:postedEntries]
		}
		for _, row := range rows {
			delete(row, "incident")
			for _, key := range []string{"title", "summary", "text", "body", "actor", "because", "owner", "component"} {
				if word, is := row[key].(string); is {
					words = append(words, word)
				}
			}
		}
		if len(rows) == 0 || table == "comments" {
			continue
		}
		if table == "incidents" {
			delete(rows[0], "number")
			delete(rows[0], "id")
			rows[0]["visibility"] = "internal"
			p.Own, err = json.Marshal(rows[0])
		} else {
			p.Parts[table], err = json.Marshal(rows)
		}
		if err != nil {
			return nil, err
		}
	}
	p.Words = strings.Join(words, "\n")
	return json.Marshal(p)
}

// counting counts what a side did, from now on.
func counting(s side, done *atomic.Int64) side {
	do := s.do
	s.do = func(ctx context.Context, worker int, k int64) (int, error) {
		n, err := do(ctx, worker, k)
		done.Add(int64(n))
		return n, err
	}
	return s
}

func creating(ctx context.Context, b *bench) (*plan, error) {
	ours, plain, err := b.bodies(ctx)
	if err != nil {
		return nil, err
	}
	unsearched := append([]ask(nil), plain...)
	for i := range unsearched {
		unsearched[i].path = "/unsearched"
	}
	before, err := b.counts(ctx)
	if err != nil {
		return nil, err
	}
	var kept, rows atomic.Int64
	return &plan{
		sides: []side{
			counting(b.overHTTP("ours", b.ours, byTurns(ours)), &kept),
			counting(b.overHTTP("bare", b.bare, byTurns(plain)), &rows),
			counting(b.overHTTP("bare, not searched", b.bare, byTurns(unsearched)), &rows),
		},
		ratios: []ratio{
			{name: "create + 10 entries ÷ bare", of: "ours", than: "bare", goal: 0.7},
			{name: "create + 10 entries ÷ bare that nobody can search", of: "ours", than: "bare, not searched"},
		},
		after: func(ctx context.Context) error {
			all := kept.Load() + rows.Load()
			return b.grewBy(ctx, before, rowCounts{all, all * postedEntries, kept.Load()})
		},
	}, nil
}

// appending logs to records that were filed for it, on each side its own.
func appending(ctx context.Context, b *bench) (*plan, error) {
	ours, plain, err := b.bodies(ctx)
	if err != nil {
		return nil, err
	}
	var to [2][]string
	for i := range min(appendedTo, len(ours)) {
		for side, server := range []*target{b.ours, b.bare} {
			header, _, err := server.once(ctx, [][]ask{ours, plain}[side][i])
			if err != nil {
				return nil, err
			}
			to[side] = append(to[side], number(header.Get("Location")))
		}
	}
	before, err := b.counts(ctx)
	if err != nil {
		return nil, err
	}
	var kept, rows atomic.Int64
	return &plan{
		sides: []side{
			counting(b.overHTTP("ours", b.ours, func(k int64) *ask { return b.oneEntry("/api/v1", to[0], k, false) }), &kept),
			counting(b.overHTTP("bare", b.bare, func(k int64) *ask { return b.oneEntry("", to[1], k, true) }), &rows),
		},
		ratios: []ratio{{name: "append an entry ÷ bare", of: "ours", than: "bare", goal: 0.7}},
		after: func(ctx context.Context) error {
			return b.grewBy(ctx, before, rowCounts{0, kept.Load() + rows.Load(), kept.Load()})
		},
	}, nil
}

// oneEntry posts the k-th entry; as a row it brings all that a row needs.
func (b *bench) oneEntry(path string, to []string, k int64, row bool) *ask {
	m, text := b.entryMoment(k), b.entryText(k)
	e := incident.Entry{At: &m, Kind: incident.EntryObservation, Text: text, Audience: incident.AudienceInternal}
	if row {
		e.ID = fmt.Sprintf("%012d", k)
	}
	body, _ := json.Marshal(&e) // an entry has a JSON
	return &ask{method: "POST", path: path + "/incidents/" + to[k%int64(len(to))] + "/timeline", body: body, want: 201, holds: []byte(text)}
}

// importing brings many records in at once, and one by one over the API.
func importing(ctx context.Context, b *bench) (*plan, error) {
	ours, _, err := b.bodies(ctx)
	if err != nil {
		return nil, err
	}
	drafts := b.drafts()
	before, err := b.counts(ctx)
	if err != nil {
		return nil, err
	}
	var kept atomic.Int64
	one := b.overHTTP("one by one", b.ours, byTurns(ours))
	one.workers = 1
	many := side{name: "in bulk", workers: 1, do: func(ctx context.Context, _ int, k int64) (int, error) {
		batch := make([]*incident.Incident, bulk)
		for i := range batch {
			batch[i] = drafts[(int(k)*bulk+i)%len(drafts)]
		}
		filed, err := b.st.FileAll(ctx, b.by, batch)
		return len(filed), err
	}}
	return &plan{
		sides:  []side{counting(many, &kept), counting(one, &kept)},
		ratios: []ratio{{name: "import of 100 at once ÷ one by one over the API", of: "in bulk", than: "one by one", goal: 10}},
		after: func(ctx context.Context) error {
			return b.grewBy(ctx, before, rowCounts{kept.Load(), kept.Load() * postedEntries, kept.Load()})
		},
	}, nil
}
