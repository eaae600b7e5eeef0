package lint

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// names are those of people in a record, by their first word in lower case, so
// that a text is searched once for all of them.
type names struct{ first map[string][]name }

// name is how a person is called: the whole name, or one word of it.
type name struct {
	said  string
	words []string // in lower case
}

// persons are the names of people that a record holds: written as names are,
// with every word capitalised, and long enough to be told from other words.
func (in *record) persons() *names {
	if in.names != nil {
		return in.names
	}
	n := &names{first: map[string][]name{}}
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

// add takes the name, and of a name of several words the first and the last one.
func (n *names) add(said string) {
	said = strings.TrimSpace(said)
	if !named(said) {
		return
	}
	words := strings.FieldsFunc(said, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	n.know(said, words)
	if len(words) < 2 {
		return
	}
	for _, alone := range []string{words[0], words[len(words)-1]} {
		if utf8.RuneCountInString(alone) > 2 && !collective.MatchString(alone) && !common[strings.ToLower(alone)] {
			n.know(alone, []string{alone})
		}
	}
}

func (n *names) know(said string, words []string) {
	if len(words) == 0 {
		return
	}
	words = slices.Clone(words)
	for i := range words {
		words[i] = strings.ToLower(words[i])
	}
	alike := n.first[words[0]]
	if len(alike) < mostAlike && !slices.ContainsFunc(alike, func(k name) bool { return k.said == said }) {
		n.first[words[0]] = append(alike, name{said, words})
	}
}

// common are names that are ordinary words too, at the beginning of a sentence.
var common = map[string]bool{
	"will": true, "mark": true, "may": true, "april": true, "june": true, "august": true, "grace": true, "rose": true, "hope": true, "faith": true,
	"art": true, "bill": true, "rob": true, "pat": true, "sue": true, "drew": true, "chase": true, "case": true, "page": true, "max": true, "sky": true,
	"dawn": true, "summer": true, "frank": true, "guy": true, "gene": true, "dean": true, "grant": true, "chance": true, "banks": true, "black": true,
	"white": true, "brown": true, "green": true, "gray": true, "grey": true, "young": true, "long": true, "short": true, "king": true, "price": true,
	"bell": true, "stone": true, "wood": true, "woods": true, "cook": true, "baker": true, "hill": true, "day": true, "cross": true,
	"power": true, "powers": true, "field": true, "fields": true, "best": true, "major": true, "love": true, "read": true, "ray": true,
	"jenkins": true, "hudson": true, "travis": true, "chef": true, "pierce": true, "ash": true, "amber": true, "crystal": true, "ruby": true, "jade": true,
}

// find gives the first name in a text that stands as words of its own, and for
// which good holds, with the bytes where it is; "" for none. Of several words
// the case and what stands between them may differ: ANA REYES, ana.reyes.
func (n *names) find(said string, good func(after string) bool) (found string, start, end int) {
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
		for _, k := range n.first[strings.ToLower(said[at:end])] {
			if until := k.until(said, at, end); until > 0 && good(said[until:]) {
				return k.said, at, until
			}
		}
		at = end
	}
	return "", 0, 0
}

// until is where the name ends whose first word stands in a text from start to
// end; 0 where the other words do not follow.
func (k name) until(said string, start, end int) int {
	const between = 8 // bytes: a space, Markdown's emphasis, an underscore
	if len(k.words) == 1 && said[start:end] != k.said {
		return 0
	}
	for _, word := range k.words[1:] {
		next := end
		for next < len(said) && next-end <= between && wordEnd(said, next) == next {
			_, size := utf8.DecodeRuneInString(said[next:])
			next += size
		}
		end = wordEnd(said, next)
		if strings.ToLower(said[next:end]) != word {
			return 0
		}
	}
	return end
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
