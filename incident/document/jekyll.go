package document

import (
	"io"

	"github.com/debriefhq/debrief/incident"
)

// Jekyll leaves files in _posts out of the site, so its users keep images in
// assets; relative_url finds them for a site below any address. Source:
// jekyllrb.com/docs/posts, "Including images and resources", and
// jekyllrb.com/docs/liquid/filters.
var jekyllImages = Images{
	Path: "{{ '/assets/images/*' | relative_url }}", Where: "assets/images/ of the site",
	Folder: "assets/images", Root: []string{"_config.yml", "_config.yaml", "_config.toml", "_posts"},
}

// writeJekyll writes a post of a Jekyll site, for _posts. Its file's name gives
// the day and the slug. Themes put titles into pages as they are, so those are
// harmless. Source: Jekyll 4.3, kramdown 2.4.
func writeJekyll(w io.Writer, in *incident.Public, o Options) error {
	p := newPost(in, o, jekyllImages)
	p.kramdown = true
	var f front
	f.set("layout", "post")
	f.set("title", harmless(inLine(p.Title)))
	p.dates(&f, "date", "last_modified_at", "2006-01-02 15:04:05 -0700", aDay)
	f.set("description", harmless(p.description()))
	f.set("categories", []string{"incidents"})
	p.begin(f, deepFront, front.yaml)
	p.body()
	return p.flush(w)
}
