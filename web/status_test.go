package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// asked sends a request with headers, without a browser's own.
func (v visitor) asked(method, path string, headers ...string) (reply, string) {
	v.t.Helper()
	r, err := http.NewRequest(method, v.url+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "identity")
	for pair := range slices.Chunk(headers, 2) {
		r.Header.Set(pair[0], pair[1])
	}
	return v.do(r, nil)
}

func TestPagesForOutsidersAreKeptByCaches(t *testing.T) {
	t.Parallel()
	r, in := midday(t)
	v := r.visitor(t)
	for _, path := range []string{"/status", "/status/incidents/" + in.ID, "/status/history", "/status/history/2013-07", "/status/badge.svg", "/status/badge.svg?theme=dark", "/status/history.atom", "/status/history.rss"} {
		whole, body := v.asked("GET", path)
		tag, modified := whole.Header.Get("ETag"), whole.Header.Get("Last-Modified")
		if whole.StatusCode != 200 || !strings.HasPrefix(tag, `"`) || modified != "Thu, 18 Jul 2013 18:00:00 GMT" {
			t.Fatalf("GET %s = %d, ETag %s, Last-Modified %s", path, whole.StatusCode, tag, modified)
		}
		if got := whole.Header.Get("Cache-Control"); got != "public, max-age=0, s-maxage=10, stale-if-error=86400" {
			t.Errorf("GET %s has Cache-Control %q", path, got)
		}
		if got := whole.Header.Get("Content-Length"); got != fmt.Sprint(len(body)) {
			t.Errorf("GET %s has Content-Length %s for %d bytes", path, got, len(body))
		}
		if len(whole.Cookies) > 0 || whole.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("GET %s sets %v and varies by %q", path, whole.Cookies, whole.Header.Get("Vary"))
		}
		if _, signed := v.asked("GET", path, "Cookie", "debrief=debrief_unheardof"); signed != body {
			t.Errorf("GET %s reads a cookie", path)
		}
		packed, bytes := v.asked("GET", path, "Accept-Encoding", "br;q=1, gzip;q=0.5")
		if packed.Header.Get("Content-Encoding") != "gzip" || packed.Header.Get("ETag") == tag || unpacked(t, bytes) != body {
			t.Errorf("GET %s packed is another page, or has the ETag of the plain one", path)
		}
		head, none := v.asked("HEAD", path)
		if head.StatusCode != 200 || none != "" || head.Header.Get("ETag") != tag || head.Header.Get("Content-Length") != fmt.Sprint(len(body)) {
			t.Errorf("HEAD %s = %d %v", path, head.StatusCode, head.Header)
		}
		for _, tt := range []struct {
			name, header, value string
			want                int
		}{
			{"the bytes are held", "If-None-Match", tag, 304},
			{"a cache weakened it", "If-None-Match", `"x", W/` + tag, 304},
			{"whatever there is", "If-None-Match", "*", 304},
			{"others are held", "If-None-Match", `"x"`, 200},
			{"the packed ones are held", "If-None-Match", packed.Header.Get("ETag"), 200},
			{"it is as new", "If-Modified-Since", modified, 304},
			{"it is older", "If-Modified-Since", "Thu, 18 Jul 2013 17:59:59 GMT", 200},
			{"that is no date", "If-Modified-Since", "yesterday", 200},
		} {
			for _, method := range []string{"GET", "HEAD"} {
				res, body := v.asked(method, path, tt.header, tt.value)
				if res.StatusCode != tt.want || tt.want == 304 && (body != "" || res.Header.Get("ETag") != tag || res.Header.Get("Cache-Control") == "") {
					t.Errorf("%s %s, %s (%s: %s) = %d, want %d", method, path, tt.name, tt.header, tt.value, res.StatusCode, tt.want)
				}
			}
		}
	}
	r.at("2013-07-18T18:30:00Z")
	_, before := v.asked("GET", "/status")
	r.correct(in.Messages[1].ID, "Auto-recharge is stopped, and accounts are open again.")
	if _, after := v.asked("GET", "/status"); after == before || !strings.Contains(after, "accounts are open again") {
		t.Error("what was sent is not on the page at once")
	}
}

