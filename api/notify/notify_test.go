package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// world is an installation with a mail server, at a time that is set.
type world struct {
	t     *testing.T
	store *store.Store
	by    incident.Actor
	n     *Notifier
	mu    sync.Mutex
	late  time.Duration // how far the store's clock is ahead
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(w.late)
}

func (w *world) wait(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.late += d
}

// newWorld opens an installation; o may be nil for one without mail.
func newWorld(t *testing.T, o *office, change func(*Options)) *world {
	t.Helper()
	w := &world{t: t}
	var err error
	w.store, err = store.Open(t.Context(), store.Options{URL: storetest.URL(t), Key: storetest.Key, Mails: o != nil, Private: true, Now: w.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.store.Close)
	w.by = storetest.Person(t, w.store, "Ada", incident.Admin)
	options := Options{Store: w.store, Name: "Acme status", URL: "https://status.example.com/"}
	if o != nil {
		options.Mail = o.address()
	}
	if change != nil {
		change(&options)
	}
	if w.n, err = New(options); err != nil {
		t.Fatal(err)
	}
	return w
}

// shift delivers what is due.
func (w *world) shift(mail bool) {
	w.t.Helper()
	if _, err := w.n.shift(w.t.Context(), mail); err != nil {
		w.t.Fatalf("deliver: %v", err)
	}
}

func (w *world) subscribe(kind incident.SubscriberKind, address string) {
	w.t.Helper()
	if err := w.store.Subscribe(w.t.Context(), incident.Subscription{Kind: kind, Address: address}, address); err != nil {
		w.t.Fatalf("Subscribe(%s): %v", address, err)
	}
}

// confirmed subscribes somebody and confirms for them, without a mail.
func (w *world) confirmed(kind incident.SubscriberKind, address string) {
	w.t.Helper()
	w.subscribe(kind, address)
	d, err := w.store.Claim(w.t.Context(), kind == incident.ByMail, time.Minute)
	if err != nil || d == nil {
		w.t.Fatalf("Claim = %v, %v", d, err)
	}
	if err := errors.Join(w.store.End(w.t.Context(), d, store.Outcome{State: store.Delivered}), w.store.Confirm(w.t.Context(), d.Confirm)); err != nil {
		w.t.Fatal(err)
	}
}

func outage() *incident.Incident {
	return &incident.Incident{
		Heading:     incident.Heading{Title: "Internal title", Zone: "America/Los_Angeles"},
		PublicTitle: "Wrong charges", PublicSummary: "Some cards were charged again.",
		Impacts:  []incident.Impact{{Component: "Billing", Level: incident.MajorOutage, Audience: incident.AudiencePublic}},
		Messages: []incident.Message{{Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Body: "We are *looking* at <b>it</b>.\nfrom here on"}},
	}
}

// send files an incident and sends its message.
func (w *world) send(in *incident.Incident) *incident.Incident {
	w.t.Helper()
	filed, err := w.store.File(w.t.Context(), w.by, in)
	if err == nil {
		filed, err = w.store.Send(w.t.Context(), w.by, filed.Number, filed.Messages[len(filed.Messages)-1].ID, 0)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return filed
}

// states counts the deliveries of the last message of an incident.
func (w *world) states(in *incident.Incident) map[store.DeliveryState]int64 {
	w.t.Helper()
	tallies, err := w.store.DeliveryTallies(w.t.Context(), w.by, in.Number, in.Messages[len(in.Messages)-1].ID)
	if err != nil {
		w.t.Fatal(err)
	}
	all := map[store.DeliveryState]int64{}
	for _, t := range tallies {
		all[t.State] = t.Count
	}
	return all
}

// wants fails unless all deliveries of the last message are in that state; it gives their reasons.
func (w *world) wants(in *incident.Incident, state store.DeliveryState, count int64) string {
	w.t.Helper()
	if got := w.states(in); got[state] != count || len(got) != 1 {
		w.t.Errorf("deliveries are %v, want %d %s", got, count, state)
	}
	page, err := w.store.DeliveriesPage(w.t.Context(), w.by, in.Number, in.Messages[len(in.Messages)-1].ID, store.DeliveryFilter{})
	if err != nil {
		w.t.Fatal(err)
	}
	var reasons []string
	for _, d := range page.Items {
		reasons = append(reasons, d.Reason)
	}
	return strings.Join(reasons, "\n")
}

// parts are the texts of a mail by their media types.
func parts(t *testing.T, m *netmail.Message) map[string]string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("Content-Type is %q, want two alternatives", m.Header.Get("Content-Type"))
	}
	all := map[string]string{}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		all[kind] = strings.ReplaceAll(string(text), "\r\n", "\n")
	}
}

