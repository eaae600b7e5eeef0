package document

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// body writes the post below its meta-data.
func (p *post) body() {
	if p.alone {
		p.told()
		return
	}
	p.account()
	p.said()
}

// account is the body without what people were told.
func (p *post) account() {
	p.prose(p.Summary)
	p.glance()
	p.hurt()
	p.told()
	p.why()
	p.doing()
	p.learnt()
}

// unsafe finds what a generator's Markdown would read as more than a text: HTML,
// attributes and commands in braces, code fences, headings, definitions,
// pictures, and links that are not to the web. A text with any of these goes
// into the post as sanitized HTML instead, so it cannot break out of its place.
var unsafe = regexp.MustCompile("[<{]|```|~~~|\\]:|!\\[|\\t|(?m)^ {0,3}#|^ {0,3}[-=]+[ \t]*$|^ {0,3}: |^ {4}")

var webTarget = regexp.MustCompile(`\]\((https?://|mailto:)[^\s()]*\)`)

// safe tells whether a text may stand in a post as Markdown.
func safe(text string) bool {
	return !unsafe.MatchString(text) && !strings.Contains(webTarget.ReplaceAllString(text, ""), "](")
}

// safe is safe for the generator of this post.
func (p *post) safe(text string) bool {
	text = p.pictures(text, func(string, string) string { return "" })
	return safe(text) && !(p.kramdown && (strings.Contains(text, "|") || strings.Contains(text, "$$")))
}

// oneLine tells whether a text may follow something else on its line.
func (p *post) oneLine(text string) bool {
	return p.safe(text) && !strings.Contains(text, "\n")
}

// prose writes a text as a block of its own.
func (p *post) prose(text string) {
	if text == "" {
		return
	}
	if p.safe(text) {
		text = p.asIs(text)
	} else {
		text = p.shown(text)
	}
	p.line(text)
	p.line("")
}

// shown is a text as sanitized HTML, or as Markdown that is as harmless. Braces
// are written so that no template language finds any. An empty line in HTML
// would end it there for CommonMark.
func (p *post) shown(text string) string {
	if p.noHTML {
		return p.tamed(text)
	}
	html := strings.NewReplacer("{", "&#123;", "}", "&#125;").Replace(strings.TrimSpace(string(p.Markdown(text))))
	return p.illustrated(emptyLine.ReplaceAllStringFunc(html, func(lines string) string {
		return strings.ReplaceAll(lines[:len(lines)-1], "\n", "&#10;") + "\n"
	}))
}

var emptyLine = regexp.MustCompile(`\n(?:[ \t]*\n)+`)

// points writes a list.
func (p *post) points(texts []string) {
	wild := slices.ContainsFunc(texts, func(t string) bool { return !p.oneLine(t) })
	if !wild || p.noHTML {
		for _, t := range texts {
			if p.oneLine(t) {
				t = p.asIs(t)
			} else {
				t = indented(p.shown(t), "  ")
			}
			p.line("- " + t)
		}
		p.line("")
		return
	}
	p.line("<ul>")
	for _, t := range texts {
		p.line("<li>" + p.shown(t) + "</li>")
	}
	p.line("</ul>")
	p.line("")
}

func (p *post) heading(marks, name string) {
	p.line(marks + " " + name)
	p.line("")
}

// plainWords is a short text that Markdown leaves as it is.
func plainWords(text string) string {
	text = listMark.ReplaceAllString(text, `$1\$2`)
	return inEntities.Replace(special.ReplaceAllString(text, `\$0`))
}

var inEntities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "{", "&#123;", "}", "&#125;", "$$", "&#36;&#36;")

var (
	special  = regexp.MustCompile("[\\\\`*_\\[\\]#|]")
	listMark = regexp.MustCompile(`^(\d*)([-+.)])`)
)

// glance is what a reader wants to know first.
func (p *post) glance() {
	facts := p.Facts()
	if !p.Status.Over() {
		facts = append([]fact{{Name: "Status", Text: human(p.Status)}}, facts...)
	}
	for _, f := range facts {
		p.line("- **" + f.Name + "**: " + plainWords(f.Text))
	}
	if len(facts) > 0 {
		p.line("")
	}
}

