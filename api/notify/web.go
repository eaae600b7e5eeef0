package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"

	"code.dny.dev/ssrf"

	"github.com/debriefhq/debrief/store"
)

const mostAnswer = 4 << 10 // bytes of an answer that are read

const inside = "the address leads inside, where nothing is sent: allow it with DEBRIEF_WEBHOOK_PRIVATE=allow if it is yours"

// newClient contacts receivers of webhooks: outside only, unless they may be inside, without a proxy, and without
// following them elsewhere. Where a name leads is looked at when it is dialed, so that a name cannot lead elsewhere then.
func newClient(o Options) *http.Client {
	transport := o.Web
	if transport == nil {
		transport = &http.Transport{ForceAttemptHTTP2: true}
	}
	transport = transport.Clone()
	transport.Proxy = nil
	transport.MaxIdleConns, transport.IdleConnTimeout = hands, o.WebTime
	transport.MaxResponseHeaderBytes = 16 << 10
	dialer := &net.Dialer{Timeout: o.WebTime}
	if !o.Inside {
		dialer.Control = ssrf.New(ssrf.WithPorts(443, 8443)).Safe
	}
	transport.DialContext = dialer.DialContext
	return &http.Client{
		Transport:     transport,
		Timeout:       o.WebTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// post sends a body to a receiver. One that may have read it and did not answer is unknown: it is not sent twice.
func (n *Notifier) post(ctx context.Context, d *store.Delivery, body []byte) store.Outcome {
	var written atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest: func(info httptrace.WroteRequestInfo) { written.Store(info.Err == nil) },
	})
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.To.Address, io.NopCloser(bytes.NewReader(body)))
	if err != nil {
		return failed("the address cannot be read")
	}
	r.ContentLength = int64(len(body)) // without GetBody, so that nothing sends it again by itself
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("User-Agent", "Debrief")
	r.Header.Set("Webhook-Id", fmt.Sprintf("delivery_%d", d.ID)) // the same when it is tried again
	answer, err := n.web.Do(r)
	switch {
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedPort), errors.Is(err, ssrf.ErrProhibitedNetwork):
		return failed(inside)
	case err != nil && written.Load():
		return unknown("the receiver did not answer: " + reasonOf(err))
	case err != nil:
		return retry(d, "the receiver could not be reached: "+reasonOf(err))
	}
	defer func() { _ = answer.Body.Close() }() // it was answered
	_, _ = io.CopyN(io.Discard, answer.Body, mostAnswer)
	return answered(d, answer.StatusCode)
}

// reasonOf is an error of the client without the address, which may be a secret.
func reasonOf(err error) string {
	var wrapped interface{ Unwrap() error }
	if errors.As(err, &wrapped) && wrapped.Unwrap() != nil {
		err = wrapped.Unwrap()
	}
	return err.Error()
}

// answered reads a receiver's answer.
func answered(d *store.Delivery, status int) store.Outcome {
	said := fmt.Sprintf("the receiver answered %d %s", status, http.StatusText(status))
	switch {
	case status/100 == 2:
		return store.Outcome{State: store.Delivered}
	case status/100 == 3:
		return failed(said + ": it is not followed elsewhere")
	case status == http.StatusGone:
		return store.Outcome{State: store.Failed, Gone: true, Reason: said}
	case status/100 == 5, status == http.StatusTooManyRequests, status == http.StatusRequestTimeout:
		return retry(d, said)
	}
	return failed(said)
}
