package store_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

const receiver = "https://hooks.example.com/T0-secret"

// hooked adds a webhook that wants these events, all for none.
func hooked(t *testing.T, s *store.Store, by incident.Actor, events ...incident.WebhookEvent) (incident.Webhook, string) {
	t.Helper()
	w, secret, err := s.AddWebhook(t.Context(), by, incident.Webhook{URL: receiver, Events: events})
	ok(t, "AddWebhook", err)
	return w, secret
}

// call takes the next delivery to a webhook, nil for none.
func call(t *testing.T, s *store.Store) *store.HookCall {
	t.Helper()
	return must(s.ClaimHook(t.Context(), time.Minute))
}

// calls takes all that are due, says that they went well, and gives the types.
func calls(t *testing.T, s *store.Store) (types []string) {
	t.Helper()
	for c := call(t, s); c != nil; c = call(t, s) {
		types = append(types, string(c.Type))
		ok(t, "EndHook", s.EndHook(t.Context(), c, store.HookOutcome{State: store.Delivered}))
	}
	return types
}

func logOf(t *testing.T, s *store.Store, by incident.Actor, id string) []incident.WebhookDelivery {
	t.Helper()
	return must(s.WebhookDeliveries(t.Context(), by, id, store.WebhookFilter{})).Items
}

