package document

import (
	"io"
	"regexp"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// Pelican copies what {static} names, from beside the post, whatever its
// STATIC_PATHS are, and finds it for a site below any address. {attach} is for
// files of one post alone. Source: docs.getpelican.com/en/4.8.0/content.html,
// "Linking to static files".
var pelicanImages = Images{Path: "{static}images/*", Where: "images/ beside the post", Folder: "images"}

// WritePelican writes a post of a Pelican blog: lines of meta-data without
// quotes, a blank line, then Markdown. It is for outsiders only. Source: Pelican
// 4.8 and the meta extension of Python-Markdown 3.4, which end the meta-data at
// the first blank line.
func WritePelican(w io.Writer, in *incident.Public, o Options) error {
	p := newPost(in, o, pelicanImages)
	var f front
	f.set("title", harmless(inLine(p.Title)))
	f.set("slug", p.slug)
	f.set("meta", harmless(p.description()))
	f.set("category", category)
	p.dates(&f, "date", "modified", "2006-01-02 15:04", aDay)
	p.begin(f, metaFront, front.meta)
	p.body()
	return p.flush(w)
}

// harmless is a text for the meta-data, which themes put into pages and into
// attributes there, some of them after resolving entities: so the characters
// that could break out become others that look alike.
func harmless(text string) string {
	return curled(strings.ReplaceAll(entity.ReplaceAllString(text, "&amp;$1"), "<", "‹"))
}

// curled has the quotes of print.
func curled(text string) string {
	var b strings.Builder
	for i, part := range strings.Split(text, `"`) {
		switch {
		case i == 0:
		case i%2 == 1:
			b.WriteRune('“')
		default:
			b.WriteRune('”')
		}
		b.WriteString(part)
	}
	return b.String()
}

var entity = regexp.MustCompile(`&(#?[A-Za-z0-9]+;)`)
