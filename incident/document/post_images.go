package document

import (
	"regexp"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// Images says how documents of a form name the images of a record, and where
// the files belong. The zero value is for forms that carry images in them.
type Images struct {
	Path   string   // how a document names the file *, as the generator's users write it
	Where  string   // where the files belong, for people
	Folder string   // the same, below the root of the site or else beside the document
	Root   []string // what stands in the root of a site, the surest first; none where files lie beside the document
	Bundle bool     // such a document is index.md in a folder of its own
}

// besides is how our own forms name images.
var besides = Images{Path: "images/*", Where: "images/ beside the file", Folder: "images"}

// at is how a document names an image, from its path in a record.
func (i Images) at(path string) string {
	return strings.Replace(i.Path, "*", strings.TrimPrefix(path, "images/"), 1)
}

// plainPicture is an image of the record of which the text says what no
// generator takes for anything else.
var plainPicture = regexp.MustCompile(`!\[([\p{L}\p{N}][\p{L}\p{N} .,;()%/+-]*)\]\((images/[a-z0-9]{12}\.(?:png|jpg|gif|webp))\)`)

// kept tells whether the post shows an image: one that is gone is told in words.
func (p *post) kept(path string) bool {
	if p.image == nil {
		return true
	}
	is, asked := p.there[path]
	if !asked {
		_, _, is = p.image(incident.ImageAt(path))
		p.there[path] = is
	}
	return is
}

// pictures replaces the plain pictures in a text that the post shows, unless
// they might stand in code or behind a backslash.
func (p *post) pictures(text string, with func(alt, path string) string) string {
	if strings.ContainsAny(text, "`\\") {
		return text
	}
	return plainPicture.ReplaceAllStringFunc(text, func(found string) string {
		of := plainPicture.FindStringSubmatch(found)
		if !p.kept(of[2]) || strings.Contains(of[1], "--") || strings.Contains(of[1], "..") { // which Hugo prints as entities
			return found
		}
		return with(of[1], of[2])
	})
}

// asIs is a safe text with its pictures as the generator finds them.
func (p *post) asIs(text string) string {
	return p.pictures(text, p.markdownImage)
}

func (p *post) markdownImage(alt, path string) string {
	return "![" + alt + "](" + p.images.at(path) + ")"
}

// illustrated puts the images into sanitized HTML.
func (p *post) illustrated(page string) string {
	return string(illustrate([]byte(page), func(path, alt string) string {
		if !p.kept(path) {
			return alt
		}
		return `<img src="` + p.images.at(path) + `" alt="` + alt + `">`
	}))
}
