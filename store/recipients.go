package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// Recipients are how many will get a message, and why some won't.
type Recipients struct {
	Email   int64  `json:"email"`
	Webhook int64  `json:"webhook"`
	Slack   int64  `json:"slack"`
	Teams   int64  `json:"teams"`
	NoMail  string `json:"no_mail" doc:"Why no mail is sent to those who asked for it; empty when it is."`
}

// Total is how many there are.
func (r Recipients) Total() int64 { return r.Email + r.Webhook + r.Slack + r.Teams }

// noMail is why nobody gets a mail from an installation without a mail server.
const noMail = "no mail server is set: start Debrief with DEBRIEF_SMTP_URL and DEBRIEF_MAIL_FROM"

const countRecipients = `
	with hurt as (
		` + hurtComponents + `
	)
	select   s.kind, count(*)
	from     subscribers s, hurt
	where    ` + isTold + `
	group by s.kind`

// told are the kinds of subscribers whom a message of that channel goes to.
func (s *Store) told(c incident.Channel) []string {
	kinds := []string{}
	if s.mails && (c == incident.StatusPage || c == incident.Email) {
		kinds = append(kinds, string(incident.ByMail))
	}
	if c == incident.StatusPage {
		kinds = append(kinds, string(incident.ByWebhook), string(incident.BySlack), string(incident.ByTeams))
	}
	return kinds
}

// addressees are the arguments that choose who is told of a message.
func (s *Store) addressees(in *incident.Incident, m *incident.Message) []any {
	hurt := []string{}
	for _, i := range in.Public().Impacts {
		hurt = append(hurt, fold(strings.TrimSpace(i.Component)))
	}
	return []any{hurt, s.told(m.Channel)}
}

// deliver queues a message that becomes sent, for all who are to be told of it.
func (w *writer) deliver(in *incident.Incident, message string) {
	if p, found := in.Part(incident.Messages, message); found {
		w.batch.Queue(queueDeliveries, append(w.s.addressees(in, p.(*incident.Message)), in.Number, message, w.at)...)
	}
}

// Recipients counts who would get a message if it were sent now.
func (s *Store) Recipients(ctx context.Context, by incident.Actor, n incident.Number, message string) (r Recipients, err error) {
	in, err := s.Incident(ctx, by, n)
	if err != nil {
		return r, err
	}
	p, found := in.Part(incident.Messages, message)
	if !found {
		return r, incident.Refuse(incident.NotFound, "", fmt.Sprintf("there is no message %.40q, or you may not see it", message))
	}
	m := p.(*incident.Message)
	if !s.mails && (m.Channel == incident.StatusPage || m.Channel == incident.Email) {
		r.NoMail = noMail
	}
	rows, err := s.pool.Query(ctx, countRecipients, s.addressees(in, m)...)
	if err != nil {
		return r, refuse(err, "count who would be told")
	}
	counts, err := pgx.CollectRows(rows, pgx.RowToStructByPos[kindCount])
	for _, c := range counts {
		switch c.Kind {
		case incident.ByMail:
			r.Email = c.Count
		case incident.ByWebhook:
			r.Webhook = c.Count
		case incident.BySlack:
			r.Slack = c.Count
		case incident.ByTeams:
			r.Teams = c.Count
		}
	}
	return r, refuse(err, "count who would be told")
}

type kindCount struct {
	Kind  incident.SubscriberKind
	Count int64
}
