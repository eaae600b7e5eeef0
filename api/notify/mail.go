package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"github.com/debriefhq/debrief/store"
)

const reachTime = 15 * time.Second // for connecting to the mail server and its greeting

// MailServer is where mail is handed in.
type MailServer struct {
	Host           string
	Port           int
	Implicit       bool // TLS from the first byte; else STARTTLS, which a password requires
	User, Password string
	From           netmail.Address
	TLS            *tls.Config // nil is the usual one
}

// ParseMailServer reads smtp://user:password@host:587 or smtps://host, and the mailbox that mails come from, which may
// have a name: Status <status@example.com>.
func ParseMailServer(address, from string) (*MailServer, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return nil, errors.New("write the mail server as smtp://user:password@host:587, or smtps:// for TLS from the first byte; escape what is special in the password")
	}
	sender, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, errors.New("write whom mails come from as status@example.com, or Status <status@example.com>")
	}
	m := &MailServer{Host: u.Hostname(), Port: 587, Implicit: u.Scheme == "smtps", User: u.User.Username(), From: *sender}
	if m.Implicit {
		m.Port = 465
	}
	if u.Port() != "" {
		if m.Port, err = strconv.Atoi(u.Port()); err != nil || m.Port < 1 || m.Port > 65535 {
			return nil, fmt.Errorf("the mail server's port is %q: write a number from 1 to 65535", u.Port())
		}
	}
	m.Password, _ = u.User.Password()
	return m, nil
}

// domain is that of the sender.
func (m *MailServer) domain() string {
	_, domain, _ := strings.Cut(m.From.Address, "@")
	return domain
}

func (m *MailServer) tls() *tls.Config {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if m.TLS != nil {
		config = m.TLS.Clone()
	}
	config.ServerName = m.Host
	return config
}

// postman hands mails in over one connection after the other. It is used by one goroutine.
type postman struct {
	server   *MailServer
	patience time.Duration // for one mail
	client   *mail.Client
	line     *smtp.Client // nil while there is none
	conn     net.Conn     // of the line
}

func (p *postman) close() {
	if p.line != nil {
		_ = p.conn.SetDeadline(time.Now().Add(time.Second)) // a goodbye is a courtesy
		_ = p.line.Quit()
	}
	p.hangUp()
}

func (p *postman) hangUp() {
	if p.conn != nil {
		_ = p.conn.Close() // what it was for has ended
	}
	p.line, p.conn = nil, nil
}

// connect opens a line unless one is open that still answers.
func (p *postman) connect(ctx context.Context) error {
	if p.line != nil {
		_ = p.conn.SetDeadline(time.Now().Add(reachTime)) // a line that is broken tells in the next sentence
		if p.line.Noop() == nil {
			return nil
		}
		p.hangUp()
	}
	ctx, cancel := context.WithTimeout(ctx, reachTime)
	defer cancel()
	client, err := p.newClient()
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() {
		if conn := p.conn; conn != nil {
			_ = conn.SetDeadline(time.Unix(1, 0)) // whoever waits for it stops
		}
	})
	defer stop()
	line, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		p.hangUp()
		return err
	}
	p.client, p.line = client, line
	return nil
}

func (p *postman) newClient() (*mail.Client, error) {
	m := p.server
	policy := mail.TLSOpportunistic
	if m.User != "" && !m.Implicit {
		policy = mail.TLSMandatory
	}
	options := []mail.Option{
		mail.WithPort(m.Port), mail.WithTimeout(p.patience), mail.WithTLSPolicy(policy), mail.WithTLSConfig(m.tls()),
		mail.WithHELO(or(m.domain(), "localhost")), mail.WithoutNoop(), mail.WithoutSMTPUTF8(),
		mail.WithDialContextFunc(func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := p.dial(ctx, network, address)
			if err == nil {
				p.conn = conn
			}
			return conn, err
		}),
	}
	if m.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(m.User), mail.WithPassword(m.Password))
	}
	client, err := mail.NewClient(m.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("set up mail: %w", err)
	}
	return client, nil
}

func (p *postman) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if p.server.Implicit {
		return (&tls.Dialer{Config: p.server.tls()}).DialContext(ctx, network, address)
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

func or(value, otherwise string) string {
	if value != "" {
		return value
	}
	return otherwise
}

// deliver hands one mail in. Away says that the server could not be reached, or took nobody's mail.
func (p *postman) deliver(ctx context.Context, d *store.Delivery, l letter) (o store.Outcome, away bool) {
	m, err := p.write(d, l)
	if err != nil {
		return failed("the mail could not be written: " + err.Error()), false
	}
	if err := p.connect(ctx); err != nil {
		o := store.Outcome{State: store.Queued, Again: again(1), Free: true, Reason: "the mail server could not be reached: " + err.Error()}
		return o, true
	}
	conn := p.conn
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) }) // we are told to stop
	err = p.client.SendWithSMTPClient(p.line, m)
	stop()
	if err != nil {
		var said *mail.SendError
		if !errors.As(err, &said) || said.ErrorCode() == 0 || said.Reason == mail.ErrSMTPReset {
			p.hangUp()
		}
	}
	if m.IsDelivered() {
		return store.Outcome{State: store.Delivered}, false
	}
	return howItWent(d, err), false
}

// howItWent reads what the server said of one mail.
func howItWent(d *store.Delivery, err error) store.Outcome {
	var said *mail.SendError
	if !errors.As(err, &said) {
		return retry(d, fmt.Sprint("the mail was not taken: ", err))
	}
	reason := said.Error()
	switch code := said.ErrorCode(); {
	case code == 0 && said.Reason == mail.ErrSMTPDataClose:
		return unknown("the mail server did not say whether it took the mail: " + reason)
	case code/100 != 5:
		return retry(d, reason)
	case said.Reason == mail.ErrSMTPRcptTo:
		o := failed(reason)
		o.Gone = !strings.HasPrefix(said.EnhancedStatusCode(), "5.7.") // a policy of theirs is not about the mailbox
		return o
	case said.Reason == mail.ErrSMTPMailFrom:
		return retry(d, reason) // it is about us, and may be mended
	}
	return failed(reason)
}
