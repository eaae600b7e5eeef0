package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
)

func (a *app) messageCommand() *cobra.Command {
	var m incident.Message
	var at, next, channel, audience string
	var draft bool
	cmd := &cobra.Command{
		Use:   "message NUMBER TEXT",
		Short: "Record what people were told, or write a draft to be sent",
		Long: `Records a message that was said elsewhere, beside what the team knew. It sends
nothing. With --draft it is written for "debrief send": public, unless --audience
says otherwise.`,
		Example: `  debrief message 42 "We are looking into wrong charges." --channel forum --audience public \
    --at "2:55 AM PDT" --link https://news.example/item
  debrief message 42 "We have found the cause." --draft --channel status_page --next "+30m"`,
		Args: exactly("NUMBER", "TEXT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if draft && cmd.Flags().Changed("at") {
				return &usageError{fmt.Errorf("--at goes with what was said elsewhere; a draft is said when it is sent: see %s --help", cmd.CommandPath())}
			}
			in, err := a.fetch(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if m.State = incident.Draft; !draft {
				m.State = incident.Recorded
				if m.At, err = a.when(in, "at", at, in.Latest()); err != nil {
					return err
				}
			}
			if next != "" {
				if m.NextUpdateAt, err = a.when(in, "next", next, m.At); err != nil {
					return err
				}
			}
			if draft && !cmd.Flags().Changed("audience") {
				audience = string(incident.AudiencePublic)
			}
			m.Body, m.Channel, m.Audience = args[1], incident.Channel(channel), incident.Audience(audience)
			return a.addMessage(cmd.Context(), in, &m)
		},
	}
	cmd.Flags().BoolVar(&draft, "draft", false, "write it to be sent, and record nothing as said")
	cmd.Flags().StringVar(&channel, "channel", "", "status_page, email, blog, forum, social or support")
	cmd.Flags().StringVar(&at, "at", "now", "when it was said")
	cmd.Flags().StringVar(&next, "next", "", "when the next update was promised")
	cmd.Flags().StringVar(&m.Author, "author", "", "who said it")
	cmd.Flags().StringVar(&m.Role, "role", "", "what outsiders see instead of the author")
	cmd.Flags().StringVar(&m.Status, "status", "", "the status word that it gave")
	cmd.Flags().StringVar(&m.Link, "link", "", "where it can be read")
	cmd.Flags().StringVar(&m.Corrects, "corrects", "", "id of the sent message whose wording it corrects; both stay")
	audienceFlag(cmd, &audience)
	needFlags(cmd, "channel")
	return cmd
}

func (a *app) addMessage(ctx context.Context, in *incident.Incident, m *incident.Message) error {
	added, err := a.client().Append(ctx, in.Number, m)
	if err != nil {
		return err
	}
	a.printOdd(added...)
	if m.State == incident.Draft {
		_, err = fmt.Fprintf(a.out, "%s: wrote draft %s: debrief send %d %s\n", in.Number, added[0].Head().ID, int64(in.Number), added[0].Head().ID)
		return err
	}
	_, err = fmt.Fprintf(a.out, "%s: recorded the %s message%s\n", in.Number, m.Channel, understood(in, m.At))
	return err
}

func (a *app) sendCommand() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "send NUMBER ID",
		Short: "Send a draft to customers",
		Long: `Sends the message ID, a draft, to customers: it stands on the status page and goes
to those who subscribed, or goes to them by email alone. It is shown first, and
on a terminal you are asked; elsewhere --yes says that somebody has read it. It
can't be taken back: write another message with --corrects, and both stand.`,
		Example: "  debrief send 42 4qk2m9x1c8za",
		Args:    exactly("NUMBER", "ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !yes && !isTerminal(a.in) {
				return &usageError{fmt.Errorf("--yes is missing: without a terminal nobody can be asked: see %s --help", cmd.CommandPath())}
			}
			in, err := a.fetch(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			p, found := in.Part(incident.Messages, args[1])
			if !found {
				return incident.Refuse(incident.NotFound, "", fmt.Sprintf("%s has no message %.40q: debrief show %d --json lists them", in.Number, args[1], int64(in.Number)))
			}
			m := p.(*incident.Message)
			if !yes && m.State == incident.Draft { // what is none is refused by the server, which says why
				if err := a.agree(cmd.Context(), in, m); err != nil {
					return err
				}
			}
			sent, err := a.client().Send(cmd.Context(), in.Number, m.ID, m.Revision)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(a.out, "%s: sent by %s%s\n", in.Number, sent.Channel, understood(in, sent.At)); err != nil {
				return err
			}
			return writeMessage(a.out, in, sent)
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask: somebody has read it")
	return cmd
}

// writeMessage writes what customers read: the title, the status word, the promise and the words.
func writeMessage(w io.Writer, in *incident.Incident, m *incident.Message) error {
	head := oneLine(or(in.PublicTitle, "(no public title)"))
	if m.Status != "" {
		head += ": " + oneLine(m.Status)
	}
	if m.NextUpdateAt.Known() {
		head += "\nnext update promised for" + strings.TrimPrefix(understood(in, m.NextUpdateAt), " at")
	}
	_, err := fmt.Fprintf(w, "\n%s\n\n%s\n", head, plain(strings.TrimSpace(m.Body)))
	return err
}

// subscribers says how many there are.
func subscribers(r client.Recipients) string {
	if n := r.Email + r.Webhook + r.Slack + r.Teams; n != 1 {
		return fmt.Sprintf("%d subscribers", n)
	}
	return "1 subscriber"
}

// errNotSent is how sending ends when somebody did not agree.
var errNotSent = incident.Refuse(incident.Conflict, "", "not sent: it is still a draft")

// agree shows a draft on the terminal, and asks whether it is to be sent.
func (a *app) agree(ctx context.Context, in *incident.Incident, m *incident.Message) error {
	if err := writeMessage(a.err, in, m); err != nil {
		return err
	}
	r, err := a.client().Recipients(ctx, in.Number, m.ID)
	if err != nil {
		return err
	}
	if r.NoMail != "" {
		_, _ = fmt.Fprintf(a.err, "\nnote: %s\n", r.NoMail)
	}
	_, _ = fmt.Fprintf(a.err, "\nSend this by %s, to %s? It can't be taken back. [y/N]: ", m.Channel, subscribers(r))
	q := a.ask(ctx, "", nil)
	switch text, err := q.line(); {
	case errors.Is(err, errEnded):
		return errNotSent
	case err != nil:
		return err
	case strings.EqualFold(text, "y") || strings.EqualFold(text, "yes"):
		return nil
	}
	return errNotSent
}
