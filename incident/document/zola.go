package document

import (
	"io"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// Zola does the same with the files beside an index.md. Source:
// getzola.org/documentation/content/overview, "Asset colocation".
var zolaImages = hugoImages

// writeZola writes a page of a Zola site. The site's own settings must name the
// taxonomy "categories". Source: getzola.org/documentation/content/page, of
// version 0.22.
func writeZola(w io.Writer, in *incident.Public, o Options) error {
	p := newPost(in, o, zolaImages)
	var f front
	f.set("title", inLine(p.Title))
	p.dates(&f, "date", "updated", time.RFC3339, aDay)
	f.set("slug", p.slug)
	f.set("description", p.description())
	f.set("taxonomies", front{{"categories", []string{category}}})
	f.set("extra", front{{"status", human(p.Status)}})
	p.begin(f, deepFront, front.toml)
	p.body()
	return p.flush(w)
}
