package document

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/debriefhq/debrief/incident"
)

// slug is the post's name in addresses: from the public title, and from the time
// where that says too little, in no letters or in those of other scripts.
func slug(in *incident.Public, s *story) string {
	name, whole := slugOf(in.Title)
	if name == "" || name == "index" { // Hugo and Zola take index.md for all of its directory
		name = strings.TrimSuffix("incident-"+name, "-")
	}
	date, ok := dateOf(s)
	switch {
	case whole || !ok:
		return name
	case date.day:
		return name + "-" + date.Format(time.DateOnly)
	}
	return name + "-" + date.Format("2006-01-02-1504")
}

// slugOf keeps ASCII letters and digits, and puts dashes between words. Letters
// with marks lose these. It is whole when nothing else was lost, and something
// is left.
func slugOf(title string) (name string, whole bool) {
	const longest = 80
	whole = true
	words := strings.FieldsFunc(folded(title), func(r rune) bool {
		if r > unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			whole = false
		}
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	for _, w := range words {
		if len(name)+len(w) < longest {
			name += "-" + w
		}
	}
	name = strings.TrimPrefix(name, "-")
	return name, whole && name != ""
}

// folded is a text in small letters without marks: "Störung" is "storung".
func folded(text string) string {
	text = strings.ToLower(norm.NFKD.String(text))
	return unmarked.Replace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, text))
}

// unmarked are the Latin letters that Unicode does not take apart.
var unmarked = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ħ", "h", "ŧ", "t", "ŋ", "n", "ı", "i")