// hurt says who was hurt and how.
func (p *post) hurt() {
	if len(p.Impacts) > 0 {
		p.heading("##", "Impact")
	}
	for _, i := range p.Impacts {
		name := i.Component
		if name == "" {
			name = "Users"
		}
		p.heading("###", plainWords(name))
		text := title(string(i.Level))
		if lasted := p.lasted(i.From, i.Until); lasted != "" && text != "" {
			text += ", " + lasted
		} else {
			text += capital(lasted)
		}
		if text != "" {
			p.line(plainWords(text) + ".")
			p.line("")
		}
		p.prose(i.Text)
		for _, f := range i.Figures {
			p.line("- " + plainWords(counted(f)))
		}
		if len(i.Figures) > 0 {
			p.line("")
		}
	}
}

// told is the timeline: a paragraph for each entry, by days.
func (p *post) told() {
	if len(p.Timeline) > 0 {
		p.heading("##", "Timeline")
	}
	for _, d := range p.Days {
		p.heading("###", d.Name)
		for _, line := range d.Lines {
			if line.Gap != "" {
				p.line("*No entries for " + line.Gap + ".*")
				p.line("")
			}
			when, source := "**"+plainWords(line.When)+"**", ""
			if mark := p.Mark(line.Audience); mark != "" {
				when += " (" + mark + ")"
			}
			if line.Source != "" {
				source = "[Source](" + webAddress(line.Source) + ")"
			}
			if p.oneLine(line.Text) && !strings.HasPrefix(line.Text, "![") { // a picture stands below its time
				p.line(strings.TrimSpace(when + " " + p.asIs(line.Text) + " " + source))
				p.line("")
				continue
			}
			p.line(when)
			p.line("")
			p.prose(line.Text)
			p.prose(source)
		}
	}
}

// webAddress is an address that ends nowhere early, in whatever Markdown.
func webAddress(address string) string {
	return inAddress.ReplaceAllStringFunc(address, func(c string) string { return fmt.Sprintf("%%%02X", c[0]) })
}

var inAddress = regexp.MustCompile("[()\\[\\]{}<>|^`\"\\\\]")

func (p *post) why() {
	if !p.Caused() {
		return
	}
	p.heading("##", "Why it happened")
	for _, c := range p.Statements() {
		p.heading("###", c.Name)
		p.prose(c.Said.Text)
	}
	for _, w := range p.Analysis.Whys {
		if p.oneLine(w.Why) && !strings.ContainsAny(w.Why, "*\\") { // marks inside marks end them
			p.line("**" + strings.TrimSpace(p.asIs(w.Why)) + "**")
			p.line("")
		} else {
			p.prose(w.Why)
		}
		p.prose(w.Because)
	}
	if len(p.Analysis.Factors) == 0 {
		return
	}
	p.heading("###", "What contributed")
	var all []string
	for _, f := range p.Analysis.Factors {
		all = append(all, f.Text)
	}
	p.points(all)
}

func (p *post) learnt() {
	for _, l := range p.Learned() {
		p.heading("##", l.Name)
		var all []string
		for _, one := range l.All {
			all = append(all, one.Text)
		}
		p.points(all)
	}
}

// doing lists what will be done, and what is.
func (p *post) doing() {
	if len(p.Actions) == 0 {
		return
	}
	p.heading("##", "What we are doing")
	for _, a := range p.Actions {
		state := human(a.State)
		if day, err := time.Parse(time.DateOnly, due(a)); err == nil && a.State != incident.Done {
			state += ", due " + day.Format("2 January 2006")
		}
		p.line(fmt.Sprintf("- %s (%s)", plainWords(a.Title), state))
	}
	p.line("")
}

func due(a incident.Action) string {
	if a.Due == nil {
		return ""
	}
	return *a.Due
}

// said lists what people were told, each under its channel and time.
func (p *post) said() {
	if len(p.Messages) == 0 {
		return
	}
	p.heading("##", "What we told people")
	for _, m := range p.Messages {
		name := title(string(m.Channel))
		if m.At != nil {
			name += ", " + p.Full(m.At)
		}
		if m.Corrects != "" {
			name += ", correction"
		}
		p.heading("###", plainWords(name))
		p.prose(m.Body)
		if m.Link != "" {
			p.line("<" + webAddress(m.Link) + ">")
			p.line("")
		}
	}
}
