package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
	"github.com/debriefhq/debrief/store"
)

// listener is a webhook of the team's, which checks signatures as the specification's own library does.
type listener struct {
	*httptest.Server
	mu  sync.Mutex
	got []heard
}

type heard struct {
	header http.Header
	text   string
	event  event
}

// newListener answers with answer, nil is 200.
func newListener(t *testing.T, answer http.HandlerFunc) *listener {
	t.Helper()
	l := &listener{}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		h := heard{header: r.Header, text: string(text)}
		if err := json.Unmarshal(text, &h.event); err != nil {
			t.Errorf("the body %s is no event: %v", text, err)
		}
		l.mu.Lock()
		l.got = append(l.got, h)
		l.mu.Unlock()
		if answer != nil {
			answer(w, r)
		}
	}))
	t.Cleanup(l.CloseClientConnections)
	t.Cleanup(l.Close)
	return l
}

func (l *listener) all() []heard {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.got)
}

func (h heard) verify(t *testing.T, secret string) error {
	t.Helper()
	wh, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	return wh.Verify([]byte(h.text), h.header)
}

// hook adds a webhook of the team.
func (w *world) hook(address string) (incident.Webhook, string) {
	w.t.Helper()
	hook, secret, err := w.store.AddWebhook(w.t.Context(), w.by, incident.Webhook{URL: address})
	if err != nil {
		w.t.Fatalf("AddWebhook(%s): %v", address, err)
	}
	return hook, secret
}

func (w *world) file(in *incident.Incident) *incident.Incident {
	w.t.Helper()
	filed, err := w.store.File(w.t.Context(), w.by, in)
	if err != nil {
		w.t.Fatal(err)
	}
	return filed
}

// callAll calls what is due.
func (w *world) callAll() {
	w.t.Helper()
	if _, err := w.n.hookShift(w.t.Context()); err != nil {
		w.t.Fatalf("call webhooks: %v", err)
	}
}

func (w *world) logOf(hook string) []incident.WebhookDelivery {
	w.t.Helper()
	page, err := w.store.WebhookDeliveries(w.t.Context(), w.by, hook, store.WebhookFilter{})
	if err != nil {
		w.t.Fatal(err)
	}
	return page.Items
}

func TestAWebhookIsToldWhatHappenedAndCanTellThatItWasUs(t *testing.T) {
	t.Parallel()
	l := newListener(t, nil)
	w := newWorld(t, nil, func(o *Options) { o.Inside = true })
	hook, first := w.hook(l.URL)
	in := w.file(outage())
	w.callAll()
	_, second, err := w.store.RotateWebhook(t.Context(), w.by, hook.ID, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.TestWebhook(t.Context(), w.by, hook.ID); err != nil {
		t.Fatal(err)
	}
	w.callAll()
	got := l.all()
	if len(got) != 2 {
		t.Fatalf("it was told %d times: %+v", len(got), got)
	}
	name := in.Number.String()
	want := event{"incident.filed", stamp(in.CreatedAt), eventData{
		Incident: in.Number, Name: name, Version: 1,
		APIURL: "https://status.example.com/api/v1/incidents/1", PageURL: "https://status.example.com/incidents/1",
	}}
	if got[0].event != want {
		t.Errorf("it was told %+v, want %+v", got[0].event, want)
	}
	if e := got[1].event; e.Type != incident.EventTest || e.Data.Webhook != hook.ID || !strings.HasSuffix(e.Data.PageURL, "/webhooks/"+hook.ID) {
		t.Errorf("a test is %+v", e)
	}
	for i, secrets := range [][]string{{first}, {first, second}} {
		for _, secret := range secrets {
			if err := got[i].verify(t, secret); err != nil {
				t.Errorf("event %d: %v", i, err)
			}
		}
	}
	if err := got[0].verify(t, second); err == nil {
		t.Error("what was signed before the secret was rotated can be checked with the new one")
	}
	got[0].text += " "
	if err := got[0].verify(t, first); err == nil {
		t.Error("a body that was changed on the way passes")
	}
	if log := w.logOf(hook.ID); log[1].Request != strings.TrimSpace(got[0].text) || log[1].Status != 200 || log[1].State != "delivered" || log[1].EventID != got[0].header.Get("webhook-id") {
		t.Errorf("the log has %+v", log[1])
	}
}

// manner is how a webhook answers, and what becomes of the event.
type manner struct {
	name   string
	answer http.HandlerFunc
	state  store.DeliveryState
	status int
	reason string
}

// manners are the ways that webhooks answer; some send us elsewhere.
func manners(elsewhere string) []manner {
	answers := func(status int, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", elsewhere)
			w.Header().Set("Retry-After", "7200")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, text)
		}
	}
	return []manner{
		{"it takes it", answers(204, ""), store.Delivered, 204, ""},
		{"it breaks", answers(500, "no\x00 luck"), store.Queued, 500, "500 Internal"},
		{"it does not like it", answers(400, "no\x00 luck"), store.Queued, 400, "400 Bad"},
		{"it sends us elsewhere", answers(307, ""), store.Queued, 307, "not followed"},
		{"it is gone", answers(410, ""), store.Failed, 410, "410 Gone"},
		{"it hangs", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, store.Queued, 0, "did not answer"},
		{"it hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, store.Queued, 0, "did not answer"},
		{"it talks without end", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 1<<10)); err != nil {
					return
				}
			}
		}, store.Delivered, 200, ""},
	}
}

