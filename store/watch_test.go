package store_test

import (
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// soon is ample for what takes milliseconds, and for what takes the few seconds between two looks.
const soon = 30 * time.Second

// quiet waits until a watcher has not been woken for a while: its beginning wakes it, too.
func quiet(w *store.Watcher) {
	for {
		select {
		case <-w.C:
		case <-time.After(300 * time.Millisecond):
			return
		}
	}
}

// wantWoken waits for a watcher to be woken, and tells how long it took.
func wantWoken(t testing.TB, what string, w *store.Watcher) time.Duration {
	t.Helper()
	began := time.Now()
	select {
	case <-w.C:
	case <-time.After(soon):
		t.Fatalf("%s: not woken in %v", what, soon)
	}
	return time.Since(began)
}

func wantAsleep(t testing.TB, what string, w *store.Watcher) {
	t.Helper()
	select {
	case <-w.C:
		t.Errorf("%s: woken, want to be left alone", what)
	default:
	}
}

func TestAWriteWakesWhoWatchesThatIncidentInEveryProcess(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	here, there := storetest.Open(t, url), storetest.Open(t, url)
	ada := storetest.Person(t, here, "Ada", incident.Responder)
	one, two := must(here.File(t.Context(), ada, titled("One"))).Number, must(here.File(t.Context(), ada, titled("Two"))).Number
	other := there.WatchIncident(two)
	defer other.Close()
	for name, w := range map[string]*store.Watcher{
		"here": here.WatchIncident(one), "there": there.WatchIncident(one),
		"the feed of one here": here.WatchFeed(one), "the feed of all there": there.WatchFeed(0),
	} {
		quiet(w)
		must(here.Append(t.Context(), ada, one, entries("Restarted.")))
		wantWoken(t, name, w)
		w.Close()
	}
	quiet(other)
	must(here.Append(t.Context(), ada, one, entries("Restarted again.")))
	time.Sleep(100 * time.Millisecond)
	wantAsleep(t, "who watches another incident", other)
}

func TestTheFeedWakesWithWhatItHolds(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	w := s.WatchFeed(0)
	defer w.Close()
	cursor := must(s.Now(t.Context(), ada))
	const writers, each = 10, 5
	for _, err := range race(writers, func(int) error {
		in, err := s.File(t.Context(), ada, titled("One of many"))
		for range each - 1 {
			if err == nil {
				_, err = s.Append(t.Context(), ada, in.Number, entries("Word."))
			}
		}
		return err
	}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	seen := 0
	for seen < writers*each { // reading only when woken
		wantWoken(t, "the reader of the feed", w)
		for {
			page := must(s.Changes(t.Context(), ada, 0, 0, cursor))
			seen, cursor = seen+len(page.Items), page.Next
			if len(page.Items) == 0 {
				break
			}
		}
	}
	if seen != writers*each {
		t.Errorf("the feed gave %d changes, want %d", seen, writers*each)
	}
}

func TestNowIsAfterAllThatWasAndBeforeAllThatComes(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	empty := must(s.Now(t.Context(), ada))
	must(s.File(t.Context(), ada, titled("First")))
	first := changes(t, s, ada, 1, empty) // so it has settled
	if len(first.Items) != 1 {
		t.Errorf("Changes after Now of an empty installation = %d, want 1", len(first.Items))
	}
	now := must(s.Now(t.Context(), ada))
	must(s.File(t.Context(), ada, titled("Second")))
	if got := changes(t, s, ada, 1, now).Items; len(got) != 1 || got[0].Number != 2 {
		t.Errorf("Changes after Now = %v, want the second alone", got)
	}
	if _, err := s.Now(t.Context(), incident.Actor{}); err == nil {
		t.Error("a stranger is told where the changes end")
	}
}

func TestOneIncidentsFeed(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	for range 3 {
		must(s.File(t.Context(), ada, titled("One of three")))
	}
	changes(t, s, ada, 3, "")
	page := must(s.Changes(t.Context(), ada, 2, 0, ""))
	if len(page.Items) != 1 || page.Items[0].Number != 2 {
		t.Errorf("Changes of INC-2 = %v", page.Items)
	}
	if more := must(s.Changes(t.Context(), ada, 2, 0, page.Next)); len(more.Items) != 0 || more.Next != page.Next {
		t.Errorf("Changes of INC-2 after its last = %v", more)
	}
}

func TestASlowWatcherHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	in := must(s.File(t.Context(), ada, titled("Busy"))).Number
	slow, quick := s.WatchIncident(in), s.WatchIncident(in)
	defer slow.Close()
	defer quick.Close()
	for range 20 {
		must(s.Append(t.Context(), ada, in, entries("Word.")))
		wantWoken(t, "beside a watcher that reads nothing", quick)
	}
	wantWoken(t, "the slow one, when it comes to it", slow)
}

func TestNewsComeAlsoAfterTheListenerWasKilled(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	here, there := storetest.Open(t, url), storetest.Open(t, url)
	ada := storetest.Person(t, here, "Ada", incident.Responder)
	in := must(here.File(t.Context(), ada, titled("Cut off"))).Number
	w := there.WatchIncident(in)
	defer w.Close()
	const kill = `
		select count(pg_terminate_backend(pid))
		from   pg_stat_activity
		where  datname = current_database()
		and    query like 'listen %'`
	for killed := 0; killed == 0; {
		time.Sleep(10 * time.Millisecond)
		killed = ask[int](t, url, kill)
	}
	quiet(w)
	must(here.Append(t.Context(), ada, in, entries("While nobody heard.")))
	wantWoken(t, "after the kill", w)
	for heard := 0; heard == 0; {
		time.Sleep(10 * time.Millisecond)
		heard = ask[int](t, url, `select count(*) from pg_stat_activity where datname = current_database() and query like 'listen %'`)
	}
}

func TestPollingAloneIsEnough(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	in := must(s.File(t.Context(), ada, titled("Unheard"))).Number
	feed, page := s.WatchFeed(0), s.WatchIncident(in)
	defer feed.Close()
	defer page.Close()
	quiet(feed)
	quiet(page)
	open := begin(t, url) // a writer that tells nobody, as one behind a pooler
	open.change(t, 1)
	open.commit(t)
	wantWoken(t, "the feed", feed)
	wantWoken(t, "the incident", page)
}

func TestWatchingLeavesNothingBehind(t *testing.T) {
	url := storetest.URL(t)
	before := goleak.IgnoreCurrent() // other tests wait for this one to end
	s := must(store.Open(t.Context(), store.Options{URL: url, Key: storetest.Key}))
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	in := must(s.File(t.Context(), ada, titled("Watched"))).Number
	var open []*store.Watcher
	var mu sync.Mutex
	race(200, func(i int) error {
		w := s.WatchIncident(in)
		if i%2 == 0 {
			w.Close()
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		open = append(open, w)
		return nil
	})
	must(s.Append(t.Context(), ada, in, entries("Word.")))
	for _, w := range open {
		wantWoken(t, "one of a hundred", w)
		w.Close()
		w.Close() // twice does no harm
	}
	s.Close()
	s.WatchFeed(0).Close() // begins nothing any more
	goleak.VerifyNone(t, before)
}
