package incident

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// CauseKind is what sort of thing went wrong, in words: expired certificate.
type CauseKind string

// causeRule finds a kind of cause by what people write of it: beginnings of words in a row, in lower case.
type causeRule struct {
	kind CauseKind
	said []string
}

// causeRules is the one table. The words are those of some two hundred postmortems of eight projects.
var causeRules = []causeRule{
	{"certificate", []string{"certificate", "certs ", "cert ", "tls ", "ssl ", "letsencrypt", "let s encrypt", "x509", "bad cert"}},
	{"DNS", []string{"dns ", "coredns", "nameserver", "route53", "route 53", "name resolution", "hosted zone", "could not resolve", "dns record"}},
	{"full disk", []string{"no space left", "disk full", "disk is full", "disk was full", "out of space", "out of disk", "disk space", "storage full", "inodes ", "disk usage", "out of storage"}},
	{"out of memory", []string{"out of memory", "oom ", "oomkill", "memory leak", "memory pressure", "memory overload", "memory usage", "memory limit", "high memory", "too much memory", "amount of memory", "memory exhaust"}},
	{"leaked secret", []string{"leaked", "secrets leak", "credentials exposed", "exposed secret", "exposure of secret", "exposed credential", "secrets exposed", "token was leaked", "rotate secret", "rotate the secret", "rotated secret", "credentials rotat", "rotated credential", "rotate credential", "revoked"}},
	{"taken over account", []string{"compromise", "unauthorized access", "unauthorised access", "unauthorized login", "phishing", "unfamiliar", "suspicious login", "suspicious activity", "hijack"}},
	{"deleted by mistake", []string{"terraform destroy", "accidentally delet", "accidentally destroy", "accidental destroy", "accidentally remov", "accidentally revert", "accidentally overwr", "accidental delet", "got deleted", "were deleted", "by mistake", "deleting old cluster", "wrong cluster"}},
	{"lost logs", []string{"logs not", "logs from", "logs no longer", "missing logs", "lost logs", "dropped logs", "dropped logging", "receiving logs", "receive logs", "log shipment", "ship logs", "fluentd", "fluent bit", "logshipper", "cloudwatch logs", "kibana"}},
	{"lost metrics", []string{"metrics missing", "missing metrics", "no metrics", "prometheus", "kube state metrics", "scrape timeout", "lost metrics"}},
	{"provider outage", []string{"aws outage", "aws incident", "azure outage", "fastly", "cloudflare", "digitalocean", "github outage", "provider outage", "cdn ", "upstream outage"}},
	{"load balancer", []string{"load balanc", "alb ", "nlb ", "elb ", "target group", "ingress", "nginx", "traefik", "reverse proxy", "haproxy"}},
	{"address shortage", []string{"ip starv", "ip address", "ip exhaust", "ip alloc", "vpc cni", "cni ", "subnet"}},
	{"crowd of users", []string{"spike", "surge", "flood", "hug ", "hugs ", "reddit", "hacker news", "simultaneous launch", "quota", "pod limit", "cluster full", "cluster being full", "autoscal", "launches failing", "launches were failing", "mempool"}},
	{"full processor", []string{"cpu ", "saturat", "max capacity", "maximum capacity", "load average"}},
	{"failed nodes", []string{"notready", "not ready", "node failure", "node became unhealthy", "unhealthy node", "node rollover", "terminate node", "termination of node", "terminating node", "instance group", "kops ", "nodes failed"}},
	{"expired credential", []string{"credential expired", "credentials expired", "credential has expired", "principal", "secret expired", "token expired", "password expired", "would expire", "account expired", "expired token"}},
	{"admission webhook", []string{"admission controller", "admission webhook", "kyverno", "validating webhook", "unresponsive webhook", "webhook timeout", "validatingwebhook", "mutatingwebhook"}},
	{"missing input check", []string{"unsanitized", "unsanitised", "command injection", "negative value", "negative amount", "cve ", "cwe ", "vulnerab", "log4j", "log4shell", "unbound"}},
	{"directory service", []string{"ldap", "active directory", "ad policy", "service account"}},
	{"slow dependency", []string{"response time", "high latency", "slow performance", "slow response", "slowness"}},
	{"upgrade", []string{"upgrad", "version bump", "version update", "new version"}},
	{"configuration", []string{"misconfigur", "wrong config", "configuration change", "config change", "configuration error", "faulty configuration", "wrong setting"}},
	{"database", []string{"postgres", "mysql", "redis", "replica", "database"}},
}

const (
	mostCauseKinds = 3
	readForCause   = 6 << 10 // bytes of a text that are looked at
)

// CauseKinds says what sort of thing went wrong, as far as words tell, the likeliest first and at most three. What the
// title says counts most, then the summary, then the rest.
func CauseKinds(title, summary, rest string) []CauseKind {
	type found struct {
		kind  CauseKind
		score int
	}
	var all []found
	title, summary, rest = wordsInRow(title), wordsInRow(summary), wordsInRow(rest)
	for _, r := range causeRules {
		if score := 6*r.times(title, 1) + 2*r.times(summary, 2) + r.times(rest, 4); score >= 2 {
			all = append(all, found{r.kind, score})
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Compare(b.score, a.score) })
	var kinds []CauseKind
	for i, f := range all {
		if i < mostCauseKinds && 3*f.score >= all[0].score {
			kinds = append(kinds, f.kind)
		}
	}
	return kinds
}

// times counts how often a text says it, at most most times.
func (r causeRule) times(text string, most int) (n int) {
	for _, what := range r.said {
		if n += strings.Count(text, " "+what); n >= most {
			return most
		}
	}
	return n
}

// wordsInRow is a text as words with one space around each, in lower case.
func wordsInRow(text string) string {
	if len(text) > readForCause {
		text = strings.ToValidUTF8(text[:readForCause], "")
	}
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return " " + strings.Join(words, " ") + " "
}
