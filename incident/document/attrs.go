package document

import (
	"regexp"
	"slices"
	"strings"
)

// attrs are the properties of a part that stand in braces after its text:
//
//	Restart was the habit for load. {likely; category: process; evidence: 2, 5}
//
// A bare word is a member of a closed set; what is not said has its default.
type attrs struct {
	words []string
	pairs [][2]string
}

// say adds a bare word.
func (a *attrs) say(w string) {
	if w != "" {
		a.words = append(a.words, w)
	}
}

// set adds a key and its value; an empty value is not said.
func (a *attrs) set(key, value string) {
	if value != "" {
		a.pairs = append(a.pairs, [2]string{key, value})
	}
}

func (a *attrs) String() string {
	all := append([]string{}, a.words...)
	for _, p := range a.pairs {
		value := word(p[1], ";{}\"")
		if anotherKey.MatchString(value) {
			value = quote(p[1])
		}
		all = append(all, p[0]+": "+value)
	}
	if len(all) == 0 {
		return ""
	}
	return "{" + strings.Join(all, "; ") + "}"
}

// known are the words and keys that one kind of part understands, in any
// letters. Each closed set has one word, and each key one value.
type known struct {
	sets [][]string
	keys []string
}

var (
	attrKey = regexp.MustCompile(`^([A-Za-z_]+): ?`)
	// anotherKey finds what somebody wrote with a comma for a semicolon.
	anotherKey = regexp.MustCompile(`,\s*[A-Za-z_]+:(?: |$)`)
)

// read understands the inside of braces. It is false unless all is known.
func (k known) read(inside string) (*attrs, bool) {
	const longestWord = 40
	a := &attrs{}
	for rest := inside; ; {
		rest = strings.TrimLeft(rest, " ")
		key := attrKey.FindStringSubmatch(rest)
		if key == nil {
			said, more, found := strings.Cut(rest[:min(len(rest), longestWord)], ";")
			if !found && len(rest) > longestWord || !a.add(chosen(said), k.sets) {
				return nil, false
			}
			if !found {
				return a, true
			}
			rest = more + rest[min(len(rest), longestWord):]
			continue
		}
		value, more, found, ok := cutValue(rest[len(key[0]):])
		name := strings.ToLower(key[1])
		if !ok || !slices.Contains(k.keys, name) || a.has(name) {
			return nil, false
		}
		a.pairs = append(a.pairs, [2]string{name, value})
		if rest = more; !found {
			return a, true
		}
	}
}

// add adds a word of one of the sets, unless the set has one already.
func (a *attrs) add(said string, sets [][]string) bool {
	for _, set := range sets {
		if slices.Contains(set, said) && a.pick(set...) == "" {
			a.say(said)
			return true
		}
	}
	return false
}

// cutValue takes one value off; found tells whether another property follows.
func cutValue(text string) (value, rest string, found, ok bool) {
	if !strings.HasPrefix(text, `"`) {
		value, rest, found = strings.Cut(text, ";")
		value = strings.TrimSpace(value)
		return value, rest, found, value != "" && !strings.ContainsAny(value, `{}"`) && !anotherKey.MatchString(value)
	}
	end := 1
	for end < len(text) && text[end] != '"' {
		if text[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(text) {
		return "", "", false, false
	}
	value, ok = unquote(text[:end+1])
	rest = strings.TrimLeft(text[end+1:], " ")
	if rest == "" {
		return value, "", false, ok
	}
	return value, rest[1:], true, ok && rest[0] == ';'
}

// cut takes the properties off the end of a text, with the one space or line
// break before them. The text is whole where there are none.
func (k known) cut(text string) (string, *attrs) {
	if !strings.HasSuffix(text, "}") {
		return text, &attrs{}
	}
	for at := strings.LastIndexByte(text, '{'); at >= 0; at = strings.LastIndexByte(text[:at], '{') {
		if at > 0 && text[at-1] != ' ' && text[at-1] != '\n' || !startsWord(text[at+1:]) {
			continue
		}
		if a, ok := k.read(text[at+1 : len(text)-1]); ok {
			return text[:max(at-1, 0)], a
		}
		if len(text)-at > 1<<15 {
			break // more than all fields of a part can fill
		}
	}
	return text, &attrs{}
}

// startsWord tells whether a letter comes first, after spaces.
func startsWord(text string) bool {
	text = strings.TrimLeft(text, " ")
	return text != "" && ('a' <= text[0]|0x20 && text[0]|0x20 <= 'z')
}

// join puts the properties after the text. Where there are none though the
// text ends as if it had some, or in a space, other says what is meant all the
// same.
func (k known) join(text string, a *attrs, other string) string {
	said := a.String()
	_, found := k.cut(text)
	_, wrong := misspelt(text)
	if said == "" && found.String() == "" && !wrong && !strings.HasSuffix(text, " ") && !strings.HasSuffix(text, "\t") {
		return text
	}
	if said == "" {
		said = "{" + other + "}"
	}
	if strings.Contains(text, "\n") {
		return text + "\n" + said
	}
	return text + " " + said
}

// pick is the first of the words that is one of those asked for, else "".
func (a *attrs) pick(of ...string) string {
	for _, w := range a.words {
		if slices.Contains(of, w) {
			return w
		}
	}
	return ""
}

// has tells whether a key was said.
func (a *attrs) has(key string) bool {
	return slices.ContainsFunc(a.pairs, func(p [2]string) bool { return p[0] == key })
}

// get is the value of a key, "" when it was not said.
func (a *attrs) get(key string) string {
	for _, p := range a.pairs {
		if p[0] == key {
			return p[1]
		}
	}
	return ""
}

// misspelt finds braces at the end of a text that look like properties and are
// none that we know, so that a person hears of it.
func misspelt(text string) (string, bool) {
	at := strings.LastIndexByte(text, '{')
	if at < 0 || !strings.HasSuffix(text, "}") || at > 0 && text[at-1] != ' ' && text[at-1] != '\n' && text[at-1] != '\t' {
		return "", false
	}
	if !bracesAlone.MatchString(text[at:]) {
		return "", false
	}
	return text[at:], true
}

var bracesAlone = regexp.MustCompile(`^\{ ?[A-Za-z_]+ ?(?:[;:,][^{}]*)?\}$`)