func TestAMailSaysWhatOutsidersMayKnowAndHowToLeave(t *testing.T) {
	t.Parallel()
	o := openOffice(t, &office{}, false)
	w := newWorld(t, o, nil)
	w.subscribe(incident.ByMail, "bob@example.com")
	w.shift(true)
	if got := o.mails(); len(got) != 1 || got[0].To != "bob@example.com" {
		t.Fatalf("after Subscribe mails went to %q, want the question", addressesOf(got))
	}
	question := read(t, o.mails()[0])
	asked := parts(t, question)["text/plain"]
	if question.Header.Get("List-Unsubscribe") != "" || !strings.Contains(asked, "https://status.example.com/status/confirm?token=") || strings.Contains(asked, "Wrong charges") {
		t.Errorf("the question is %v\n%s", question.Header, asked)
	}
	token := strings.Fields(strings.SplitN(asked, "token=", 2)[1])[0]
	if err := w.store.Confirm(t.Context(), token); err != nil {
		t.Fatalf("Confirm by the link in the mail: %v", err)
	}

	in := w.send(outage())
	w.shift(true)
	w.wants(in, store.Delivered, 1)
	got := o.mails()
	if len(got) != 2 {
		t.Fatalf("%d mails were taken, want two", len(got))
	}
	m := read(t, got[1])
	for header, want := range map[string]string{
		"From": `"Status" <status@example.com>`, "To": "<bob@example.com>", "Subject": "Wrong charges: investigating", "Auto-Submitted": "auto-generated",
		"List-Id": "<status.example.com>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "References": "<incident." + in.ID + "@example.com>",
	} {
		if m.Header.Get(header) != want {
			t.Errorf("%s is %q, want %q", header, m.Header.Get(header), want)
		}
	}
	leave := strings.Trim(m.Header.Get("List-Unsubscribe"), "<>")
	if !strings.HasPrefix(leave, "https://status.example.com/status/unsubscribe?token=") {
		t.Errorf("List-Unsubscribe is %q", m.Header.Get("List-Unsubscribe"))
	}
	if date, err := m.Header.Date(); err != nil || time.Since(date) > time.Hour || !strings.HasSuffix(m.Header.Get("Message-Id"), "@example.com>") {
		t.Errorf("Date %q, Message-ID %q", m.Header.Get("Date"), m.Header.Get("Message-Id"))
	}
	text := parts(t, m)
	for kind, want := range map[string][]string{
		"text/plain": {"We are *looking* at <b>it</b>.\nfrom here on", "Affected: Billing", "All updates: https://status.example.com/status/incidents/" + in.ID, "Unsubscribe: " + leave, "UTC"},
		"text/html":  {"<em>looking</em>", "Billing", `href="https://status.example.com/status/incidents/` + in.ID, leave},
	} {
		for _, words := range want {
			if !strings.Contains(text[kind], words) {
				t.Errorf("the %s part lacks %q:\n%s", kind, words, text[kind])
			}
		}
	}
	if strings.Contains(text["text/html"], "<script") || strings.Contains(string(got[1].Text), "Internal title") {
		t.Errorf("the mail holds what it must not:\n%s", got[1].Text)
	}
}

func TestACorrectionSaysThatItCorrects(t *testing.T) {
	t.Parallel()
	o := openOffice(t, &office{}, false)
	w := newWorld(t, o, nil)
	w.confirmed(incident.ByMail, "bob@example.com")
	in := w.send(outage())
	added, err := w.store.Append(t.Context(), w.by, in.Number, []incident.Part{&incident.Message{
		Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Body: "It was not all cards.", Corrects: in.Messages[0].ID,
	}})
	if err != nil {
		t.Fatal(err)
	}
	_ = added
	read1, err := w.store.Incident(t.Context(), w.by, in.Number)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.Send(t.Context(), w.by, in.Number, read1.Messages[1].ID, 0); err != nil {
		t.Fatal(err)
	}
	w.shift(true)
	got := o.mails()
	if len(got) != 2 {
		t.Fatalf("%d mails, want the message and its correction", len(got))
	}
	for _, one := range got {
		m := read(t, one)
		text := parts(t, m)["text/plain"]
		corrects := strings.HasPrefix(m.Header.Get("Subject"), "Correction: ") && strings.Contains(text, "corrects what we said") && strings.Contains(text, "We said before: We are *looking*")
		if corrects != strings.Contains(text, "not all cards") {
			t.Errorf("Subject %q, says that it corrects: %v\n%s", m.Header.Get("Subject"), corrects, text)
		}
	}
}

