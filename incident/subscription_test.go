package incident

import (
	"errors"
	"strings"
	"testing"
)

func TestWhereSubscribersMayBeToldIsCheckedStrictly(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 64<<10)
	tests := []struct {
		name    string
		kind    SubscriberKind
		address string
		private bool
		refused string // part of the words; "" when it is taken
	}{
		{"a mailbox", ByMail, "ada.lovelace+status@mail.example.com", false, ""},
		{"spaces around it are taken off", ByMail, "  ada@example.com\t", false, ""},
		{"an international domain in its ASCII form", ByMail, "ada@xn--mnchen-3ya.example", false, ""},
		{"not in the other", ByMail, "ada@münchen.example", false, "xn--"},
		{"nothing", ByMail, " ", false, "missing"},
		{"a header behind the address", ByMail, "ada@example.com\x00\r\nBcc: eve@example.com", false, "ASCII"},
		{"a display name", ByMail, "Ada <ada@example.com>", false, "one plain mailbox"},
		{"two mailboxes", ByMail, "ada@example.com,eve@example.com", false, "one plain mailbox"},
		{"a quoted name", ByMail, `"ada b"@example.com`, false, "one plain mailbox"},
		{"a comment", ByMail, "ada(x)@example.com", false, "one plain mailbox"},
		{"an address literal", ByMail, "ada@[127.0.0.1]", false, "one plain mailbox"},
		{"an address in digits", ByMail, "ada@127.0.0.1", false, "domain"},
		{"this machine", ByMail, "root@localhost", false, "domain"},
		{"two at signs", ByMail, "ada@eve@example.com", false, "no mailbox"},
		{"no name", ByMail, "@example.com", false, "no mailbox"},
		{"two dots", ByMail, "ada..b@example.com", false, "single dots"},
		{"a name too long", ByMail, long[:65] + "@example.com", false, "1 to 64"},
		{"64 KB", ByMail, long + "@example.com", false, "254"},
		{"a domain with a space inside", ByMail, "ada@exam ple.com", false, "one plain mailbox"},
		{"a receiver", ByWebhook, "https://example.com/hook?x=1", false, ""},
		{"on the other port", BySlack, "https://hooks.example.com:8443/services/T0", false, ""},
		{"without encryption", ByTeams, "http://example.com/hook", false, "https"},
		{"by another scheme", ByWebhook, "file:///etc/passwd", false, "web address"},
		{"with a password", ByWebhook, "https://ada:secret@example.com/", false, "password"},
		{"with a fragment", ByWebhook, "https://example.com/#x", false, "#"},
		{"on the port of mail", ByWebhook, "https://example.com:25/", false, "port"},
		{"by a number", ByWebhook, "https://10.0.0.1/", false, "public name"},
		{"by a number of another form", ByWebhook, "https://2130706433/", false, "public name"},
		{"by an IPv6 number", ByWebhook, "https://[::1]/", false, "public name"},
		{"on this machine", ByWebhook, "https://localhost/", false, "public name"},
		{"which an installation may allow", ByWebhook, "http://127.0.0.1:9999/hook", true, ""},
		{"a line break", ByWebhook, "https://example.com/\r\nHost: x", false, "characters"},
		{"64 KB of path", ByWebhook, "https://example.com/" + long, false, "2000"},
		{"another kind", "pigeon", "ada@example.com", false, "is one of"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := Subscription{Kind: tt.kind, Address: tt.address}
			s.Normalize()
			err := s.Check(tt.private)
			if tt.refused == "" && err != nil || tt.refused != "" && (!errors.Is(err, Invalid) || !strings.Contains(err.Error(), tt.refused)) {
				t.Errorf("Check(%.60q) = %.200v, want a refusal with %q", tt.address, err, tt.refused)
			}
			if err != nil && len(err.Error()) > 300 {
				t.Errorf("the refusal repeats what was sent: %d bytes", len(err.Error()))
			}
		})
	}
}
