package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"code.dny.dev/ssrf"
	"github.com/riverqueue/river"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// pauses are those between the tries of one event: it is given up after three days.
// Source: the schedule that the Standard Webhooks specification gives as its example, version 1.0.0.
var pauses = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// longestPause is the longest that a receiver may ask for with Retry-After.
const longestPause = 24 * time.Hour

// hookWorker calls the team's own webhooks.
type hookWorker struct {
	river.WorkerDefaults[store.CallHooks]
	n *Notifier
}

// Work is called by River: it calls what is due, for a shift, and sees to it that somebody comes back when there is more.
func (h *hookWorker) Work(ctx context.Context, job *river.Job[store.CallHooks]) error {
	next, err := h.standIn(ctx, job.ID)
	if err == nil && next != nil && time.Until(*next) > 0 {
		return h.n.Store.ScheduleHooks(ctx, *next)
	}
	switch {
	case err != nil:
		h.n.Log.ErrorContext(ctx, "call webhooks", "error", err)
		return river.JobSnooze(resting)
	case next != nil:
		return river.JobSnooze(lookTime / 10)
	}
	return nil
}

// standIn is a shift for all jobs that wait.
func (h *hookWorker) standIn(ctx context.Context, job int64) (next *time.Time, err error) {
	if err := h.n.Store.StandInForHooks(ctx, job); err != nil {
		return nil, err
	}
	return h.n.hookShift(ctx)
}

// hookShift calls webhooks with all hands, and tells when there is more to do; nil for nothing.
func (n *Notifier) hookShift(ctx context.Context) (next *time.Time, err error) {
	lapsed, err := n.Store.LapseHooks(ctx)
	if err != nil {
		return nil, err
	}
	if lapsed > 0 {
		n.Log.WarnContext(ctx, "these were under way to webhooks when a process ended, and are sent again", "deliveries", lapsed)
	}
	until := time.Now().Add(shift)
	failed := make(chan error, hands)
	for range hands {
		go func() { failed <- n.hookHand(ctx, until) }()
	}
	for range hands {
		err = errors.Join(err, <-failed)
	}
	if err != nil {
		return nil, err
	}
	return n.Store.NextHook(ctx)
}

// hookHand calls one webhook after the other until nothing is due or its time is over.
func (n *Notifier) hookHand(ctx context.Context, until time.Time) error {
	for ctx.Err() == nil && time.Now().Before(until) {
		select {
		case <-n.stop:
			return nil
		default:
		}
		c, err := n.Store.ClaimHook(ctx, n.Lease)
		if err != nil || c == nil {
			return err
		}
		if err := n.endHook(ctx, c, n.call(ctx, c)); err != nil {
			return err
		}
	}
	return nil
}

// endHook notes how a call went, also when the job was cut off meanwhile.
func (n *Notifier) endHook(ctx context.Context, c *store.HookCall, o store.HookOutcome) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	if o.State == store.Failed {
		n.Log.WarnContext(ctx, "a webhook was not told of an event", "webhook", c.Webhook, "event", c.EventID, "reason", o.Reason)
	}
	return n.Store.EndHook(ctx, c, o)
}

// call tells a webhook of an event, and tells how that went.
func (n *Notifier) call(ctx context.Context, c *store.HookCall) store.HookOutcome {
	if !c.Told {
		return store.HookOutcome{State: store.Cancelled, Reason: "the incident is private by now"}
	}
	r, body, err := n.callRequest(ctx, c, time.Now())
	if err != nil {
		n.Log.ErrorContext(ctx, "write to a webhook", "webhook", c.Webhook, "error", err)
		return store.HookOutcome{State: store.Failed, Reason: "the request could not be made: see the log"}
	}
	answer, err := n.hooks.Do(r)
	switch {
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedPort), errors.Is(err, ssrf.ErrProhibitedNetwork):
		return callAgain(c, store.HookOutcome{Request: body, Reason: inside}, 0)
	case err != nil:
		return callAgain(c, store.HookOutcome{Request: body, Reason: "the receiver did not answer: " + reasonOf(err)}, 0)
	}
	defer func() { _ = answer.Body.Close() }() // it was answered
	text, _ := io.ReadAll(io.LimitReader(answer.Body, mostAnswer))
	o := store.HookOutcome{State: store.Delivered, Status: answer.StatusCode, Request: body, Answer: string(text)}
	if answer.StatusCode/100 == 2 {
		return o
	}
	o.Reason = fmt.Sprintf("the receiver answered %d %s", answer.StatusCode, http.StatusText(answer.StatusCode))
	switch {
	case answer.StatusCode == http.StatusGone:
		o.State, o.Gone = store.Failed, true
		return o
	case answer.StatusCode/100 == 3:
		o.Reason += ": it is not followed elsewhere"
	}
	return callAgain(c, o, retryAfter(answer.Header.Get("Retry-After"), time.Now()))
}

