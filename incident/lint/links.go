package lint

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

const address = `(?i:https?)://(?:\[[0-9A-Fa-f:]+\])?[^\s<>()"'\]]+`

var (
	webAddress  = regexp.MustCompile(`\b` + address)
	addressHere = regexp.MustCompile(`^` + address)
)

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
	found := webAddress.FindAllString(said, -1)
	if !strings.Contains(strings.ReplaceAll(said, "//", ""), "/") {
		return found
	}
	for _, bare := range bareAddress.FindAllString(webAddress.ReplaceAllString(said, " "), -1) {
		found = append(found, "https://"+bare)
	}
	return found
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