func TestWebhooksAreToldOfWhatEverybodyMayKnowOf(t *testing.T) {
	t.Parallel()
	s, _, _ := telling(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	in := must(s.File(ctx, ada, outage()))
	all, _ := hooked(t, s, ada)
	if got := calls(t, s); got != nil {
		t.Errorf("a new webhook is told of what was before: %v", got)
	}
	must(s.Append(ctx, ada, in.Number, []incident.Part{&incident.Entry{Text: "Restarted.", Kind: "action"}}))
	must(s.Send(ctx, ada, in.Number, in.Messages[0].ID, 0))
	hide := func(in *incident.Incident) error {
		in.Visibility, in.People = incident.VisiblePrivate, []incident.Person{{Role: "commander", Name: "Ada"}}
		return nil
	}
	if got := calls(t, s); !slices.Equal(got, []string{"incident.appended", "incident.sent"}) {
		t.Errorf("what it is told is %v", got)
	}
	log := logOf(t, s, ada, all.ID)
	if len(log) != 2 || log[0].Incident != in.Number || log[0].Version != 3 || log[0].State != "delivered" || log[0].Tries != 1 || !strings.HasPrefix(log[0].EventID, "evt_") {
		t.Errorf("the log is %+v", log)
	}
	secret := outage()
	must(s.Change(ctx, ada, in.Number, 0, func(in *incident.Incident) error { in.Severity = incident.SEV1; return nil }))
	must(s.Change(ctx, ada, in.Number, 0, hide))
	ok(t, "hide", hide(secret))
	must(s.File(ctx, ada, secret))
	c := call(t, s)
	if c == nil || c.Version != 4 || c.Told {
		t.Fatalf("what was queued before the incident became private is %+v, want it not told any more", c)
	}
	ok(t, "EndHook", s.EndHook(ctx, c, store.HookOutcome{State: store.Cancelled}))
	if got := calls(t, s); got != nil {
		t.Errorf("of private incidents it is told %v", got)
	}
}

func TestAWebhookIsToldOfWhatItWants(t *testing.T) {
	t.Parallel()
	s, _, _ := telling(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	some, _ := hooked(t, s, ada, "incident.moved", "incident.filed", "incident.moved")
	off, _ := hooked(t, s, ada)
	must(s.ChangeWebhook(ctx, ada, off.ID, off.Revision, func(w *incident.Webhook) error { w.State = incident.WebhookDisabled; return nil }))
	ins := must(s.FileAll(ctx, ada, []*incident.Incident{outage(), outage()}))
	must(s.Change(ctx, ada, ins[0].Number, 0, func(in *incident.Incident) error { in.Severity = incident.SEV1; return nil }))
	if got := calls(t, s); !slices.Equal(got, []string{"incident.filed", "incident.filed"}) {
		t.Errorf("it is told %v", got)
	}
	if log := logOf(t, s, ada, off.ID); len(log) != 0 {
		t.Errorf("one that is disabled is queued %+v", log)
	}
	if fmt.Sprint(some.Events) != "[incident.filed incident.moved]" || !some.Wants("incident.moved") || some.Wants("incident.sent") || !off.Wants("incident.sent") {
		t.Errorf("it wants %v", some.Events)
	}
}

func TestAllRecordsOfOneWriteAreEvents(t *testing.T) {
	t.Parallel()
	s, _, _ := telling(t)
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	w, _ := hooked(t, s, ada)
	ins := make([]*incident.Incident, 500)
	for i := range ins {
		ins[i] = outage()
	}
	must(s.FileAll(t.Context(), ada, ins))
	page := must(s.WebhookDeliveries(t.Context(), ada, w.ID, store.WebhookFilter{Limit: 200}))
	if got := calls(t, s); len(got) != len(ins) || len(page.Items) != 200 || page.Items[0].Incident != incident.Number(len(ins)) {
		t.Errorf("of %d records it is told %d times", len(ins), len(got))
	}
}

func TestEveryDeedOfHistoryIsAnEvent(t *testing.T) {
	t.Parallel()
	tree := must(parser.ParseFile(token.NewFileSet(), "chain.go", nil, 0))
	count := 0
	ast.Inspect(tree, func(n ast.Node) bool {
		spec, is := n.(*ast.ValueSpec)
		if !is || !strings.HasPrefix(spec.Names[0].Name, "did") {
			return true
		}
		count++
		word := must(strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value))
		if e := incident.EventOf(word); !slices.Contains(incident.WebhookEvents, e) {
			t.Errorf("%s is not among the events of webhooks", e)
		}
		return true
	})
	if count != len(incident.WebhookEvents) {
		t.Errorf("history has %d deeds, webhooks have %d events", count, len(incident.WebhookEvents))
	}
}

func TestAnEventWhoseWorkerDiedIsSentAgainUnderTheSameId(t *testing.T) {
	t.Parallel()
	s, _, now := telling(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	w, _ := hooked(t, s, ada)
	ins := must(s.FileAll(ctx, ada, []*incident.Incident{outage(), outage()}))
	first := call(t, s)
	if second := call(t, s); second != nil {
		t.Fatalf("while %+v is under way the same webhook is sent %+v", first, second)
	}
	*now = now.Add(time.Minute + time.Second)
	if lapsed := must(s.LapseHooks(ctx)); lapsed != 1 {
		t.Errorf("%d lapsed, want 1", lapsed)
	}
	if at := must(s.NextHook(ctx)); at == nil || at.After(*now) {
		t.Errorf("the next is due at %v, want now", at)
	}
	other := call(t, s)
	if other == nil || other.Incident != ins[1].Number {
		t.Fatalf("what was due first is %+v, want the second incident", other)
	}
	ok(t, "EndHook", s.EndHook(ctx, other, store.HookOutcome{State: store.Delivered}))
	again := call(t, s)
	if again == nil || again.EventID != first.EventID || again.Tries != 2 || again.ID != first.ID {
		t.Fatalf("then it is %+v, want the first again, under %s", again, first.EventID)
	}
	ok(t, "EndHook by the first worker", s.EndHook(ctx, first, store.HookOutcome{State: store.Failed}))
	if log := logOf(t, s, ada, w.ID); log[1].State != "sending" {
		t.Errorf("one who was thought dead ends what another does: %+v", log[1])
	}
}

func TestAWebhookThatFailsRestsAndHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	s, _, now := telling(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	bad, _ := hooked(t, s, ada)
	good, _ := hooked(t, s, ada)
	for range 3 {
		must(s.File(ctx, ada, outage()))
	}
	c := call(t, s)
	if c.Webhook != bad.ID {
		bad, good = good, bad
	}
	ok(t, "EndHook", s.EndHook(ctx, c, store.HookOutcome{State: store.Queued, Again: 5 * time.Second, Reason: "it hangs"}))
	for range 3 {
		c := call(t, s)
		if c == nil || c.Webhook != good.ID {
			t.Fatalf("while the other rests what is due is %+v", c)
		}
		ok(t, "EndHook", s.EndHook(ctx, c, store.HookOutcome{State: store.Delivered, Status: 204}))
	}
	if c := call(t, s); c != nil {
		t.Fatalf("what rests is sent %+v", c)
	}
	if w := must(s.Webhook(ctx, ada, bad.ID)); w.FailingSince == nil || !w.FailingSince.Equal(*now) {
		t.Errorf("it is failing since %v, want %v", w.FailingSince, *now)
	}
	*now = now.Add(2 * time.Second)
	for range 2 {
		c := call(t, s)
		if c == nil || c.Tries != 1 {
			t.Fatalf("after its rest it is sent %+v, want the next event", c)
		}
		ok(t, "EndHook", s.EndHook(ctx, c, store.HookOutcome{State: store.Delivered}))
	}
	if at := must(s.NextHook(ctx)); at == nil || !at.Equal(now.Add(3*time.Second)) {
		t.Errorf("the next is due at %v, want it in 3 seconds", at)
	}
	if w := must(s.Webhook(ctx, ada, bad.ID)); w.FailingSince != nil {
		t.Errorf("after one went well it is failing since %v", w.FailingSince)
	}
}

func TestAWebhookThatFailsForDaysOrIsGoneIsDisabled(t *testing.T) {
	t.Parallel()
	s, _, now := telling(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	w, _ := hooked(t, s, ada)
	must(s.File(ctx, ada, outage()))
	for i := 0; ; i++ {
		c := call(t, s)
		if c == nil {
			break
		}
		ok(t, "EndHook", s.EndHook(ctx, c, store.HookOutcome{State: store.Queued, Reason: "it answered 500"}))
		*now = now.Add(11 * time.Hour)
		if i > 20 {
			t.Fatal("it is never disabled")
		}
	}
	failing := must(s.Webhook(ctx, ada, w.ID))
	if failing.State != incident.WebhookDisabled || !strings.Contains(failing.Reason, "25 November 2026") || !strings.Contains(failing.Reason, "500") {
		t.Fatalf("after days of failing it is %+v", failing)
	}
	_, err := s.TestWebhook(ctx, ada, w.ID)
	refused(t, "TestWebhook of a disabled one", err, incident.Conflict)
	enabled := must(s.ChangeWebhook(ctx, ada, w.ID, failing.Revision, func(w *incident.Webhook) error { w.State = incident.WebhookActive; return nil }))
	if enabled.Reason != "" || enabled.FailingSince != nil {
		t.Errorf("after it is enabled it is %+v", enabled)
	}
	c := call(t, s)
	if c == nil {
		t.Fatal("what waited is not sent after it is enabled")
	}
	ok(t, "EndHook", s.EndHook(ctx, c, store.HookOutcome{State: store.Failed, Status: 410, Gone: true}))
	if w := must(s.Webhook(ctx, ada, w.ID)); w.State != incident.WebhookDisabled || !strings.Contains(w.Reason, "410") {
		t.Errorf("one that is gone is %+v", w)
	}
	if report := must(s.Verify(ctx)); len(report.Findings) != 0 {
		t.Errorf("Verify finds %v", report.Findings)
	}
}

func TestASecretIsRotatedWithoutAGap(t *testing.T) {
	t.Parallel()
	s, url, now := telling(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	ada.Once = incident.Once{Key: "k", Hash: []byte("h")}
	w, first := hooked(t, s, ada)
	if twice, same, err := s.AddWebhook(ctx, ada, incident.Webhook{URL: receiver}); err != nil || twice.ID != w.ID || same != first {
		t.Errorf("a request that is repeated makes %+v %s, %v", twice, same, err)
	}
	ada.Once = incident.Once{}
	if !strings.HasPrefix(first, "whsec_") || len(first) < 38 {
		t.Errorf("the secret is %s", first)
	}
	secrets := func(want ...string) {
		t.Helper()
		must(s.File(ctx, ada, outage()))
		c := call(t, s)
		ok(t, "EndHook", s.EndHook(ctx, c, store.HookOutcome{State: store.Delivered}))
		if !slices.Equal(c.Secrets, want) {
			t.Errorf("it is signed with %v, want %v", c.Secrets, want)
		}
	}
	secrets(first)
	rotated, second, err := s.RotateWebhook(ctx, ada, w.ID, false)
	if err != nil || second == first || rotated.OldSecretUntil == nil {
		t.Fatalf("RotateWebhook = %+v, %v", rotated, err)
	}
	secrets(second, first)
	*now = now.Add(25 * time.Hour)
	secrets(second)
	_, third, err := s.RotateWebhook(ctx, ada, w.ID, true)
	ok(t, "RotateWebhook at once", err)
	secrets(third)
	conn := must(pgx.Connect(ctx, url))
	defer func() { _ = conn.Close(ctx) }() // the database goes with the test
	for _, secret := range []string{first, second, third} {
		var held bool
		ok(t, "look for the secret", conn.QueryRow(ctx, `select exists (select from webhooks w where w::text like '%' || $1 || '%') or exists (select from history h where h::text || convert_from(h.body, 'utf8') like '%' || $1 || '%')`, secret[6:20]).Scan(&held))
		if held {
			t.Error("the database holds a secret")
		}
	}
}
