package notify

import (
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// Of a hundred and twenty events with two kills with DEBRIEF_TEST_ALL=1, else of sixty with one.
func TestAWebhookIsToldOfEverythingThoughWeAreKilled(t *testing.T) {
	t.Parallel()
	events, kills := 60, 1
	if os.Getenv("DEBRIEF_TEST_ALL") != "" {
		events, kills = 120, 2
	}
	database := storetest.URL(t)
	s, err := store.Open(t.Context(), store.Options{URL: database, Key: storetest.Key, Private: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	w := &world{t: t, store: s, by: storetest.Person(t, s, "Ada", incident.Admin)}
	l := newListener(t, func(http.ResponseWriter, *http.Request) { time.Sleep(5 * time.Millisecond) })
	hook, secret := w.hook(l.URL)
	o := openOffice(t, &office{}, false)
	all := make([]*incident.Incident, events)
	for i := range all {
		all[i] = outage()
	}
	if _, err := s.FileAll(t.Context(), w.by, all); err != nil {
		t.Fatal(err)
	}
	for kill := range kills {
		cmd := begin(t, database, o)
		for len(l.all()) < (kill+1)*events/(kills+1) {
			time.Sleep(time.Millisecond)
		}
		_ = cmd.Process.Kill() // with SIGKILL
		_ = cmd.Wait()         // says that it was killed
	}
	begin(t, database, o)
	for deadline := time.Now().Add(3 * time.Minute); len(w.logOfState(hook.ID, store.Queued))+len(w.logOfState(hook.ID, store.Sending)) > 0; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("still queued are %+v", w.logOfState(hook.ID, store.Queued))
		}
	}
	heard := map[string]string{}
	for _, h := range l.all() {
		id := h.header.Get("webhook-id")
		if before, again := heard[id]; again && before != h.text {
			t.Errorf("%s says %s, and then %s", id, before, h.text)
		}
		heard[id] = h.text
		if err := h.verify(t, secret); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	t.Logf("%d events, %d kills: %d were told, %d times", events, kills, len(heard), len(l.all()))
	if len(heard) != events || len(l.all()) > events+kills {
		t.Errorf("%d of %d events were told, %d times", len(heard), events, len(l.all()))
	}
}

func (w *world) logOfState(hook string, state store.DeliveryState) []incident.WebhookDelivery {
	w.t.Helper()
	page, err := w.store.WebhookDeliveries(w.t.Context(), w.by, hook, store.WebhookFilter{State: state})
	if err != nil {
		w.t.Fatal(err)
	}
	return page.Items
}
