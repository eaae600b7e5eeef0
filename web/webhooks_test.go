package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// hostileHooks are webhooks in every state.
func hostileHooks() []incident.Webhook {
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	return []incident.Webhook{
		{ID: "w3bh00k7x2ab", URL: hostile, Description: hostile, Events: incident.WebhookEvents[:2], State: incident.WebhookActive, FailingSince: &at, OldSecretUntil: &at},
		{ID: "w3bh00k7x2ac", URL: hostile, State: incident.WebhookDisabled, Reason: hostile}, {ID: "w3bh00k7x2ad", State: incident.WebhookActive},
	}
}

func webhooksPage() webhooks {
	page := webhooks{Done: hostile, Problem: hostile, Add: newHookForm(typed{url.Values{"url": {hostile}, "event": {"incident.filed"}}, map[string]string{"url": hostile, "events/0": hostile}}, "Add")}
	for _, w := range hostileHooks() {
		page.All = append(page.All, newHooked(w))
	}
	return page
}

func webhookPage() webhook {
	page := webhook{hooked: newHooked(hostileHooks()[0]), Done: hostile, Problem: hostile, Secret: hookSecret(hostile), Edit: webhooksPage().Add, States: choose(hookStates, "failed"), Older: "/webhooks/x?cursor=x"}
	page.Webhook.Reason = hostile
	for i, state := range []string{"queued", "sending", "delivered", "failed", "cancelled"} {
		page.Log = append(page.Log, newHookCall(incident.WebhookDelivery{ID: int64(i), EventID: "evt_x", Type: incident.WebhookEvents[i], Incident: incident.Number(i), State: state, Tries: i, Status: 100 * i, Reason: hostile, Request: hostile, Answer: hostile}))
	}
	return page
}

var secretShown = regexp.MustCompile(`value="(whsec_[^"]+)"`)

// keeps is an admin with a webhook of theirs: its page, and the secret that was shown.
func keeps(t *testing.T, in installation, v visitor) (at, secret string) {
	t.Helper()
	res, body := v.post("/webhooks", url.Values{"url": {"https://hooks.example.com/x"}, "description": {"the bot"}, "event": {"incident.filed"}}, nil)
	shown := secretShown.FindStringSubmatch(body)
	all, err := in.store.Webhooks(t.Context(), incident.Actor{Name: "Root", Role: incident.Admin})
	if err != nil || len(all) != 1 || res.StatusCode != http.StatusOK || shown == nil {
		t.Fatalf("a webhook is added = %d, %v\n%s", res.StatusCode, err, plain(body))
	}
	return "/webhooks/" + all[0].ID, shown[1]
}

// does presses a button of a webhook's page, and gives what is shown then.
func does(v visitor, at, do string, more url.Values) string {
	form := url.Values{"do": {do}}
	for key, values := range more {
		form[key] = values
	}
	res, body := v.post(at, form, nil)
	if res.StatusCode == http.StatusSeeOther {
		_, body = v.get(res.Header.Get("Location"))
	}
	return body
}

func TestAnAdminSeesHowAWebhookDoes(t *testing.T) {
	t.Parallel()
	in := installed(t)
	storetest.Person(t, in.store, "Root", incident.Admin)
	v := in.as(t, "Root")
	at, first := keeps(t, in, v)
	if body := does(v, at, "test", nil); !strings.Contains(plain(body), "A test is queued") || strings.Contains(body, "whsec_") {
		t.Errorf("after a test:\n%s", plain(body))
	}
	c, err := in.store.ClaimHook(t.Context(), time.Minute)
	if err == nil {
		err = in.store.EndHook(t.Context(), c, store.HookOutcome{State: store.Failed, Status: 500, Reason: "it broke", Request: "{}", Answer: "<b>no</b>"})
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, body := v.get(at + "?state=failed"); !strings.Contains(plain(body), "it broke") || !strings.Contains(body, "&lt;b&gt;no") {
		t.Errorf("the log has\n%s", plain(body))
	}
	if body := does(v, at, "again", url.Values{"delivery": {strconv.FormatInt(c.ID, 10)}}); !strings.Contains(plain(body), "It is queued again") {
		t.Errorf("after one is sent again:\n%s", plain(body))
	}
	if second := secretShown.FindStringSubmatch(does(v, at, "rotate", nil)); second == nil || second[1] == first {
		t.Errorf("after its secret is rotated it is %v, was %v", second, first)
	}
	if third := secretShown.FindStringSubmatch(does(v, at, "replace", nil)); third == nil {
		t.Error("after its secret is replaced none is shown")
	}
}

func TestAnAdminChangesAWebhook(t *testing.T) {
	t.Parallel()
	in := installed(t)
	storetest.Person(t, in.store, "Root", incident.Admin)
	v := in.as(t, "Root")
	res, body := v.post("/webhooks", url.Values{"url": {"http://hooks.example.com/"}, "description": {"the bot"}, "event": {"incident.filed"}}, nil)
	if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(plain(body), "https://") || !strings.Contains(body, `value="the bot"`) || !strings.Contains(body, `value="incident.filed" checked`) {
		t.Errorf("a webhook that makes no sense = %d\n%s", res.StatusCode, plain(body))
	}
	at, _ := keeps(t, in, v)
	if body := does(v, at, "change", url.Values{"url": {"https://ada:secret@hooks.example.com/"}}); !strings.Contains(plain(body), "a user or a password") {
		t.Errorf("a change that makes no sense:\n%s", plain(body))
	}
	if body := does(v, at, "change", url.Values{"url": {"https://hooks.example.com/y"}, "description": {"another bot"}}); !strings.Contains(plain(body), "another bot") || strings.Contains(body, `value="incident.filed" checked`) {
		t.Errorf("after it is changed:\n%s", plain(body))
	}
	if body := does(v, at, "disable", nil); !strings.Contains(plain(body), "told nothing") {
		t.Errorf("after it is disabled:\n%s", plain(body))
	}
	if body := does(v, at, "test", nil); !strings.Contains(plain(body), "enable it first") {
		t.Errorf("a test of a disabled one:\n%s", plain(body))
	}
	if body := does(v, at, "enable", nil); !strings.Contains(plain(body), "told again") {
		t.Errorf("after it is enabled:\n%s", plain(body))
	}
	if body := does(v, at, "explode", nil); !strings.Contains(plain(body), "none of ours") {
		t.Errorf("a button that there is not:\n%s", plain(body))
	}
	if body := does(v, at, "remove", nil); !strings.Contains(plain(body), "The webhook is removed") || strings.Contains(body, at) {
		t.Errorf("after it is removed:\n%s", plain(body))
	}
	if res, _ := v.get(at); res.StatusCode != http.StatusNotFound {
		t.Errorf("GET of one that was removed = %d", res.StatusCode)
	}
}

func TestWebhooksAreForAdmins(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	for _, path := range []string{"/webhooks", "/webhooks/w3bh00k7x2ab"} {
		if res, body := v.get(path); res.StatusCode != http.StatusForbidden || strings.Contains(body, "Add a webhook") {
			t.Errorf("GET %s by a reviewer = %d", path, res.StatusCode)
		}
		if res, _ := v.post(path, url.Values{"do": {"remove"}, "url": {"https://hooks.example.com/x"}}, nil); res.StatusCode != http.StatusForbidden {
			t.Errorf("POST %s by a reviewer = %d", path, res.StatusCode)
		}
	}
}
