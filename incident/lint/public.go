package lint

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

func findSecrets(in *record, r *report) {
	for _, s := range in.secrets {
		r.keyed(in.place(s.text), s.key, "this looks like a credential: "+s.kind,
			"Revoke it first: it has been read. Then take it out; or, if it is harmless, silence the rule for this key and say why.")
	}
}

func findPublicPersons(in *record, r *report) {
	people := in.persons()
	for t := range in.public() {
		if t.link {
			continue
		}
		if name, start, end := people.find(t.said, func(string) bool { return true }); name != "" {
			r.add(in.place(t), t.said, "outsiders would read the name “"+name+"”: “"+excerpt(t.said, start, end)+"”",
				"Write the role instead: “the engineer on call”.")
		}
	}
}

// machines finds what names a machine: an address, a name inside a private
// domain, an instance, a pod, or a word for a machine with its number.
var machines = regexp.MustCompile(`^(?:(?:\d{1,3}\.){3}\d{1,3}|` +
	`[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*\.(?:internal|local|lan|corp|intra|intranet|localdomain|home\.arpa|svc)|` +
	`ip-(?:\d{1,3}-){3}\d{1,3}|i-[0-9a-f]{8,17}|` +
	`[a-z][a-z0-9]*(?:-[a-z0-9]+)*-[0-9a-f]{8,10}-[a-z0-9]{4,5}|` +
	`(?:[a-z0-9]+-)*(?:db|sql|mysql|mariadb|pg|postgres|redis|kafka|mongo|cassandra|elastic|es|etcd|zk|zookeeper|rabbitmq|memcached|cache|web|app|api|www|node|host|srv|server|vm|master|primary|replica|slave|worker|proxy|lb|haproxy|nginx|edge|gw|gateway|bastion|jump|ns|dns|mx|smtp|router|switch|fw|firewall)(?:-?[a-z]{0,4})?-?\d{1,4}(?:[a-z]|-[a-z0-9]+)*(?:\.[a-z0-9-]+)*)$`)

// ordinary are words with a number that are no machines.
var ordinary = regexp.MustCompile(`^(?:es20\d\d|es\d{1,2}|web[0-9]|pg\d{1,2}|sql-?92|dns-?\d{2}|http\S*|app-?\d)$|-(?:19|20)\d\d(?:-|$)|^[a-z-]+-\d+(?:\.\d+)+$`)

// shared are networks that are nobody's machine: any, documentation, loopback.
var shared = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("255.0.0.0/8"),
}

func findPublicHosts(in *record, r *report) {
	for t := range in.public() {
		if t.link || r.full() {
			continue // addresses have a rule of their own
		}
		if start, end := hostIn(t.said); end > 0 {
			r.add(in.place(t), t.said, "outsiders would read the name of a machine: “"+excerpt(t.said, start, end)+"”",
				"Write what it is for: “the primary database”.")
		}
	}
}

// hostIn is where the first name of a machine stands in a text; end is 0 for none.
func hostIn(said string) (start, end int) {
	for at := 0; at < len(said); at++ {
		if !hostByte(said[at]) {
			continue
		}
		if rest := said[at:]; strings.HasPrefix(rest, "http://") || strings.HasPrefix(rest, "https://") {
			at += len(webAddress.FindString(rest))
			continue
		}
		end := at
		for end < len(said) && hostByte(said[end]) {
			end++
		}
		name := strings.TrimRight(said[at:end], ".-")
		if telling(name) && machines.MatchString(name) && machine(name) && (end == len(said) || said[end] != '@') && (at == 0 || said[at-1] != '@') {
			return at, at + len(name)
		}
		at = end
	}
	return 0, 0
}

func hostByte(b byte) bool {
	return b == '-' || b == '.' || b == '_' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

// telling tells whether a word may be a name of a machine at all, at little cost.
func telling(word string) bool {
	const longest = 253
	return len(word) > 3 && len(word) <= longest && (strings.ContainsAny(word, "0123456789") || strings.Contains(word, "."))
}

func machine(name string) bool {
	if at, err := netip.ParseAddr(name); err == nil {
		return !slices.ContainsFunc(shared, func(p netip.Prefix) bool { return p.Contains(at) })
	}
	return !ordinary.MatchString(name) && (strings.ContainsAny(name, ".-") || strings.ContainsAny(name, "0123456789")) &&
		!strings.HasPrefix(name, "127.") && strings.ContainsFunc(name, unicode.IsLetter)
}

var webAddress = regexp.MustCompile(`\bhttps?://[^\s<>()"'\]]+`)

// private are the beginnings and ends of host names that only colleagues reach,
// and the products that a company uses inside.
var (
	privateFirst = []string{"jira", "confluence", "grafana", "kibana", "prometheus", "alertmanager", "intranet", "internal", "vpn", "admin", "staging", "corp", "sentry", "rundeck", "argocd", "vault"}
	privateLast  = []string{".internal", ".local", ".lan", ".corp", ".intra", ".intranet", ".localdomain", ".home.arpa", ".svc", ".test"}
	products     = regexp.MustCompile(`(?i)^(?:[a-z0-9-]+\.atlassian\.net|[a-z0-9-]+\.slack\.com|docs\.google\.com|drive\.google\.com|(?:www\.)?notion\.so|[a-z0-9-]+\.pagerduty\.com|[a-z0-9-]+\.opsgenie\.com|[a-z0-9-]+\.grafana\.net|app\.datadoghq\.(?:com|eu)|[a-z0-9-]+\.sentry\.io|[a-z0-9-]+\.zoom\.us|linear\.app|[a-z0-9-]+\.okta\.com|console\.(?:aws\.amazon|cloud\.google)\.com|portal\.azure\.com|[a-z0-9-]+\.sharepoint\.com|teams\.microsoft\.com|app\.slack\.com|[a-z0-9-]+\.splunkcloud\.com|one\.newrelic\.com|[a-z0-9-]+\.service-now\.com)$`)
	openProducts = regexp.MustCompile(`(?i)^(?:status|support|www|developer|response|postmortems)\.`)
)

func findInternalLinks(in *record, r *report) {
	for t := range in.public() {
		if !strings.Contains(t.said, "://") || r.full() {
			continue
		}
		for _, address := range webAddress.FindAllString(t.said, -1) {
			if host := hostOf(address); internal(host) {
				r.add(in.place(t), t.said, fmt.Sprintf("outsiders would be sent to %s, which looks internal", host),
					"Take the link out, or link to what outsiders can open.")
				break
			}
		}
	}
}

func hostOf(address string) string {
	u, err := url.Parse(strings.TrimRight(address, ".,;:!?"))
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

func internal(host string) bool {
	if host == "" || host == "localhost" {
		return false
	}
	if at, err := netip.ParseAddr(host); err == nil {
		return at.IsPrivate() || at.IsLinkLocalUnicast()
	}
	first, _, dotted := strings.Cut(host, ".")
	if !dotted || products.MatchString(host) && !openProducts.MatchString(host) {
		return true
	}
	return slices.ContainsFunc(privateLast, func(end string) bool { return strings.HasSuffix(host, end) }) ||
		slices.Contains(privateFirst, first) && strings.Count(host, ".") > 1 ||
		strings.Contains(host, ".internal.") || strings.Contains(host, ".corp.")
}
