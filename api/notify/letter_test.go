package notify

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
	"github.com/debriefhq/debrief/store"
)

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