func TestWhatAWebhookAnswersDecidesWhatBecomesOfTheEvent(t *testing.T) {
	t.Parallel()
	elsewhere := newListener(t, nil)
	for _, tt := range manners(elsewhere.URL) {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newListener(t, tt.answer)
			w := newWorld(t, nil, func(o *Options) { o.Inside, o.HookTime = true, 500*time.Millisecond })
			hook, _ := w.hook(l.URL)
			w.file(outage())
			w.callAll()
			d := w.logOf(hook.ID)[0]
			if d.State != string(tt.state) || d.Status != tt.status || !strings.Contains(d.Reason, tt.reason) || strings.Contains(d.Reason, l.URL) || len(d.Answer) > 1000 {
				t.Errorf("the log has %+v, want it %s with %d and a reason with %q", d, tt.state, tt.status, tt.reason)
			}
			if tt.status == 500 && (d.Answer != "no  luck" || d.DueAt.Sub(d.At) != 2*time.Hour) {
				t.Errorf("the log has %+v, want how it answered, and two hours until the next try", d)
			}
			w.wait(3 * time.Hour)
			w.callAll()
			tries := 1
			if tt.state == store.Queued {
				tries = 2
			}
			got := l.all()
			if len(got) != tries || got[0].header.Get("webhook-id") != got[tries-1].header.Get("webhook-id") || got[0].text != got[tries-1].text {
				t.Errorf("it was called %d times, want %d with the same event", len(got), tries)
			}
			if k, err := w.store.Webhook(t.Context(), w.by, hook.ID); err != nil || (k.State == incident.WebhookDisabled) != (tt.status == 410) {
				t.Errorf("the webhook is %+v, %v", k, err)
			}
		})
	}
	if got := elsewhere.all(); len(got) != 0 {
		t.Errorf("a redirect was followed: %+v", got)
	}
}

func TestAnEventIsGivenUpAfterThreeDays(t *testing.T) {
	t.Parallel()
	l := newListener(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	w := newWorld(t, nil, func(o *Options) { o.Inside = true })
	hook, _ := w.hook(l.URL)
	w.file(outage())
	began := w.now()
	for range 20 {
		w.callAll()
		d := w.logOf(hook.ID)[0]
		if d.State == string(store.Failed) {
			break
		}
		w.wait(d.DueAt.Sub(w.now()) + time.Millisecond)
	}
	d := w.logOf(hook.ID)[0]
	if took := w.now().Sub(began); d.Tries != 10 || !strings.Contains(d.Reason, "given up after 10 tries") || took < 75*time.Hour || took > 85*time.Hour {
		t.Errorf("after %v the log has %+v", took, d)
	}
}

func TestNoWebhookIsCalledInsideUnlessThatIsAllowed(t *testing.T) {
	t.Parallel()
	l := newListener(t, nil)
	w := newWorld(t, nil, nil)
	var hooks []string
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1", "[::1]", "0.0.0.0"} {
		for _, address := range []string{strings.Replace(l.URL, "127.0.0.1", host, 1), "http://" + host + ":443/"} {
			hook, _ := w.hook(address)
			hooks = append(hooks, hook.ID)
		}
	}
	w.file(outage())
	w.callAll()
	for _, hook := range hooks {
		if d := w.logOf(hook)[0]; d.State != string(store.Queued) || d.Reason != inside {
			t.Errorf("the log has %+v", d)
		}
	}
	if got := l.all(); len(got) != 0 {
		t.Errorf("it was contacted: %+v", got)
	}
}

func TestWhatWasUnderWayWhenWeStopIsSentAgain(t *testing.T) {
	t.Parallel()
	l := newListener(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	w := newWorld(t, nil, func(o *Options) { o.Inside = true })
	hook, _ := w.hook(l.URL)
	if err := w.n.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.file(outage())
	for deadline := time.Now().Add(time.Minute); len(l.all()) == 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it is not called")
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := w.n.Stop(ctx); err != nil {
		t.Fatalf("Stop: %v", err)
	}
	if d := w.logOf(hook.ID)[0]; d.State != string(store.Queued) || d.Tries != 1 {
		t.Errorf("after Stop the log has %+v, want it queued again", d)
	}
}

func TestNoWebhookIsToldATextOfARecord(t *testing.T) {
	t.Parallel()
	l := newListener(t, nil)
	w := newWorld(t, nil, func(o *Options) { o.Inside = true })
	w.hook(l.URL)
	count := 0
	record := func() *incident.Incident {
		in := incidenttest.Fill(func(string) string { count++; return fmt.Sprintf("canary%d", count) })
		in.Related, in.RecurrenceOf, in.DuplicateOf, in.Resolution, in.Actions[0].AlsoFor = nil, nil, nil, "", nil // there are no others
		return in
	}
	private := record()
	private.Visibility, private.People = incident.VisiblePrivate, []incident.Person{{Role: "commander", Name: w.by.Name}}
	hidden := w.file(private)
	in := w.file(record())
	if _, err := w.store.Append(t.Context(), w.by, in.Number, []incident.Part{&incident.Entry{Kind: incident.EntryAction, Text: "canary", Source: "https://canary.example.com", Audience: incident.AudiencePublic}}); err != nil {
		t.Fatal(err)
	}
	for _, n := range []incident.Number{in.Number, hidden.Number} {
		if _, err := w.store.Change(t.Context(), w.by, n, 0, func(in *incident.Incident) error { in.Title = "canary"; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	w.callAll()
	got := l.all()
	if len(got) != 3 {
		t.Errorf("it was told %d times, want of three changes of the one that is not private", len(got))
	}
	for _, h := range got {
		if all := strings.ToLower(fmt.Sprint(h.header, h.text)); strings.Contains(all, "canary") || h.event.Data.Incident == hidden.Number || strings.Contains(all, strings.ToLower(hidden.Number.String()+`"`)) {
			t.Errorf("it was told %v %s", h.header, h.text)
		}
	}
}