func TestOfARecordFullOfSecretsSubscribersLearnOnlyWhatIsPublic(t *testing.T) {
	t.Parallel()
	o := openOffice(t, &office{}, false)
	r := newReceiver(t, nil)
	w := newWorld(t, o, func(o *Options) { o.Inside = true })
	w.confirmed(incident.ByMail, "bob@example.com")
	for _, kind := range []incident.SubscriberKind{incident.ByWebhook, incident.BySlack, incident.ByTeams} {
		w.confirmed(kind, r.URL+"/"+string(kind))
	}
	in := incidenttest.Fill(func(pointer string) string {
		return "canary" + strings.NewReplacer("/", "-", "_", "-").Replace(pointer)
	})
	in.Related, in.RecurrenceOf, in.Actions[0].AlsoFor = nil, nil, nil
	in.PublicTitle, in.PublicSummary = "Wrong charges", "Some cards."
	in.Messages = append(in.Messages, incident.Message{Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Body: "We are looking."})
	w.send(in)
	w.shift(true)
	w.shift(false)
	var said []string
	for _, m := range o.mails() {
		for _, text := range parts(t, read(t, m)) {
			said = append(said, text)
		}
		said = append(said, string(m.Text))
	}
	for _, b := range r.bodies() {
		said = append(said, b.path+"\n"+b.text)
	}
	if len(o.mails()) != 1 || len(r.bodies()) != 3 {
		t.Fatalf("%d mails and %d bodies went out, want 1 and 3", len(o.mails()), len(r.bodies()))
	}
	for _, text := range said {
		if i := strings.Index(strings.ToLower(text), "canary"); i >= 0 {
			t.Errorf("something that is not public went out: %.80q in\n%s", text[i:], text)
		}
		if !strings.Contains(text, "We are looking") {
			t.Errorf("the message is not in it:\n%s", text)
		}
	}
}

func TestNobodyIsToldOfWhatBecamePrivate(t *testing.T) {
	t.Parallel()
	o := openOffice(t, &office{}, false)
	w := newWorld(t, o, nil)
	w.confirmed(incident.ByMail, "bob@example.com")
	in := w.send(outage())
	if _, err := w.store.Change(t.Context(), w.by, in.Number, 0, func(in *incident.Incident) error {
		in.Visibility, in.People = incident.VisiblePrivate, []incident.Person{{Role: "commander", Name: "Ada"}}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	w.shift(true)
	w.wants(in, store.Cancelled, 1)
	if got := o.mails(); len(got) != 0 {
		t.Errorf("mails went to %s", addressesOf(got))
	}
}

func TestWhatAMailServerSaysDecidesWhatBecomesOfAMail(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		rcpt, data error
		state      store.DeliveryState
		subscriber store.SubscriberState
	}{
		{"it takes the mail", nil, nil, store.Delivered, store.Active},
		{"it asks to come back", says(451, smtp.EnhancedCode{4, 7, 1}, "greylisted"), nil, store.Queued, store.Active},
		{"it asks to come back after the text", nil, says(452, smtp.EnhancedCode{4, 3, 1}, "full"), store.Queued, store.Active},
		{"there is no such mailbox", says(550, smtp.EnhancedCode{5, 1, 1}, "no such user"), nil, store.Failed, store.Bounced},
		{"it does not like us", says(550, smtp.EnhancedCode{5, 7, 1}, "blocked"), nil, store.Failed, store.Active},
		{"it does not like the text", nil, says(554, smtp.EnhancedCode{5, 6, 0}, "spam"), store.Failed, store.Active},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := openOffice(t, &office{rcpt: func(string) error { return tt.rcpt }, data: func(string) error { return tt.data }}, false)
			w := newWorld(t, o, nil)
			w.confirmed(incident.ByMail, "bob@example.com")
			in := w.send(outage())
			w.shift(true)
			w.shift(true) // nothing is due again so soon
			reason := w.wants(in, tt.state, 1)
			if (tt.state == store.Delivered) != (reason == "") {
				t.Errorf("the reason is %q", reason)
			}
			page, err := w.store.SubscribersPage(t.Context(), w.by, store.SubscriberFilter{})
			if err != nil || page.Items[0].State != tt.subscriber {
				t.Errorf("the subscriber is %+v, %v, want %s", page.Items, err, tt.subscriber)
			}
		})
	}
}

