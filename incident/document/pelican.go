package document

import (
	"io"
	"regexp"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// WritePelican writes a post of a Pelican blog: lines of meta-data without
// quotes, a blank line, then Markdown. It is for outsiders only. Source: Pelican
// 4.8 and the meta extension of Python-Markdown 3.4, which end the meta-data at
// the first blank line.
func WritePelican(w io.Writer, in *incident.Public, o Options) error {
	p := newPost(in, o)
	p.meta("title", harmless(p.Title))
	p.meta("slug", slug(in, p.story))
	p.meta("meta", shorten(harmless(plainText(in.Summary))))
	p.meta("category", "Incidents")
	if date, ok := dateOf(p.story); ok {
		p.meta("date", date.Format("2006-01-02 15:04"))
		if at := in.UpdatedAt.In(date.Location()); at.After(date) {
			p.meta("modified", at.Format("2006-01-02 15:04"))
		}
	}
	p.line("")
	p.body()
	return p.flush(w)
}

// meta writes one key, on one line; a key without a value is left out.
func (p *post) meta(key, value string) {
	if value = strings.Join(strings.Fields(value), " "); value != "" {
		p.line(key + ": " + value)
	}
}

// harmless is a text for the meta-data, which themes put into pages and into
// attributes there, some of them after resolving entities: so the characters
// that could break out become others that look alike.
func harmless(text string) string {
	text = entity.ReplaceAllString(text, "&amp;$1")
	var b strings.Builder
	open := false
	for _, r := range text {
		switch r {
		case '<':
			r = '‹'
		case '"':
			if open = !open; open {
				r = '“'
			} else {
				r = '”'
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

var entity = regexp.MustCompile(`&(#?[A-Za-z0-9]+;)`)
