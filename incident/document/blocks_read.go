package document

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

var (
	property     = regexp.MustCompile(`^[-*] (?:\*\*)?([A-Z][A-Za-z ]+?)(?:\*\*)?:(?:\*\*)? ?(.*)$`)
	figureNumber = regexp.MustCompile(`^(-?[0-9.]+(?:e[+-]?[0-9]+)?) ?(.*)$`)
)

// said is one property under the heading of an impact or a message.
type said struct {
	line        int
	name, value string
}

// properties takes the list of properties off the beginning of a block. A list
// with a line that is none of those known is text.
func properties(s section, names ...string) (all []said, rest []string) {
	lines, skipped := trim(s.lines)
	for i, line := range lines {
		m := property.FindStringSubmatch(line)
		name := ""
		if m != nil {
			name = strings.ToLower(m[1])
		}
		switch {
		case !slices.Contains(names, name) && bullet.MatchString(line):
			return nil, lines
		case !slices.Contains(names, name), name != "figure" && slices.ContainsFunc(all, func(s said) bool { return s.name == name }):
			return all, lines[i:] // the text begins here
		}
		all = append(all, said{s.line + skipped + i, name, strings.TrimSpace(m[2])})
	}
	return all, nil
}

// impacts reads a heading for each component. Words without a heading of their
// own are an impact that names none.
func (r *reader) impacts(s section) {
	for i, part := range split(s.lines, s.line, "###") {
		if i == 0 && textOf(part.lines, 3) == "" {
			continue
		}
		p := incident.Impact{Component: unword(part.name)}
		if part.name == noComponent {
			p.Component = ""
		}
		list, rest := properties(part, "kind", "level", "from", "until", "figure", "audience")
		for _, one := range list {
			switch value := unword(one.value); one.name {
			case "kind":
				p.Kind = incident.ImpactKind(chosen(value))
			case "level":
				p.Level = incident.Level(chosen(value))
			case "from":
				p.From = r.moment(r.clock, one.value, one.line)
			case "until":
				p.Until = r.moment(r.clock.after(p.From), one.value, one.line)
			case "audience":
				p.Audience = incident.Audience(chosen(value))
			case "figure":
				r.figure(&p, one)
			}
		}
		p.Text = textOf(rest, 3)
		r.in.Impacts = append(r.in.Impacts, p)
	}
}

// figure reads "customers affected: 1.4 %".
func (r *reader) figure(p *incident.Impact, one said) {
	measure, value, _ := strings.Cut(one.value, ": ")
	if strings.HasPrefix(one.value, `"`) {
		if name, rest, more, ok := cutQuoted(one.value); ok && more {
			measure, value = name, strings.TrimSpace(rest)
		}
	}
	m := figureNumber.FindStringSubmatch(value)
	if m != nil {
		if v, err := strconv.ParseFloat(m[1], 64); err == nil {
			p.Figures = append(p.Figures, incident.Figure{Measure: measure, Value: v, Unit: unword(m[2])})
			return
		}
	}
	r.keep(one.line, "Figure", []string{one.value}, "kept in the background: write a figure as customers affected: 1.4 %")
}

// cutQuoted takes a quoted text and the colon after it off.
func cutQuoted(text string) (value, rest string, more, ok bool) {
	for end := 1; end < len(text); end++ {
		if text[end] == '\\' {
			end++
		} else if text[end] == '"' {
			value, ok = unquote(text[:end+1])
			rest, more = strings.CutPrefix(text[end+1:], ":")
			return value, rest, more, ok
		}
	}
	return "", "", false, false
}

// channels are where people are told; the heading of a message begins with one.
var channels = []incident.Channel{
	incident.StatusPage, incident.Email, incident.Blog, incident.Forum, incident.Social, incident.Support,
}

func (r *reader) messages(s section) {
	const why = "kept in the background: a message has a heading such as ### email, 2013-07-18 12:00 " +
		"with one of status_page, email, blog, forum, social and support"
	for i, part := range split(s.lines, s.line, "###") {
		channel, at, _ := strings.Cut(part.name, ",")
		m := incident.Message{Channel: incident.Channel(chosen(channel))}
		switch {
		case i == 0:
			r.keep(part.line, "Messages", part.lines, why)
			continue
		case !slices.Contains(channels, m.Channel):
			r.unknown(part, why)
			continue
		}
		m.At = r.moment(r.clock, at, part.line-1)
		r.message(&m, part)
		r.in.Messages = append(r.in.Messages, m)
	}
}

func (r *reader) message(m *incident.Message, part section) {
	list, rest := properties(part, "state", "status", "author", "role", "next update", "link", "audience")
	for _, one := range list {
		switch value := unword(one.value); one.name {
		case "state":
			m.State = incident.MessageState(chosen(value))
		case "status":
			m.Status = value
		case "author":
			m.Author = value
		case "role":
			m.Role = value
		case "next update":
			m.NextUpdateAt = r.moment(r.clock, one.value, one.line)
		case "link":
			m.Link = value
		case "audience":
			m.Audience = incident.Audience(chosen(value))
		}
	}
	m.Body = textOf(rest, 3)
}