func TestAGreylistedMailIsTakenLater(t *testing.T) {
	t.Parallel()
	asked := 0
	o := &office{}
	o.rcpt = func(string) error {
		if asked++; asked < 3 {
			return says(450, smtp.EnhancedCode{4, 2, 0}, "come back")
		}
		return nil
	}
	openOffice(t, o, false)
	w := newWorld(t, o, nil)
	w.confirmed(incident.ByMail, "bob@example.com")
	in := w.send(outage())
	for range 3 {
		w.shift(true)
		w.wait(5 * time.Minute)
	}
	w.wants(in, store.Delivered, 1)
	if got := o.mails(); len(got) != 1 || asked != 3 {
		t.Errorf("%d mails after %d tries, want one after three", len(got), asked)
	}
}

func TestATryIsNotRepeatedForEver(t *testing.T) {
	t.Parallel()
	o := openOffice(t, &office{rcpt: func(string) error { return says(450, smtp.EnhancedCode{4, 2, 0}, "come back") }}, false)
	w := newWorld(t, o, nil)
	w.confirmed(incident.ByMail, "bob@example.com")
	in := w.send(outage())
	for range mostTries {
		w.shift(true)
		w.wait(5 * time.Hour)
	}
	if reason := w.wants(in, store.Failed, 1); !strings.Contains(reason, "given up after 10 tries") {
		t.Errorf("the reason is %q", reason)
	}
}

func TestAMailServerThatIsDownCostsNobodyATry(t *testing.T) {
	t.Parallel()
	o := openOffice(t, &office{}, false)
	w := newWorld(t, o, func(o *Options) {
		m := *o.Mail
		m.Port = 1 // nothing listens there
		o.Mail = &m
	})
	for i := range 20 {
		w.confirmed(incident.ByMail, fmt.Sprintf("s%d@example.com", i))
	}
	in := w.send(outage())
	for range 2 * mostTries {
		w.shift(true)
		w.wait(5 * time.Minute)
	}
	w.wants(in, store.Queued, 20)
	w.n.Mail = o.address()
	w.shift(true)
	w.wants(in, store.Delivered, 20)
}

func TestAServerThatDoesNotSayWhetherItTookAMailLeavesItUnknown(t *testing.T) {
	t.Parallel()
	o := openOffice(t, &office{data: func(string) error { time.Sleep(time.Second); return nil }}, false)
	w := newWorld(t, o, func(o *Options) { o.MailTime = 100 * time.Millisecond })
	w.confirmed(incident.ByMail, "bob@example.com")
	in := w.send(outage())
	w.shift(true)
	w.wait(time.Hour)
	w.shift(true)
	if reason := w.wants(in, store.Unknown, 1); !strings.Contains(reason, "did not say") {
		t.Errorf("the reason is %q", reason)
	}
	if got := len(o.mails()); got > 1 {
		t.Errorf("the mail was sent %d times", got)
	}
}

func TestAPasswordIsOnlyGivenToAServerThatProvesItself(t *testing.T) {
	t.Parallel()
	login := func(o *Options) {
		o.Mail.User, o.Mail.Password = "debrief", "p@ss word"
	}
	t.Run("with STARTTLS it signs in", func(t *testing.T) {
		t.Parallel()
		o := openOffice(t, &office{user: "debrief"}, true)
		w := newWorld(t, o, login)
		w.confirmed(incident.ByMail, "bob@example.com")
		in := w.send(outage())
		w.shift(true)
		w.wants(in, store.Delivered, 1)
		if got := o.mails(); len(got) != 1 || !got[0].TLS || got[0].By != "debrief" {
			t.Errorf("the office took %+v", got)
		}
	})
	t.Run("without it nothing is said", func(t *testing.T) {
		t.Parallel()
		o := openOffice(t, &office{user: "debrief"}, false)
		w := newWorld(t, o, login)
		w.confirmed(incident.ByMail, "bob@example.com")
		in := w.send(outage())
		w.shift(true)
		if reason := w.wants(in, store.Queued, 1); !strings.Contains(reason, "STARTTLS") {
			t.Errorf("the reason is %q", reason)
		}
	})
	t.Run("nor to one that another vouches for", func(t *testing.T) {
		t.Parallel()
		o := openOffice(t, &office{user: "debrief"}, true)
		w := newWorld(t, o, func(o *Options) { login(o); o.Mail.TLS = nil })
		w.confirmed(incident.ByMail, "bob@example.com")
		in := w.send(outage())
		w.shift(true)
		if reason := w.wants(in, store.Queued, 1); !strings.Contains(reason, "certificate") {
			t.Errorf("the reason is %q", reason)
		}
	})
}

