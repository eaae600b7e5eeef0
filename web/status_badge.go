package web

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"unicode/utf8"

	"github.com/debriefhq/debrief/api/edition"
	"github.com/debriefhq/debrief/incident"
)

// picturePolicy is that of a picture that brings its own style: opened by itself it can do nothing.
const picturePolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

// badge is how things are, in one line to embed in another page.
type badge struct {
	Title, Text, Theme string // Theme is light, dark or "" for what the reader prefers
	Level              incident.Level
	Width, Room, Span  int // Span is what the text takes, in whatever font its reader has
}

const (
	badgeLetter = 7 // pixels that a letter may take
	badgeSides  = 40
)

// badgePage is drawn without a page's style: colours are those of debrief.css.
var badgePage = template.Must(template.New("badge").Parse(`<svg xmlns="http://www.w3.org/2000/svg" width="{{.Width}}" height="28" viewBox="0 0 {{.Width}} 28" role="img" aria-label="{{.Title}}">
<title>{{.Title}}</title>
<style>
.b{fill:#fff;stroke:#8b867b}.t{fill:#1d1c19;font:600 13px system-ui,sans-serif}.operational{color:#1c6a3c}.under_maintenance{color:#2e4f9e}.degraded_performance,.partial_outage{color:#86500a}.major_outage{color:#a51d1d}.c{stroke:#fff}
{{if eq .Theme "light"}}{{else}}{{if ne .Theme "dark"}}@media (prefers-color-scheme:dark){ {{- end}}.b{fill:#1b1f23;stroke:#737a82}.t{fill:#e8e5df}.operational{color:#82cf9c}.under_maintenance{color:#a9c0f6}.degraded_performance,.partial_outage{color:#efb562}.major_outage{color:#ff9c92}.c{stroke:#1b1f23}{{if ne .Theme "dark"}} }{{end}}
{{end}}</style>
<rect class="b" x=".5" y=".5" width="{{.Room}}" height="27" rx="5"/>
<g class="{{.Level}}" transform="translate(9 6)" fill="currentColor" stroke-width="1.8">
{{if eq .Level "operational"}}<circle cx="8" cy="8" r="7.5"/><path class="c" d="M4.5 8.3l2.5 2.5 4.5-5.3" fill="none"/>{{else if eq .Level "under_maintenance"}}<rect x="1" y="1" width="14" height="14" rx="3"/><path class="c" d="M5 5v6M8 5v6M11 5v6" fill="none"/>{{else if eq .Level "degraded_performance"}}<path d="M8 1l7.5 13.5H.5z"/><path class="c" d="M8 6v4M8 11.5v1.5" fill="none"/>{{else if eq .Level "partial_outage"}}<circle cx="8" cy="8" r="6.6" fill="none" stroke="currentColor"/><path d="M8 1.4v13.2a6.6 6.6 0 0 0 0-13.2"/>{{else}}<path d="M5 .5h6L15.5 5v6L11 15.5H5L.5 11V5z"/><path class="c" d="M5 5l6 6M11 5l-6 6" fill="none"/>{{end}}
</g>
<text class="t" x="32" y="18.5" textLength="{{.Span}}" lengthAdjust="spacingAndGlyphs">{{.Text}}</text>
</svg>
`))

// statusBadge is the badge. It may stand in pages of others.
func (s *site) statusBadge(e *edition.Edition, r *http.Request) (*edition.Printed, error) {
	theme := r.URL.Query().Get("theme")
	if theme != "light" && theme != "dark" {
		theme = ""
	}
	return e.Keep("badge "+theme, func() (*edition.Printed, error) {
		b := badge{Text: headline(e.Page), Theme: theme, Level: e.Page.Level}
		if e.Page.Level == incident.Operational && len(e.Page.Open) > 0 {
			b.Level = incident.DegradedPerformance
		}
		b.Title = s.look.Name + ": " + b.Text
		if e.Late {
			b.Title += fmt.Sprintf(", as of %s", e.Page.At.Format("15:04 UTC, 2 January 2006"))
		}
		b.Span = badgeLetter * utf8.RuneCountInString(b.Text)
		b.Width = badgeSides + b.Span
		b.Room = b.Width - 1
		var text bytes.Buffer
		if err := badgePage.Execute(&text, b); err != nil {
			return nil, fmt.Errorf("draw the badge: %w", err)
		}
		return edition.Print(http.StatusOK, "image/svg+xml", text.Bytes(), e.Page.At).Foreign().With("Content-Security-Policy", picturePolicy), nil
	})
}
