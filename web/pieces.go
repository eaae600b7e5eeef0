package web

import (
	"fmt"
	"html/template"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

// pieces are what drawings are made of.
type pieces struct {
	icons     template.HTML // address of the file
	modules   template.HTML // what loads our scripts
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
	p := &pieces{icons: template.HTML(template.HTMLEscapeString(icons)), audiences: map[incident.Audience]template.HTML{}, texts: texts} //nolint:gosec // escaped
	scripts := p.drawing()
	for _, address := range a.modules {
		scripts.as(`<script type="module" src="`).text(address).as("\"></script>\n")
	}
	p.modules = scripts.html()
	for _, audience := range []incident.Audience{incident.AudiencePublic, incident.AudienceInternal, incident.AudiencePrivate} {
		name := string(audience)
		p.audiences[audience] = p.drawing().as(`<span class="audience `).text(name).as(`">`).icon(name).text(word(name)).as(`</span>`).html()
	}
	return p, nil
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
