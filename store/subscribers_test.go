package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

const somewhere = "192.0.2.1" // where a visitor comes from

// telling is a store that may tell subscribers by every kind, at the time of a clock that is set.
func telling(t *testing.T) (s *store.Store, url string, now *time.Time) {
	t.Helper()
	url, now = storetest.URL(t), new(time.Time)
	*now = time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	s = must(store.Open(t.Context(), store.Options{URL: url, Key: storetest.Key, Mails: true, Now: func() time.Time { return *now }}))
	t.Cleanup(s.Close)
	return s, url, now
}

func mailbox(address string, components ...string) incident.Subscription {
	return incident.Subscription{Kind: incident.ByMail, Address: address, Components: components}
}

// claim takes the next delivery of a kind, nil for none.
func claim(t *testing.T, s *store.Store, mail bool) *store.Delivery {
	t.Helper()
	return must(s.Claim(t.Context(), mail, time.Minute))
}

// subscribed is somebody who asked and confirmed.
func subscribed(t *testing.T, s *store.Store, sub incident.Subscription) *store.Delivery {
	t.Helper()
	ok(t, "Subscribe", s.Subscribe(t.Context(), sub, somewhere))
	d := claim(t, s, sub.Kind == incident.ByMail)
	if d == nil || d.To.Address != sub.Address || d.Incident != 0 {
		t.Fatalf("after Subscribe(%v) what is due is %+v, want the question", sub, d)
	}
	ok(t, "End", s.End(t.Context(), d, store.Outcome{State: store.Delivered}))
	ok(t, "Confirm", s.Confirm(t.Context(), d.Confirm))
	return d
}

func ok(t *testing.T, call string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", call, err)
	}
}

// sentOutage files an incident with a message that was sent, and gives it.
func sentOutage(t *testing.T, s *store.Store, by incident.Actor) *incident.Incident {
	t.Helper()
	in := must(s.File(t.Context(), by, outage()))
	return must(s.Send(t.Context(), by, in.Number, in.Messages[0].ID, 0))
}

