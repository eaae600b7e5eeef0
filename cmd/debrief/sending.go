package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"

	"github.com/debriefhq/debrief/api/notify"
	"github.com/debriefhq/debrief/store"
)

// outgoing is how subscribers are told.
type outgoing struct {
	mail   *notify.MailServer // nil sends no mail
	inside bool               // webhooks may go inside
}

func (a *app) outgoing() (o outgoing, err error) {
	switch a.Webhooks {
	case "", "refuse":
	case "allow":
		o.inside = true
	default:
		return o, &usageError{fmt.Errorf("DEBRIEF_WEBHOOK_PRIVATE is %q: write allow, or leave it out", a.Webhooks)}
	}
	switch {
	case a.SMTP == "" && a.MailFrom == "":
		return o, nil
	case a.SMTP == "":
		return o, &usageError{fmt.Errorf("DEBRIEF_MAIL_FROM is set and DEBRIEF_SMTP_URL is not: write where mail is handed in, such as smtp://user:password@host:587")}
	case a.MailFrom == "":
		return o, &usageError{fmt.Errorf("DEBRIEF_SMTP_URL is set and DEBRIEF_MAIL_FROM is not: write whom mails come from, such as status@example.com")}
	}
	if o.mail, err = notify.ParseMailServer(a.SMTP, a.MailFrom); err != nil { // it does not repeat the password
		return o, &usageError{fmt.Errorf("DEBRIEF_SMTP_URL or DEBRIEF_MAIL_FROM can't be used: %w", err)}
	}
	return o, nil
}

// startWork does what is to be done in the background until stop is called: delivering to subscribers, and chores. Links
// in what is sent begin with base.
func (a *app) startWork(ctx context.Context, st *store.Store, base string, log *slog.Logger) (stop func() error, err error) {
	out, err := a.outgoing()
	if err != nil {
		return nil, err
	}
	if out.mail != nil && a.PublicURL == "" {
		log.Warn("links in mails lead to this machine: set DEBRIEF_PUBLIC_URL to where outsiders find the status page", "they begin with", base)
	}
	n, err := notify.New(notify.Options{Store: st, Log: log, Name: cmp.Or(a.StatusName, "Status"), URL: base, Mail: out.mail, Inside: out.inside, Chores: st.Chores()})
	if err != nil {
		return nil, err
	}
	if err := n.Start(ctx); err != nil {
		return nil, err
	}
	return func() error {
		ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
		defer cancel()
		return n.Stop(ctx)
	}, nil
}
