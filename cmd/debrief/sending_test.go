package main

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// hooked is what a subscriber's receiver got.
type hooked struct {
	Meta     struct{ Confirm, Unsubscribe string }
	Incident struct {
		Name    string
		Updates []struct{ Body string } `json:"incident_updates"`
	}
}

// The links in what is sent lead to pages that do what they say: notify writes them, web answers them.
func TestASubscriberFollowsTheLinksThatTheyAreSent(t *testing.T) {
	t.Parallel()
	st, err := store.Open(t.Context(), store.Options{URL: storetest.URL(t), Key: storetest.Key, Private: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	at := listen(t, st)
	a := &app{config: config{Webhooks: "allow"}, now: time.Now}
	stop, err := a.startWork(t.Context(), st, at, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	got := make(chan hooked, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var h hooked
		if err := json.NewDecoder(r.Body).Decode(&h); err != nil {
			t.Error(err)
		}
		got <- h
	}))
	t.Cleanup(receiver.Close)

	submitted(t, at+"/status/subscribe", url.Values{"kind": {"webhook"}, "address": {receiver.URL}}, "Your receiver is sent a link")
	follow(t, received(t, got).Meta.Confirm, "You are subscribed")
	o := troubleOn(t, st, at)
	sent := received(t, got)
	if sent.Incident.Name != troubleTitle || len(sent.Incident.Updates) != 1 || !strings.Contains(sent.Incident.Updates[0].Body, firstSaid) {
		t.Errorf("the subscriber was told %+v", sent)
	}
	follow(t, sent.Meta.Unsubscribe, "You are unsubscribed")
	in, err := st.Incident(t.Context(), o.by, o.number)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := st.Recipients(t.Context(), o.by, o.number, in.Messages[0].ID); err != nil || r.Total() != 0 {
		t.Errorf("after leaving %+v would be told, %v", r, err)
	}
}

func received(t *testing.T, got chan hooked) hooked {
	t.Helper()
	select {
	case h := <-got:
		return h
	case <-time.After(30 * time.Second):
		t.Fatal("nothing was sent to the subscriber")
		return hooked{}
	}
}

// follow opens a link and presses the one button of its page.
func follow(t *testing.T, link, says string) {
	t.Helper()
	_, body := answered(t, http.MethodGet, link, nil)
	_, action, _ := strings.Cut(body, `<form method="post" action="`)
	action, _, _ = strings.Cut(action, `"`)
	_, token, _ := strings.Cut(body, `name="token" value="`)
	token, _, _ = strings.Cut(token, `"`)
	base, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	submitted(t, base.Scheme+"://"+base.Host+action, url.Values{"token": {token}}, says)
}

func submitted(t *testing.T, address string, form url.Values, says string) {
	t.Helper()
	if status, body := answered(t, http.MethodPost, address, strings.NewReader(form.Encode())); status != http.StatusOK || !strings.Contains(body, says) {
		t.Fatalf("POST %s = %d\n%s\nwant it to say %q", address, status, body, says)
	}
}

func answered(t *testing.T, method, address string, body io.Reader) (status int, text string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	all, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(all)
}
