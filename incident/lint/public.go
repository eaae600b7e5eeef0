package lint

import (
	"net/netip"
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
		for at, seen := 0, (once{}); ; {
			name, start, end := people.find(t.said[at:], func(string) bool { return true })
			if name == "" || r.full() {
				break
			}
			if seen.first(name) {
				r.add(in.place(t), name, "outsiders would read the name “"+name+"”: “"+excerpt(t.said, at+start, at+end)+"”",
					"Write the role instead: “the engineer on call”.")
			}
			at += end
		}
	}
}

// machines finds what names a machine: an address, a name inside a private
// domain, an instance, a pod, or a word for a machine with its number.
var machines = regexp.MustCompile(`^(?:(?:\d{1,3}\.){3}\d{1,3}|` +
	`[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*\.(?:internal|local|lan|corp|intra|intranet|localdomain|home\.arpa|svc)|` +
	`(?:ip|ec2)-(?:\d{1,3}-){3}\d{1,3}(?:\.[a-z0-9-]+)*|i-[0-9a-f]{8,17}|` +
	`[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:rds|cache|es|elb|redshift|compute)(?:\.[a-z0-9-]+)?\.amazonaws\.com|` +
	`(?:[a-z0-9]+-)*(?:srv|dc|exch|esx|vmss)-?[a-z]{0,6}-?0\d{1,5}|` +
	`[a-z][a-z0-9]*(?:-[a-z0-9]+)*-[0-9a-f]{8,10}-[a-z0-9]{4,5}|` +
	`[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:int|intern|internal|corp|prod|prd|stg|staging|infra|ops|mgmt|priv|dc\d{1,2})(?:\.[a-z0-9-]+)*\.[a-z0-9-]+\.[a-z]{2,12}|` +
	`(?:[a-z0-9]+-)*(?:mail|nas|san|hv|storage|runner|ceph|osd|consul|nomad|prometheus|grafana|jenkins|gitlab|ldap|ad|vpn|mon|log|logs|syslog|backup|batch|search|solr|frontend|backend|fe|be|ingress|minion|compute|ctrl|spark|hdfs|nfs|git|ci|build)-?0\d{1,3}(?:\.[a-z0-9-]+)*|` +
	`(?:[a-z0-9]+-)*(?:db|sql|psql|runner|mysql|mariadb|pg|postgres|redis|kafka|mongo|cassandra|elastic|es|etcd|zk|zookeeper|rabbitmq|memcached|cache|web|app|api|www|node|host|srv|server|vm|master|primary|replica|slave|worker|proxy|lb|haproxy|nginx|edge|gw|gateway|broker|shard|bastion|jump|ns|dns|mx|smtp|router|switch|fw|firewall)(?:-?[a-z]{0,4})?-?\d{1,4}(?:[a-z]|-[a-z0-9]+)*(?:\.[a-z0-9-]+)*)$`)

// ordinary are words with a number that are no machines.
var ordinary = regexp.MustCompile(`^(?:es20\d\d|es-419|(?:node|postgres|postgresql|mysql|java)-?(?:1\d|2\d)|redis[67]|es\d{1,2}|web\d(?:\.\d)?|pg\d{1,2}|sql-?92|dns-?\d{2}|http\S*|app-?\d)$|-(?:19|20)\d\d(?:-|$)|^[a-z]+-?[45](?:\d\d|xx)$|-v\d+$|^[a-z-]+-\d+(?:\.\d+)+$|-case-\d+$|^(?:api|www|app|web|cdn|ns|mx|smtp|mail)-?\d\.[a-z0-9-]+\.[a-z]+$`)

// shared are networks that are nobody's machine: any, documentation, loopback, resolvers for everybody.
var shared = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("1.1.1.1/32"), netip.MustParsePrefix("1.0.0.1/32"), netip.MustParsePrefix("8.8.8.8/32"), netip.MustParsePrefix("8.8.4.4/32"), netip.MustParsePrefix("9.9.9.9/32"),
	netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("255.0.0.0/8"),
}

