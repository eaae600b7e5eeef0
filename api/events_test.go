package api_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/debriefhq/debrief/api"
	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/api/stream"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestEventsTellWhatChangesAsItHappens(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada := h.as("Ada", incident.Responder)
	ada.file(`{"title":"Before"}`)
	for began := time.Now(); len(into[store.Page[store.Change]](ada.call("GET", "/changes", "").must(200)).Items) == 0; {
		if time.Since(began) > ample {
			t.Fatal("the feed stays empty")
		}
	}
	l := ada.listen("/events")
	if l.status != 200 || l.header.Get("Content-Type") != "text/event-stream" || l.header.Get("X-Accel-Buffering") != "no" || l.header.Get("Cache-Control") != "no-store" {
		t.Errorf("GET /events = %d %v", l.status, l.header)
	}
	l.next("") // where it begins
	in := ada.file(`{"title":"After <b>"}`)
	ada.call("POST", fmt.Sprintf("/incidents/%d/timeline", in.Number), `{"text":"Restarted."}`).must(201)
	first, cursor := l.change()
	second, _ := l.change()
	if first.Number != in.Number || first.Did != "filed" || second.Did != "appended" || second.By != "Ada" {
		t.Errorf("events = %+v, %+v, want that it was filed, then appended to", first, second)
	}
	page := into[store.Page[store.Change]](ada.call("GET", "/changes?cursor="+cursor, "").must(200))
	if len(page.Items) != 1 || page.Items[0].Version != second.Version {
		t.Errorf("/changes after the first event = %+v, want the second", page.Items)
	}
	if got, want := fmt.Sprint(second), fmt.Sprint(page.Items[0]); got != want {
		t.Errorf("the event is %s, in /changes it is %s", got, want)
	}
}

func TestAStreamThatBrokeIsResumedWithoutLossOrRepetition(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada := h.as("Ada", incident.Responder)
	begin := ada.listen("/events").next("").id
	const all = 12
	for i := range all {
		ada.file(fmt.Sprintf(`{"title":"%d"}`, i))
	}
	var seen []incident.Number
	cursor := begin
	for i := range all {
		header, query := "Last-Event-ID: "+cursor, ""
		if i%2 == 0 {
			header, query = "Accept: text/event-stream", "?last_event_id="+cursor
		}
		l := ada.listen("/events"+query, header)
		c, id := l.change()
		seen, cursor = append(seen, c.Number), id
		l.leave()
	}
	if !slices.IsSorted(seen) || len(slices.Compact(slices.Clone(seen))) != all || seen[0] != 1 {
		t.Errorf("%d streams of one event each gave %v", all, seen)
	}
}

func TestEventsOfOneIncident(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada := h.as("Ada", incident.Responder)
	ada.file(`{"title":"One"}`)
	ada.file(`{"title":"Two"}`)
	l := ada.listen("/events?incident=INC-2")
	l.next("")
	ada.call("POST", "/incidents/1/timeline", `{"text":"Elsewhere."}`).must(201)
	ada.call("POST", "/incidents/2/timeline", `{"text":"Here."}`).must(201)
	for {
		if c, _ := l.change(); c.Number != 2 {
			t.Fatalf("the stream of INC-2 tells of %v", c.Number)
		} else if c.Did == "appended" {
			break
		}
	}
}

func TestEventsThatCannotBe(t *testing.T) {
	t.Parallel()
	h := serve(t, func(o *api.Options) { o.Streams = stream.New(stream.Options{Most: 2}) })
	ada, bo := h.as("Ada", incident.Responder), h.as("Bo", incident.Viewer)
	ada.file(`{"title":"x","visibility":"private"}`)
	h.plain("GET", "/api/v1/events").problem(401)
	bo.unchecked().call("GET", "/events?last_event_id=invented", "").problem(400)
	bo.unchecked().call("GET", "/events", "", "Last-Event-ID: invented").problem(400)
	bo.unchecked().call("GET", "/events?since=1", "").problem(400)
	bo.call("GET", "/events?incident=1", "").problem(404)
	bo.call("GET", "/events?incident=7", "").problem(404)
	bo.call("HEAD", "/events", "").must(200)
	one, _ := bo.listen("/events"), bo.listen("/events")
	bo.call("GET", "/events", "").problem(429)
	if l := ada.listen("/events"); l.status != 200 {
		t.Errorf("streams of Bo keep Ada out: %d", l.status)
	}
	one.leave()
	for began := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if l := bo.listen("/events"); l.status == 200 {
			break
		}
		if time.Since(began) > ample {
			t.Fatal("a stream that was left still counts")
		}
	}
}

func TestEventsOfPrivateIncidentsReachOnlyWhoIsNamed(t *testing.T) {
	t.Parallel()
	h := serve(t, beating(100*time.Millisecond))
	ada, bo, cy := h.as("Ada", incident.Responder), h.as("Bo", incident.Admin), h.as("Cy", incident.Viewer)
	all, others := cy.listen("/events"), bo.listen("/events")
	others.next("")
	ada.file(`{"title":"canary","visibility":"private","people":[{"role":"author","name":"Ada"},{"role":"scribe","name":"Cy"}]}`)
	if c, _ := all.change(); c.Number != 1 {
		t.Errorf("Cy, who is named, is told of %v", c.Number)
	}
	one := cy.listen("/events?incident=1")
	one.next("")
	ada.call("PATCH", "/incidents/1", `{"people":[{"role":"author","name":"Ada"}]}`, "If-Match: *").must(200)
	for _, e := range one.ends("the incident that Cy was taken off") {
		if strings.Contains(e.data, `"people"`) {
			t.Errorf("Cy is told of the change that shut them out: %s", e.data)
		}
	}
	ada.call("POST", "/incidents/1/timeline", `{"text":"canary"}`).must(201)
	ada.file(`{"title":"Seen by all"}`)
	for _, l := range []*listener{all, others} {
		if c, _ := l.change(); c.Number != 2 {
			t.Errorf("somebody who may not know of INC-1 is told of %v: %+v", c.Number, c)
		}
	}
}

