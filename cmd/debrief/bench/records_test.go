package bench_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/cmd/debrief/bench"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestTheSameSeedMakesTheSameRecords(t *testing.T) {
	t.Parallel()
	one, again, other := bench.NewRecords(1000, 7), bench.NewRecords(1000, 7), bench.NewRecords(1000, 8)
	for n := 1; n <= 1000; n += 37 {
		if !reflect.DeepEqual(one.Record(n), again.Record(n)) {
			t.Fatalf("record %d of seed 7 is not the same twice", n)
		}
		if reflect.DeepEqual(one.Record(n), other.Record(n)) {
			t.Fatalf("record %d is the same for another seed", n)
		}
	}
}

func TestRecordsAreAsLargeAsRealOnesAndBreakNoRule(t *testing.T) {
	t.Parallel()
	m, size := bench.NewRecords(1000, 1), 0
	for n := 1; n <= 1000; n += 10 {
		in := m.Record(n)
		if in.Normalize(); len(in.Timeline) != 15 {
			t.Fatalf("record %d has %d entries, want 15", n, len(in.Timeline))
		}
		if err := in.Check(); err != nil {
			t.Fatalf("record %d: %v", n, err)
		}
		text, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		size += len(text)
	}
	if mean := size / 100; mean < 5_000 || mean > 14_000 {
		t.Errorf("a record is %d bytes of JSON on average, want 5,000 to 14,000", mean)
	}
}

func TestHowManyRecordsHoldAWordIsKnown(t *testing.T) {
	t.Parallel()
	m := bench.NewRecords(2000, 3)
	for _, tt := range []struct {
		word        string
		least, most int // hits
	}{
		{"latency", 380, 500}, {"rollback", 380, 500}, {"failover", 30, 80}, {"certificate", 30, 80}, {m.Host(444), 1, 4},
	} {
		hits := 0
		for n := 1; n <= m.Size; n++ {
			text, err := json.Marshal(m.Record(n))
			if err != nil {
				t.Fatal(err)
			}
			if held := strings.Contains(string(text), tt.word); held != m.Holds(tt.word, n) {
				t.Fatalf("record %d holds %q: %v, and Holds says %v", n, tt.word, held, !held)
			} else if held && !m.Private(n) {
				hits++
			}
		}
		if hits != m.Hits(tt.word) || hits < tt.least || hits > tt.most {
			t.Errorf("%d records that everybody may read hold %q, Hits says %d, want %d to %d", hits, tt.word, m.Hits(tt.word), tt.least, tt.most)
		}
	}
}

func TestADatabaseThatWasFilledVerifies(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	m := bench.NewRecords(450, 5)
	if err := m.Fill(t.Context(), url, func(int) {}); err != nil {
		t.Fatalf("Fill: %v", err)
	}
	st, err := store.Open(t.Context(), store.Options{URL: url, Key: bench.Key()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	report, err := st.Verify(t.Context())
	if err != nil || len(report.Findings) > 0 || report.Incidents != 450 {
		t.Errorf("Verify of 450 records = %d incidents, %v, %v, want nothing found", report.Incidents, report.Findings, err)
	}
	noor := storetest.Person(t, st, "Noor", incident.Responder)
	page, err := st.Incidents(t.Context(), noor, store.Filter{Query: "certificate", Limit: 200})
	if err != nil || len(page.Items) != m.Hits("certificate") {
		t.Errorf("a search for certificate finds %d records, %v, want %d", len(page.Items), err, m.Hits("certificate"))
	}
}