func unpacked(t *testing.T, text string) string {
	t.Helper()
	r, err := gzip.NewReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := io.Copy(&b, r); err != nil { //nolint:gosec // it is our own
		t.Fatal(err)
	}
	return b.String()
}

func TestTheStatusPageOutlivesTheDatabase(t *testing.T) {
	t.Parallel()
	r, in := midday(t)
	v := r.visitor(t)
	at := "/status/incidents/" + in.ID
	_, before := v.asked("GET", "/status")
	r.wire.set(true)
	r.at("2013-07-18T18:40:00Z")
	const stale = "This page can’t be brought up to date at the moment."
	for _, path := range []string{"/status", at, "/status/history"} {
		res, body := v.asked("GET", path)
		if res.StatusCode != 200 || !strings.Contains(body, stale) || !strings.Contains(body, "18 Jul 2013, 18:00 <span class=\"zone\">UTC") || path != "/status/history" && !strings.Contains(body, "Erroneous card charges") {
			t.Errorf("GET %s without a database = %d, and it doesn't say how old it is: %t", path, res.StatusCode, !strings.Contains(body, stale))
		}
	}
	if res, body := v.asked("GET", "/status/badge.svg"); res.StatusCode != 200 || !strings.Contains(body, "as of 18:00 UTC, 18 July 2013") {
		t.Errorf("the badge without a database = %d %s", res.StatusCode, body)
	}
	if res, body := v.asked("GET", "/status/history.atom"); res.StatusCode != 200 || !strings.Contains(body, "<updated>2013-07-18T18:00:00Z</updated>") {
		t.Errorf("the feed without a database = %d %s", res.StatusCode, body)
	}
	if n := strings.Count(r.log.String(), "the status page is the last one that is known"); n != 1 {
		t.Errorf("the log says %d times that the database is away, want once", n)
	}
	r.wire.set(false)
	after := before
	for second := 0; second < 30 && (after == before || strings.Contains(after, stale)); second++ { // connections that died are found out one by one
		r.at(fmt.Sprintf("2013-07-18T18:41:%02dZ", second))
		_, after = v.asked("GET", "/status")
	}
	if strings.Contains(after, stale) || !strings.Contains(after, "18:41") || !strings.Contains(before, "18:00") {
		t.Error("with the database back the page is not up to date")
	}
}

func TestBeforeAnythingIsKnownThereIsAPlainPage(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	s, err := store.Open(t.Context(), store.Options{URL: w.url, Key: storetest.Key})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	in := running(t, s)
	w.set(true)
	for _, path := range []string{"/status", "/status/incidents/aaaaaaaaaaaa", "/status/badge.svg", "/status/incidents/aaaaaaaaaaaa/images/aaaaaaaaaaaa"} {
		res, body := in.visitor(t).asked("GET", path)
		if res.StatusCode != 503 || !strings.Contains(body, "can’t be shown at the moment") || res.Header.Get("Retry-After") == "" || !strings.Contains(res.Header.Get("Cache-Control"), "no-store") {
			t.Errorf("GET %s = %d %q, want 503 that nobody keeps", path, res.StatusCode, res.Header.Get("Cache-Control"))
		}
	}
}

