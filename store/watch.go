package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

const (
	newsChannel  = "debrief_news"         // of NOTIFY
	pollTime     = 2 * time.Second        // between looks for what no notification told of
	settleTime   = 10 * time.Millisecond  // before the second look for a change that older writes still hold back, then doubled
	tellPause    = 50 * time.Millisecond  // between what one process tells the others
	tellTime     = 2 * time.Second        // for telling, at most
	shortestWait = 100 * time.Millisecond // before listening again, then doubled
	longestWait  = 30 * time.Second
	mostTold     = 400 // incidents in one notification, which holds 8000 bytes
)

// Watcher is woken when there may be news for it. It is told no more than that: whoever is woken reads
// what they may see.
type Watcher struct {
	C <-chan struct{} // at most one waking waits here, so nobody waits for a slow reader

	c    chan struct{}
	of   incident.Number // 0 is all
	feed bool
	hub  *hub
}

// Close ends the waking. C stays open.
func (w *Watcher) Close() {
	w.hub.mu.Lock()
	defer w.hub.mu.Unlock()
	delete(w.hub.watchers, w)
}

func (w *Watcher) wake() {
	select {
	case w.c <- struct{}{}:
	default:
	}
}

// hub wakes watchers. A process listens for what others notify it of, and also looks by itself now and
// then: notifications may be lost, and behind a pooler that hands out connections by transaction all are.
// Writers notify after they committed, by way of their process: a notification in the writer's own
// transaction would make all writers of the installation wait for each other's flush to disk.
type hub struct {
	me   string             // names this process to others
	end  context.Context    // ends when the store closes
	stop context.CancelFunc // ends it
	look chan struct{}      // asks for a look, soon

	done sync.WaitGroup // of what runs beside the callers

	mu       sync.Mutex
	watchers map[*Watcher]struct{}
	awake    bool // listens and looks
	telling  bool
	untold   map[incident.Number]bool // where there is news that others are to be told of
}

func newHub() *hub {
	h := &hub{me: rand.Text(), look: make(chan struct{}, 1), watchers: map[*Watcher]struct{}{}, untold: map[incident.Number]bool{}}
	h.end, h.stop = context.WithCancel(context.Background())
	return h
}

// close ends what the hub runs, after the others were told what they have not been.
func (h *hub) close() {
	h.mu.Lock()
	h.stop()
	h.mu.Unlock()
	h.done.Wait()
}

// run starts f beside its caller unless the store is closed. The lock is held.
func (h *hub) run(f func()) bool {
	if h.end.Err() != nil {
		return false
	}
	h.done.Go(f)
	return true
}

// WatchFeed wakes the watcher, until it is closed, when Changes has more to read: of one incident, or of
// all when of is 0. It may be woken for nothing; what no notification told of wakes it some seconds late.
// Read once after WatchFeed, too.
func (s *Store) WatchFeed(of incident.Number) *Watcher { return s.hub.add(s, of, true) }

// WatchIncident wakes the watcher like WatchFeed, but at once when one incident has changed, whatever the
// feed waits for, and when somebody comes to look at it or goes.
func (s *Store) WatchIncident(n incident.Number) *Watcher { return s.hub.add(s, n, false) }

func (h *hub) add(s *Store, of incident.Number, feed bool) *Watcher {
	c := make(chan struct{}, 1)
	w := &Watcher{C: c, c: c, of: of, feed: feed, hub: h}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.watchers[w] = struct{}{}
	if !h.awake {
		h.awake = h.run(s.listen) && h.run(s.lookOut)
	}
	h.lookSoon() // after a time without watchers there is no knowing what has changed
	return w
}

func (h *hub) lookSoon() {
	select {
	case h.look <- struct{}{}:
	default:
	}
}

// wake wakes the watchers for which wanted holds.
func (h *hub) wake(wanted func(*Watcher) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range h.watchers {
		if wanted(w) {
			w.wake()
		}
	}
}

func everybody(*Watcher) bool { return true }

// among chooses the watchers of these incidents: those of the feed, or the others.
func among(numbers map[incident.Number]bool, feed bool) func(*Watcher) bool {
	return func(w *Watcher) bool { return w.feed == feed && (numbers[w.of] || w.of == 0 && len(numbers) > 0) }
}

// news is called after a write was committed that history knows of, and after somebody came to look at an
// incident or went.
func (s *Store) news(numbers map[incident.Number]bool) {
	h := s.hub
	s.outside.forget()
	h.wake(among(numbers, false))
	h.lookSoon()
	h.mu.Lock()
	defer h.mu.Unlock()
	for n := range numbers {
		h.untold[n] = true
	}
	if !h.telling {
		h.telling = h.run(s.tellOthers)
	}
}

// notify is what a process tells the others: its name, and where there is news.
const notify = `
	select pg_notify('` + newsChannel + `', $1)`

// tellOthers notifies until there is nothing more to tell. What cannot be told is not kept: others look.
func (s *Store) tellOthers() {
	ctx := context.WithoutCancel(s.hub.end)
	for {
		text, more := s.hub.untell()
		if !more {
			return
		}
		limited, cancel := context.WithTimeout(ctx, tellTime)
		if _, err := s.pool.Exec(limited, notify, text); err != nil {
			s.log.Warn("other processes hear of a change some seconds late", "error", err)
		}
		cancel()
		select {
		case <-s.hub.end.Done():
		case <-time.After(tellPause):
		}
	}
}

// untell takes what was noted: as much as a notification holds, others find the rest when they look. When
// there is nothing, the next news begins anew.
func (h *hub) untell() (text string, more bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.telling = len(h.untold) > 0; !h.telling {
		return "", false
	}
	words := []string{h.me}
	for n := range h.untold {
		if len(words) > mostTold {
			break
		}
		words = append(words, fmt.Sprintf("%d", n))
	}
	clear(h.untold)
	return strings.Join(words, " "), true
}

// listen hears what other processes tell, on a connection of its own that it makes again when it breaks.
func (s *Store) listen() {
	wait := shortestWait
	for s.hub.end.Err() == nil {
		began := time.Now()
		err := s.hear(s.hub.end)
		if s.hub.end.Err() != nil {
			return
		}
		s.log.Warn("changes made by other processes show some seconds late, until the database is heard again", "error", err)
		if time.Since(began) > longestWait {
			wait = shortestWait
		}
		select {
		case <-s.hub.end.Done():
		case <-time.After(wait):
			wait = min(2*wait, longestWait)
		}
	}
}

// hear returns when the connection breaks.
func (s *Store) hear(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // it holds nothing
	if _, err := conn.Exec(ctx, `listen `+newsChannel); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	s.hub.lookSoon()
	s.hub.wake(func(w *Watcher) bool { return !w.feed }) // people may have come or gone unheard
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("wait for a notification: %w", err)
		}
		s.hub.heard(n.Payload)
	}
}

// heard does what another process asks for. A payload that it would not send wakes nobody.
func (h *hub) heard(text string) {
	words := strings.Fields(text)
	if len(words) == 0 || words[0] == h.me {
		return
	}
	numbers := map[incident.Number]bool{}
	for _, word := range words[1:] {
		if n, err := incident.ReadNumber(word); err == nil {
			numbers[n] = true
		}
	}
	h.wake(among(numbers, false))
	h.lookSoon()
}