func TestAStreamEndsWithItsToken(t *testing.T) {
	t.Parallel()
	h := serve(t, beating(100*time.Millisecond))
	ada := h.as("Ada", incident.Admin)
	secret, token, err := ada.NewToken(t.Context(), client.TokenRequest{Person: "Ada", Name: "short"})
	if err != nil {
		t.Fatal(err)
	}
	short := *ada
	short.token = secret
	l := short.listen("/events")
	l.next("")
	if err := ada.RevokeToken(t.Context(), token.ID); err != nil {
		t.Fatal(err)
	}
	l.ends("a revoked token")
	if err := ada.h.store.SignOut(t.Context(), "nobody"); err != nil { // what others know is forgotten
		t.Fatal(err)
	}
}

// limited serves with deadlines shorter than the stream lasts.
func limited(t *testing.T, s *store.Store, stop <-chan struct{}) (*httptest.Server, *house) {
	t.Helper()
	handler := api.New(api.Options{Store: s, Streams: stream.New(stream.Options{Stop: stop, Beat: 50 * time.Millisecond})})
	server := httptest.NewUnstartedServer(handler)
	server.Config.ReadTimeout, server.Config.WriteTimeout = 200*time.Millisecond, 200*time.Millisecond
	server.Start()
	t.Cleanup(server.Close)
	return server, &house{t: t, url: server.URL, store: s, log: &notes{}}
}

func TestAStreamOutlivesTheServersDeadlinesAndEndsWithTheServer(t *testing.T) {
	t.Parallel()
	stop := make(chan struct{})
	server, h := limited(t, storetest.New(t), stop)
	ada := h.as("Ada", incident.Responder)
	l := ada.listen("/events")
	l.next("")
	time.Sleep(600 * time.Millisecond)
	if _, err := h.store.File(t.Context(), store.System(), &incident.Incident{Heading: incident.Heading{Title: "Later"}}); err != nil {
		t.Fatal(err)
	}
	l.change()
	began := time.Now()
	close(stop)
	if err := server.Config.Shutdown(t.Context()); err != nil || time.Since(began) > 5*time.Second {
		t.Errorf("Shutdown with an open stream = %v after %v", err, time.Since(began))
	}
	l.ends("a server that was shut down")
}

func TestTheClientReadsEventsOverARestart(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada := h.as("Ada", incident.Responder)
	stop := make(chan struct{})
	_, other := limited(t, h.store, stop)
	began := make(chan string, 1)
	go func() { began <- ada.listen("/events").next("").id }()
	after := <-began
	errDone := errors.New("enough")
	var seen []incident.Number
	read := make(chan error, 1)
	told := make(chan struct{}, 10)
	c := client.New(other.url, ada.token, http.DefaultClient)
	go func() {
		read <- c.Events(t.Context(), client.EventFilter{After: after}, func(e client.Event) error {
			seen = append(seen, e.Number)
			told <- struct{}{}
			if len(seen) == 3 {
				return errDone
			}
			return nil
		})
	}()
	ada.file(`{"title":"1"}`)
	<-told
	close(stop) // every stream from now on ends after its first turn
	ada.file(`{"title":"2"}`)
	ada.file(`{"title":"3"}`)
	select {
	case err := <-read:
		if !errors.Is(err, errDone) || !slices.Equal(seen, []incident.Number{1, 2, 3}) {
			t.Errorf("Events = %v after %v, want 1, 2, 3", err, seen)
		}
	case <-time.After(ample):
		t.Fatal("the client does not come again")
	}
	if err := client.New(h.url, "debrief_wrong", nil).Events(t.Context(), client.EventFilter{}, nil); !errors.Is(err, incident.SignIn) {
		t.Errorf("Events with a wrong token = %v, want to be told to sign in", err)
	}
}

func TestTwoHundredStreamsHearAndLeaveNothingBehind(t *testing.T) {
	url := storetest.URL(t)
	before := goleak.IgnoreCurrent() // other tests wait for this one to end
	s, err := store.Open(t.Context(), store.Options{URL: url, Key: storetest.Key})
	if err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	server := httptest.NewServer(api.New(api.Options{Store: s, Rate: api.Rate{Requests: -1}, Streams: stream.New(stream.Options{Stop: stop, Most: 200})}))
	h := &house{t: t, url: server.URL, store: s, log: &notes{}}
	ada := h.as("Ada", incident.Responder)
	const streams, changes = 200, 5
	var all [streams]*listener
	var wg sync.WaitGroup
	for i := range all {
		wg.Go(func() { all[i] = ada.listen("/events"); all[i].next("") })
	}
	wg.Wait()
	began := time.Now()
	for range changes {
		if _, err := s.File(t.Context(), store.System(), &incident.Incident{Heading: incident.Heading{Title: "x"}}); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range all {
		for n := range incident.Number(changes) {
			if c, _ := l.change(); c.Number != n+1 {
				t.Fatalf("a stream gives %v, want %v", c.Number, n+1)
			}
		}
	}
	t.Logf("%d streams heard of %d changes in %v", streams, changes, time.Since(began))
	close(stop)
	for _, l := range all {
		l.ends("a server that stops")
	}
	server.Close()
	s.Close()
	http.DefaultClient.CloseIdleConnections()
	goleak.VerifyNone(t, before)
}
