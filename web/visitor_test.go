package web

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/debriefhq/debrief/api/stream"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// installation is a running site on a database of its own. Noor Haddad filed
// the billing incident and a private one that names nobody else but Ines Duarte.
type installation struct {
	store   *store.Store
	url     string
	log     *safeBuffer
	billing incident.Number
	private incident.Number
}

// safeBuffer is a log that a server writes while a test reads.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// empty runs a site without people and incidents.
func empty(t testing.TB) installation {
	t.Helper()
	return running(t, storetest.New(t))
}

func running(t testing.TB, s *store.Store) installation {
	t.Helper()
	return runningAs(t, s, Brand{})
}

// runningAs runs a site that shows itself so to outsiders.
func runningAs(t testing.TB, s *store.Store, b Brand) installation {
	t.Helper()
	in := installation{store: s, log: new(safeBuffer)}
	stop := make(chan struct{})
	server := httptest.NewServer(New(Options{
		Store: s, Log: slog.New(slog.NewTextHandler(in.log, nil)), Now: func() time.Time { return today },
		Streams: stream.New(stream.Options{Stop: stop}), Brand: b,
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(stop) }) // before Close, which waits for open streams
	in.url = server.URL
	return in
}

// installed runs a site with both incidents.
func installed(t testing.TB) installation {
	t.Helper()
	return inhabited(t, empty(t))
}

// inhabited gives a site its people and both incidents.
func inhabited(t testing.TB, in installation) installation {
	t.Helper()
	noor := storetest.Person(t, in.store, "Noor Haddad", incident.Responder)
	storetest.Person(t, in.store, "Ines Duarte", incident.Viewer)
	storetest.Person(t, in.store, "Lena Falk", incident.Reviewer)
	in.billing = in.file(t, noor, billing(t))
	secret := &incident.Incident{Summary: "canarysummary", People: []incident.Person{{Role: "scribe", Name: "ines duarte"}}}
	secret.Title, secret.Visibility, secret.Tags = "canarytitle: a key was stolen", incident.VisiblePrivate, []string{"canarytag"}
	secret.Timeline = []incident.Entry{{Text: "canaryentry", Kind: incident.EntryTrigger}}
	in.private = in.file(t, noor, secret)
	return in
}

func (in installation) file(t testing.TB, by incident.Actor, record *incident.Incident) incident.Number {
	t.Helper()
	filed, err := in.store.File(context.Background(), by, record)
	if err != nil {
		t.Fatalf("file %q: %v", record.Title, err)
	}
	return filed.Number
}

// link is a fresh sign-in key for a person.
func (in installation) link(t testing.TB, name string) string {
	t.Helper()
	key, err := in.store.NewSignInLink(context.Background(), store.System(), name, time.Hour)
	if err != nil {
		t.Fatalf("make a sign-in link for %s: %v", name, err)
	}
	return key
}

// visitor is a browser without eyes: it keeps cookies and follows nothing.
type visitor struct {
	t      testing.TB
	url    string
	client *http.Client
	host   *string // the one that was asked last, on the way to a provider
}

func (in installation) visitor(t testing.TB) visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return visitor{t, in.url, &http.Client{Jar: jar, CheckRedirect: stay}, new(string)}
}

func (v visitor) address() *url.URL {
	v.t.Helper()
	u, err := url.Parse(v.url)
	if err != nil {
		v.t.Fatal(err)
	}
	return u
}

func (v visitor) cookies() []*http.Cookie       { return v.client.Jar.Cookies(v.address()) }
func (v visitor) setCookies(all []*http.Cookie) { v.client.Jar.SetCookies(v.address(), all) }

// as is a visitor who has signed in.
func (in installation) as(t testing.TB, name string) visitor {
	t.Helper()
	v := in.visitor(t)
	if res, body := v.post("/sign-in", url.Values{"key": {in.link(t, name)}}, nil); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("sign-in of %s = %d %s, want 303", name, res.StatusCode, body)
	}
	return v
}

// reply is an answer whose body has been read.
type reply struct {
	StatusCode int
	Header     http.Header
	Cookies    []*http.Cookie
}

// do sends a request and reads the whole answer.
func (v visitor) do(r *http.Request, err error) (reply, string) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	res, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatalf("read %s: %v", r.URL, err)
	}
	if err := res.Body.Close(); err != nil {
		v.t.Fatal(err)
	}
	return reply{res.StatusCode, res.Header, res.Cookies()}, string(body)
}

func (v visitor) get(path string) (reply, string) {
	v.t.Helper()
	return v.do(http.NewRequest(http.MethodGet, v.url+path, nil))
}

func (v visitor) post(path string, form url.Values, header http.Header) (reply, string) {
	v.t.Helper()
	r, err := http.NewRequest(http.MethodPost, v.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	if header != nil {
		r.Header = header
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(r, nil)
}
