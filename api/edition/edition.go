// Package edition keeps answers that are the same for everybody: the pages, the
// JSON and the feeds that outsiders read, each made once from one status page.
package edition

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/debriefhq/debrief/incident/status"
)

const (
	// CacheControl lets caches between us and outsiders keep an answer for a moment, and serve it for a day while we
	// don't answer; each answer says when it was true. Browsers ask each time.
	CacheControl = "public, max-age=0, s-maxage=10, stale-if-error=86400"

	// mostKept and mostBytes bound the answers of an edition: more than a status page has incidents, in all forms. What is
	// asked for beyond, such as by made-up host names, is made each time.
	mostKept  = 10_000
	mostBytes = 64 << 20
)

// Shelf holds the last edition. The zero Shelf is ready.
type Shelf struct {
	mu   sync.Mutex
	last *Edition
}

// Edition is the answers that are made of one status page, each when it is first asked for.
type Edition struct {
	Page *status.Page
	Late bool // the database is away, and the page is the last that is known

	mu    sync.Mutex
	made  map[string]func() (*Printed, error)
	bytes int // of the answers that were made, and of their names
}

// Of is the edition of a page; fresh tells that it was begun just now.
func (s *Shelf) Of(page *status.Page, late bool) (e *Edition, fresh bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == nil || s.last.Page != page || s.last.Late != late {
		s.last, fresh = &Edition{Page: page, Late: late, made: map[string]func() (*Printed, error){}}, true
	}
	return s.last, fresh
}

// Keep makes what is asked for once; those who ask meanwhile wait for it.
func (e *Edition) Keep(name string, print func() (*Printed, error)) (*Printed, error) {
	e.mu.Lock()
	once, known := e.made[name]
	if !known {
		once = print
		if len(e.made) < mostKept && e.bytes < mostBytes {
			once = sync.OnceValues(func() (*Printed, error) {
				p, err := print()
				e.weigh(p)
				return p, err
			})
			e.made[name] = once
			e.bytes += len(name)
		}
	}
	e.mu.Unlock()
	return once()
}

// weigh counts an answer that is kept.
func (e *Edition) weigh(p *Printed) {
	if p == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.bytes += len(p.plain.bytes)
	if p.zipped != nil {
		e.bytes += len(p.zipped.bytes)
	}
}

// Base is where outsiders find us: the public address, or "" for the one that a request came to.
func Base(public string, r *http.Request) string {
	switch {
	case public != "":
		return public
	case r.TLS != nil:
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// Printed is an answer that is the same for everybody.
type Printed struct {
	code     int
	modified time.Time
	plain    pack
	zipped   *pack // nil where it is no smaller
}

// pack is one form of an answer with its headers. They are shared by all answers: one is replaced, never changed.
type pack struct {
	bytes []byte
	etag  string
	held  http.Header // what is said to those who hold the bytes, too
	sent  http.Header // what goes with the bytes
}

// Print makes an answer. Modified is when what it tells was true.
func Print(code int, media string, text []byte, modified time.Time) *Printed {
	p := &Printed{code: code, modified: modified.UTC().Truncate(time.Second)}
	form := func(bytes []byte, ending string) pack {
		etag := fmt.Sprintf(`"%.12x%s"`, sha256.Sum256(text), ending)
		return pack{bytes, etag, http.Header{
			"Cache-Control": {CacheControl}, "Etag": {etag}, "Last-Modified": {p.modified.Format(http.TimeFormat)},
		}, http.Header{
			"Content-Type": {media}, "Content-Length": {strconv.Itoa(len(bytes))},
		}}
	}
	p.plain = form(text, "")
	if small := zipped(text); len(small) < len(text) {
		packed := form(small, "-gzip")
		packed.sent.Set("Content-Encoding", "gzip")
		p.zipped = &packed
	}
	return p
}

// Foreign lets other sites show the answer, and programs in their pages read it.
func (p *Printed) Foreign() *Printed {
	return p.With("Cross-Origin-Resource-Policy", "cross-origin").With("Access-Control-Allow-Origin", "*")
}

// With sets a header of the answer, before anybody gets it.
func (p *Printed) With(name, value string) *Printed {
	p.plain.held.Set(name, value)
	if p.zipped != nil {
		p.zipped.held.Set(name, value)
	}
	return p
}

func zipped(text []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(text) // memory takes everything
	_ = w.Close()
	return b.Bytes()
}

// Serve answers GET and HEAD, with 304 where the asker has it already.
func (p *Printed) Serve(w http.ResponseWriter, r *http.Request) {
	h, form := w.Header(), &p.plain
	if p.zipped != nil {
		h.Add("Vary", "Accept-Encoding")
		if takesGzip(r.Header.Get("Accept-Encoding")) {
			form = p.zipped
		}
	}
	maps.Copy(h, form.held)
	if p.code == http.StatusOK && p.known(r, form.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	maps.Copy(h, form.sent)
	w.WriteHeader(p.code)
	if r.Method != http.MethodHead {
		_, _ = w.Write(form.bytes) // that a reader went away is no fault
	}
}

// known tells whether the asker has these bytes (RFC 9110, section 13.2.2).
func (p *Printed) known(r *http.Request, etag string) bool {
	if held := r.Header.Get("If-None-Match"); held != "" {
		for one := range strings.SplitSeq(held, ",") {
			if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == etag {
				return true
			}
		}
		return false
	}
	held := r.Header.Get("If-Modified-Since")
	if held == "" {
		return false
	}
	since, err := http.ParseTime(held)
	return err == nil && !p.modified.After(since)
}

// takesGzip reads Accept-Encoding.
func takesGzip(accepts string) bool {
	for one := range strings.SplitSeq(accepts, ",") {
		name, rest, _ := strings.Cut(strings.TrimSpace(one), ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") && strings.TrimSpace(name) != "*" {
			continue
		}
		weight, weighed := strings.CutPrefix(strings.ReplaceAll(rest, " ", ""), "q=")
		share, err := strconv.ParseFloat(weight, 64)
		return !weighed || err == nil && share > 0
	}
	return false
}
