package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/debriefhq/debrief/api"
	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// house is a server on a real listener with a database of its own.
type house struct {
	t     testing.TB
	url   string
	store *store.Store
	log   *notes
}

// notes is a log that tests read.
type notes struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (n *notes) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.Write(p)
}

func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.String()
}

// serve opens a house. Requests get ids as the wiring in cmd/debrief gives them.
func serve(t testing.TB, options ...func(*api.Options)) *house {
	t.Helper()
	return serveOn(t, storetest.New(t), options...)
}

// serveOn opens a house on a store.
func serveOn(t testing.TB, s *store.Store, options ...func(*api.Options)) *house {
	t.Helper()
	h := &house{t: t, store: s, log: &notes{}}
	o := api.Options{Store: h.store, Log: slog.New(slog.NewTextHandler(h.log, nil)), Version: "test", Rate: api.Rate{Requests: -1, Failures: -1}}
	for _, change := range options {
		change(&o)
	}
	handler := api.New(o)
	var count atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", fmt.Sprintf("request-%d", count.Add(1)))
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	h.url = server.URL
	return h
}

// person is somebody with a token, who calls the house: by client methods, or
// by hand with call. Every request that succeeds and every answer must be as
// OpenAPI says.
type person struct {
	*client.Client
	h     *house
	name  string
	token string
	http  *http.Client
}

// as adds somebody to the house.
func (h *house) as(name string, role incident.Role) *person {
	h.t.Helper()
	secret, _, err := h.store.NewToken(context.Background(), store.System(), store.TokenRequest{Person: name, Role: role, Scope: incident.ScopeFull})
	if err != nil {
		h.t.Fatalf("a token for %s: %v", name, err)
	}
	p := &person{h: h, name: name, token: secret, http: &http.Client{Transport: checked{h.t}}}
	p.Client = client.New(h.url, secret, p.http)
	return p
}

// in reports what goes wrong to a subtest.
func (p *person) in(t testing.TB) *person {
	h, q := *p.h, *p
	h.t, q.h = t, &h
	q.http = &http.Client{Transport: checked{t}}
	q.Client = client.New(h.url, p.token, q.http)
	return &q
}

// unchecked lets requests pass that are not as OpenAPI says.
func (p *person) unchecked() *person {
	q := *p
	q.http = http.DefaultClient
	return &q
}

// answer is what came back.
type answer struct {
	t      testing.TB
	what   string
	status int
	header http.Header
	text   string
}

// call sends a request to a path under /api/v1. Headers are "Name: value"; a
// body is JSON unless they say otherwise.
func (p *person) call(method, path, body string, headers ...string) answer {
	p.h.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, p.h.url+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		p.h.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+p.token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	return send(p.h.t, p.http, req)
}

func send(t testing.TB, hc *http.Client, req *http.Request) answer {
	t.Helper()
	resp, err := hc.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", req.Method, req.URL.Path, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", req.Method, req.URL.Path, err)
	}
	return answer{t, req.Method + " " + req.URL.RequestURI(), resp.StatusCode, resp.Header, string(text)}
}

// must ends the test unless the status is as wanted.
func (a answer) must(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s = %d, want %d: %.600s", a.what, a.status, status, a.text)
	}
	return a
}

// problem reads a problem document and demands what every one must have.
func (a answer) problem(status int) api.Problem {
	a.t.Helper()
	a.must(status)
	var p api.Problem
	if err := json.Unmarshal([]byte(a.text), &p); err != nil {
		a.t.Fatalf("%s = %d with no problem document: %.300s", a.what, a.status, a.text)
	}
	if ct := a.header.Get("Content-Type"); ct != "application/problem+json" {
		a.t.Errorf("%s = %d as %q, want application/problem+json", a.what, a.status, ct)
	}
	if p.Status != status || p.Title == "" || p.Detail == "" || p.Next == "" || p.Type == "" || p.Instance == "" {
		a.t.Errorf("%s: the problem lacks something: %s", a.what, a.text)
	}
	return p
}

// into reads the answer's JSON.
func into[T any](a answer) T {
	a.t.Helper()
	var v T
	dec := json.NewDecoder(strings.NewReader(a.text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&v); err != nil {
		a.t.Fatalf("%s answered what is no %T: %v: %.300s", a.what, v, err, a.text)
	}
	return v
}

// file files a record by its JSON.
func (p *person) file(record string) incident.Incident {
	p.h.t.Helper()
	return into[incident.Incident](p.call("POST", "/incidents", record).must(201))
}

// plain calls any address of the house, unchecked and without a token.
func (h *house) plain(method, path string, headers ...string) answer {
	h.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, h.url+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		req.Header.Set(name, value)
	}
	return send(h.t, http.DefaultClient, req)
}

func golden(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
