package web

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
	modified time.Time
	plain    pack
	zipped   *pack // nil where it is no smaller
}

// pack is one form of an answer with its headers, which are shared and never changed.
type pack struct {
	bytes []byte
	etag  string
	held  http.Header // what is said to those who hold the bytes
	sent  http.Header // what is said to others as well
}

func newPrinted(code int, media string, text []byte, modified time.Time) *printed {
	p := &printed{code: code, modified: modified.UTC().Truncate(time.Second)}
	small := zipped(text)
	packs := len(small) < len(text)
	form := func(bytes []byte, ending string) pack {
		etag := fmt.Sprintf(`"%.12x%s"`, sha256.Sum256(text), ending)
		f := pack{bytes, etag, http.Header{"Cache-Control": {cachedPublicly}, "Etag": {etag}, "Last-Modified": {p.modified.Format(http.TimeFormat)}},
			http.Header{"Content-Type": {media}, "Content-Length": {strconv.Itoa(len(bytes))}}}
		if packs {
			f.held["Vary"] = []string{"Accept-Encoding"}
		}
		return f
	}
	p.plain = form(text, "")
	if packs {
		one := form(small, "-gzip")
		one.sent["Content-Encoding"] = []string{"gzip"}
		p.zipped = &one
	}
	return p
}

// says adds a header to both forms, before anybody is answered.
func (p *printed) says(name, value string) {
	p.plain.held.Set(name, value)
	if p.zipped != nil {
		p.zipped.held.Set(name, value)
	}
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
	form := &p.plain
	if p.zipped != nil && takesGzip(r.Header.Get("Accept-Encoding")) {
		form = p.zipped
	}
	maps.Copy(w.Header(), form.held)
	if p.code == http.StatusOK && p.known(r, form.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	maps.Copy(w.Header(), form.sent)
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
