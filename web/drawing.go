package web

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// drawing is HTML that grows. What pages show hundreds of times is drawn so, not by
// a template, which takes ten times as long to escape what is known to be safe.
type drawing struct {
	*pieces
	b strings.Builder
}

func (p *pieces) drawing() *drawing { return &drawing{pieces: p} }

// as adds what is HTML already. Constants are; a string does not become it by itself.
func (d *drawing) as(html template.HTML) *drawing {
	d.b.WriteString(string(html))
	return d
}

// text adds what anybody may have written, between tags or within a quoted
// attribute. An address needs to be known as a link beside.
func (d *drawing) text(s string) *drawing {
	d.b.WriteString(template.HTMLEscapeString(s))
	return d
}

// html is what was drawn.
func (d *drawing) html() template.HTML { return template.HTML(d.b.String()) } //nolint:gosec // escaped by text

// moment draws date, time and zone as one <time>, UTC beside it.
func (d *drawing) moment(s *shown) *drawing {
	if !s.Known {
		d.as(`<span class="moment unknown">time unknown</span>`)
		if s.Written != "" {
			d.as(` <small><bdi>“`).text(s.Written).as(`”</bdi></small>`)
		}
		return d
	}
	d.as(`<span class="moment"><time datetime="`).text(s.ISO).as(`">`)
	if s.Time != "" {
		d.text(s.Date).as(`, `).about(s).text(s.Time).as(` <span class="zone">`).text(s.Zone).as(`</span>`)
	} else {
		d.about(s).text(s.Date)
	}
	return d.as(`</time>`).beside(s).as(`</span>`)
}

// clock draws the time of day alone, under a heading that gives the day.
func (d *drawing) clock(s *shown) *drawing {
	switch {
	case s.Known:
		d.as(`<time datetime="`).text(s.ISO).as(`">`).about(s)
		if s.Time != "" {
			d.text(s.Time).as(` <span class="zone">`).text(s.Zone).as(`</span>`)
		} else {
			d.as(`that day`)
		}
		return d.as(`</time>`).beside(s)
	case s.Written != "":
		return d.as(`<bdi class="unknown">“`).text(s.Written).as(`”</bdi> <span class="utc">as written</span>`)
	}
	return d.as(`<span class="unknown">time unknown</span>`)
}

func (d *drawing) about(s *shown) *drawing {
	if s.Approximate {
		d.as(`<span class="about"><span aria-hidden="true">~</span><span class="unseen">about </span></span>`)
	}
	return d
}

func (d *drawing) beside(s *shown) *drawing {
	for _, utc := range []string{s.UTC, s.Coarse} {
		if utc != "" {
			d.as(` <span class="utc">`).text(utc).as(`</span>`)
		}
	}
	return d
}

// source draws a link if it is one, else text.
func (d *drawing) source(s string) *drawing {
	if !incident.IsLink(s) {
		return d.text(s)
	}
	return d.as(`<a href="`).text(s).as(`" rel="noreferrer noopener nofollow">`).text(where(s)).as(`</a>`)
}

// icon draws one of icons.svg by name.
func (d *drawing) icon(name string) *drawing {
	return d.as(`<svg class="icon" aria-hidden="true"><use href="`).as(d.icons).as(`#`).text(name).as(`"></use></svg>`)
}

// audience draws who may see something.
func (d *drawing) audience(a incident.Audience) *drawing { return d.as(d.audiences[a]) }

// edit draws the way to a form, if there is one. Its target is no #id: an id may
// begin with a digit, which CSS does not take.
func (d *drawing) edit(w *way) *drawing {
	if w == nil {
		return d
	}
	return d.as(`<a class="edit" href="`).text(w.Address).as(`" hx-get="`).text(w.Address).as(`" hx-select=".form" hx-target="[id='`).text(w.Target).
		as(`']" hx-swap="innerHTML" aria-label="`).text(w.Label).as(`">`).text(w.Name).as(`</a>`)
}

// odd draws what is strange about a record, which may be a hundred things.
func (p *pieces) odd(all []incident.Warning) template.HTML {
	d := p.drawing()
	for _, w := range all {
		d.as(`<li>`).text(w.Detail).as(` <code>`).text(w.Pointer).as(`</code></li>`)
	}
	return d.html()
}

// drawn is what templates draw by name.
func (p *pieces) drawn() template.FuncMap {
	return template.FuncMap{
		"moment":   func(s shown) template.HTML { return p.drawing().moment(&s).html() },
		"clock":    func(s shown) template.HTML { return p.drawing().clock(&s).html() },
		"source":   func(s string) template.HTML { return p.drawing().source(s).html() },
		"severity": func(h incident.Heading) template.HTML { return p.drawing().severity(&h).html() },
		"status":   func(h incident.Heading) template.HTML { return p.drawing().status(&h).html() },
		"lasted":   func(l listed) template.HTML { return p.drawing().lasted(&l).html() },
		"icon":     func(name any) template.HTML { return p.drawing().icon(fmt.Sprint(name)).html() },
		"audience": func(a any) template.HTML { return p.audiences[incident.Audience(fmt.Sprint(a))] },
		"edit":     func(w *way) template.HTML { return p.drawing().edit(w).html() },
		"say":      func(r *remarks) template.HTML { return p.drawing().say(r).html() },
		"remarks":  func(r *remarks) template.HTML { return p.drawing().remarks(r).html() },
		"settle":   func(c comment) template.HTML { return p.drawing().settle(&c).html() },
		"modules":  func() template.HTML { return p.modules },
		"odd":      p.odd,
		"choice":   p.choice, "picks": p.picks,
		"timeline": p.timeline, "incident": p.listed,
	}
}
