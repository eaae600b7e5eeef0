package main

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// documented is the receiver that docs/webhooks.md shows.
func documented(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	_, script, found := strings.Cut(string(text), "```js\n")
	script, _, closed := strings.Cut(script, "```")
	if !found || !closed {
		t.Fatal("docs/webhooks.md shows no receiver")
	}
	return script
}

// receives runs that receiver; it gives where it listens, and the lines that it prints.
func receives(t *testing.T, secret string, l net.Listener) (lines <-chan string) {
	t.Helper()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	_ = l.Close() // for the receiver
	cmd := exec.CommandContext(t.Context(), "node", "-e", documented(t))
	cmd.Env = append(os.Environ(), "NODE_PATH="+programs(t), "PORT="+port, "WEBHOOK_SECRET="+secret)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	all := make(chan string, 10)
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			all <- s.Text()
		}
	}()
	t.Cleanup(func() { _ = cmd.Wait() }) // it ends with the test's context
	return all
}

func TestTheReceiverThatIsDocumentedBelievesUsAndNobodyElse(t *testing.T) {
	t.Parallel()
	programs(t)
	st, err := store.Open(t.Context(), store.Options{URL: storetest.URL(t), Key: storetest.Key, Private: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	a := &app{config: config{Webhooks: "allow"}, now: time.Now}
	stop, err := a.startWork(t.Context(), st, "https://debrief.example.com", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	by := storetest.Person(t, st, "Ines", incident.Admin)
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + l.Addr().String() + "/"
	hook, secret, err := st.AddWebhook(t.Context(), by, incident.Webhook{URL: address})
	if err != nil {
		t.Fatal(err)
	}
	lines := receives(t, secret, l)
	if _, err := st.File(t.Context(), by, &incident.Incident{Heading: incident.Heading{Title: "redis-7 lost its master", Zone: "UTC"}}); err != nil {
		t.Fatal(err)
	}
	select {
	case line := <-lines:
		if !strings.HasPrefix(line, "evt_") || !strings.HasSuffix(line, " incident.filed INC-1") {
			t.Errorf("it read %q", line)
		}
	case <-time.After(time.Minute):
		page, err := st.WebhookDeliveries(t.Context(), by, hook.ID, store.WebhookFilter{})
		t.Fatalf("it read nothing; the log has %+v, %v", page.Items, err)
	}
	forged, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(`{"type":"incident.filed","data":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	for key, value := range map[string]string{"Webhook-Id": "evt_x", "Webhook-Timestamp": strconv.FormatInt(time.Now().Unix(), 10), "Webhook-Signature": "v1,AAAA"} {
		forged.Header.Set(key, value)
	}
	answer, err := http.DefaultClient.Do(forged)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }() // it was answered
	if text, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusUnauthorized {
		t.Errorf("what somebody else sends is answered %d %s", answer.StatusCode, text)
	}
}
