package notify

import (
	"testing"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/debriefhq/debrief/store"
)

// Each write asks for a worker, and workers begin some ten jobs a second: a hundred writes a second would leave a
// backlog of jobs with nothing to do, for hours.
func TestOneJobDoesWhatManyWritesAskForWebhooks(t *testing.T) {
	t.Parallel()
	l := newListener(t, nil)
	w := newWorld(t, nil, func(o *Options) { o.Inside = true })
	w.hook(l.URL)
	const writes = 12
	for range writes {
		w.file(outage())
	}
	waiting := func() []store.Job {
		page, err := w.store.JobsPage(t.Context(), w.by, store.JobFilter{State: store.JobWaiting, Kind: store.CallHooks{}.Kind()})
		if err != nil {
			t.Fatal(err)
		}
		return page.Items
	}
	before := waiting()
	if len(before) != writes {
		t.Fatalf("after %d writes %d jobs wait", writes, len(before))
	}
	own := before[0].ID
	if err := (&hookWorker{n: w.n}).Work(t.Context(), &river.Job[store.CallHooks]{JobRow: &rivertype.JobRow{ID: own}}); err != nil {
		t.Fatalf("Work: %v", err)
	}
	if got := len(l.all()); got != writes {
		t.Errorf("after one job the webhook was told of %d events, want all %d", got, writes)
	}
	if after := waiting(); len(after) != 1 || after[0].ID != own {
		t.Errorf("after one job that did it all these wait still: %+v, want that one alone, which the queue ends", after)
	}
}
