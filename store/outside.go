package store

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/status"
)

const (
	lookAgain   = time.Second     // how late outsiders may hear of what another process wrote
	lookTime    = 2 * time.Second // for asking the database what outsiders may know
	firstTime   = time.Minute     // the same when there is no page yet to give instead: each incident is read
	levelsTime  = time.Minute     // after which bars and levels are computed again, though nothing was written
	noticesKept = 2 * mostNotices
)

// outside keeps what outsiders see, so that many of them cost the database little, and that they still read the last
// of it while the database is away.
type outside struct {
	notices *lru.Cache[incident.Number, keptNotice]

	asking sync.Mutex // held by the one who asks the database

	mu     sync.Mutex
	page   *status.Page // nil before the first one
	mark   string       // what it was made of
	looked time.Time    // when the database was asked last
	dirty  bool         // this process wrote something since
	failed error        // how the last look ended
}

func newOutside() *outside {
	notices, _ := lru.New[incident.Number, keptNotice](noticesKept) // fails only for a size below one
	return &outside{notices: notices}
}

// forget makes the next reader look.
func (o *outside) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.dirty = true
}

// StatusPage is what outsiders may know, at most a second old; what this process wrote is in it at once. The same page
// is given, the same pointer, until something in it changes. While the database cannot be asked it is the last page, and
// late says why; there is an error only when there is none yet.
func (s *Store) StatusPage(ctx context.Context) (page *status.Page, late, err error) {
	o := s.outside
	page, due, dirty, late := o.kept(s.clock())
	if !due {
		return page, late, orNone(page, late)
	}
	if page == nil || dirty {
		o.asking.Lock()
	} else if !o.asking.TryLock() {
		return page, late, nil // somebody looks already
	}
	defer o.asking.Unlock()
	if page, due, _, late = o.kept(s.clock()); due {
		page, late = s.look(ctx)
	}
	return page, late, orNone(page, late)
}

// kept is the last page, how the last look ended, and whether to look again: what was written here asks for it.
func (o *outside) kept(now time.Time) (page *status.Page, due, dirty bool, late error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.page, o.dirty || now.Sub(o.looked) >= lookAgain, o.dirty, o.failed
}

func orNone(page *status.Page, late error) error {
	if page == nil {
		return late
	}
	return nil
}

// look asks the database, and makes the page anew where something has changed.
func (s *Store) look(ctx context.Context) (*status.Page, error) {
	o := s.outside
	o.mu.Lock()
	patience := lookTime
	if o.dirty = false; o.page == nil {
		patience = firstTime
	}
	o.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	now := s.clock()
	components, err := s.components(ctx)
	var notices []*status.Notice
	var mark string
	if err == nil {
		notices, mark, err = s.readNotices(ctx)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.looked = now
	if o.failed = err; err != nil {
		return o.page, err
	}
	if mark += marksOf(components); o.page == nil || mark != o.mark || now.Sub(o.page.At) >= levelsTime {
		o.page, o.mark = status.New(components, notices, now), mark
	}
	return o.page, nil
}

// marksOf tells whether what outsiders see of components has changed.
func marksOf(all []incident.Component) string {
	var mark strings.Builder
	for _, c := range all {
		if c.Audience == incident.AudiencePublic {
			_, _ = fmt.Fprintln(&mark, c.ID, c.Revision) // never fails
		}
	}
	return mark.String()
}

// PageID is the id of this installation's status page; it never changes.
func (s *Store) PageID() string {
	return incident.NewID([8]byte(s.digest("status page")[:8]))
}