func TestNobodyIsToldBeforeTheyConfirmed(t *testing.T) {
	t.Parallel()
	s, _, now := telling(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	ok(t, "Subscribe", s.Subscribe(ctx, mailbox("Bob@example.com"), somewhere))
	ok(t, "Subscribe again", s.Subscribe(ctx, mailbox("bob@EXAMPLE.com"), somewhere))
	sentOutage(t, s, ada)
	d := claim(t, s, true)
	if d == nil || d.Incident != 0 || d.Confirm == "" || d.To.Address != "Bob@example.com" {
		t.Fatalf("what is due first is %+v, want the question whether they meant it", d)
	}
	if more := claim(t, s, true); more != nil {
		t.Fatalf("somebody who has not confirmed is sent %+v", more)
	}
	sub, _, err := s.Asked(ctx, d.Confirm)
	if err != nil || sub.Address != "Bob@example.com" || sub.State != store.Pending {
		t.Errorf("Asked = %+v, %v", sub, err)
	}
	for range 2 {
		ok(t, "Confirm", s.Confirm(ctx, d.Confirm))
	}
	if more := claim(t, s, true); more != nil {
		t.Errorf("who confirms is sent what was said before: %+v", more)
	}
	in := sentOutage(t, s, ada)
	m := claim(t, s, true)
	if m == nil || m.Incident != in.Number || m.Message != in.Messages[0].ID || m.Leave == "" || m.Confirm != "" || m.Tries != 1 {
		t.Fatalf("after they confirmed what is due is %+v, want the message of %s", m, in.Number)
	}
	*now = now.Add(2 * time.Hour)
	ok(t, "Subscribe after an hour", s.Subscribe(ctx, mailbox("bob@example.com"), somewhere))
	q := claim(t, s, true)
	if q == nil || q.Incident != 0 || q.Confirm == d.Confirm {
		t.Fatalf("asked again an hour later what is due is %+v, want another question", q)
	}
	refused(t, "Confirm by the older question", s.Confirm(ctx, d.Confirm), incident.NotFound)
	if page := must(s.SubscribersPage(ctx, ada, store.SubscriberFilter{})); len(page.Items) != 1 || page.Items[0].State != store.Active {
		t.Errorf("subscribers are %+v, want the one, still active", page.Items)
	}
}

func TestWhoDoesNotConfirmIsForgotten(t *testing.T) {
	t.Parallel()
	s, _, now := telling(t)
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	subscribed(t, s, mailbox("bob@example.com"))
	ok(t, "Subscribe", s.Subscribe(t.Context(), mailbox("eve@example.com"), somewhere))
	d := claim(t, s, true)
	*now = now.Add(73 * time.Hour)
	ok(t, "Sweep", s.Sweep(t.Context()))
	refused(t, "Confirm after three days", s.Confirm(t.Context(), d.Confirm), incident.NotFound)
	page := must(s.SubscribersPage(t.Context(), ada, store.SubscriberFilter{}))
	if len(page.Items) != 1 || page.Items[0].Address != "bob@example.com" {
		t.Errorf("after three days there are %+v, want Bob, who confirmed", page.Items)
	}
}

func TestOneClickForgetsASubscriberAndWhatIsQueuedForThem(t *testing.T) {
	t.Parallel()
	s, url, _ := telling(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	d := subscribed(t, s, mailbox("bob@example.com"))
	subscribed(t, s, mailbox("eve@example.com"))
	sentOutage(t, s, ada)
	if sub, found, err := s.Subscribed(ctx, d.Leave); err != nil || !found || sub.Address != "bob@example.com" {
		t.Errorf("Subscribed = %+v, %v, %v", sub, found, err)
	}
	for range 2 {
		ok(t, "Unsubscribe", s.Unsubscribe(ctx, d.Leave))
	}
	if _, found, err := s.Subscribed(ctx, d.Leave); err != nil || found {
		t.Errorf("Subscribed after they left = %v, %v", found, err)
	}
	if m := claim(t, s, true); m == nil || m.To.Address != "eve@example.com" {
		t.Errorf("what is due is %+v, want Eve's alone", m)
	}
	if m := claim(t, s, true); m != nil {
		t.Errorf("somebody who left is sent %+v", m)
	}
	if left := ask[int](t, url, `select count(*)::integer from subscribers where address like '%bob%'`); left != 0 {
		t.Errorf("%d rows still hold the address", left)
	}
}

func TestLinksOfSubscribersCannotBeGuessed(t *testing.T) {
	t.Parallel()
	s, _, _ := telling(t)
	d := subscribed(t, s, mailbox("bob@example.com"))
	other := subscribed(t, s, mailbox("eve@example.com"))
	forged := []string{"", ".", "..", "1", "1.", "1..", d.Leave + "x", d.Leave[:len(d.Leave)-1], strings.ToUpper(d.Leave), d.Confirm,
		"zz." + strings.SplitN(d.Leave, ".", 2)[1], strings.SplitN(other.Leave, ".", 2)[0] + "." + strings.SplitN(d.Leave, ".", 2)[1], strings.Repeat("1.", 1<<15), "1\x00.x"}
	for _, token := range forged {
		refused(t, fmt.Sprintf("Unsubscribe(%.40q)", token), s.Unsubscribe(t.Context(), token), incident.NotFound)
		if token != d.Confirm {
			refused(t, fmt.Sprintf("Confirm(%.40q)", token), s.Confirm(t.Context(), token), incident.NotFound)
		}
	}
	refused(t, "Confirm by a link that unsubscribes", s.Confirm(t.Context(), d.Leave), incident.NotFound)
}

func TestSubscribersOfComponentsAreToldOfThoseAlone(t *testing.T) {
	t.Parallel()
	s, _, _ := telling(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	add := func(name string, a incident.Audience) string {
		return must(s.AddComponent(ctx, ada, incident.Component{Name: name, Audience: a})).ID
	}
	billing, voice, hidden := add("Billing", incident.AudiencePublic), add("Voice", incident.AudiencePublic), add("Ledger", incident.AudienceInternal)
	refused(t, "Subscribe to what is not on the page", s.Subscribe(ctx, mailbox("x@example.com", hidden), somewhere), incident.Invalid)
	refused(t, "Subscribe to nothing that there is", s.Subscribe(ctx, mailbox("x@example.com", "aaaaaaaaaaaa"), somewhere), incident.Invalid)
	subscribed(t, s, mailbox("all@example.com"))
	subscribed(t, s, mailbox("billing@example.com", billing, voice))
	subscribed(t, s, mailbox("voice@example.com", voice))
	subscribed(t, s, incident.Subscription{Kind: incident.ByWebhook, Address: "https://example.com/hook", Components: []string{billing}})

	in := must(s.File(ctx, ada, outage()))
	if r := must(s.Recipients(ctx, ada, in.Number, in.Messages[0].ID)); r != (store.Recipients{Email: 2, Webhook: 1}) {
		t.Errorf("Recipients = %+v, want two mails and a webhook", r)
	}
	must(s.Send(ctx, ada, in.Number, in.Messages[0].ID, 0))
	var got []string
	for d := claim(t, s, true); d != nil; d = claim(t, s, true) {
		got = append(got, d.To.Address)
	}
	if d := claim(t, s, false); d == nil || d.To.Kind != incident.ByWebhook {
		t.Errorf("the webhook is not due: %+v", d)
	}
	if slices.Sort(got); !slices.Equal(got, []string{"all@example.com", "billing@example.com"}) {
		t.Errorf("told are %q", got)
	}
}

func TestAMessageByMailGoesToMailboxesAlone(t *testing.T) {
	t.Parallel()
	s, url, _ := telling(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	subscribed(t, s, mailbox("bob@example.com"))
	subscribed(t, s, incident.Subscription{Kind: incident.BySlack, Address: "https://example.com/hook"})
	draft := outage()
	draft.Messages[0].Channel = incident.Email
	in := must(s.File(ctx, ada, draft))
	if r := must(s.Recipients(ctx, ada, in.Number, in.Messages[0].ID)); r != (store.Recipients{Email: 1}) {
		t.Errorf("Recipients = %+v, want the mailbox alone", r)
	}
	mute := storetest.Open(t, url)
	if r := must(mute.Recipients(ctx, ada, in.Number, in.Messages[0].ID)); r.Total() != 0 || !strings.Contains(r.NoMail, "DEBRIEF_SMTP_URL") {
		t.Errorf("without a mail server Recipients = %+v, want none, and why", r)
	}
	refused(t, "Subscribe by mail without a mail server", mute.Subscribe(ctx, mailbox("x@example.com"), somewhere), incident.Invalid)
	eve := storetest.Person(t, s, "Eve", incident.Viewer)
	_, err := s.Recipients(ctx, eve, in.Number, "aaaaaaaaaaaa")
	refused(t, "Recipients of no message", err, incident.NotFound)
}

func TestAskingTooOftenFromOnePlaceIsRefusedWithHowLongToWait(t *testing.T) {
	t.Parallel()
	s, url, _ := telling(t)
	var err error
	asked := 0
	for ; err == nil && asked < 50; asked++ {
		err = s.Subscribe(t.Context(), mailbox(fmt.Sprintf("a%d@example.com", asked)), somewhere)
	}
	refused(t, "Subscribe fifty addresses", err, incident.TooMany)
	if store.Waits(err) <= 0 || asked < 10 || strings.Contains(err.Error(), "sign") {
		t.Errorf("after %d addresses: %v, wait %s", asked, err, store.Waits(err))
	}
	ok(t, "Subscribe from elsewhere", s.Subscribe(t.Context(), mailbox("b@example.com"), "192.0.2.2"))
	if kept := ask[int](t, url, `select count(*)::integer from sign_in_tries where encode(key, 'escape') like '%192.0.2%'`); kept != 0 {
		t.Errorf("where visitors come from is kept")
	}
}

func TestAnAddressThatIsNotThereIsNotWrittenToAgain(t *testing.T) {
	t.Parallel()
	s, _, _ := telling(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	subscribed(t, s, mailbox("bob@example.com"))
	sentOutage(t, s, ada)
	reason := "550 no such user\r\n" + strings.Repeat("x", 64<<10)
	ok(t, "End", s.End(ctx, claim(t, s, true), store.Outcome{State: store.Failed, Gone: true, Reason: reason}))
	sentOutage(t, s, ada)
	if d := claim(t, s, true); d != nil {
		t.Errorf("it is written to again: %+v", d)
	}
	page := must(s.SubscribersPage(ctx, ada, store.SubscriberFilter{Query: "BOB@", Kind: incident.ByMail, State: store.Bounced}))
	if len(page.Items) != 1 || !strings.HasPrefix(page.Items[0].Reason, "550 no such user") {
		t.Errorf("bounced are %+v, want Bob with the server's reason", page.Items)
	}
	ok(t, "RemoveSubscriber", s.RemoveSubscriber(ctx, ada, page.Items[0].ID))
	refused(t, "RemoveSubscriber again", s.RemoveSubscriber(ctx, ada, page.Items[0].ID), incident.NotFound)
	if report := must(s.Verify(ctx)); len(report.Findings) != 0 {
		t.Errorf("Verify finds %v", report.Findings)
	}
	_, err := s.SubscribersPage(ctx, storetest.Person(t, s, "Eve", incident.Reviewer), store.SubscriberFilter{})
	refused(t, "SubscribersPage for a reviewer", err, incident.Forbidden)
}

func TestAnAddressIsNowhereInHistory(t *testing.T) {
	t.Parallel()
	s, url, _ := telling(t)
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	d := subscribed(t, s, mailbox("bobcanary@example.com"))
	sentOutage(t, s, ada)
	ok(t, "RemoveSubscriber", s.RemoveSubscriber(t.Context(), ada, d.To.ID))
	if found := ask[int](t, url, `select count(*)::integer from history h where h::text ilike '%bobcanary%'`); found != 0 {
		t.Errorf("%d rows of history hold the address", found)
	}
}
