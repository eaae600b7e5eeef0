package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// mailing is a site that can send mail, with one component on its status page.
func mailing(t testing.TB) (installation, incident.Component) {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{URL: storetest.URL(t), Key: storetest.Key, Mails: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	in := running(t, st)
	root := storetest.Person(t, st, "Root", incident.Admin)
	c, err := st.AddComponent(t.Context(), root, incident.Component{Name: "Billing", Audience: incident.AudiencePublic})
	if err != nil {
		t.Fatal(err)
	}
	return in, c
}

// queued is the delivery that waits.
func (in installation) queued(t testing.TB) *store.Delivery {
	t.Helper()
	d, err := in.store.Claim(t.Context(), true, time.Minute)
	if err != nil || d == nil {
		t.Fatalf("Claim = %v, %v, want what was queued", d, err)
	}
	if err := in.store.End(t.Context(), d, store.Outcome{State: store.Delivered}); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSomebodySubscribesConfirmsAndLeaves(t *testing.T) {
	t.Parallel()
	in, c := mailing(t)
	v := in.visitor(t)
	res, _ := v.post("/status/subscribe", url.Values{"kind": {"email"}, "address": {"ana@customer.example"}, "component": {c.ID}}, nil)
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("POST subscribe = %d", res.StatusCode)
	}
	if _, body := v.get(res.Header.Get("Location")); !strings.Contains(body, "Look into your mailbox") {
		t.Errorf("after asking the page says %s", plain(body))
	}
	d := in.queued(t)
	confirm := "/status/confirm?token=" + url.QueryEscape(d.Confirm)
	if res, body := v.get(confirm); res.StatusCode != 200 || !strings.Contains(body, "ana@customer.example") || !strings.Contains(body, "Billing") {
		t.Errorf("GET confirm = %d %s", res.StatusCode, plain(body))
	}
	if sub, _, err := in.store.Subscribed(t.Context(), d.Leave); err != nil || sub.State != store.Pending {
		t.Errorf("looking at the link made the subscriber %s, %v", sub.State, err)
	}
	if res, body := v.post("/status/confirm", url.Values{"token": {d.Confirm}}, nil); res.StatusCode != 200 || !strings.Contains(body, "You are subscribed") {
		t.Errorf("POST confirm = %d %s", res.StatusCode, plain(body))
	}
	if sub, _, err := in.store.Subscribed(t.Context(), d.Leave); err != nil || sub.State != store.Active {
		t.Errorf("after confirming the subscriber is %s, %v", sub.State, err)
	}
	leave := unsubscribePath + "?token=" + url.QueryEscape(d.Leave)
	if res, body := v.get(leave); res.StatusCode != 200 || !strings.Contains(body, `value="`+d.Leave+`"`) {
		t.Errorf("GET unsubscribe = %d %s", res.StatusCode, plain(body))
	}
	if _, found, _ := in.store.Subscribed(t.Context(), d.Leave); !found {
		t.Error("looking at the link unsubscribed: mail programs look at links by themselves")
	}
	oneClick := http.Header{"Origin": {"https://mail.example"}, "Sec-Fetch-Site": {"cross-site"}}
	for range 2 {
		if res, body := v.post(leave, url.Values{"List-Unsubscribe": {"One-Click"}}, oneClick); res.StatusCode != 200 || !strings.Contains(body, "You are unsubscribed") {
			t.Errorf("POST unsubscribe, as mail programs do (RFC 8058) = %d %s", res.StatusCode, plain(body))
		}
	}
	if _, found, err := in.store.Subscribed(t.Context(), d.Leave); found || err != nil {
		t.Errorf("after leaving the subscriber is there: %v, %v", found, err)
	}
}

func TestARefusedSubscriptionKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	in, c := mailing(t)
	v := in.visitor(t)
	res, body := v.post("/status/subscribe", url.Values{"kind": {"webhook"}, "address": {`ftp://"><b>`}, "component": {c.ID}}, nil)
	if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, `value="ftp://&#34;&gt;&lt;b&gt;"`) || !strings.Contains(body, `value="webhook" selected`) ||
		!strings.Contains(body, `value="`+c.ID+`" checked`) || !strings.Contains(body, `aria-invalid="true"`) {
		t.Errorf("a refused one = %d\n%s", res.StatusCode, body)
	}
	if res, _ := v.post("/status/subscribe", url.Values{"kind": {"email"}, "address": {"a@b.example"}}, http.Header{"Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"cross-site"}}); res.StatusCode != http.StatusForbidden {
		t.Errorf("another site subscribes somebody: %d", res.StatusCode)
	}
	for range 20 {
		if res, _ := v.post("/status/subscribe", url.Values{"kind": {"email"}, "address": {"same@customer.example"}}, nil); res.StatusCode != http.StatusSeeOther {
			t.Fatalf("asking again for a known address = %d, which tells that it is known", res.StatusCode)
		}
	}
	if res, body = v.post("/status/subscribe", url.Values{"kind": {"email"}, "address": {"same@customer.example"}}, nil); res.StatusCode != http.StatusTooManyRequests || !strings.Contains(body, "same@customer.example") || res.Header.Get("Retry-After") == "" {
		t.Errorf("the twenty-first = %d, Retry-After %q", res.StatusCode, res.Header.Get("Retry-After"))
	}
}

