package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/debriefhq/debrief/incident/status"
)

// cachedPublicly lets caches between us and outsiders keep a page for a moment, and serve it for a day while we don't
// answer; each page says when it was true. Browsers ask each time.
const cachedPublicly = "public, max-age=0, s-maxage=10, stale-if-error=86400"

// shelf holds the last edition of the pages for outsiders.
type shelf struct {
	mu   sync.Mutex
	last *edition
}

// edition is the pages that are made of one status page, each made when it is first asked for. There are as many as
// that page has incidents, months and some more.
type edition struct {
	page *status.Page
	late bool

	mu   sync.Mutex
	made map[string]func() (*printed, error)
}

// edition is that of a page; fresh tells that it was begun just now.
func (s *shelf) edition(page *status.Page, late bool) (e *edition, fresh bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == nil || s.last.page != page || s.last.late != late {
		s.last, fresh = &edition{page: page, late: late, made: map[string]func() (*printed, error){}}, true
	}
	return s.last, fresh
}

// keep makes what is asked for once; those who ask meanwhile wait for it.
func (e *edition) keep(name string, print func() (*printed, error)) (*printed, error) {
	e.mu.Lock()
	once, known := e.made[name]
	if !known {
		once = sync.OnceValues(print)
		e.made[name] = once
	}
	e.mu.Unlock()
	return once()
}

// printed is an answer that is the same for everybody.
type printed struct {
	code     int
	media    string
	policy   string // "" is that of pages
	foreign  bool   // other sites may show it
	modified time.Time
	plain    pack
	zipped   *pack // nil where it is no smaller
}

// pack is the bytes of an answer with their strong validator.
type pack struct {
	bytes  []byte
	etag   string
	length string
}

func newPrinted(code int, media string, text []byte, modified time.Time) *printed {
	etag := fmt.Sprintf("%.12x", sha256.Sum256(text))
	p := &printed{code: code, media: media, modified: modified.UTC().Truncate(time.Second), plain: newPack(text, etag)}
	if small := zipped(text); len(small) < len(text) {
		one := newPack(small, etag+"-gzip")
		p.zipped = &one
	}
	return p
}

func newPack(text []byte, etag string) pack {
	return pack{text, `"` + etag + `"`, strconv.Itoa(len(text))}
}

func zipped(text []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(text) // memory takes everything
	_ = w.Close()
	return b.Bytes()
}

// serve answers, with 304 where the asker has it already.
func (p *printed) serve(w http.ResponseWriter, r *http.Request) {
	h, form := w.Header(), &p.plain
	if p.zipped != nil {
		h.Set("Vary", "Accept-Encoding")
		if takesGzip(r.Header.Get("Accept-Encoding")) {
			form = p.zipped
		}
	}
	if p.policy != "" {
		h.Set("Content-Security-Policy", p.policy)
	}
	if p.foreign {
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("Access-Control-Allow-Origin", "*")
	}
	h.Set("Cache-Control", cachedPublicly)
	h.Set("ETag", form.etag)
	h.Set("Last-Modified", p.modified.Format(http.TimeFormat))
	if p.code == http.StatusOK && p.known(r, form.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if form == p.zipped {
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Type", p.media)
	h.Set("Content-Length", form.length)
	w.WriteHeader(p.code)
	if r.Method != http.MethodHead {
		_, _ = w.Write(form.bytes) // that a reader went away is no fault
	}
}

// known tells whether the asker has these bytes (RFC 9110, section 13.2.2).
func (p *printed) known(r *http.Request, etag string) bool {
	if held := r.Header.Get("If-None-Match"); held != "" {
		for one := range strings.SplitSeq(held, ",") {
			if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == etag {
				return true
			}
		}
		return false
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
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
