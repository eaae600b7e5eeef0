package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/api"
	"github.com/debriefhq/debrief/api/stream"
	"github.com/debriefhq/debrief/store"
)

// ample is for what takes milliseconds on a quiet machine. Changes wait for every older transaction of
// the server, and tests beside these have some.
const ample = 30 * time.Second

// event is one as it came.
type event struct {
	id, name, data string
}

// listener reads a stream.
type listener struct {
	t      testing.TB
	header http.Header
	status int
	events chan event // closed when the stream ends; of comments data alone
	leave  context.CancelFunc
}

// listen opens a stream at a path under /api/v1.
func (p *person) listen(path string, headers ...string) *listener {
	p.h.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	p.h.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "GET", p.h.url+"/api/v1"+path, nil)
	if err != nil {
		p.h.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+p.token)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	resp, err := p.http.Do(req) //nolint:bodyclose // who reads it closes it
	if err != nil {
		p.h.t.Fatalf("GET %s: %v", path, err)
	}
	l := &listener{p.h.t, resp.Header, resp.StatusCode, make(chan event, 1000), cancel}
	go func() {
		defer close(l.events)
		defer resp.Body.Close()
		var e event
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			switch name, value, _ := strings.Cut(lines.Text(), ": "); name {
			case "id":
				e.id = value
			case "event":
				e.name = value
			case "data":
				e.data = value
			case "":
				l.events <- e
				e = event{}
			}
		}
	}()
	return l
}

// next is the next event of a name.
func (l *listener) next(name string) event {
	l.t.Helper()
	patience := time.After(ample)
	for {
		select {
		case e, open := <-l.events:
			if !open {
				l.t.Fatalf("the stream ended, want an event %q", name)
			}
			if e.name == name && e.id != "" {
				return e
			}
		case <-patience:
			l.t.Fatalf("no event %q in %v", name, ample)
		}
	}
}

// change is the next change.
func (l *listener) change() (store.Change, string) {
	l.t.Helper()
	e := l.next("change")
	var c store.Change
	if err := json.Unmarshal([]byte(e.data), &c); err != nil {
		l.t.Fatalf("an event is no change: %v: %s", err, e.data)
	}
	return c, e.id
}

// ends waits until the server has ended the stream, and gives what came before.
func (l *listener) ends(what string) (all []event) {
	l.t.Helper()
	patience := time.After(ample)
	for {
		select {
		case e, open := <-l.events:
			if !open {
				return all
			}
			all = append(all, e)
		case <-patience:
			l.t.Fatalf("%s: the stream goes on", what)
		}
	}
}

func beating(every time.Duration) func(*api.Options) {
	return func(o *api.Options) { o.Streams = stream.New(stream.Options{Beat: every}) }
}
