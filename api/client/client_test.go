package client_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
)

// came keeps the idempotency keys of the requests that came.
type came struct {
	mu   sync.Mutex
	keys []string
}

func (c *came) all() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.keys)
}

// answers serves one answer after the other, the last one for ever.
func answers(t *testing.T, all ...http.HandlerFunc) (*client.Client, *came) {
	t.Helper()
	c := &came{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		c.keys = append(c.keys, r.Header.Get("Idempotency-Key"))
		count := len(c.keys)
		c.mu.Unlock()
		all[min(count, len(all))-1](w, r)
	}))
	t.Cleanup(server.Close)
	return client.New(server.URL+"/", "secret", nil), c
}

func problem(status int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(text))
	}
}

func hangUp(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

func record(w http.ResponseWriter, _ *http.Request) {
	_, _ = w.Write([]byte(`{"number":42,"title":"x"}`))
}

func TestARefusalIsTheSameHereAsThere(t *testing.T) {
	t.Parallel()
	for kind, status := range map[incident.Kind]int{
		incident.Malformed: 400, incident.SignIn: 401, incident.Forbidden: 403, incident.NotFound: 404, incident.Conflict: 409,
		incident.Stale: 412, incident.TooLarge: 413, incident.Unsupported: 415, incident.Invalid: 422, incident.NeedRevision: 428, incident.TooMany: 429,
	} {
		c, _ := answers(t, problem(status, `{"type":"/api/v1/docs#`+string(kind)+`","detail":"do this","errors":[{"pointer":"/title","detail":"is empty"},{"parameter":"limit","detail":"is too much"}]}`))
		_, err := c.Incident(t.Context(), 42)
		var e *incident.Error
		if !errors.Is(err, kind) || !errors.As(err, &e) || e.Detail != "do this" {
			t.Errorf("a problem of kind %s came back as %#v", kind, err)
			continue
		}
		if want := map[string]string{"/title": "is empty", "limit": "is too much"}; !reflect.DeepEqual(e.Fields, want) {
			t.Errorf("its fields are %v, want %v", e.Fields, want)
		}
	}
}

func TestAFaultIsNoRefusal(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"ours":             problem(500, `{"type":"/api/v1/docs#fault","detail":"broke","instance":"r-1"}`),
		"a proxy's page":   func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<html>", http.StatusBadGateway) },
		"a problem unread": problem(404, `<html>`),
		"another address": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://debrief.example/api/v1/incidents/42", http.StatusMovedPermanently)
		},
		"a kind of no known": problem(418, `{"type":"/api/v1/docs#teapot","detail":"short and stout"}`),
	} {
		c, _ := answers(t, answer)
		_, err := c.Incident(t.Context(), 42)
		var fault *client.Fault
		var refusal *incident.Error
		if !errors.As(err, &fault) || errors.As(err, &refusal) || fault.Status < 300 {
			t.Errorf("%s came back as %#v, want a Fault", name, err)
		}
	}
}

func TestAPostThatIsSentElsewhereBecomesNoGet(t *testing.T) {
	t.Parallel()
	c, came := answers(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/api/v1/incidents", http.StatusMovedPermanently)
	}, record)
	var fault *client.Fault
	if in, err := c.File(t.Context(), &incident.Incident{}); !errors.As(err, &fault) || !strings.Contains(fault.Error(), "/api/v1/incidents") {
		t.Errorf("File = %+v, %v, want to be told of the other address", in, err)
	}
	if len(came.all()) != 1 {
		t.Errorf("%d requests came, want 1", len(came.all()))
	}
}

func TestAPostIsSentAgainWithItsKey(t *testing.T) {
	t.Parallel()
	c, came := answers(t, hangUp, problem(503, `{"type":"/api/v1/docs#not_ready","detail":"not yet"}`), record)
	in, err := c.File(t.Context(), &incident.Incident{Heading: incident.Heading{Title: "x"}})
	if err != nil || in.Number != 42 {
		t.Fatalf("File = %v, %v, want INC-42 at the third attempt", in, err)
	}
	for _, key := range came.all() {
		if key == "" || key != came.all()[0] {
			t.Errorf("the attempts had the keys %q, want one", came.all())
		}
	}
	if _, err := c.File(t.Context(), &incident.Incident{}); err != nil {
		t.Fatal(err)
	}
	if last := (came.all())[len(came.all())-1]; last == came.all()[0] {
		t.Error("another request had the same key")
	}
}

func TestAttemptsEnd(t *testing.T) {
	t.Parallel()
	c, came := answers(t, problem(503, `{"type":"/api/v1/docs#not_ready","detail":"not yet"}`))
	if _, err := c.Me(t.Context()); err == nil {
		t.Error("Me = nothing wrong, want the 503")
	}
	if len(came.all()) != 4 {
		t.Errorf("%d attempts, want 4", len(came.all()))
	}
}

func TestAPatchIsNotSentAgainWhenItsAnswerWasLost(t *testing.T) {
	t.Parallel()
	c, came := answers(t, hangUp, record)
	if _, err := c.Patch(t.Context(), 42, 7, map[string]any{"title": "y"}); err == nil {
		t.Error("Patch = nothing wrong, want to be told")
	}
	if len(came.all()) != 1 {
		t.Errorf("%d attempts, want 1", len(came.all()))
	}
}

func TestEmptyKeysAreLeftOut(t *testing.T) {
	t.Parallel()
	var sent map[string]any
	c, _ := answers(t, func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewDecoder(r.Body).Decode(&sent)
		_, _ = w.Write([]byte(`[]`))
	})
	_, _ = c.File(t.Context(), &incident.Incident{Heading: incident.Heading{Title: "x"}, Impacts: []incident.Impact{{Figures: []incident.Figure{{Measure: "lost"}}}}})
	text, err := json.Marshal(sent)
	if err != nil {
		t.Fatal(err)
	}
	for _, no := range []string{`""`, `null`, `[]`} {
		if strings.Contains(string(text), no) {
			t.Errorf("File sent %s, which holds %s", text, no)
		}
	}
	if !strings.Contains(string(text), `"value":0`) {
		t.Errorf("File sent %s, without the zero that was meant", text)
	}
}

func TestAPatchKeepsWhatItTakesAway(t *testing.T) {
	t.Parallel()
	var sent map[string]any
	var match string
	c, _ := answers(t, func(w http.ResponseWriter, r *http.Request) {
		match = r.Header.Get("If-Match")
		_ = json.NewDecoder(r.Body).Decode(&sent)
		record(w, r)
	})
	if _, err := c.Patch(t.Context(), 42, 7, map[string]any{"summary": nil, "tags": []string{}}); err != nil {
		t.Fatal(err)
	}
	if _, there := sent["summary"]; !there || len(sent) != 2 || match != `"7"` {
		t.Errorf("Patch sent %v with If-Match %s", sent, match)
	}
}
