package incident

import (
	"net/url"
	"slices"
	"strings"
)

// SubscriberKind is how a subscriber is told.
type SubscriberKind string

// The kinds.
const (
	ByMail    SubscriberKind = "email"
	ByWebhook SubscriberKind = "webhook" // Statuspage's body
	BySlack   SubscriberKind = "slack"
	ByTeams   SubscriberKind = "teams"
)

// SubscriberKinds lists the closed set.
var SubscriberKinds = []SubscriberKind{ByMail, ByWebhook, BySlack, ByTeams}

// Subscription is what somebody outside asks for: to be told there, of these components.
type Subscription struct {
	Kind       SubscriberKind `json:"kind" enum:"email,webhook,slack,teams"`
	Address    string         `json:"address" doc:"Of a mailbox, or of what receives webhooks."`
	Components []string       `json:"components" nullable:"false" doc:"Ids; empty is all."`
}

// The longest that an address may be.
const (
	longestMailbox  = 254 // RFC 5321, section 4.5.3.1.3, without the brackets
	longestLocal    = 64
	longestReceiver = 2000
	mostComponents  = 200 // that one subscription names
)

// receiverPorts are those that a receiver outside may listen on.
var receiverPorts = []string{"", "443", "8443"}

// Normalize trims the address, and sorts the components.
func (s *Subscription) Normalize() {
	s.Address = strings.TrimSpace(s.Address)
	s.Components = slices.Compact(slices.Sorted(slices.Values(s.Components)))
	if s.Components == nil {
		s.Components = []string{}
	}
}

// Folded is the address as it is compared: mailboxes without case.
func (s *Subscription) Folded() string {
	if s.Kind == ByMail {
		return strings.ToLower(s.Address)
	}
	return s.Address
}

// Check refuses what is no address to write to. Private allows receivers inside: any port, and http.
func (s *Subscription) Check(private bool) error {
	fault := map[string]string{}
	switch {
	case s.Kind == ByMail:
		fault["/address"] = mailboxFault(s.Address)
	case slices.Contains(SubscriberKinds, s.Kind):
		fault["/address"] = receiverFault(s.Address, private)
	default:
		fault["/kind"] = "is one of email, webhook, slack, teams"
	}
	if len(s.Components) > mostComponents {
		fault["/components"] = "are too many: choose at most 200, or none for all"
	}
	for pointer, what := range fault {
		if what == "" {
			delete(fault, pointer)
		}
	}
	return RefuseFields(fault)
}

// mailboxFault says what is wrong with a mailbox, "" for nothing. The form is narrower than RFC 5321's: what it leaves
// out is hardly used, and read in different ways on the way there.
func mailboxFault(address string) string {
	local, domain, both := strings.Cut(address, "@")
	switch {
	case address == "":
		return "is missing: write it as name@example.com"
	case len(address) > longestMailbox:
		return "is longer than the 254 characters that a mailbox may have"
	case !printable(address):
		return "holds characters that are not plain ASCII: write an international domain in its xn-- form"
	case strings.ContainsAny(address, "<>,;:\"()[]\\ "):
		return "is more than one plain mailbox: write it as name@example.com, without a name, brackets or quotes"
	case !both || local == "" || strings.Contains(domain, "@"):
		return "is no mailbox: write it as name@example.com"
	case len(local) > longestLocal || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, ".."):
		return "has no right name before the @: it has 1 to 64 characters, with single dots inside"
	case !isDomain(domain):
		return "has no right domain behind the @: write it as name@example.com"
	}
	return ""
}

func printable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' })
}

// isDomain tells whether text is a host's name of two labels or more, the last of them no number.
func isDomain(text string) bool {
	labels := strings.Split(text, ".")
	if len(labels) < 2 || len(text) > 253 {
		return false
	}
	for _, label := range labels {
		odd := func(r rune) bool {
			return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-')
		}
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' || strings.ContainsFunc(label, odd) {
			return false
		}
	}
	return strings.ContainsFunc(labels[len(labels)-1], func(r rune) bool { return r < '0' || r > '9' })
}

// receiverFault says what is wrong with the address of a receiver of webhooks, "" for nothing. Where its name leads is
// asked when it is contacted.
func receiverFault(address string, private bool) string {
	switch {
	case address == "":
		return "is missing: write it as https://example.com/hook"
	case len(address) > longestReceiver:
		return "is longer than 2000 characters"
	case !printable(address) || strings.Contains(address, " "):
		return "holds characters that no web address has"
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "":
		return "is no web address: write it as https://example.com/hook"
	case u.Scheme != "https" && !(private && u.Scheme == "http"):
		return "does not begin with https://: what is sent must be kept from others on the way"
	case u.User != nil:
		return "holds a user or a password: put a secret into the path instead"
	case u.Fragment != "" || strings.HasSuffix(address, "#"):
		return "has a part after #, which is never sent: leave it out"
	case private:
		return ""
	case !slices.Contains(receiverPorts, u.Port()):
		return "names a port other than 443 and 8443"
	case !isDomain(u.Hostname()):
		return "names no host by a public name: write it as https://example.com/hook"
	}
	return ""
}