func TestOutsidersCannotTellWhatIsSecretFromWhatIsNot(t *testing.T) {
	t.Parallel()
	r, in := midday(t)
	secret := r.file(t, r.by, &incident.Incident{Heading: incident.Heading{Title: "secret", Visibility: incident.VisiblePrivate}, People: []incident.Person{{Role: "scribe", Name: r.by.Name}}})
	ours := r.file(t, r.by, &incident.Incident{Heading: incident.Heading{Title: "ours"}})
	v := r.visitor(t)
	_, nothing := v.asked("GET", "/status/nowhere")
	paths := []string{"/status/incidents/aaaaaaaaaaaa", "/status/incidents/x%2F..", "/status/incidents/" + in.ID + "/postmortem", "/status/incidents/" + in.ID + "/images/aaaaaaaaaaaa",
		"/status/incidents/", "/status/history/2013-06", "/status/history/2013-08", "/status/history/2013-7", "/status/history/yesterday", "/status/history/0000-01"}
	for _, n := range []incident.Number{secret, ours} {
		full, err := r.store.Incident(t.Context(), r.by, n)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, "/status/incidents/"+full.ID, "/status/incidents/"+full.ID+"/postmortem", fmt.Sprintf("/status/incidents/%d", n))
	}
	for _, path := range paths {
		if res, body := v.asked("GET", path); res.StatusCode != 404 || body != nothing {
			t.Errorf("GET %s = %d, which is not the page about what there is not", path, res.StatusCode)
		}
	}
}

func TestMonthsLeadToEachOther(t *testing.T) {
	t.Parallel()
	r := newReplay(t)
	r.at("2013-07-18T11:00:00Z")
	in := r.begin()
	r.send(in.Messages[0].ID)
	r.resolve("2013-07-20T04:15:00Z")
	r.at("2013-09-30T23:00:00Z")
	later := r.begin()
	started := incident.Exactly(time.Date(2013, 9, 30, 22, 0, 0, 0, time.UTC), "UTC", incident.Minute)
	if _, err := r.store.Change(t.Context(), r.by, later.Number, 0, func(in *incident.Incident) error {
		in.PublicTitle, in.Milestones.Started, in.Milestones.Triggered, in.Milestones.Detected = "September’s", &started, nil, nil
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	r.send(later.Messages[0].ID)
	r.at("2013-10-02T11:00:00Z")
	v := r.visitor(t)
	for path, says := range map[string][]string{
		"/status/history":         {"<h1>September 2013</h1>", "Earlier: July 2013", "September’s"},
		"/status/history/2013-09": {"<h1>September 2013</h1>", "Earlier: July 2013", "September’s"},
		"/status/history/2013-08": {"No incidents in August 2013.", "Earlier: July 2013", "Later: September 2013"},
		"/status/history/2013-07": {"Later: September 2013", "Lasted into this day"},
		"/status/history/2013-10": {"Going on: <a", "September’s", "Earlier: September 2013"},
	} {
		res, body := v.asked("GET", path)
		for _, text := range says {
			if !strings.Contains(body, text) {
				t.Errorf("GET %s = %d lacks %q", path, res.StatusCode, text)
			}
		}
	}
}

func TestABadgeMayStandInPagesOfOthers(t *testing.T) {
	t.Parallel()
	r, _ := midday(t)
	v := r.visitor(t)
	res, auto := v.asked("GET", "/status/badge.svg?x=y")
	for name, want := range map[string]string{"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*", "Content-Type": "image/svg+xml", "X-Content-Type-Options": "nosniff"} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("the badge has %s %q, want %q", name, got, want)
		}
	}
	_, light := v.asked("GET", "/status/badge.svg?theme=light")
	_, dark := v.asked("GET", "/status/badge.svg?theme=dark")
	texts := []string{auto, light, dark}
	for i, text := range texts {
		if !strings.Contains(text, ">Some systems are down<") || !strings.Contains(text, `textLength="147"`) || strings.Contains(text, "@media") != (i == 0) || slices.Contains(texts[:i], text) {
			t.Errorf("badge %d is %s", i, text)
		}
	}
	if page, _ := v.asked("GET", "/status"); page.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" || page.Header.Get("Content-Security-Policy") != policy {
		t.Errorf("the page has %v", page.Header)
	}
}
