package notify

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// BenchmarkReadsWhileTenThousandAreTold reports how a message to ten thousand mailboxes holds up those who read records
// meanwhile, and writers: of-quiet is the median time of a read beside that before, of-write that of an entry logged. All
// of them, the mail server too, share the machine. Queueing is how long the sender waits, beside one mailbox.
//
//	go test ./api/notify -run '^$' -bench TenThousand -benchtime 1x
func BenchmarkReadsWhileTenThousandAreTold(b *testing.B) {
	o := openOffice(b, &office{}, false)
	w := newWorld(b, o, nil)
	conn, err := pgx.Connect(b.Context(), w.url)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = conn.Close(b.Context()) }() // the database goes with the benchmark
	tell := func(mailboxes int) time.Duration {
		_, err := conn.Exec(b.Context(), `insert into subscribers (kind, address, folded, state, components, wanted, asked_at, confirmed_at)
			select 'email', a, a, 'active', '{}', '{}', now(), now() from (select 's' || g || '@example.com' as a from generate_series(1, $1) g) x
			on conflict do nothing`, mailboxes)
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		w.send(outage())
		return time.Since(began)
	}
	if err := w.n.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	one := tell(1)
	record := w.send(outage())
	for b.Loop() {
		before := len(o.mails())
		read, logged := w.paced(record, func() bool { return false })
		heap := heapNow()
		took := tell(10_000)
		began, most := time.Now(), uint64(0)
		readThen, loggedThen := w.paced(record, func() bool {
			most = max(most, heapNow())
			return len(o.mails())-before < 10_000
		})
		b.ReportMetric(float64(readThen)/float64(read), "of-quiet")
		b.ReportMetric(float64(loggedThen)/float64(logged), "of-write")
		b.ReportMetric(float64(took)/float64(one), "queueing-of-one")
		b.ReportMetric(10_000/time.Since(began).Seconds(), "mails/s")
		b.ReportMetric((float64(most)-float64(heap))/(1<<20), "MiB-more")
	}
	b.ReportMetric(0, "ns/op") // says nothing of its own
}

// paced reads and logs now and then, a hundred times and as long as more, and gives the medians.
func (w *world) paced(in *incident.Incident, more func() bool) (read, logged time.Duration) {
	var reads, logs []time.Duration
	for len(reads) < 100 || more() {
		began := time.Now()
		if _, err := w.store.Incident(w.t.Context(), w.by, in.Number); err != nil {
			w.t.Fatal(err)
		}
		reads = append(reads, time.Since(began))
		if began = time.Now(); len(logs) < 100 {
			if _, err := w.store.Append(w.t.Context(), w.by, in.Number, []incident.Part{&incident.Entry{Text: "still at it"}}); err != nil {
				w.t.Fatal(err)
			}
			logs = append(logs, time.Since(began))
		}
		time.Sleep(10 * time.Millisecond)
	}
	slices.Sort(reads)
	slices.Sort(logs)
	return reads[len(reads)/2], logs[len(logs)/2]
}

func heapNow() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}
