package document

import (
	"bufio"
	"bytes"
	"cmp"
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	renderer "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"github.com/debriefhq/debrief/incident"
)

// mark is how a rendered text holds the place of an image of the record: it
// loads nothing. Nothing else that comes out of a text looks like it.
var mark = regexp.MustCompile(`<img title="(images/[a-z0-9]{12}\.(?:png|jpg|gif|webp))" alt="([^"]*)">`)

var markBegins = []byte(`<img title="images/`)

// pictureOf writes the place of an image of the record, and false for a picture
// from anywhere else.
func pictureOf(w util.BufWriter, source []byte, n *ast.Image, entering bool) (bool, error) {
	path := string(n.Destination)
	if incident.ImageAt(path) == "" || !entering {
		return incident.ImageAt(path) != "", nil
	}
	_, err := w.WriteString(`<img title="` + path + `" alt="` + html.EscapeString(altOf(n, source)) + `">`)
	return true, err
}

// altOf is what a text says of an image.
func altOf(n *ast.Image, source []byte) string {
	return cmp.Or(strings.TrimSpace(textIn(n, source)), "image")
}

// textIn is the text below a node.
func textIn(n ast.Node, source []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			b.WriteString(wordsIn(c, source))
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(c.Value)
		case *ast.AutoLink:
			b.Write(c.Label(source))
		case *ast.RawHTML:
			b.Write(c.Segments.Value(source))
		default:
			b.WriteString(textIn(c, source))
		}
	}
	return b.String()
}

// Pictured tells whether images of the record have a place in a page that
// Illustrated texts stand in.
func Pictured(page []byte) bool { return bytes.Contains(page, markBegins) }

// Illustrate puts images of the record into a page. Show gives the HTML of one,
// from its id and from what the text says of it, which is escaped.
func Illustrate(page []byte, show func(id, alt string) string) []byte {
	return illustrate(page, func(path, alt string) string { return show(incident.ImageAt(path), alt) })
}

// illustrate is Illustrate by the path of an image in the record.
func illustrate(page []byte, show func(path, alt string) string) []byte {
	if !Pictured(page) {
		return page
	}
	return mark.ReplaceAllFunc(page, func(found []byte) []byte {
		of := mark.FindSubmatch(found)
		return []byte(show(string(of[1]), string(of[2])))
	})
}

// wordsIn is a text of a paragraph, its escapes and entities resolved.
func wordsIn(n *ast.Text, source []byte) string {
	said := string(n.Segment.Value(source))
	if n.IsRaw() {
		return said
	}
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	renderer.DefaultWriter.Write(w, []byte(said))
	_ = w.Flush() // into memory
	return html.UnescapeString(b.String())
}