func TestALinkThatIsNoneOfOursIsToldSo(t *testing.T) {
	t.Parallel()
	in, _ := mailing(t)
	v := in.visitor(t)
	for _, path := range []string{"/status/confirm", "/status/confirm?token=x.y.z", unsubscribePath, unsubscribePath + "?token=1.aaaaaaaaaaaaaaaaaaaaaa"} {
		for _, ask := range []func() (reply, string){func() (reply, string) { return v.get(path) }, func() (reply, string) { return v.post(path, url.Values{}, nil) }} {
			if res, body := ask(); res.StatusCode != http.StatusNotFound || !strings.Contains(body, "subscribe again") {
				t.Errorf("%s = %d %s", path, res.StatusCode, plain(body))
			}
		}
	}
}

func TestWithoutAMailServerMailIsNotOffered(t *testing.T) {
	t.Parallel()
	in := empty(t)
	if _, body := in.visitor(t).get("/status/subscribe"); strings.Contains(body, "e-mail") || !strings.Contains(body, "Slack") {
		t.Errorf("the page offers %s", plain(body))
	}
}

func TestAdminsSeeSubscribersAndDecideWhatNobodyKnows(t *testing.T) {
	t.Parallel()
	in, _ := mailing(t)
	by := storetest.Person(t, in.store, "Ada", incident.Admin)
	if err := in.store.Subscribe(t.Context(), incident.Subscription{Kind: incident.ByMail, Address: "ana@customer.example"}, "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	if err := in.store.Confirm(t.Context(), in.queued(t).Confirm); err != nil {
		t.Fatal(err)
	}
	record := &incident.Incident{PublicTitle: "Wrong charges", PublicSummary: "Again.", Messages: []incident.Message{{
		Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Body: "We look."}}}
	record.Title = "Billing"
	filed, err := in.store.File(t.Context(), by, record)
	if err != nil {
		t.Fatal(err)
	}
	id := filed.Messages[0].ID
	if _, err := in.store.Send(t.Context(), by, filed.Number, id, 0); err != nil {
		t.Fatal(err)
	}
	d, err := in.store.Claim(t.Context(), true, time.Minute)
	if err != nil || d == nil {
		t.Fatalf("Claim = %v, %v", d, err)
	}
	if err := in.store.End(t.Context(), d, store.Outcome{State: store.Unknown, Reason: "the server never answered"}); err != nil {
		t.Fatal(err)
	}

	v := in.as(t, "Ada")
	at := deliveriesAddress(filed.Number, id)
	if _, body := v.get("/subscribers"); !strings.Contains(body, "ana@customer.example") || !strings.Contains(body, `href="`+at+`"`) {
		t.Errorf("the page of subscribers has %s", plain(body))
	}
	if _, body := v.get(at); !strings.Contains(body, "the server never answered") {
		t.Errorf("the page of deliveries has %s", plain(body))
	}
	_, body := v.get(at)
	_, value, _ := strings.Cut(body, `name="delivery" value="`)
	value, _, _ = strings.Cut(value, `"`)
	if res, _ := v.post(at, url.Values{"do": {"again"}, "delivery": {value}}, nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("deciding = %d", res.StatusCode)
	}
	if again := in.queued(t); again.ID != d.ID {
		t.Errorf("what was decided to be sent again is %+v", again)
	}
	if res, _ := v.post("/subscribers", url.Values{"id": {"1"}}, nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("taking somebody out = %d", res.StatusCode)
	}
	if _, body := v.get("/subscribers"); strings.Contains(body, "ana@customer.example") {
		t.Error("who was taken out is still there")
	}
	storetest.Person(t, in.store, "Vi", incident.Reviewer)
	for _, path := range []string{"/subscribers", at} {
		if res, body := in.as(t, "Vi").get(path); res.StatusCode != http.StatusForbidden || strings.Contains(body, "customer.example") {
			t.Errorf("a reviewer gets %d from %s", res.StatusCode, path)
		}
	}
}

func TestSubscribePagesInABrowser(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in, c := mailing(t)
	b.look("status-subscribe", in.url+"/status/subscribe")
	if err := in.store.Subscribe(t.Context(), incident.Subscription{Kind: incident.ByMail, Address: "ana@customer.example", Components: []string{c.ID}}, "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	d := in.queued(t)
	b.look("status-confirm", in.url+"/status/confirm?token="+url.QueryEscape(d.Confirm))
	b.look("status-unsubscribe", in.url+unsubscribePath+"?token="+url.QueryEscape(d.Leave))
	b.enters(in, "Root")
	b.look("subscribers", in.url+"/subscribers")
}
