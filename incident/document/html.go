package document

import (
	"embed"
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
	return writePage(w, newStory(in, o, false))
}

func writePublicHTML(w io.Writer, p *incident.Public, o Options) error {
	in := view(p)
	if o.Only != "" {
		in = alone(in)
	}
	return writePage(w, newStory(in, o, true))
}

func writePage(w io.Writer, s *story) error {
	var b strings.Builder
	if err := page.Execute(&b, s); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return flush(w, b.String())
}
