package web

import (
	"html/template"
	"strconv"
)

// say draws the way to a comment on something.
func (d *drawing) say(r *remarks) *drawing {
	if r == nil || r.On == "" {
		return d
	}
	return d.as(`<a class="edit" href="`).text(r.address).text(r.On).as(`" aria-label="Comment on `).text(r.Name).as(`">Comment</a>`)
}

// remarkable draws where its form opens.
func (d *drawing) remarkable(r *remarks) *drawing {
	if r == nil || r.On == "" {
		return d
	}
	return d.as(`<div class="new" id="remark-`).text(r.On).as(`"></div>`)
}

// remarks draws what was said, and the place of the form to say more.
func (d *drawing) remarks(r *remarks) *drawing {
	d.remarkable(r)
	if r == nil || len(r.All) == 0 {
		return d
	}
	d.as(`<details class="remarks"><summary>`).text(strconv.Itoa(len(r.All)))
	if len(r.All) == 1 {
		d.as(` comment`)
	} else {
		d.as(` comments`)
	}
	if r.Open > 0 {
		d.as(`, `).text(strconv.Itoa(r.Open)).as(` open`)
	} else {
		d.as(`, settled`)
	}
	d.as("</summary>\n")
	for _, c := range r.All {
		class, settled := template.HTML(""), template.HTML("")
		if c.Resolved {
			class, settled = " settled", "<span>settled</span>"
		}
		d.as(`<div class="comment`).as(class).as(`"><p class="meta"><strong><bdi>`).text(c.Author).as(`</bdi></strong>`).moment(&c.Written).as(settled)
		d.as(`</p><div class="prose">`).as(d.markdown(c.Text)).as(`</div>`).settle(c).as("</div>\n")
	}
	return d.as(`</details>`)
}

// settle draws the one button of a comment, for those who may.
func (d *drawing) settle(c *comment) *drawing {
	if c.Settle == "" {
		return d
	}
	does, name := template.HTML("settle"), template.HTML("Settle")
	if c.Resolved {
		does, name = "reopen", "Open again"
	}
	return d.form("settle", c.Settle).as(`do" value="`).as(does).as(`"><button class="quiet" aria-label="`).as(name).as(`: the comment by `).text(c.Author).as(`">`).as(name).as(`</button></form>`)
}

// form draws the beginning of one that scripts send in place, up to the name of its first field.
func (d *drawing) form(class template.HTML, action string) *drawing {
	return d.as(`<form class="`).as(class).as(`" method="post" action="`).text(action).as(`" hx-post="`).text(action).
		as(`" hx-select="#record" hx-target="#record" hx-swap="outerMorph"><input type="hidden" name="`)
}