func TestTheMailServersAddressIsReadOrRefusedWithItsForm(t *testing.T) {
	t.Parallel()
	m, err := ParseMailServer("smtp://debrief:p%40ss@mail.example.com", "Status <status@example.com>")
	if err != nil || m.Host != "mail.example.com" || m.Port != 587 || m.Implicit || m.User != "debrief" || m.Password != "p@ss" || m.From.Address != "status@example.com" {
		t.Errorf("ParseMailServer = %+v, %v", m, err)
	}
	if m, err := ParseMailServer("smtps://mail.example.com", "status@example.com"); err != nil || m.Port != 465 || !m.Implicit {
		t.Errorf("ParseMailServer(smtps) = %+v, %v", m, err)
	}
	for _, bad := range []string{"", "mail.example.com", "http://mail.example.com", "smtp://", "smtp://x:99999", "smtp://x/path", "smtp://user:p@ss word@x"} {
		if m, err := ParseMailServer(bad, "status@example.com"); err == nil {
			t.Errorf("ParseMailServer(%q) = %+v", bad, m)
		}
	}
	if _, err := ParseMailServer("smtp://x", "no mailbox"); err == nil {
		t.Error("a sender that is no mailbox is taken")
	}
}

// receiver takes webhooks.
type receiver struct {
	*httptest.Server
	mu  sync.Mutex
	got []hooked
}

type hooked struct{ path, text, id string }

// newReceiver answers with answer, nil is 200.
func newReceiver(t *testing.T, answer http.HandlerFunc) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		text, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		r.got = append(r.got, hooked{req.URL.Path, string(text), req.Header.Get("Webhook-Id")})
		r.mu.Unlock()
		if answer != nil {
			answer(w, req)
		}
	}))
	t.Cleanup(r.CloseClientConnections)
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) bodies() []hooked {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]hooked{}, r.got...)
}

func TestReceiversGetWhatTheirKindReads(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, nil)
	w := newWorld(t, nil, func(o *Options) { o.Inside = true })
	w.subscribe(incident.ByWebhook, r.URL+"/first")
	w.shift(false)
	var asked struct {
		Meta struct{ Confirm string }
	}
	if got := r.bodies(); len(got) != 1 || json.Unmarshal([]byte(got[0].text), &asked) != nil || !strings.Contains(asked.Meta.Confirm, "/status/confirm?token=") {
		t.Fatalf("the question is %+v", got)
	}
	for _, kind := range []incident.SubscriberKind{incident.ByWebhook, incident.BySlack, incident.ByTeams} {
		w.confirmed(kind, r.URL+"/"+string(kind))
	}
	in := w.send(outage())
	w.shift(false)
	w.wants(in, store.Delivered, 3)
	text := map[string]string{}
	for _, b := range r.bodies() {
		text[b.path] = b.text
	}
	var body hook
	if err := json.Unmarshal([]byte(text["/webhook"]), &body); err != nil || body.Incident == nil || len(body.Incident.Updates) != 1 {
		t.Fatalf("the webhook is %s, %v", text["/webhook"], err)
	}
	if i := body.Incident; i.ID != in.ID || i.Name != "Wrong charges" || i.Impact != "critical" || i.Status != "investigating" || !strings.HasPrefix(i.Updates[0].Body, "We are *looking*") ||
		!strings.Contains(body.Meta.Unsubscribe, "/status/unsubscribe?token=") {
		t.Errorf("the webhook is %+v", body)
	}
	var slack struct{ Text string }
	if err := json.Unmarshal([]byte(text["/slack"]), &slack); err != nil || !strings.Contains(slack.Text, "*Wrong charges: investigating*") || !strings.Contains(slack.Text, "&lt;b&gt;") {
		t.Errorf("Slack reads %s, %v", text["/slack"], err)
	}
	var teams struct {
		Type        string
		Attachments []struct {
			ContentType string
			Content     struct {
				Type string
				Body []map[string]any
			}
		}
	}
	if err := json.Unmarshal([]byte(text["/teams"]), &teams); err != nil || teams.Type != "message" || teams.Attachments[0].Content.Type != "AdaptiveCard" || teams.Attachments[0].Content.Body[0]["text"] != "Wrong charges: investigating" {
		t.Errorf("Teams reads %s, %v", text["/teams"], err)
	}
}

