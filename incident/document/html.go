package document

import (
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

//go:embed page.html page.css picture.css
var files embed.FS

// page is the standalone page: one file, no script, nothing loaded from
// anywhere, to be sent or printed.
var page = template.Must(template.New("page.html").Funcs(template.FuncMap{
	"human":   func(w any) string { return human(fmt.Sprint(w)) },
	"title":   func(w any) string { return title(fmt.Sprint(w)) },
	"machine": machine,
	"counted": counted,
	"link":    incident.IsLink,
	"style":   style,
}).ParseFS(files, "page.html"))

func style() (template.CSS, error) {
	css, err := files.ReadFile("page.css")
	return template.CSS(css), err //nolint:gosec // our own file
}

// WriteHTML writes the whole record as a standalone page.
func WriteHTML(w io.Writer, in *incident.Incident, o Options) error {
	if o.Only != "" {
		in = alone(in)
	}
	return writePage(w, newStory(in, o, false), o)
}

func writePublicHTML(w io.Writer, p *incident.Public, o Options) error {
	in := view(p)
	if o.Only != "" {
		in = alone(in)
	}
	return writePage(w, newStory(in, o, true), o)
}

// WriteStory writes what stands on the page for outsiders, for a page that has its own frame and style. In the places of
// images are what Illustrate replaces.
func WriteStory(w io.Writer, p *incident.Public, o Options) error {
	var b strings.Builder
	if err := page.ExecuteTemplate(&b, "told", newStory(view(p), o, true)); err != nil {
		return fmt.Errorf("write story: %w", err)
	}
	return flush(w, b.String())
}

func writePage(w io.Writer, s *story, o Options) error {
	var b strings.Builder
	if err := page.Execute(&b, s); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return flush(w, string(carry([]byte(b.String()), o)))
}

// mostEmbedded is how many bytes of images one page carries.
const mostEmbedded = 20 << 20

// carry puts images into a page as they are, so that it stays one file. One that
// would make it too heavy is told in words.
func carry(page []byte, o Options) []byte {
	carried := 0
	return Illustrate(page, func(id, alt string) string {
		if o.Image == nil {
			return alt
		}
		m, file, ok := o.Image(id)
		if !ok || carried+len(file) > mostEmbedded {
			return alt
		}
		carried += len(file)
		return fmt.Sprintf(`<img src="data:%s;base64,%s" alt="%s" width="%d" height="%d" style="max-width:100%%;height:auto">`, m.MediaType, base64.StdEncoding.EncodeToString(file), alt, m.Width, m.Height)
	})
}
