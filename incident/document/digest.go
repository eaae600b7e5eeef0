package document

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/yuin/goldmark"

	"github.com/debriefhq/debrief/incident"
)

// longestRetold bounds a text that a digest retells, in characters; the record has the rest.
const longestRetold = 500

// WriteDigest writes a digest as Markdown. Link gives the address of an incident; nil writes none.
func WriteDigest(w io.Writer, d *incident.Digest, link func(incident.Number) string) error {
	g := digest{Digest: d, link: link}
	g.line("# " + incident.PeriodTitle(d.From, d.Until))
	g.line("")
	g.counts()
	g.happened()
	g.learned()
	g.owed()
	return flush(w, strings.TrimRight(g.b.String(), "\n")+"\n")
}

// DigestHTML is WriteDigest as a piece of a page, its title a heading of the first rank.
func DigestHTML(d *incident.Digest, link func(incident.Number) string) (template.HTML, error) {
	var text, page bytes.Buffer
	if err := WriteDigest(&text, d, link); err != nil {
		return "", err
	}
	if err := goldmark.Convert(text.Bytes(), &page); err != nil { // lets no HTML through, and nothing of a text acts
		return "", fmt.Errorf("write a digest: %w", err)
	}
	return template.HTML(page.String()), nil //nolint:gosec // made by us of Markdown without HTML
}

// digest gathers the text.
type digest struct {
	writer
	*incident.Digest
	link func(incident.Number) string
}

// retold is a text in one line, as Markdown that does nothing.
func retold(text string) string { return plainWords(shorten(plainText(text), longestRetold)) }

// name is an incident's number, and leads to it.
func (g *digest) name(n incident.Number) string {
	if g.link == nil {
		return n.String()
	}
	return "[" + n.String() + "](" + g.link(n) + ")"
}

// kinds are those of incidents, with their words for one and many.
var digestKinds = []struct {
	kind      incident.IncidentKind
	one, many string
}{
	{incident.KindIncident, "incident", "incidents"},
	{incident.NearMiss, "near miss", "near misses"},
	{incident.Maintenance, "maintenance", "maintenances"},
}

func (g *digest) counts() {
	var all []string
	for _, k := range digestKinds {
		n, by := 0, map[incident.Severity]int{}
		for _, r := range g.Incidents {
			if r.Kind == k.kind {
				n++
				by[r.Severity]++
			}
		}
		if n == 0 {
			continue
		}
		text := several(n, k.one, k.many)
		var severities []string
		for _, s := range incident.Severities {
			if by[s] > 0 {
				severities = append(severities, fmt.Sprintf("%d %s", by[s], strings.ToUpper(string(s))))
			}
		}
		if len(severities) > 0 {
			text += " (" + strings.Join(severities, ", ") + ")"
		}
		all = append(all, text)
	}
	switch {
	case len(all) == 0:
		g.line("No incident is on record that started in this time.")
	case g.More:
		g.line(fmt.Sprintf("The %d most severe of more: %s.", len(g.Incidents), strings.Join(all, ", ")))
	default:
		g.line(capital(strings.Join(all, ", ")) + ".")
	}
	g.line("")
}

func several(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func (g *digest) happened() {
	if len(g.Incidents) == 0 {
		return
	}
	g.line("## What happened")
	g.line("")
	for i := range g.Incidents {
		r := &g.Incidents[i]
		g.line("### " + g.name(r.Number) + " " + plainWords(r.Title))
		g.line("")
		g.line(strings.Join(g.facts(r), " · "))
		g.line("")
		if text := retold(r.Summary); text != "" {
			g.line(text)
			g.line("")
		}
	}
}

// facts are what one wants to know first of an incident.
func (g *digest) facts(r *incident.Retold) []string {
	var all []string
	add := func(text string) {
		if text != "" {
			all = append(all, plainWords(text))
		}
	}
	add(strings.ToUpper(string(r.Severity)))
	if r.Kind != incident.KindIncident {
		add(human(r.Kind))
	}
	if s := r.Started; s.Known() {
		at := incident.Both(s, r.Zone)
		if s.Precision != incident.Day {
			at = incident.Date(s, r.Zone) + ", " + at
		}
		add(at)
	}
	add(strings.Join(r.Components, ", "))
	if m := r.Measures; m != nil {
		for _, t := range []struct {
			said    string
			seconds *int64
		}{{"users were hurt for ", m.TimeToMitigate}, {"resolved after ", m.TimeToResolve}, {"customers told after ", m.TimeToTell}} {
			if t.seconds != nil {
				add(t.said + duration(*t.seconds))
			}
		}
	}
	if !r.Status.Over() {
		add("still " + human(r.Status))
	}
	if r.Review != incident.ReviewPublished && r.Review != incident.ReviewApproved {
		add("postmortem: " + human(r.Review))
	}
	return all
}

func (g *digest) learned() {
	begun := false
	for i := range g.Incidents {
		r := &g.Incidents[i]
		var points []string
		add := func(name, text string) {
			if text = retold(text); text != "" {
				points = append(points, "- **"+name+"**: "+text)
			}
		}
		add("Technical cause", r.TechnicalCause)
		add("Process cause", r.ProcessCause)
		for _, h := range lessonHeadings {
			for _, l := range r.Lessons {
				if l.Kind == h.kind {
					add(h.names[0], l.Text)
				}
			}
		}
		if len(points) == 0 {
			continue
		}
		if !begun {
			g.line("## What was learned")
			g.line("")
			begun = true
		}
		g.line("### " + g.name(r.Number) + " " + plainWords(r.Title))
		g.line("")
		for _, p := range points {
			g.line(p)
		}
		g.line("")
	}
}

func (g *digest) owed() {
	g.line("## What is still owed")
	g.line("")
	if len(g.Owed) == 0 {
		g.line("No follow-up is open.")
		return
	}
	late := slices.ContainsFunc(g.Owed, func(o incident.Owed) bool { return o.Overdue })
	if !late {
		g.line("Nothing is overdue.")
		g.line("")
	}
	for _, o := range g.Owed {
		words := []string{"- " + g.name(o.Incident) + " " + plainWords(o.Title)}
		switch {
		case o.Due == nil:
			words = append(words, "due on no day")
		case o.Overdue:
			words = append(words, "**overdue since "+*o.Due+"**")
		default:
			words = append(words, "due "+*o.Due)
		}
		if o.Owner == "" {
			words = append(words, "nobody owns it")
		} else {
			words = append(words, plainWords(o.Owner))
		}
		if o.State == incident.InProgress {
			words = append(words, "in progress")
		}
		g.line(strings.Join(words, " · "))
	}
	if g.MoreOwed {
		g.line("- and more")
	}
}
