package notify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// world is an installation with a mail server, at a time that is set.
type world struct {
	t     testing.TB
	url   string // of the database
	store *store.Store
	by    incident.Actor
	n     *Notifier
	mu    sync.Mutex
	late  time.Duration // how far the store's clock is ahead
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(w.late)
}

func (w *world) wait(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.late += d
}

// newWorld opens an installation; o may be nil for one without mail.
func newWorld(t testing.TB, o *office, change func(*Options)) *world {
	t.Helper()
	w := &world{t: t, url: storetest.URL(t)}
	var err error
	w.store, err = store.Open(t.Context(), store.Options{URL: w.url, Key: storetest.Key, Mails: o != nil, Private: true, Now: w.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.store.Close)
	w.by = storetest.Person(t, w.store, "Ada", incident.Admin)
	options := Options{Store: w.store, Name: "Acme status", URL: "https://status.example.com/"}
	if o != nil {
		options.Mail = o.address()
	}
	if change != nil {
		change(&options)
	}
	if w.n, err = New(options); err != nil {
		t.Fatal(err)
	}
	return w
}

// shift delivers what is due.
func (w *world) shift(mail bool) {
	w.t.Helper()
	if _, err := w.n.shift(w.t.Context(), mail); err != nil {
		w.t.Fatalf("deliver: %v", err)
	}
}

func (w *world) subscribe(kind incident.SubscriberKind, address string) {
	w.t.Helper()
	if err := w.store.Subscribe(w.t.Context(), incident.Subscription{Kind: kind, Address: address}, address); err != nil {
		w.t.Fatalf("Subscribe(%s): %v", address, err)
	}
}

// confirmed subscribes somebody and confirms for them, without a mail.
func (w *world) confirmed(kind incident.SubscriberKind, address string) {
	w.t.Helper()
	w.subscribe(kind, address)
	d, err := w.store.Claim(w.t.Context(), kind == incident.ByMail, time.Minute)
	if err != nil || d == nil {
		w.t.Fatalf("Claim = %v, %v", d, err)
	}
	if err := errors.Join(w.store.End(w.t.Context(), d, store.Outcome{State: store.Delivered}), w.store.Confirm(w.t.Context(), d.Confirm)); err != nil {
		w.t.Fatal(err)
	}
}

func outage() *incident.Incident {
	return &incident.Incident{
		Heading:     incident.Heading{Title: "Internal title", Zone: "America/Los_Angeles"},
		PublicTitle: "Wrong charges", PublicSummary: "Some cards were charged again.",
		Impacts:  []incident.Impact{{Component: "Billing", Level: incident.MajorOutage, Audience: incident.AudiencePublic}},
		Messages: []incident.Message{{Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Body: "We are *looking* at <b>it</b>.\nfrom here on"}},
	}
}

// send files an incident and sends its message.
func (w *world) send(in *incident.Incident) *incident.Incident {
	w.t.Helper()
	filed, err := w.store.File(w.t.Context(), w.by, in)
	if err == nil {
		filed, err = w.store.Send(w.t.Context(), w.by, filed.Number, filed.Messages[len(filed.Messages)-1].ID, 0)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return filed
}

// states counts the deliveries of the last message of an incident.
func (w *world) states(in *incident.Incident) map[store.DeliveryState]int64 {
	w.t.Helper()
	tallies, err := w.store.DeliveryTallies(w.t.Context(), w.by, in.Number, in.Messages[len(in.Messages)-1].ID)
	if err != nil {
		w.t.Fatal(err)
	}
	all := map[store.DeliveryState]int64{}
	for _, t := range tallies {
		all[t.State] = t.Count
	}
	return all
}

// wants fails unless all deliveries of the last message are in that state; it gives their reasons.
func (w *world) wants(in *incident.Incident, state store.DeliveryState, count int64) string {
	w.t.Helper()
	if got := w.states(in); got[state] != count || len(got) != 1 {
		w.t.Errorf("deliveries are %v, want %d %s", got, count, state)
	}
	page, err := w.store.DeliveriesPage(w.t.Context(), w.by, in.Number, in.Messages[len(in.Messages)-1].ID, store.DeliveryFilter{})
	if err != nil {
		w.t.Fatal(err)
	}
	var reasons []string
	for _, d := range page.Items {
		reasons = append(reasons, d.Reason)
	}
	return strings.Join(reasons, "\n")
}

func TestWhatIsSentIsDeliveredWithoutAnybodyWaiting(t *testing.T) {
	t.Parallel()
	o := openOffice(t, &office{}, false)
	hangs := newReceiver(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	w := newWorld(t, o, func(o *Options) { o.Inside = true })
	w.confirmed(incident.ByMail, "bob@example.com")
	for i := range 2 * hands {
		w.confirmed(incident.ByWebhook, fmt.Sprintf("%s/%d", hangs.URL, i))
	}
	if err := w.n.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	in := w.send(outage())
	deadline := time.After(time.Minute)
	for len(o.mails()) == 0 {
		select {
		case <-deadline:
			t.Fatalf("the mail was not sent: %v", w.states(in))
		case <-time.After(20 * time.Millisecond):
		}
	}
	for len(hangs.bodies()) == 0 {
		time.Sleep(20 * time.Millisecond)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := w.n.Stop(ctx); err != nil {
		t.Fatalf("Stop: %v", err)
	}
	if got := w.states(in); got[store.Sending] != 0 || got[store.Unknown] != int64(len(hangs.bodies())) {
		t.Errorf("after Stop deliveries are %v, want %d unknown and none under way", got, len(hangs.bodies()))
	}
}