func TestWhatAReceiverAnswersDecidesWhatBecomesOfIt(t *testing.T) {
	t.Parallel()
	elsewhere := newReceiver(t, nil)
	answers := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", elsewhere.URL)
			w.WriteHeader(status)
		}
	}
	tests := []struct {
		name   string
		answer http.HandlerFunc
		state  store.DeliveryState
		reason string
		gone   bool
	}{
		{"it takes it", answers(204), store.Delivered, "", false},
		{"it breaks", answers(500), store.Queued, "500", false},
		{"it has too much to do", answers(429), store.Queued, "429", false},
		{"it does not like it", answers(400), store.Failed, "400", false},
		{"it is gone", answers(410), store.Failed, "410", true},
		{"it sends us elsewhere", answers(307), store.Failed, "not followed", false},
		{"it hangs", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, store.Unknown, "did not answer", false},
		{"it hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, store.Unknown, "did not answer", false},
		{"it talks without end", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 1<<10)); err != nil {
					return
				}
			}
		}, store.Delivered, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t, tt.answer)
			w := newWorld(t, nil, func(o *Options) { o.Inside, o.WebTime = true, 500*time.Millisecond })
			w.confirmed(incident.ByWebhook, r.URL)
			in := w.send(outage())
			w.shift(false)
			if reason := w.wants(in, tt.state, 1); !strings.Contains(reason, tt.reason) {
				t.Errorf("the reason is %q, want one with %q", reason, tt.reason)
			}
			w.wait(time.Hour)
			w.shift(false)
			if got := len(r.bodies()); tt.state != store.Queued && got != 1 || tt.state == store.Queued && got != 2 {
				t.Errorf("it was contacted %d times", got)
			}
			page, err := w.store.SubscribersPage(t.Context(), w.by, store.SubscriberFilter{State: store.Bounced})
			if err != nil || (len(page.Items) == 1) != tt.gone {
				t.Errorf("bounced are %+v, %v, want one: %v", page.Items, err, tt.gone)
			}
		})
	}
	if got := elsewhere.bodies(); len(got) != 0 {
		t.Errorf("a redirect was followed: %+v", got)
	}
}

func TestNothingIsSentInsideUnlessThatIsAllowed(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, nil)
	w := newWorld(t, nil, nil)
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1", "[::1]", "0.0.0.0"} {
		w.confirmed(incident.ByWebhook, strings.Replace(r.URL, "127.0.0.1", host, 1))
		w.confirmed(incident.ByWebhook, "http://"+host+":443/")
	}
	in := w.send(outage())
	w.shift(false)
	if reason := w.wants(in, store.Failed, 14); strings.Count(reason, "leads inside") != 14 {
		t.Errorf("the reasons are %s", reason)
	}
	if got := r.bodies(); len(got) != 0 {
		t.Errorf("it was contacted: %+v", got)
	}
}

func TestWhatIsSentIsDeliveredWithoutAnybodyWaiting(t *testing.T) {
	t.Parallel()
	o := openOffice(t, &office{}, false)
	hangs := newReceiver(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	w := newWorld(t, o, func(o *Options) { o.Inside = true })
	w.confirmed(incident.ByMail, "bob@example.com")
	for i := range 2 * hands {
		w.confirmed(incident.ByWebhook, fmt.Sprintf("%s/%d", hangs.URL, i))
	}
	if err := w.n.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	in := w.send(outage())
	deadline := time.After(time.Minute)
	for len(o.mails()) == 0 {
		select {
		case <-deadline:
			t.Fatalf("the mail was not sent: %v", w.states(in))
		case <-time.After(20 * time.Millisecond):
		}
	}
	for len(hangs.bodies()) == 0 {
		time.Sleep(20 * time.Millisecond)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := w.n.Stop(ctx); err != nil {
		t.Fatalf("Stop: %v", err)
	}
	if got := w.states(in); got[store.Sending] != 0 || got[store.Unknown] != int64(len(hangs.bodies())) {
		t.Errorf("after Stop deliveries are %v, want %d unknown and none under way", got, len(hangs.bodies()))
	}
}
