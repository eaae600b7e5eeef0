package lint

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

var addressHere = regexp.MustCompile(`^(?i:https?)://(?:\[[0-9A-Fa-f:]+\])?[^\s<>()"'\]]+`)

// private are the beginnings and ends of host names that only colleagues reach,
// and the products that a company uses inside.
var (
	privateFirst = []string{"jira", "confluence", "grafana", "kibana", "prometheus", "alertmanager", "intranet", "internal", "vpn", "admin", "staging", "corp", "sentry", "rundeck", "argocd", "vault", "jenkins", "nagios", "zabbix", "teamcity", "spinnaker", "bitbucket"}
	privateLast  = []string{".internal", ".local", ".lan", ".corp", ".intra", ".intranet", ".localdomain", ".home.arpa", ".svc", ".test"}
	products     = regexp.MustCompile(`(?i)^(?:[a-z0-9-]+\.atlassian\.net|[a-z0-9-]+\.slack\.com|docs\.google\.com|drive\.google\.com|(?:www\.)?notion\.so|[a-z0-9-]+\.pagerduty\.com|[a-z0-9-]+\.opsgenie\.com|[a-z0-9-]+\.grafana\.net|app\.datadoghq\.(?:com|eu)|[a-z0-9-]+\.sentry\.io|[a-z0-9-]+\.zoom\.us|linear\.app|[a-z0-9-]+\.okta\.com|console\.(?:aws\.amazon|cloud\.google)\.com|portal\.azure\.com|[a-z0-9-]+\.sharepoint\.com|teams\.microsoft\.com|app\.slack\.com|[a-z0-9-]+\.splunkcloud\.com|one\.newrelic\.com|[a-z0-9-]+\.service-now\.com|[a-z0-9-]+\.notion\.site|app\.asana\.com|[a-z0-9-]+\.monday\.com|meet\.google\.com)$`)
	bareAddress  = regexp.MustCompile(`(?i)\b[a-z0-9-]+(?:\.[a-z0-9-]+)+/[^\s<>()"'\]]*`)
	openProducts = regexp.MustCompile(`(?i)^(?:status|support|www|developers?|response|postmortems|docs|help|blog|community|learn|trust)\.(?:[a-z0-9-]+\.){1,2}[a-z]+$`)
)

func findInternalLinks(in *record, r *report) {
	for t := range in.public() {
		if !strings.Contains(t.said, "/") || r.full() {
			continue
		}
		seen := once{}
		for _, link := range addresses(t.said) {
			if host := hostOf(link); internal(host) && seen.first(host) {
				r.add(in.place(t), host, fmt.Sprintf("outsiders would be sent to %s, which looks internal", host),
					"Take the link out, or link to what outsiders can open.")
			}
		}
	}
}

// addresses are those in a text, and what is one but for its beginning:
// acme.atlassian.net/browse/OPS-1.
func addresses(said string) []string {
	var found []string
	var rest strings.Builder
	from := 0
	for at := 0; ; {
		i := strings.Index(said[at:], "://")
		if i < 0 {
			break
		}
		start := schemeAt(said, at+i)
		at += i + len("://")
		if start < from {
			continue
		}
		if web := addressHere.FindString(said[start:]); web != "" {
			found = append(found, web)
			rest.WriteString(said[from:start] + " ")
			from = start + len(web)
			at = from
		}
	}
	if rest.WriteString(said[from:]); !mayBeBare(rest.String()) {
		return found
	}
	for _, bare := range bareAddress.FindAllString(rest.String(), -1) {
		found = append(found, "https://"+bare)
	}
	return found
}

// schemeAt is where the http or https begins that ends at a place; -1 for none.
func schemeAt(said string, end int) int {
	for _, scheme := range []string{"http", "https"} {
		start := end - len(scheme)
		if start >= 0 && strings.EqualFold(said[start:end], scheme) && (start == 0 || !wordByte(said[start-1])) {
			return start
		}
	}
	return -1
}

func wordByte(b byte) bool { return hostByte(b) && b != '-' && b != '.' }

// mayBeBare tells, at little cost, whether a slash follows a word with a dot.
func mayBeBare(said string) bool {
	for i := range len(said) {
		if said[i] != '/' || i == 0 || !hostByte(said[i-1]) {
			continue
		}
		from := i
		for from > 0 && hostByte(said[from-1]) {
			from--
		}
		if strings.Contains(said[from:i], ".") {
			return true
		}
	}
	return false
}

func hostOf(link string) string {
	u, err := url.Parse(strings.TrimRight(link, ".,;:!?"))
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
	if !dotted || products.MatchString(host) && (!openProducts.MatchString(host) || host == "docs.google.com") {
		return true
	}
	return slices.ContainsFunc(privateLast, func(end string) bool { return strings.HasSuffix(host, end) }) ||
		slices.Contains(privateFirst, first) && strings.Count(host, ".") > 1 ||
		strings.Contains(host, ".internal.") || strings.Contains(host, ".corp.")
}
