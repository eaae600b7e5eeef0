package web

import "html/template"

// choice draws a filter of which one value is chosen.
func (p *pieces) choice(c choice) template.HTML {
	d := p.drawing()
	d.as(`<label>`).text(c.Label).as(` <select name="`).text(c.Name).as(`"><option value="">`).text(c.Any).as(`</option>`)
	for _, value := range c.Values {
		d.as(`<option value="`).text(value).as(`"`)
		if value == c.Chosen {
			d.as(` selected`)
		}
		d.as(`>`).text(c.Word(value)).as(`</option>`)
	}
	return d.as("</select></label>\n").html()
}

// picks draws rows of chips, each an address that narrows what is shown.
func (p *pieces) picks(rows []chips) template.HTML {
	d := p.drawing()
	d.as("<nav class=\"picks\" aria-label=\"Filters\">\n")
	for _, row := range rows {
		d.as(`<div><h2>`).text(row.Label).as(`</h2><ul>`)
		for i := range row.All {
			d.pick(&row.All[i])
		}
		d.as("</ul></div>\n")
	}
	return d.as(`</nav>`).html()
}

func (d *drawing) pick(c *chip) *drawing {
	d.as(`<li><a class="sift" href="`).text(c.Address).as(`"`)
	if c.On {
		d.as(` aria-current="true"`)
	}
	d.as(`>`).text(c.Label)
	if c.Count != "" {
		d.as(` <span class="count">`).text(c.Count).as(`<span class="unseen"> incident`)
		if c.Count != "1" {
			d.as(`s`)
		}
		d.as(`</span></span>`)
	}
	return d.as(`</a></li>`)
}
