package web

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// goingOn files an incident that goes on.
func (in installation) goingOn(t testing.TB, by incident.Actor) incident.Number {
	t.Helper()
	return in.file(t, by, &incident.Incident{Heading: incident.Heading{Title: "Voice is down", Zone: "UTC"}, PublicTitle: "Calls fail", PublicSummary: "Calls fail."})
}

// promised tells outsiders something ten minutes ago, with a promise.
func promised(after time.Duration) *incident.Message {
	at := incident.Exactly(today.Add(-10*time.Minute), "UTC", incident.Minute)
	m := &incident.Message{Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Recorded, Body: "We are looking.", At: &at}
	if after != 0 {
		next := incident.Exactly(today.Add(after), "UTC", incident.Minute)
		m.NextUpdateAt = &next
	}
	return m
}

func TestAPromiseIsSeenUntilItIsKept(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Noor Haddad")
	for name, tt := range map[string]struct {
		messages []*incident.Message
		over     bool
		want     string // "" for nothing
	}{
		"one to come":           {[]*incident.Message{promised(30 * time.Minute)}, false, "next update promised for 10:00 UTC"},
		"one that is past":      {[]*incident.Message{promised(-5 * time.Minute)}, false, "next update overdue since 09:25 UTC"},
		"one of another day":    {[]*incident.Message{promised(24 * time.Hour)}, false, "next update promised for 21 Aug 2013, 09:30 UTC"},
		"followed by a message": {[]*incident.Message{promised(30 * time.Minute), promised(0)}, false, ""},
		"when it is over":       {[]*incident.Message{promised(30 * time.Minute)}, true, ""},
		"in a draft":            {[]*incident.Message{{Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Body: "x", NextUpdateAt: promised(time.Hour).NextUpdateAt}}, false, ""},
		"made to the team":      {[]*incident.Message{func() *incident.Message { m := promised(time.Hour); m.Audience = incident.AudienceInternal; return m }()}, false, ""},
		"that nobody made":      {nil, false, ""},
	} {
		n := in.goingOn(t, store.System())
		for _, m := range tt.messages {
			if _, err := in.store.Append(context.Background(), store.System(), n, []incident.Part{m}); err != nil {
				t.Fatal(err)
			}
		}
		if tt.over {
			if _, err := in.store.Move(context.Background(), store.System(), n, 0, incident.StatusMove{To: incident.Resolved}); err != nil {
				t.Fatal(err)
			}
		}
		_, body := v.get(fmt.Sprintf("/incidents/%d", n))
		head, _, _ := strings.Cut(body, `class="contents"`)
		_, body = v.get("/incidents")
		_, row, _ := strings.Cut(body, fmt.Sprintf(`<a href="/incidents/%d">`, n))
		row, _, _ = strings.Cut(row, "</li>")
		if tt.over {
			row = ""
		}
		for where, text := range map[string]string{"the record": plain(head), "the list": plain("<" + row)} {
			text = strings.ReplaceAll(text, " ,", ",")
			if got := strings.Contains(text, "next update"); got != (tt.want != "") || tt.want != "" && !strings.Contains(text, tt.want) {
				t.Errorf("a promise %s: %s says %q, want %q", name, where, text, tt.want)
			}
		}
		if err := in.store.Archive(context.Background(), store.System(), n, 0); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAPromiseAppearsInTheListWithoutAReload(t *testing.T) {
	t.Parallel()
	in := installed(t)
	ada := storetest.Person(t, in.store, "Ada Park", incident.Responder)
	n := in.goingOn(t, ada)
	b := newBrowser(t)
	b.enters(in, "Noor Haddad")
	b.do(chromedp.Navigate(in.url + "/incidents"))
	b.until("the list is awake", `document.querySelector(".now li") !== null && document.readyState === "complete"`)
	if _, err := in.store.Append(context.Background(), ada, n, []incident.Part{promised(30 * time.Minute)}); err != nil {
		t.Fatal(err)
	}
	b.until("the promise appears", `document.querySelector(".now li .awaits")?.innerText.includes("promised for 10:00 UTC") === true`)
	late := in.goingOn(t, ada)
	if _, err := in.store.Append(context.Background(), ada, late, []incident.Part{promised(-5 * time.Minute)}); err != nil {
		t.Fatal(err)
	}
	b.look("list-promises", in.url+"/incidents")
	b.look("record-promise", fmt.Sprintf("%s/incidents/%d", in.url, late))
}
