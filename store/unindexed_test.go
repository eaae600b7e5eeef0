package store_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestIndexesAndReferencesComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	conn := must(pgx.Connect(t.Context(), url))
	defer func() { _ = conn.Close(t.Context()) }() // the database goes with the test
	shape := func() []string {
		return texts(t, conn, `
			select pg_get_indexdef(indexrelid) from pg_index join pg_class on pg_class.oid = indexrelid where relnamespace = 'public'::regnamespace
			union all
			select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace
			order by 1`)
	}
	before := shape()
	err := store.Unindexed(t.Context(), url, func() error {
		if away := shape(); len(away) > len(before)-40 {
			t.Errorf("meanwhile there are %d indexes and constraints of %d, want at least 40 fewer", len(away), len(before))
		}
		s := storetest.Open(t, url)
		return s.RestoreAll(t.Context(), storetest.Person(t, s, "Ada", incident.Admin), manyOf(25))
	})
	if err != nil {
		t.Fatalf("Unindexed: %v", err)
	}
	if after := shape(); !slices.Equal(after, before) {
		t.Errorf("afterwards the database has\n%q\nwant\n%q", after, before)
	}
	wantTrue(t, storetest.Open(t, url))
	if err := store.Unindexed(t.Context(), url, func() error { return errNoSpace }); !errors.Is(err, errNoSpace) {
		t.Errorf("Unindexed of what fails = %v, want its error", err)
	}
}

var errNoSpace = errors.New("no space left on device")
