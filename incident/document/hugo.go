package document

import (
	"io"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// Hugo publishes the files of a page bundle with their page, wherever the site's
// permalinks and its address put that. Source: gohugo.io/content-management/page-bundles.
var hugoImages = Images{Path: "images/*", Where: "images/ beside the post, which is index.md in a folder of its own", Folder: "images", Bundle: true}

// writeHugo writes a post of a Hugo site, for content/posts. Source: Hugo
// 0.111, whose Markdown leaves HTML out: so a post has none.
func writeHugo(w io.Writer, in *incident.Public, o Options) error {
	p := newPost(in, o, hugoImages)
	p.noHTML = true
	var f front
	f.set("title", inLine(p.Title))
	p.dates(&f, "date", "lastmod", time.RFC3339, noon)
	f.set("slug", p.slug)
	f.set("description", p.description())
	f.set("categories", []string{category})
	p.begin(f, hugoFront, front.yaml)
	p.body()
	return p.flush(w)
}
