package document

import (
	"bytes"
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"github.com/debriefhq/debrief/incident"
)

// mark is how a rendered text holds the place of an image of the record: it
// loads nothing. Nothing else that comes out of a text looks like it.
var mark = regexp.MustCompile(`<img title="images/([a-z0-9]{12})\.(?:png|jpg|gif|webp)" alt="([^"]*)">`)

var markBegins = []byte(`<img title="images/`)

// pictureOf writes the place of an image of the record, and false for a picture
// from anywhere else.
func pictureOf(w util.BufWriter, source []byte, n *ast.Image, entering bool) (bool, error) {
	path := string(n.Destination)
	if incident.ImageAt(path) == "" || !entering {
		return incident.ImageAt(path) != "", nil
	}
	alt := strings.TrimSpace(textIn(n, source))
	if alt == "" {
		alt = "image"
	}
	_, err := w.WriteString(`<img title="` + path + `" alt="` + html.EscapeString(alt) + `">`)
	return true, err
}

// textIn is the text below a node.
func textIn(n ast.Node, source []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			b.Write(c.Segment.Value(source))
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(c.Value)
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
	if !Pictured(page) {
		return page
	}
	return mark.ReplaceAllFunc(page, func(found []byte) []byte {
		of := mark.FindSubmatch(found)
		return []byte(show(string(of[1]), string(of[2])))
	})
}
