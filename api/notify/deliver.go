package notify

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// mostTries bounds how often somebody is tried to be told: eight hours, with the pauses of again.
const mostTries = 10

// again is the pause after a try: a minute, then twice as long each time, at most four hours.
func again(tries int) time.Duration {
	return min(time.Minute<<min(max(tries-1, 0), 10), 4*time.Hour)
}

// retry is how a try ends that may go better later.
func retry(d *store.Delivery, reason string) store.Outcome {
	if d.Tries >= mostTries {
		return store.Outcome{State: store.Failed, Reason: fmt.Sprintf("given up after %d tries: %s", d.Tries, reason)}
	}
	return store.Outcome{State: store.Queued, Again: again(d.Tries), Reason: reason}
}

func failed(reason string) store.Outcome { return store.Outcome{State: store.Failed, Reason: reason} }

func unknown(reason string) store.Outcome { return store.Outcome{State: store.Unknown, Reason: reason} }

// deliver tells one subscriber, and tells how that went. Away says that the mail server cannot be reached.
func (n *Notifier) deliver(ctx context.Context, d *store.Delivery, post *postman) (o store.Outcome, away bool) {
	if d.Incident != 0 && d.To.State != store.Active {
		return store.Outcome{State: store.Cancelled, Reason: "nothing is sent to this subscriber any more"}, false
	}
	var told *store.Told
	if d.Incident != 0 {
		var err error
		told, err = n.told.read(ctx, n.Store, d.Incident, d.Message)
		switch {
		case err != nil:
			n.Log.ErrorContext(ctx, "read what is told", "error", err)
			return retry(d, "the message could not be read"), false
		case told == nil:
			return store.Outcome{State: store.Cancelled, Reason: "outsiders may no longer know of it"}, false
		}
	}
	if d.To.Kind == incident.ByMail {
		return post.deliver(ctx, d, n.letter(d, told))
	}
	body, err := n.body(ctx, d, told)
	if err != nil {
		n.Log.ErrorContext(ctx, "write what is told", "error", err)
		return retry(d, "what is told could not be written: see the log"), false
	}
	return n.post(ctx, d, body), false
}

// keptTime is how long a message that many are told is kept: so late is it noticed that outsiders may no longer know.
const keptTime = 2 * time.Second

// kept is the message that is being told now.
type kept struct {
	mu      sync.Mutex
	of      incident.Number
	message string
	at      time.Time
	told    *store.Told
}

func (k *kept) read(ctx context.Context, s *store.Store, of incident.Number, message string) (*store.Told, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.of == of && k.message == message && time.Since(k.at) < keptTime {
		return k.told, nil
	}
	told, err := s.Told(ctx, of, message)
	if err == nil {
		k.of, k.message, k.at, k.told = of, message, time.Now(), told
	}
	return told, err
}
