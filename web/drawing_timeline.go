package web

import (
	"html/template"
)

// usualRow is about how many bytes a row takes.
const usualRow = 1 << 10

// timeline draws the days.
func (p *pieces) timeline(days []day) template.HTML {
	d, all := p.drawing(), 0
	for _, of := range days {
		all += len(of.Rows)
	}
	d.b.Grow((all + 1) * usualRow)
	for _, of := range days {
		d.as("<section class=\"day\">\n<h3>").text(of.Name).as("</h3>\n<ol>\n")
		for i := range of.Rows {
			d.row(&of.Rows[i])
		}
		d.as("</ol>\n</section>\n")
	}
	return d.html()
}

// row draws a line of the timeline, and the silence before it.
func (d *drawing) row(r *row) {
	if r.Gap != "" {
		d.as(`<li class="gap"><span>No entry `)
		if r.Loose {
			d.as(`with a known time `)
		}
		d.as(`for `).text(r.Gap).as(`</span></li>`)
	}
	d.as("\n<li class=\"entry ")
	switch {
	case r.Entry != nil:
		d.entry(r)
	case r.Message != nil:
		d.told(r)
	default:
		d.as("mark\">\n").when(r).dot("milestone").flags(r.Flags, false).as("</div>\n")
	}
	d.as("</li>\n")
}

// when draws the times of a row.
func (d *drawing) when(r *row) *drawing {
	d.as(`<p class="when">`).clock(&r.At)
	if r.Until.Known || r.Until.Written != "" {
		d.as(` <span class="until"><span class="to">to</span> `)
		switch {
		case !r.Until.Known:
			d.as(`<bdi>“`).text(r.Until.Written).as(`”</bdi>`)
		case r.Until.Day == r.At.Day:
			d.clock(&r.Until)
		default:
			d.moment(&r.Until)
		}
		d.as(`</span>`)
	}
	return d.as(`</p>`)
}

// dot draws what kind of row it is, and begins what it says.
func (d *drawing) dot(icon string) *drawing {
	return d.as("\n<span class=\"dot\">").icon(icon).as("</span>\n<div class=\"what\">")
}

// flags draws the milestones of a row.
func (d *drawing) flags(all []string, icons bool) *drawing {
	d.as(`<p class="flags">`)
	for _, flag := range all {
		d.as(`<span class="flag">`)
		if icons {
			d.icon("milestone")
		}
		d.text(flag).as(`</span>`)
	}
	return d.as(`</p>`)
}

func (d *drawing) told(r *row) {
	m := r.Message
	d.as("told\">\n").when(r).dot("message").as(`<p><a href="#`).text(m.ID).as(`">Told on `).text(word(m.Channel)).as(`</a>`)
	if m.Status != "" {
		d.as(`: `).text(m.Status)
	}
	d.as("</p>\n<p class=\"meta\"><span class=\"kind\">message</span>").audience(m.Audience).as("</p></div>\n")
}

func (d *drawing) entry(r *row) {
	e := r.Entry
	d.text(string(e.Kind)).as(`" id="`).text(e.ID)
	if r.Order != "" {
		d.as(`" data-at="`).text(r.At.ISO)
	}
	d.as("\">\n").when(r).dot(string(e.Kind)).as("\n")
	if len(r.Flags) > 0 {
		d.flags(r.Flags, true)
	}
	d.as("\n<div class=\"prose\">").as(d.markdown(e.Text)).as("</div>\n<p class=\"meta\"><span class=\"kind\">").text(word(string(e.Kind))).as(`</span>`)
	d.span("", e.Actor, "").span("took ", r.Lasted, "")
	if r.At.Known {
		d.span("written “", r.At.Written, "”")
	}
	if e.Source != "" {
		d.as(`<span>`).source(e.Source).as(`</span>`)
	}
	d.audience(e.Audience).edit(r.Edit).say(r.Remarks).as("</p>\n").remarks(r.Remarks).as("\n")
	if r.Order != "" {
		d.order(r)
	}
	d.as("</div>\n")
}

// span draws a word of a row, if there is one.
func (d *drawing) span(before template.HTML, text string, after template.HTML) *drawing {
	if text == "" {
		return d
	}
	return d.as(`<span>`).as(before).text(text).as(after).as(`</span>`)
}

// order draws what moves an entry among those of its time.
func (d *drawing) order(r *row) {
	d.form("order", r.Order).as(`id" value="`).text(r.Entry.ID).as(`"><span class="grip" draggable="true" title="Drag among entries of the same time" aria-hidden="true">⠿</span>`)
	if r.Earlier {
		d.as(`<button class="quiet" name="do" value="earlier" aria-label="Move before the entry above">↑</button>`)
	}
	if r.Later {
		d.as(`<button class="quiet" name="do" value="later" aria-label="Move after the entry below">↓</button>`)
	}
	d.as(`</form>`)
}