func findPublicHosts(in *record, r *report) {
	for t := range in.public() {
		if t.link || r.full() {
			continue // addresses have a rule of their own
		}
		for at, seen := 0, (once{}); !r.full(); {
			start, end := hostIn(t.said, at)
			if end == 0 {
				break
			}
			r.machine(in.place(t), t.said, start, end, seen)
			at = end
		}
		if start, end := newHost(t.said); end > 0 {
			r.machine(in.place(t), t.said, start, end, once{})
		}
	}
}

func (r *report) machine(at place, said string, start, end int, seen once) {
	if name := strings.ToLower(said[start:end]); seen.first(name) {
		r.add(at, name, "outsiders would read the name of a machine: “"+excerpt(said, start, end)+"”",
			"Write what it is for: “the primary database”.")
	}
}

// once knows what was told of one text.
type once map[string]bool

func (o once) first(what string) bool {
	if o[what] {
		return false
	}
	o[what] = true
	return true
}

// hostIn is where the first name of a machine stands in a text, from a place
// on; end is 0 for none.
func hostIn(said string, from int) (start, end int) {
	for at := from; at < len(said); at++ {
		if !hostByte(said[at]) {
			continue
		}
		if rest := said[at:]; len(rest) > len("http") && strings.EqualFold(rest[:len("http")], "http") {
			if address := addressHere.FindString(rest); address != "" {
				at += len(address)
				continue
			}
		}
		end := at
		for end < len(said) && hostByte(said[end]) {
			end++
		}
		begin := at + len(said[at:end]) - len(strings.TrimLeft(said[at:end], "_-."))
		name := strings.Trim(said[at:end], "_-.")
		if telling(name) && isMachine(name) && !(end < len(said) && said[end] == '@') && !mailed(said, begin, name) && !versioned(said[:begin], name) {
			return begin, begin + len(name)
		}
		at = end
	}
	return 0, 0
}

// isMachine reads underscores as dashes. Words in capitals are names of machines
// only with a domain, or with a number as machines have it: DB01.
func isMachine(name string) bool {
	lower := strings.ReplaceAll(strings.ToLower(name), "_", "-")
	if lower != strings.ReplaceAll(name, "_", "-") && !strings.Contains(name, ".") && !padded.MatchString(name) {
		return false
	}
	return machines.MatchString(lower) && machine(lower)
}

var padded = regexp.MustCompile(`0\d+$`)

// mailed tells whether a name is the domain of somebody's mail, and no machine
// that somebody signs in to.
func mailed(said string, at int, name string) bool {
	_, notAddress := netip.ParseAddr(name)
	return at > 0 && said[at-1] == '@' && notAddress != nil && strings.Contains(name, ".") && !internal(strings.ToLower(name))
}

// versioned tells whether four numbers are a version or a section: the word before says so.
func versioned(before, name string) bool {
	_, notAddress := netip.ParseAddr(name)
	return notAddress == nil && versions.MatchString(before[max(0, len(before)-20):])
}

var versions = regexp.MustCompile(`(?i)(?:\b(?:versions?|release|section|chapter|build|chart|upgraded? to|from) |\bv\.? ?)$`)

// newAddress finds what may be an address of IPv6.
var newAddress = regexp.MustCompile(`[0-9A-Fa-f]{3,4}(?::[0-9A-Fa-f]{0,4}){2,7}`)

// newHost is where the first address of IPv6 stands in a text; end is 0 for
// none. Times of day, names of C++ and what the documentation uses are none.
func newHost(said string) (start, end int) {
	if !strings.Contains(said, ":") {
		return 0, 0
	}
	for _, at := range newAddress.FindAllStringIndex(said, -1) {
		address, err := netip.ParseAddr(said[at[0]:at[1]])
		first, _, _ := strings.Cut(said[at[0]:at[1]], ":")
		if err == nil && strings.ContainsAny(first, "0123456789") && wordEnd(said, at[1]) == at[1] && (at[0] == 0 || !hostByte(said[at[0]-1])) && !documented.Contains(address) {
			return at[0], at[1]
		}
	}
	return 0, 0
}

var documented = netip.MustParsePrefix("2001:db8::/32")

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
