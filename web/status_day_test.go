package web

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// replay is the Twilio day with a clock to turn: 18 July 2013, from what is known of it. The first and the last message
// to the status page have their place in the sources, not their minute.
type replay struct {
	installation
	t      testing.TB
	by     incident.Actor
	other  incident.Actor // who reviews
	number incident.Number
	wire   *wire

	mu  sync.Mutex
	now time.Time
}

func (r *replay) clock() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

// at turns the clock, RFC 3339.
func (r *replay) at(when string) {
	r.t.Helper()
	at, err := time.Parse(time.RFC3339, when)
	if err != nil {
		r.t.Fatal(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = at
}

// newReplay is an installation on 2 June 2013, with components that outsiders see.
func newReplay(t testing.TB) *replay {
	t.Helper()
	r := &replay{t: t, wire: newWire(t)}
	r.at("2013-06-02T08:00:00Z")
	s, err := store.Open(t.Context(), store.Options{URL: r.wire.url, Key: storetest.Key, Now: r.clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	r.installation = running(t, s)
	r.by = storetest.Person(t, s, "canary Ines", incident.Reviewer)
	r.other = storetest.Person(t, s, "canary Bo", incident.Reviewer)
	for i, c := range []struct{ group, name, says string }{
		{"Communication", "Voice", ""}, {"Communication", "SMS", ""},
		{"Account", "Billing", "Charges, auto-recharge and balances"}, {"Account", "Payments", ""}, {"Account", "Usage reports", ""},
	} {
		if _, err := s.AddComponent(t.Context(), r.by, incident.Component{Name: c.name, Group: c.group, Description: c.says, Position: int64(i), Audience: incident.AudiencePublic}); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// begin files the day.
func (r *replay) begin() *incident.Incident {
	r.t.Helper()
	text, err := os.ReadFile("testdata/twilio.json")
	if err != nil {
		r.t.Fatal(err)
	}
	in := new(incident.Incident)
	if err := json.Unmarshal(text, in); err != nil {
		r.t.Fatal(err)
	}
	in.Normalize()
	filed, err := r.store.File(r.t.Context(), r.by, in)
	if err != nil {
		r.t.Fatal(err)
	}
	r.number = filed.Number
	return filed
}

func (r *replay) send(message string) {
	r.t.Helper()
	if _, err := r.store.Send(r.t.Context(), r.by, r.number, message, 0); err != nil {
		r.t.Fatal(err)
	}
}

// correct sends another wording of a message.
func (r *replay) correct(message, body string) {
	r.t.Helper()
	added, err := r.store.Append(r.t.Context(), r.by, r.number, []incident.Part{&incident.Message{
		Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Status: "investigating", Body: body, Corrects: message,
	}})
	if err != nil {
		r.t.Fatal(err)
	}
	r.send(added[0].Head().ID)
}

func (r *replay) resolve(at string) {
	r.t.Helper()
	r.at(at)
	m := incident.Exactly(r.clock(), "America/Los_Angeles", incident.Minute)
	if _, err := r.store.Move(r.t.Context(), r.by, r.number, 0, incident.StatusMove{To: incident.Resolved, At: &m}); err != nil {
		r.t.Fatal(err)
	}
}

// publish takes the postmortem to outsiders, by somebody else.
func (r *replay) publish() {
	r.t.Helper()
	in, err := r.store.Incident(r.t.Context(), r.by, r.number)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, step := range []struct {
		by   incident.Actor
		move incident.ReviewMove
	}{{r.by, incident.Submit}, {r.other, incident.Approve}, {r.other, incident.ApprovePublic}, {r.other, incident.Publish}} {
		if step.move == incident.Submit && in.Review.State == incident.InReview {
			continue // an edit put it there
		}
		if _, err := r.store.Review(r.t.Context(), step.by, r.number, store.Seen{}, incident.ReviewStep{Move: step.move}); err != nil {
			r.t.Fatalf("%s: %v", step.move, err)
		}
	}
}

// midday is the replay at 18:00 UTC, with two messages sent and the first one corrected.
func midday(t testing.TB) (*replay, *incident.Incident) {
	t.Helper()
	r := newReplay(t)
	r.at("2013-07-18T10:40:00Z")
	in := r.begin()
	r.at("2013-07-18T11:00:00Z")
	r.send(in.Messages[0].ID)
	r.at("2013-07-18T11:20:00Z")
	r.correct(in.Messages[0].ID, "We are looking into **erroneous card charges** since 9:42 UTC. This page is the authoritative source; the next update comes in half an hour.")
	r.at("2013-07-18T18:00:00Z")
	r.send(in.Messages[1].ID)
	return r, in
}

// wire is the way to a database, which can be cut.
type wire struct {
	url string

	mu   sync.Mutex
	cut  bool
	open []net.Conn
}

// newWire leads to a new test database.
func newWire(t testing.TB) *wire {
	t.Helper()
	there, err := url.Parse(storetest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	network, address := "tcp", there.Host
	if socket := there.Query().Get("host"); socket != "" {
		network, address = "unix", fmt.Sprintf("%s/.s.PGSQL.%s", socket, port(there))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{}
	here := *there
	here.Host = listener.Addr().String()
	q := here.Query()
	q.Del("host")
	q.Del("port")
	here.RawQuery = q.Encode()
	w.url = here.String()
	var ended sync.WaitGroup
	ended.Go(func() {
		for {
			from, err := listener.Accept()
			if err != nil {
				return
			}
			to, err := net.Dial(network, address)
			if err != nil {
				_ = from.Close()
				continue
			}
			w.join(from, to)
			ended.Go(func() { _, _ = io.Copy(to, from); _ = to.Close() })
			ended.Go(func() { _, _ = io.Copy(from, to); _ = from.Close() })
		}
	})
	t.Cleanup(func() { _ = listener.Close(); w.set(true); ended.Wait() })
	return w
}

func port(u *url.URL) string {
	if p := u.Query().Get("port"); p != "" {
		return p
	}
	if p := u.Port(); p != "" {
		return p
	}
	return "5432"
}

func (w *wire) join(from, to net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cut {
		_, _ = from.Close(), to.Close()
	}
	w.open = append(w.open, from, to)
}

// set cuts the wire, or mends it.
func (w *wire) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cut = cut; cut {
		for _, c := range w.open {
			_ = c.Close()
		}
		w.open = nil
	}
}

func TestOutsidersFollowTheTwilioDay(t *testing.T) {
	t.Parallel()
	r := newReplay(t)
	v := r.visitor(t)
	expect := func(path string, says, not []string) {
		t.Helper()
		res, body := v.get(path)
		if res.StatusCode != 200 {
			t.Errorf("GET %s = %d, want 200", path, res.StatusCode)
		}
		for _, text := range says {
			if !strings.Contains(body, text) {
				t.Errorf("GET %s lacks %q", path, text)
			}
		}
		for _, text := range append(not, "canary", "INC-") {
			if strings.Contains(body, text) {
				t.Errorf("GET %s holds %q", path, text)
			}
		}
	}
	expect("/status", []string{"All systems operational", "Voice", "No incidents."}, []string{"What goes on"})
	r.at("2013-07-18T10:40:00Z")
	in := r.begin()
	expect("/status", []string{"All systems operational"}, []string{"Erroneous"})
	r.at("2013-07-18T11:00:00Z")
	r.send(in.Messages[0].ID)
	at := "/status/incidents/" + in.ID
	expect("/status", []string{"Some systems are down", "Major outage: Billing", "Partial outage: Payments", "Degraded performance: Usage reports", "Not affected: Voice and SMS",
		"Erroneous card charges and delayed usage reports", "04:00 <span class=\"zone\">PDT</span>", "11:00 UTC", "Next update", "11:30 UTC"}, []string{"All systems operational"})
	r.at("2013-07-18T11:20:00Z")
	r.correct(in.Messages[0].ID, "It began at 9:42 UTC.")
	expect(at, []string{"It began at 9:42 UTC.", "Corrected", "since 7:42 UTC", "Usage and price reports are delayed for all customers.", "not over yet"}, []string{"Postmortem"})
	r.at("2013-07-18T18:00:00Z")
	r.send(in.Messages[1].ID)
	expect("/status", []string{"Auto-recharge is stopped", "1 earlier update", "18:30 UTC", "since "}, []string{"11:30 UTC"})
	r.resolve("2013-07-20T04:15:00Z")
	r.send(in.Messages[2].ID)
	expect("/status", []string{"All systems operational", "Resolved", "major outage 13 h 32 min", "major outage 24 h", "Lasted into this day", "42 h 36 min"}, []string{"What goes on"})
	expect("/status/history", []string{"July 2013", "Erroneous card charges"}, nil)
	expect("/status/history/2013-07", []string{"July 2013", "Erroneous card charges"}, nil)
	r.at("2013-07-23T18:00:00Z")
	r.publish()
	expect(at, []string{"Read the postmortem"}, nil)
	expect(at+"/postmortem", []string{"Erroneous card charges", "Voice and SMS are not affected", "What was said while it went on"}, nil)
}

func TestTheStatusPageInABrowser(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	r, in := midday(t)
	at := "/status/incidents/" + in.ID
	b.look("status-going-on", r.url+"/status")
	b.look("status-incident-going-on", r.url+at)
	r.resolve("2013-07-20T04:15:00Z")
	r.send(in.Messages[2].ID)
	r.at("2013-07-23T18:00:00Z")
	r.publish()
	for name, path := range map[string]string{
		"status-after": "/status", "status-incident": at, "status-postmortem": at + "/postmortem",
		"status-history": "/status/history", "status-nothing": "/status/incidents/aaaaaaaaaaaa", "status-badge": "/status/badge.svg",
	} {
		if name != "status-badge" {
			b.look(name, r.url+path)
		}
	}
}
