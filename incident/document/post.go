package document

import (
	"io"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// post gathers a post of a blog. What all generators share is here and in
// body; a generator's own file writes its meta-data and then the body.
type post struct {
	writer
	*story
	slug   string
	noHTML bool // the generator leaves HTML out: see tamed
	alone  bool // the timeline and nothing else
	added  []string

	images Images
	image  func(id string) (incident.Image, []byte, bool) // as in Options
	there  map[string]bool                                // what it said of paths

	kramdown bool // a line with a | is a table, and what stands between $$ a formula
}

// category is where all posts are filed, unless their writer says otherwise.
const category = "Incidents"

func newPost(in *incident.Public, o Options, images Images) *post {
	p := &post{story: newStory(view(in), o, true), alone: o.Only != "", added: o.Front}
	p.images, p.image, p.there = images, o.Image, map[string]bool{}
	p.slug = slug(in, p.story)
	if p.alone {
		p.slug += "-" + o.Only
	}
	return p
}

// description is the summary for lists of posts.
func (p *post) description() string { return shorten(plainText(p.Summary), 200) }

// begin writes the front matter, with what was added to it.
func (p *post) begin(f front, kind frontKind, form func(front) string) {
	f.add(p.added, kind)
	p.b.WriteString(form(f))
	p.line("")
}

// flush ends the post with one line end.
func (p *post) flush(w io.Writer) error {
	return flush(w, strings.TrimRight(p.b.String(), "\n")+"\n")
}

// shorten keeps the beginning of a text, at most so many bytes to the end of a word, on one line.
func shorten(text string, most int) string {
	words, kept := strings.Fields(text), ""
	for _, w := range words {
		if len(kept)+len(w) > most {
			if kept == "" {
				kept = strings.ToValidUTF8(w[:most], "")
			}
			return strings.TrimRight(kept, " ,;:") + " …"
		}
		kept += w + " "
	}
	return strings.TrimSpace(kept)
}

// stamp is a time for the front matter, on the clock shown. One that was told
// as a day is that day at noon, and is written without a zone: generators take
// it in the site's own, where an instant might be the day before or after.
type stamp struct {
	time.Time
	day bool
}

// Layouts of a stamp that is a day.
const (
	aDay = time.DateOnly
	noon = "2006-01-02T15:04:05" // for Hugo, whose day is 23:00 of that before where clocks left out midnight
)

// as writes the stamp in a layout, or in that of a day.
func (s stamp) as(layout, day string) bare {
	if s.day {
		layout = day
	}
	return bare(s.Format(layout))
}

// stamp is false for a moment that is not known.
func (s *story) stamp(m *incident.Moment) (stamp, bool) {
	at, ok := m.In(s.Zone)
	if !ok || m.Precision != incident.Day {
		return stamp{Time: at}, ok
	}
	day, err := time.Parse(time.DateOnly, machine(m))
	return stamp{time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, at.Location()), true}, err == nil
}

// dateOf is when a post is filed under: when users began to be hurt, else the
// first time that is known.
func dateOf(s *story) (stamp, bool) {
	m := s.Milestones
	all := []*incident.Moment{m.Started, m.Triggered, m.Detected, m.Acknowledged, m.Mitigated, m.Resolved}
	for i := range s.Timeline {
		all = append(all, s.Timeline[i].At)
	}
	for _, at := range all {
		if at.Known() {
			return s.stamp(at)
		}
	}
	loc, err := incident.LoadZone(s.Zone)
	if err != nil || s.UpdatedAt.IsZero() {
		return stamp{}, false
	}
	return stamp{Time: s.UpdatedAt.In(loc)}, true
}

// FileName is what a document is called when it is kept as a file. The name
// for outsiders is made from what they may see: the slug, after the day where
// the form asks for it.
func FileName(f Format, in *incident.Incident, o Options) string {
	suffix := f.Extension
	if o.Only != "" {
		suffix = "-" + o.Only + suffix
	}
	if o.Audience != "" && o.Audience != incident.AudiencePublic {
		if in.Number == 0 {
			return "incident" + suffix
		}
		return in.Number.String() + suffix
	}
	p := in.Public()
	s := newStory(view(p), o, true)
	name := slug(p, s)
	if date, ok := dateOf(s); ok && f.Dated != "" {
		name = date.Format(f.Dated) + name
	}
	return name + suffix
}
