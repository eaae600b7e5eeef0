// Package client speaks to a Debrief server: one method for every operation of
// its API. Refusals come back as the *incident.Error that the server made, so
// errors.Is(err, incident.Conflict) works here as it does there.
package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// What a call may take.
const (
	longestAnswer = 256 << 20 // bytes; a server's largest record and document stay far below
	longestWait   = 2 * time.Minute
	attempts      = 4 // of a call that may be repeated
)

// Client calls one server with one token. It may be used by many goroutines at once.
type Client struct {
	base  string
	token string
	http  *http.Client
	wait  time.Duration // before the second attempt; then three times as long, each time
}

// New makes a client of the server at base, such as http://127.0.0.1:8080. A
// nil hc is one with a timeout of two minutes. No redirect is followed: of a
// POST it would make a GET, whose answer looks like success.
func New(base, token string, hc *http.Client) *Client {
	own := http.Client{Timeout: longestWait}
	if hc != nil {
		own = *hc
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{base: strings.TrimRight(base, "/") + "/api/v1", token: token, http: &own, wait: 100 * time.Millisecond}
}

// call is one request and where its answer goes.
type call struct {
	method string
	path   string
	query  url.Values
	header http.Header
	body   any // written as JSON; []byte as it is
	into   any // read from JSON; nil drops the answer
}

// do sends a call, again while the server cannot be reached or is not ready: a
// GET for nothing is lost, a POST because its key makes it happen once. A PATCH
// or DELETE is sent again only when the server said that it did nothing. What
// comes back are the answer's headers.
func (c *Client) do(ctx context.Context, q call) (http.Header, error) {
	raw, err := encode(q.body)
	if err != nil {
		return nil, err
	}
	if q.header == nil {
		q.header = http.Header{}
	}
	if q.method == http.MethodPost {
		q.header.Set("Idempotency-Key", rand.Text())
	}
	wait := c.wait
	for attempt := 1; ; attempt++ {
		answer, err := c.send(ctx, q, raw)
		var fault *Fault
		again := errors.As(err, &fault) && fault.Status == http.StatusServiceUnavailable
		if unreached := new(url.Error); errors.As(err, &unreached) {
			again = q.method == http.MethodGet || q.method == http.MethodPost
		}
		if !again || attempt == attempts || ctx.Err() != nil {
			return answer, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(wait):
			wait *= 3
		}
	}
}

// encode writes a body once, so that every attempt sends the same.
func encode(body any) ([]byte, error) {
	switch body := body.(type) {
	case nil:
		return nil, nil
	case []byte:
		return body, nil
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("write the request: %w", err)
	}
	return raw, nil
}

// send makes one attempt and reads its whole answer.
func (c *Client) send(ctx context.Context, q call, raw []byte) (http.Header, error) {
	address := c.base + q.path
	if len(q.query) > 0 {
		address += "?" + q.query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, q.method, address, bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("the server's address %q is not one: %w", c.base, err)
	}
	req.Header = q.header.Clone()
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if raw != nil && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	answer, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("reach the server: %w", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, longestAnswer+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the answer: %w", &url.Error{Op: q.method, URL: q.path, Err: err})
	case len(text) > longestAnswer:
		return nil, fmt.Errorf("the answer to %s %s is longer than %d MiB", q.method, q.path, longestAnswer>>20)
	case answer.StatusCode >= 400:
		return nil, refusal(answer, text)
	case answer.StatusCode >= 300 && answer.StatusCode != http.StatusNotModified:
		return nil, &Fault{Status: answer.StatusCode, Detail: "the server is at another address, use that: " + answer.Header.Get("Location")}
	}
	return answer.Header, read(answer, text, q.into)
}

// read puts the answer where the call wants it.
func read(answer *http.Response, text []byte, into any) error {
	if into == nil || answer.StatusCode == http.StatusNoContent || answer.StatusCode == http.StatusNotModified {
		return nil
	}
	if plain, ok := into.(*[]byte); ok {
		*plain = text
		return nil
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("the answer is not what a Debrief server sends: %w", err)
	}
	return nil
}

// get, post, patch and remove are the four kinds of call.
func get[T any](ctx context.Context, c *Client, path string, query url.Values) (T, error) {
	var into T
	_, err := c.do(ctx, call{method: http.MethodGet, path: path, query: query, into: &into})
	return into, err
}

// post leaves out what is empty: it means the same, and ten thousand entries fit.
func post[T any](ctx context.Context, c *Client, path string, body any) (T, error) {
	var into T
	body, err := lean(body)
	if err != nil {
		return into, err
	}
	_, err = c.do(ctx, call{method: http.MethodPost, path: path, body: body, into: &into})
	return into, err
}

func patch[T any](ctx context.Context, c *Client, path, match string, body any) (T, error) {
	var into T
	header := http.Header{"Content-Type": {"application/merge-patch+json"}}
	if match != "" {
		header.Set("If-Match", match)
	}
	_, err := c.do(ctx, call{method: http.MethodPatch, path: path, header: header, body: body, into: &into})
	return into, err
}

func (c *Client) remove(ctx context.Context, path, match string) error {
	header := http.Header{}
	if match != "" {
		header.Set("If-Match", match)
	}
	_, err := c.do(ctx, call{method: http.MethodDelete, path: path, header: header})
	return err
}

// tag is the If-Match of a revision; 0 asks for none in particular.
func tag(revision int64) string {
	if revision == 0 {
		return "*"
	}
	return `"` + strconv.FormatInt(revision, 10) + `"`
}
