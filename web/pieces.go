package web

import (
	"fmt"
	"html/template"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

// pieces are what a page shows hundreds of times. They are written here, not in
// a template, because a template takes ten times as long to escape what is
// known to be safe.
type pieces struct {
	icons     string // address of the file
	audiences map[incident.Audience]template.HTML
	texts     *lru.Cache[string, template.HTML]
}

// Of rendered texts the last ones are kept, short ones only: 4 MiB of Markdown at
// most. Pages are drawn again and again while people write on them.
const (
	keptTexts   = 4096
	longestKept = 1024 // bytes
)

func newPieces(a assets) (*pieces, error) {
	icons, err := a.address("icons.svg")
	if err != nil {
		return nil, err
	}
	texts, err := lru.New[string, template.HTML](keptTexts)
	if err != nil {
		return nil, fmt.Errorf("keep rendered texts: %w", err)
	}
	p := &pieces{icons: icons, audiences: map[incident.Audience]template.HTML{}, texts: texts}
	for _, audience := range []incident.Audience{incident.AudiencePublic, incident.AudienceInternal, incident.AudiencePrivate} {
		p.audiences[audience] = template.HTML(fmt.Sprintf(`<span class="audience %s">%s%s</span>`, audience, p.icon(audience), word(audience))) //nolint:gosec // words of ours
	}
	return p, nil
}

// icon draws one of icons.svg by name.
func (p *pieces) icon(name any) template.HTML {
	return template.HTML(`<svg class="icon" aria-hidden="true"><use href="` + p.icons + `#` + template.HTMLEscapeString(fmt.Sprint(name)) + `"></use></svg>`) //nolint:gosec // escaped
}

// markdown renders a text.
func (p *pieces) markdown(text string) template.HTML {
	if len(text) > longestKept {
		return document.Illustrated(text)
	}
	if known, ok := p.texts.Get(text); ok {
		return known
	}
	rendered := document.Illustrated(text)
	p.texts.Add(text, rendered)
	return rendered
}

// audience says who may see something.
func (p *pieces) audience(a any) template.HTML {
	return p.audiences[incident.Audience(fmt.Sprint(a))]
}

// edit is the way to a form, if there is one.
func (p *pieces) edit(w *way) template.HTML {
	if w == nil {
		return ""
	}
	address := template.HTMLEscapeString(w.Address)
	var b strings.Builder // the target is no #id: an id may begin with a digit, which CSS does not take
	for _, s := range []string{`<a class="edit" href="`, address, `" hx-get="`, address, `" hx-select=".form" hx-target="[id='`, template.HTMLEscapeString(w.Target),
		`']" hx-swap="innerHTML" aria-label="`, template.HTMLEscapeString(w.Label), `">`, template.HTMLEscapeString(w.Name), `</a>`} {
		b.WriteString(s)
	}
	return template.HTML(b.String()) //nolint:gosec // escaped
}