// callAgain is how a try ends that may go better later: after the next pause, or as long as the receiver asks for.
func callAgain(c *store.HookCall, o store.HookOutcome, asked time.Duration) store.HookOutcome {
	if c.Tries > len(pauses) {
		o.State, o.Reason = store.Failed, fmt.Sprintf("given up after %d tries: %s", c.Tries, o.Reason)
		return o
	}
	pause := pauses[max(c.Tries, 1)-1]
	pause += rand.N(pause / 10) //nolint:gosec // so that not all come back at once
	o.State, o.Again = store.Queued, max(pause, asked)
	return o
}

// retryAfter is what the header of that name asks for, in seconds or as a date.
func retryAfter(header string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseInt(header, 10, 32); err == nil {
		return min(max(0, time.Duration(seconds)*time.Second), longestPause)
	}
	if at, err := http.ParseTime(header); err == nil {
		return min(max(0, at.Sub(now)), longestPause)
	}
	return 0
}

// callRequest is what is sent: signed with each secret, after the Standard Webhooks specification.
func (n *Notifier) callRequest(ctx context.Context, c *store.HookCall, at time.Time) (*http.Request, string, error) {
	body, err := json.Marshal(n.eventOf(c))
	if err != nil {
		return nil, "", fmt.Errorf("write an event: %w", err)
	}
	var signatures []string
	for _, secret := range c.Secrets {
		hook, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			return nil, "", fmt.Errorf("read the secret: %w", err)
		}
		signature, err := hook.Sign(c.EventID, at, body)
		if err != nil {
			return nil, "", fmt.Errorf("sign an event: %w", err)
		}
		signatures = append(signatures, signature)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, bytes.NewReader(body))
	if err != nil {
		return nil, "", errors.New("the address cannot be read") // it may be a secret
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("User-Agent", "Debrief")
	r.Header.Set(standardwebhooks.HeaderWebhookID, c.EventID)
	r.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	r.Header.Set(standardwebhooks.HeaderWebhookSignature, strings.Join(signatures, " "))
	return r, string(body), nil
}

// event is the body. It is thin: what happened, and where who may know more can read it. The same on every try.
type event struct {
	Type      incident.WebhookEvent `json:"type"`
	Timestamp string                `json:"timestamp"` // when it happened
	Data      eventData             `json:"data"`
}

type eventData struct {
	Incident incident.Number `json:"incident,omitempty"`
	Name     string          `json:"name,omitempty"` // INC-42
	Version  int64           `json:"version,omitempty"`
	Webhook  string          `json:"webhook,omitempty"` // of a test
	APIURL   string          `json:"api_url"`
	PageURL  string          `json:"page_url"`
}

func (n *Notifier) eventOf(c *store.HookCall) event {
	e := event{Type: c.Type, Timestamp: stamp(c.Happened)}
	path := "/webhooks/" + c.Webhook
	if c.Incident == 0 {
		e.Data.Webhook = c.Webhook
	} else {
		path = "/incidents/" + strconv.FormatInt(int64(c.Incident), 10)
		e.Data.Incident, e.Data.Name, e.Data.Version = c.Incident, c.Incident.String(), c.Version
	}
	e.Data.APIURL, e.Data.PageURL = n.link("/api/v1"+path), n.link(path)
	return e
}
