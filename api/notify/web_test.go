package notify

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// receiver takes webhooks.
type receiver struct {
	*httptest.Server
	mu  sync.Mutex
	got []hooked
}

type hooked struct{ path, text, id string }

// newReceiver answers with answer, nil is 200.
func newReceiver(t *testing.T, answer http.HandlerFunc) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		text, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		r.got = append(r.got, hooked{req.URL.Path, string(text), req.Header.Get("Webhook-Id")})
		r.mu.Unlock()
		if answer != nil {
			answer(w, req)
		}
	}))
	t.Cleanup(r.CloseClientConnections)
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) bodies() []hooked {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]hooked{}, r.got...)
}

func TestReceiversGetWhatTheirKindReads(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, nil)
	w := newWorld(t, nil, func(o *Options) { o.Inside = true })
	w.subscribe(incident.ByWebhook, r.URL+"/first")
	w.shift(false)
	var asked struct {
		Meta struct{ Confirm string }
	}
	if got := r.bodies(); len(got) != 1 || json.Unmarshal([]byte(got[0].text), &asked) != nil || !strings.Contains(asked.Meta.Confirm, "/status/confirm?token=") {
		t.Fatalf("the question is %+v", got)
	}
	for _, kind := range []incident.SubscriberKind{incident.ByWebhook, incident.BySlack, incident.ByTeams} {
		w.confirmed(kind, r.URL+"/"+string(kind))
	}
	in := w.send(outage())
	w.shift(false)
	w.wants(in, store.Delivered, 3)
	text := map[string]string{}
	for _, b := range r.bodies() {
		text[b.path] = b.text
	}
	var body hook
	if err := json.Unmarshal([]byte(text["/webhook"]), &body); err != nil || body.Incident == nil || len(body.Incident.Updates) != 1 {
		t.Fatalf("the webhook is %s, %v", text["/webhook"], err)
	}
	if i := body.Incident; i.ID != in.ID || i.Name != "Wrong charges" || i.Impact != "critical" || i.Status != "investigating" || !strings.HasPrefix(i.Updates[0].Body, "We are *looking*") ||
		!strings.Contains(body.Meta.Unsubscribe, "/status/unsubscribe?token=") {
		t.Errorf("the webhook is %+v", body)
	}
	var slack struct{ Text string }
	if err := json.Unmarshal([]byte(text["/slack"]), &slack); err != nil || !strings.Contains(slack.Text, "*Wrong charges: investigating*") || !strings.Contains(slack.Text, "&lt;b&gt;") {
		t.Errorf("Slack reads %s, %v", text["/slack"], err)
	}
	var teams struct {
		Type        string
		Attachments []struct {
			ContentType string
			Content     struct {
				Type string
				Body []map[string]any
			}
		}
	}
	if err := json.Unmarshal([]byte(text["/teams"]), &teams); err != nil || teams.Type != "message" || teams.Attachments[0].Content.Type != "AdaptiveCard" || teams.Attachments[0].Content.Body[0]["text"] != "Wrong charges: investigating" {
		t.Errorf("Teams reads %s, %v", text["/teams"], err)
	}
}

func TestWhatAReceiverAnswersDecidesWhatBecomesOfIt(t *testing.T) {
	t.Parallel()
	elsewhere := newReceiver(t, nil)
	answers := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", elsewhere.URL)
			w.WriteHeader(status)
		}
	}
	tests := []struct {
		name   string
		answer http.HandlerFunc
		state  store.DeliveryState
		reason string
		gone   bool
	}{
		{"it takes it", answers(204), store.Delivered, "", false},
		{"it breaks", answers(500), store.Queued, "500", false},
		{"it has too much to do", answers(429), store.Queued, "429", false},
		{"it does not like it", answers(400), store.Failed, "400", false},
		{"it is gone", answers(410), store.Failed, "410", true},
		{"it sends us elsewhere", answers(307), store.Failed, "not followed", false},
		{"it hangs", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, store.Unknown, "did not answer", false},
		{"it hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, store.Unknown, "did not answer", false},
		{"it talks without end", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 1<<10)); err != nil {
					return
				}
			}
		}, store.Delivered, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t, tt.answer)
			w := newWorld(t, nil, func(o *Options) { o.Inside, o.WebTime = true, 500*time.Millisecond })
			w.confirmed(incident.ByWebhook, r.URL)
			in := w.send(outage())
			w.shift(false)
			if reason := w.wants(in, tt.state, 1); !strings.Contains(reason, tt.reason) {
				t.Errorf("the reason is %q, want one with %q", reason, tt.reason)
			}
			w.wait(time.Hour)
			w.shift(false)
			if got := len(r.bodies()); tt.state != store.Queued && got != 1 || tt.state == store.Queued && got != 2 {
				t.Errorf("it was contacted %d times", got)
			}
			page, err := w.store.SubscribersPage(t.Context(), w.by, store.SubscriberFilter{State: store.Bounced})
			if err != nil || (len(page.Items) == 1) != tt.gone {
				t.Errorf("bounced are %+v, %v, want one: %v", page.Items, err, tt.gone)
			}
		})
	}
	if got := elsewhere.bodies(); len(got) != 0 {
		t.Errorf("a redirect was followed: %+v", got)
	}
}

func TestNothingIsSentInsideUnlessThatIsAllowed(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, nil)
	w := newWorld(t, nil, nil)
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1", "[::1]", "0.0.0.0"} {
		w.confirmed(incident.ByWebhook, strings.Replace(r.URL, "127.0.0.1", host, 1))
		w.confirmed(incident.ByWebhook, "http://"+host+":443/")
	}
	in := w.send(outage())
	w.shift(false)
	if reason := w.wants(in, store.Failed, 14); strings.Count(reason, "leads inside") != 14 {
		t.Errorf("the reasons are %s", reason)
	}
	if got := r.bodies(); len(got) != 0 {
		t.Errorf("it was contacted: %+v", got)
	}
}

func TestWhatCannotBeWrittenNowIsToldLater(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, nil)
	w := newWorld(t, nil, func(o *Options) { o.Inside = true })
	w.confirmed(incident.ByWebhook, r.URL)
	in := w.send(outage())
	conn, err := pgx.Connect(t.Context(), w.url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }() // the database goes with the test
	rename := func(from, to string) {
		if _, err := conn.Exec(t.Context(), `alter table `+from+` rename to `+to); err != nil {
			t.Fatal(err)
		}
	}
	rename("publications", "away") // the status page cannot be read
	w.shift(false)
	w.wants(in, store.Queued, 1)
	rename("away", "publications")
	w.wait(time.Hour)
	w.shift(false)
	w.wants(in, store.Delivered, 1)
}
