// Package stream keeps answers open to send server-sent events: what api and web
// need for that alike. What is sent, and to whom, is theirs.
package stream

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/debriefhq/debrief/incident"
)

const (
	writeTime = 20 * time.Second      // for a reader to take what is sent
	gather    = 20 * time.Millisecond // between a waking and its turn, so that several have one
	retry     = 2000                  // milliseconds until a reader whose connection broke comes again
)

// Options say how streams are kept. The zero value will do.
type Options struct {
	Stop <-chan struct{} // closed when the server ends: so do all streams, at once
	Beat time.Duration   // between signs of life; 0 is 15 seconds
	Most int             // streams of one person in this process; 0 is 30
}

// Streams counts the streams of a process.
type Streams struct {
	Options
	mu   sync.Mutex
	open map[int64]int // by person
}

// New makes a count that begins at none.
func New(o Options) *Streams {
	if o.Beat == 0 {
		o.Beat = 15 * time.Second
	}
	if o.Most == 0 {
		o.Most = 30
	}
	return &Streams{Options: o, open: map[int64]int{}}
}

// Enter counts one more stream of a person until leave is called, or refuses it with TooMany.
func (s *Streams) Enter(person int64) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[person] >= s.Most {
		return nil, incident.Refuse(incident.TooMany, "", fmt.Sprintf("you have %d streams open, which is the most that one person may have: close some", s.Most))
	}
	s.open[person]++
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.open[person]--; s.open[person] == 0 {
			delete(s.open, person)
		}
	}), nil
}

// Stream is one open answer. It belongs to one goroutine.
type Stream struct {
	w    http.ResponseWriter
	c    *http.ResponseController
	text bytes.Buffer // not sent yet
}

// Event is what a reader gets. Data is one line.
type Event struct {
	ID   string // to resume after; "" leaves the one before
	Name string
	Data []byte
}

// Add has an event sent with the next ones, at the end of the turn. One without data only tells where
// to resume.
func (s *Stream) Add(e Event) {
	if e.ID != "" {
		_, _ = fmt.Fprintf(&s.text, "id: %s\n", oneLine.Replace(e.ID)) // a buffer takes it all
	}
	if e.Name != "" {
		_, _ = fmt.Fprintf(&s.text, "event: %s\n", e.Name)
	}
	if e.Data != nil {
		_, _ = fmt.Fprintf(&s.text, "data: %s\n", e.Data)
	}
	s.text.WriteByte('\n')
}

var oneLine = strings.NewReplacer("\n", "", "\r", "", "\x00", "")

// Flush sends what was added.
func (s *Stream) Flush() error {
	if s.text.Len() == 0 {
		return nil
	}
	_ = s.c.SetWriteDeadline(time.Now().Add(writeTime)) // where that cannot be, the server's own holds
	if _, err := s.text.WriteTo(s.w); err != nil {
		return fmt.Errorf("send events: %w", err)
	}
	return s.c.Flush()
}

// Serve sends a stream until the reader goes, the server ends, or a turn fails, and gives the turn's
// error. Turns come one after the other: at once, soon after wake, and at every beat.
func (s *Streams) Serve(w http.ResponseWriter, r *http.Request, wake <-chan struct{}, turn func(ctx context.Context, to *Stream, beat bool) error) error {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would keep events back
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	to := &Stream{w: w, c: http.NewResponseController(w)}
	_ = to.c.SetReadDeadline(time.Time{}) // the server's would end the request
	_, _ = fmt.Fprintf(&to.text, "retry: %d\n\n", retry)
	beats := time.NewTicker(s.Beat)
	defer beats.Stop()
	for beat := false; ; {
		if beat {
			to.text.WriteString(": here\n\n")
		}
		if err := turn(r.Context(), to, beat); err != nil || to.Flush() != nil {
			return err
		}
		select {
		case <-r.Context().Done():
			return nil
		case <-s.Stop:
			return nil
		case <-beats.C:
			beat = true
		case <-wake:
			beat = false
			if !s.pause(r.Context(), wake) {
				return nil
			}
		}
	}
}

// pause lets further wakings come, and tells whether the stream goes on.
func (s *Streams) pause(ctx context.Context, wake <-chan struct{}) bool {
	select {
	case <-ctx.Done():
		return false
	case <-s.Stop:
		return false
	case <-time.After(gather):
	}
	select {
	case <-wake:
	default:
	}
	return true
}
