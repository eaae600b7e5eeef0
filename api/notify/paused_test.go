package notify

import (
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

func TestAPausedQueueDeliversNothingAlsoAfterARestartAndThenAllOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t, &office{}, false)
	w := newWorld(t, o, nil)
	for _, address := range []string{"ada@example.com", "bob@example.com", "eve@example.com"} {
		w.confirmed(incident.ByMail, address)
	}
	if _, err := w.store.PauseQueue(t.Context(), w.by, store.MailQueue); err != nil {
		t.Fatal(err)
	}
	in := w.send(outage())
	for range 2 {
		n, err := New(w.n.Options)
		if err == nil {
			err = n.Start(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * lookTime) // in which it would look thrice
		if err := n.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	w.wants(in, store.Queued, 3)
	if got := addressesOf(o.mails()); got != "" {
		t.Errorf("while the queue was paused %s were told", got)
	}
	if err := w.n.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.ResumeQueue(t.Context(), w.by, store.MailQueue); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(3 * time.Minute); w.states(in)[store.Delivered] < 3 && time.Now().Before(deadline); {
		time.Sleep(20 * time.Millisecond)
	}
	time.Sleep(3 * lookTime)
	if err := w.n.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.wants(in, store.Delivered, 3)
	if got := o.mails(); len(got) != 3 {
		t.Errorf("three were told by %d mails: %s", len(got), addressesOf(got))
	}
}

func TestAPausedQueueCallsNoWebhookOfTheTeam(t *testing.T) {
	t.Parallel()
	l := newListener(t, nil)
	w := newWorld(t, nil, func(o *Options) { o.Inside = true })
	w.hook(l.URL)
	if _, err := w.store.PauseQueue(t.Context(), w.by, store.HookQueue); err != nil {
		t.Fatal(err)
	}
	w.file(outage())
	w.callAll()
	if got := l.all(); len(got) != 0 {
		t.Errorf("while the queue was paused it was told %+v", got)
	}
	q, err := w.store.ResumeQueue(t.Context(), w.by, store.HookQueue)
	if err != nil || q.Deliveries != 1 {
		t.Errorf("ResumeQueue = %+v, %v, want one delivery that waits", q, err)
	}
	w.callAll()
	w.callAll()
	if got := l.all(); len(got) != 1 {
		t.Errorf("after it was resumed it was told %d times", len(got))
	}
}
