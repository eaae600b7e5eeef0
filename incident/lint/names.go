package lint

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// names are those of people in a record, by their first word, so that a text is
// searched once for all of them.
type names struct{ first map[string][]string }

// persons are the names of people that a record holds: written as names are,
// with every word capitalised, and long enough to be told from other words.
func (in *record) persons() *names {
	if in.names != nil {
		return in.names
	}
	n := &names{first: map[string][]string{}}
	for _, p := range in.People {
		n.add(p.Name)
	}
	for i := range in.Actions {
		n.add(in.Actions[i].Owner)
	}
	for i := range in.Messages {
		n.add(in.Messages[i].Author)
	}
	for _, name := range in.Review.Reviewers {
		n.add(name)
	}
	for i := range in.Timeline {
		if name := in.Timeline[i].Actor; strings.Contains(name, " ") { // a single word may be a program
			n.add(name)
		}
	}
	in.names = n
	return n
}

// mostAlike bounds the names with one first word: that is no word of a name then.
const mostAlike = 50

func (n *names) add(name string) {
	name = strings.TrimSpace(name)
	end := wordEnd(name, 0)
	if end == 0 {
		return
	}
	alike := n.first[name[:end]]
	if len(alike) < mostAlike && !slices.Contains(alike, name) && named(name) {
		n.first[name[:end]] = append(alike, name)
	}
}

// find gives the first name in a text that stands as words of its own, and for
// which good holds, with the bytes where it is; "" for none.
func (n *names) find(said string, good func(after string) bool) (name string, start, end int) {
	if len(n.first) == 0 {
		return "", 0, 0
	}
	for at := 0; at < len(said); {
		end := wordEnd(said, at)
		if end == at {
			_, size := utf8.DecodeRuneInString(said[at:])
			at += size
			continue
		}
		for _, name := range n.first[said[at:end]] {
			if after, is := strings.CutPrefix(said[at:], name); is && wordEnd(after, 0) == 0 && good(after) {
				return name, at, at + len(name)
			}
		}
		at = end
	}
	return "", 0, 0
}

// wordEnd is where the letters and digits from a place on end.
func wordEnd(said string, from int) int {
	i := strings.IndexFunc(said[from:], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if i < 0 {
		return len(said)
	}
	return from + i
}

// collective are the words that make a name one of a role, a team or a program.
var collective = regexp.MustCompile(`(?i)\b(?:team|on-?call|engineers?|engineering|support|staff|service|services|bot|monitoring|alert\S*|customers?|users?|operations|ops|sre|devops|infra\S*|platform|security|commander|duty|vendor|provider|department|group|desk|lead|manager|admin\S*|operator|scribe|everybody|everyone|nobody|unknown|inc|ltd|gmbh|corp|aws|google|amazon|azure|microsoft|github|cloudflare|redis|postgres\S*|kubernetes|cluster|pipeline|job|system|api|tbd|tbc|all|n/a)\b`)

// particles stand in names in lower case.
var particles = []string{"van", "von", "de", "der", "den", "da", "di", "del", "la", "le", "bin", "al", "zu"}

func named(name string) bool {
	if utf8.RuneCountInString(name) < 3 || len(name) > 100 || collective.MatchString(name) {
		return false
	}
	for _, word := range strings.Fields(name) {
		if first, _ := utf8.DecodeRuneInString(word); !unicode.IsUpper(first) && !slices.Contains(particles, word) {
			return false
		}
	}
	return strings.ContainsFunc(name, unicode.IsLower)
}
