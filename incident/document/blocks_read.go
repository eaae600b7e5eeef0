package document

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

var (
	property = regexp.MustCompile(`^(?:[-*+] )?(?:\*\*)?([A-Za-z][A-Za-z ]+?)(?:\*\*)?:(?:\*\*)? ?(.*)$`)
	// figureNumber is a number, a unit with a space before it or one that is
	// never part of a number.
	figureNumber = regexp.MustCompile(`^(-?(?:\d{1,3}(?:,\d{3})+|\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?: (.*)|([\p{L}%°‰€£].*))?$`)
)

// said is one property under the heading of an impact or a message.
type said struct {
	line        int
	name, value string
}

// properties takes the list of properties off the beginning of a block. A list
// that begins with none of those known is text; of one that has some, what is
// not known stays as text.
func (r *reader) properties(s section, names ...string) (all []said, rest []string) {
	lines, skipped := trim(s.lines)
	told := map[string]bool{}
	var unknown []string
	for i, line := range lines {
		m := property.FindStringSubmatch(line)
		name := ""
		if m != nil {
			name = strings.ToLower(m[1])
		}
		switch at := s.line + skipped + i; {
		case slices.Contains(names, name) && (name == "figure" || !told[name]):
			told[name] = true
			all = append(all, said{at, name, strings.TrimSpace(m[2])})
		case len(all) > 0 && bullet.MatchString(line):
			unknown = append(unknown, line)
			r.lose(at, line, "kept as text: write here one of "+strings.Join(names, ", ")+", once, or leave a blank line before the text")
		default:
			return all, append(unknown, lines[i:]...) // the text begins here
		}
	}
	return all, unknown
}

// impacts reads a heading for each component. Words without a heading of their
// own are an impact that names none.
func (r *reader) impacts(s section) {
	parts := split(s.lines, s.line, "###")
	if r.crowded(len(parts), s.line) {
		return
	}
	for i, part := range parts {
		if i == 0 && textOf(part.lines, 3) == "" {
			continue
		}
		p := incident.Impact{Component: unword(part.name)}
		if part.name == noComponent {
			p.Component = ""
		}
		list, rest := r.properties(part, "kind", "level", "from", "until", "figure", "audience")
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
		r.place(incident.Impacts, max(part.line-1, s.line-1))
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
	if m := figureNumber.FindStringSubmatch(value); m != nil {
		if v, err := strconv.ParseFloat(strings.ReplaceAll(m[1], ",", ""), 64); err == nil {
			p.Figures = append(p.Figures, incident.Figure{Measure: measure, Value: v, Unit: unword(m[2] + m[3])})
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

// channelHeading is the heading of a message: "Status page, 2013-07-18 12:00".
var channelHeading = regexp.MustCompile(`(?i)^(status[ _]page|email|blog|forum|social|support)(?: *[,:–—-] *(.*)| +([~\d].*))?$`)

func (r *reader) messages(s section) {
	const why = "kept in the background: a message has a heading such as ### email, 2013-07-18 12:00 " +
		"with one of status_page, email, blog, forum, social and support"
	parts := split(s.lines, s.line, "###")
	if r.crowded(len(parts), s.line) {
		return
	}
	for i, part := range parts {
		heading := channelHeading.FindStringSubmatch(part.name)
		switch {
		case i == 0:
			r.keep(part.line, "Messages", part.lines, why)
			continue
		case heading == nil:
			r.unknown(part, why)
			continue
		}
		m := incident.Message{Channel: incident.Channel(chosen(heading[1]))}
		m.At = r.moment(r.clock, heading[2]+heading[3], part.line-1)
		r.message(&m, part)
		r.place(incident.Messages, part.line-1)
		r.in.Messages = append(r.in.Messages, m)
	}
}

func (r *reader) message(m *incident.Message, part section) {
	list, rest := r.properties(part, "state", "status", "author", "role", "next update", "corrects", "link", "audience")
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
		case "corrects":
			m.Corrects = value
		case "link":
			m.Link = value
		case "audience":
			m.Audience = incident.Audience(chosen(value))
		}
	}
	m.Body = textOf(rest, 3)
}
