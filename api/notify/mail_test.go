package notify

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

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
	var log bytes.Buffer
	w := newWorld(t, o, func(o *Options) {
		m := *o.Mail
		m.Port = 1 // nothing listens there
		o.Mail, o.Log = &m, slog.New(slog.NewTextHandler(&log, nil))
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
	if got := strings.Count(log.String(), "the mail server could not be reached"); got != 2*mostTries {
		t.Errorf("the log tells %d times that it is down, want once in each of %d shifts:\n%s", got, 2*mostTries, log.String())
	}
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
