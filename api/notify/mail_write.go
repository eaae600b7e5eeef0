package notify

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// Headers that the library has no name for.
const (
	autoSubmitted = "Auto-Submitted" // RFC 3834
	listID        = "List-Id"        // RFC 2919
	oneClick      = "List-Unsubscribe=One-Click"
)

// write makes a mail of a letter. A mail that is tried again is the same one: same Message-ID.
func (p *postman) write(d *store.Delivery, l letter) (*mail.Msg, error) {
	page, err := l.page()
	if err != nil {
		return nil, err
	}
	to := incident.Subscription{Kind: incident.ByMail, Address: d.To.Address}
	if err := to.Check(false); err != nil { // it was checked when it came in: nothing else is ever written into a header
		return nil, err
	}
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	from := p.server.From
	m.FromMailAddress(&from)
	m.EnvelopeFromMailAddress(&from)
	if err := m.To(d.To.Address); err != nil {
		return nil, fmt.Errorf("address a mail: %w", err)
	}
	m.Subject(l.Subject)
	m.SetDateWithValue(time.Now())
	kind, list := "delivery", "status"
	if l.Account != "" {
		kind, list = "reminder", "reminders"
	}
	m.SetMessageIDWithValue(fmt.Sprintf("%s.%d@%s", kind, d.ID, p.server.domain()))
	if l.Thread != "" {
		m.SetGenHeader(mail.HeaderReferences, fmt.Sprintf("<incident.%s@%s>", l.Thread, p.server.domain()))
	}
	m.SetGenHeader(autoSubmitted, "auto-generated")
	m.SetGenHeader(listID, "<"+list+"."+p.server.domain()+">")
	if l.Leave != "" {
		m.SetGenHeaderPreformatted(mail.HeaderListUnsubscribe, "<"+l.Leave+">")
		if u, err := url.Parse(l.Leave); err == nil && u.Scheme == "https" { // RFC 8058 asks for it
			m.SetGenHeader(mail.HeaderListUnsubscribePost, oneClick)
		}
	}
	m.SetBodyString(mail.TypeTextPlain, strings.ReplaceAll(l.plain(), "\x00", ""))
	m.AddAlternativeString(mail.TypeTextHTML, page)
	return m, nil
}
