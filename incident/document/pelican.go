package document

import (
	"io"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/debriefhq/debrief/incident"
)

// post gathers a post for Pelican: lines of meta-data without quotes, a blank
// line, then Markdown. Source: Pelican 4.8 and the meta extension of
// Python-Markdown 3.4, which end the meta-data at the first blank line.
type post struct {
	writer
	*story
}

// WritePelican writes a post of a Pelican blog. It is for outsiders only.
func WritePelican(w io.Writer, in *incident.Public, o Options) error {
	p := &post{story: newStory(view(in), o, true)}
	p.meta("title", harmless(p.Title))
	p.meta("slug", slug(in, p.story))
	p.meta("meta", shorten(harmless(in.Summary)))
	p.meta("category", "Incidents")
	if date, ok := dateOf(p.story); ok {
		p.meta("date", date.Format("2006-01-02 15:04"))
		if at := in.UpdatedAt.In(date.Location()); at.After(date) {
			p.meta("modified", at.Format("2006-01-02 15:04"))
		}
	}
	p.line("")
	p.prose(p.Summary)
	p.glance()
	p.hurt()
	p.told()
	p.why()
	p.learnt()
	p.doing()
	p.said()
	return flush(w, strings.TrimRight(p.b.String(), "\n")+"\n")
}

// meta writes one key, on one line; a key without a value is left out.
func (p *post) meta(key, value string) {
	if value = strings.Join(strings.Fields(value), " "); value != "" {
		p.line(key + ": " + value)
	}
}

// harmless is a text for the meta-data, which themes put into pages and into
// attributes there, some of them after resolving entities: so the characters
// that could break out become others that look alike.
func harmless(text string) string {
	text = entity.ReplaceAllString(text, "&amp;$1")
	var b strings.Builder
	open := false
	for _, r := range text {
		switch r {
		case '<':
			r = '‹'
		case '"':
			if open = !open; open {
				r = '“'
			} else {
				r = '”'
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

var entity = regexp.MustCompile(`&(#?[A-Za-z0-9]+;)`)

// shorten keeps the beginning of a description, to the end of a word.
func shorten(text string) string {
	const most = 200
	words, kept := strings.Fields(text), ""
	for _, w := range words {
		if len(kept)+len(w) > most {
			return strings.TrimRight(kept, " ,;:") + " …"
		}
		kept += w + " "
	}
	return strings.TrimSpace(kept)
}

// dateOf is the day that a post is filed under, on the clock shown: when users
// began to be hurt, else the first time that is known.
func dateOf(s *story) (time.Time, bool) {
	m := s.Milestones
	all := []*incident.Moment{m.Started, m.Triggered, m.Detected, m.Acknowledged, m.Mitigated, m.Resolved}
	for i := range s.Timeline {
		all = append(all, s.Timeline[i].At)
	}
	for _, at := range all {
		if !at.Known() {
			continue
		}
		if at.Precision == incident.Day {
			day, err := time.Parse(time.DateOnly, machine(at))
			return day, err == nil
		}
		return at.In(s.Zone)
	}
	loc, err := incident.LoadZone(s.Zone)
	if err != nil || s.UpdatedAt.IsZero() {
		return time.Time{}, false
	}
	return s.UpdatedAt.In(loc), true
}

// slug is the post's name in addresses: from the public title, else from the day.
func slug(in *incident.Public, s *story) string {
	if name := slugOf(in.Title); name != "" {
		return name
	}
	if date, ok := dateOf(s); ok {
		return "incident-" + date.Format(time.DateOnly)
	}
	return "incident"
}

// slugOf keeps ASCII letters and digits, and puts dashes between words.
func slugOf(title string) string {
	const longest = 80
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	name := ""
	for _, w := range words {
		if len(name)+len(w) < longest {
			name += "-" + w
		}
	}
	return strings.TrimPrefix(name, "-")
}

// FileName is what a document is called when it is kept as a file. The name
// for outsiders is made from what they may see: YYMMDD-slug.markdown for a
// post, else the slug.
func FileName(f Format, in *incident.Incident, o Options) string {
	if o.Audience != "" && o.Audience != incident.AudiencePublic {
		if in.Number == 0 {
			return "incident" + f.Extension
		}
		return in.Number.String() + f.Extension
	}
	p := in.Public()
	s := newStory(view(p), o, true)
	name := slug(p, s)
	if date, ok := dateOf(s); ok && f.Name == "pelican" {
		name = date.Format("060102-") + name
	}
	return name + f.Extension
}
