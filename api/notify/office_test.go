package notify

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// mailed is a mail that the office took.
type mailed struct {
	From, To string
	Text     []byte
	By       string // the user that signed in
	TLS      bool
}

// office is a mail server. What it answers is asked of the functions, nil takes everything.
type office struct {
	rcpt func(to string) error // before the text
	data func(to string) error // after the text

	mu    sync.Mutex
	taken []mailed
	user  string // who must sign in; "" lets everybody

	host   string
	port   int
	server *smtp.Server
	roots  *x509.CertPool
}

// openOffice starts one; secure gives it a certificate.
func openOffice(t testing.TB, o *office, secure bool) *office {
	t.Helper()
	o.server = smtp.NewServer(o)
	o.server.ErrorLog = log.New(io.Discard, "", 0) // that a client hangs up is what some tests are about
	o.server.Domain, o.server.AllowInsecureAuth = "localhost", false
	if secure {
		o.server.TLSConfig, o.roots = certificate(t)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(l.Addr().String())
	o.host = host
	o.port, _ = strconv.Atoi(port)
	go func() { _ = o.server.Serve(l) }() // ends with Close
	t.Cleanup(func() { _ = o.server.Close() })
	return o
}

// address is how mails are handed in there.
func (o *office) address() *MailServer {
	m := &MailServer{Host: o.host, Port: o.port, From: netmail.Address{Name: "Status", Address: "status@example.com"}}
	if o.roots != nil {
		m.TLS = &tls.Config{RootCAs: o.roots, MinVersion: tls.VersionTLS12}
	}
	return m
}

func (o *office) mails() []mailed {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]mailed{}, o.taken...)
}

// NewSession implements smtp.Backend.
func (o *office) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &counter{office: o, conn: c}, nil
}

// counter is one conversation.
type counter struct {
	office *office
	conn   *smtp.Conn
	mail   mailed
	user   string
}

func (c *counter) AuthMechanisms() []string {
	if c.office.user == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (c *counter) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != c.office.user || password != "p@ss word" {
			return smtp.ErrAuthFailed
		}
		c.user = user
		return nil
	}), nil
}

func (c *counter) Mail(from string, _ *smtp.MailOptions) error {
	if c.office.user != "" && c.user == "" {
		return smtp.ErrAuthRequired
	}
	_, secure := c.conn.TLSConnectionState()
	c.mail = mailed{From: from, By: c.user, TLS: secure}
	return nil
}

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.mail.To = to
	if c.office.rcpt != nil {
		return c.office.rcpt(to)
	}
	return nil
}

func (c *counter) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	c.mail.Text = text
	take := func() {
		c.office.mu.Lock()
		defer c.office.mu.Unlock()
		c.office.taken = append(c.office.taken, c.mail)
	}
	if c.office.data != nil {
		if err := c.office.data(c.mail.To); err != nil {
			return err
		}
	}
	take()
	return nil
}

func (c *counter) Reset()        {}
func (c *counter) Logout() error { return nil }

// says is an answer of a mail server.
func says(code int, enhanced smtp.EnhancedCode, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: text}
}

// certificate makes one for this machine that its pool trusts.
func certificate(t testing.TB) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "office"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}, pool
}

// read parses a mail that was taken.
func read(t testing.TB, m mailed) *netmail.Message {
	t.Helper()
	parsed, err := netmail.ReadMessage(bytes.NewReader(m.Text))
	if err != nil {
		t.Fatalf("the mail cannot be read: %v\n%s", err, m.Text)
	}
	return parsed
}

// addressesOf lists whom mails went to.
func addressesOf(all []mailed) string {
	var to []string
	for _, m := range all {
		to = append(to, m.To)
	}
	return strings.Join(to, " ")
}
