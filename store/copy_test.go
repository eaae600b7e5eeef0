package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// byChance are columns that hold what is drawn at random or sealed with it.
const byChance = `'{mac,seal,body,values,written}'::text[]`

// texts reads a column.
func texts(t *testing.T, conn *pgx.Conn, statement string) []string {
	t.Helper()
	rows, err := conn.Query(t.Context(), statement)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return must(pgx.CollectRows(rows, pgx.RowTo[string]))
}

// everyRow gives all rows of a database as JSON without what is drawn, by table.
func everyRow(t *testing.T, url string) map[string][]string {
	t.Helper()
	conn := must(pgx.Connect(t.Context(), url))
	defer func() { _ = conn.Close(t.Context()) }() // a test's connection
	tables := texts(t, conn, `select tablename::text from pg_tables where schemaname = 'public'`)
	all := map[string][]string{}
	for _, table := range tables {
		but := byChance
		if table == "components" {
			but += ` - 'id'`
		}
		rows := texts(t, conn, `select (to_jsonb(t) - `+but+`)::text from "`+table+`" t`)
		slices.Sort(rows)
		all[table] = rows
	}
	return all
}

// manyOf are records that hold everything a record can, under numbers of their own.
func manyOf(n int) []*incident.Incident {
	all := make([]*incident.Incident, n)
	for i := range all {
		in := incidenttest.Fill(func(pointer string) string {
			return fmt.Sprintf("w%s-%d", strings.NewReplacer("/", "-", "_", "-").Replace(pointer), i)
		})
		in.Number, in.ID = incident.Number(i+1), fmt.Sprintf("%012d", i+1)
		in.Visibility = incident.VisibleInternal
		in.Related, in.RecurrenceOf, in.DuplicateOf = nil, nil, nil
		for j := range in.Actions {
			in.Actions[j].AlsoFor = nil
		}
		switch i % 4 {
		case 0:
			in.Visibility = incident.VisiblePrivate
		case 1:
			in.Messages[0].State, in.Messages[0].Audience = incident.Sent, incident.AudiencePublic
		case 2:
			at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
			in.Review.State, in.Review.PublishedAt = incident.ReviewPublished, &at
			in.Timeline[0].Audience = incident.AudiencePrivate
		}
		all[i] = in
	}
	return all
}

func TestManyRecordsStandInTheDatabaseAsIfTheyCameOneByOne(t *testing.T) {
	t.Parallel()
	many := manyOf(25)
	clock := func() time.Time { return time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC) }
	open := func() (*store.Store, string, incident.Actor) {
		url := storetest.URL(t)
		s := must(store.Open(t.Context(), store.Options{URL: url, Key: storetest.Key, Now: clock}))
		t.Cleanup(s.Close)
		return s, url, storetest.Person(t, s, "Ada", incident.Admin)
	}
	one, oneURL, ada := open()
	for _, in := range many {
		must(one.Restore(t.Context(), ada, in))
	}
	all, allURL, ada := open()
	if err := all.RestoreAll(t.Context(), ada, many); err != nil {
		t.Fatalf("RestoreAll: %v", err)
	}
	for _, s := range []*store.Store{one, all} {
		if err := errors.Join(s.FoldTallies(t.Context()), s.AddUpInsights(t.Context()), s.FoldWords(t.Context())); err != nil {
			t.Fatal(err)
		}
		wantTrue(t, s)
	}
	want, got := everyRow(t, oneURL), everyRow(t, allURL)
	for table, rows := range want {
		for i, row := range rows {
			if len(got[table]) != len(rows) || got[table][i] != row {
				t.Errorf("RestoreAll leaves %d rows of %s, want %d like\n%s", len(got[table]), table, len(rows), row)
				break
			}
		}
	}
}

func TestManyRecordsAreFiledAllOrNone(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	many := make([]*incident.Incident, 30)
	for i := range many {
		many[i] = titled(fmt.Sprintf("The disk of host %d is full", i))
		many[i].Timeline = []incident.Entry{{Text: "It is full."}}
	}
	kept := must(s.FileAll(t.Context(), ada, many))
	read := must(s.Incident(t.Context(), ada, kept[29].Number))
	wantSame(t, "the last of them", read, kept[29])
	wantTrue(t, s)

	many[17].Title = ""
	_, err := s.FileAll(t.Context(), ada, many)
	refused(t, "FileAll with a record that has no title", err, incident.Invalid)
	if page := must(s.Incidents(t.Context(), ada, store.Filter{Limit: 200})); len(page.Items) != 30 {
		t.Errorf("after a refusal there are %d incidents, want the 30 of before", len(page.Items))
	}
}
