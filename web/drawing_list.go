package web

import (
	"html/template"
	"net/url"
	"strconv"

	"github.com/debriefhq/debrief/incident"
)

// severity draws that of an incident; a maintenance needs none.
func (d *drawing) severity(h *incident.Heading) *drawing {
	switch {
	case h.Severity != "":
		d.as(`<span class="chip `).text(string(h.Severity)).as(`">`).text(word(string(h.Severity))).as(`</span>`)
	case h.Kind != incident.Maintenance:
		d.as(`<span class="chip unrated">no severity</span>`)
	}
	return d
}

// status draws how far an incident has come.
func (d *drawing) status(h *incident.Heading) *drawing {
	d.as(`<span class="status `).text(string(h.Status)).as(`">`).icon(icons[string(h.Status)]).text(word(string(h.Status)))
	if h.Resolution != "" {
		d.as(` <small>(`).text(word(h.Resolution)).as(`)</small>`)
	}
	return d.as(`</span>`)
}

// lasted draws how long an incident took, or takes.
func (d *drawing) lasted(l *listed) *drawing {
	switch {
	case l.Ongoing && l.Lasted != "":
		return d.as(`<strong>`).text(l.Lasted).as(` so far</strong>`)
	case l.Ongoing:
		return d.as(`<strong>going on</strong>`)
	case l.Lasted != "":
		return d.text(l.Lasted)
	}
	return d.as(`–`)
}

// listed draws an incident as a row of the list. May tells whether its reader can choose it.
func (p *pieces) listed(l *listed, may bool) template.HTML {
	d := p.drawing()
	d.b.Grow(usualRow + len(l.Title))
	n, shown := template.HTML(strconv.FormatInt(int64(l.Number), 10)), template.HTML(l.Number.String()) //nolint:gosec // digits
	d.as("<tr>\n<th scope=\"row\">")
	if may {
		d.as(`<input type="checkbox" class="choose" name="n" value="`).as(n).as(`" form="bulk" aria-label="Choose `).as(shown).as(`">`)
	}
	d.as(`<a href="/incidents/`).as(n).as(`"><span class="number">`).as(shown).as(`</span> <span class="title">`).text(l.Title).as(`</span></a>`)
	d.meta(l).as("</th>\n<td class=\"rank\">").severity(&l.Heading).as("</td>\n<td class=\"rank\">").
		status(&l.Heading).as("</td>\n<td>")
	if l.What != "" {
		d.as(`<small>`).text(l.What).as(`</small> `)
	}
	d.moment(&l.First).as("</td>\n<td data-name=\"Lasted\"")
	if l.Lasted == "" && !l.Ongoing {
		d.as(` class="none"`)
	}
	d.as(`>`).lasted(l).as("</td>\n<td data-name=\"Postmortem\">").text(word(string(l.Review.State))).as("</td>\n</tr>\n")
	return d.html()
}

// meta draws what the list says beneath a title.
func (d *drawing) meta(l *listed) *drawing {
	private, other := l.Visibility == incident.VisiblePrivate, l.Kind != incident.KindIncident
	if !private && !other && len(l.Tags) == 0 {
		return d
	}
	d.as(`<span class="meta">`)
	if private {
		d.audience(incident.AudiencePrivate)
	}
	if other {
		d.as(`<span>`).text(word(l.Kind)).as(`</span>`)
	}
	for _, tag := range l.Tags {
		d.as(`<a class="tag" href="/incidents?tag=`).text(url.QueryEscape(tag)).as(`">`).text(tag).as(`</a>`)
	}
	return d.as(`</span>`)
}
