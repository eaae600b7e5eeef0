package document

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/debriefhq/debrief/incident"
)

// writePicture writes the incident drawn to scale: impacts as spans, milestones,
// entries and messages. It loads and runs nothing, so it can stand in any page;
// its colours follow the reader's choice of light or dark.
func writePicture(w io.Writer, in *incident.Incident, o Options) error {
	return draw(w, newStory(in, o, false))
}

func writePublicPicture(w io.Writer, p *incident.Public, o Options) error {
	return draw(w, newStory(view(p), o, true))
}

// The picture is made for a width of 960, and for letters as large as a phone
// needs them there: 27 high, up to 15 wide. A browser shows them smaller where
// there is room.
const (
	pictureWidth = 960
	pictureEdge  = 24
	letterWidth  = 15
	rowHeight    = 36
	mostImpacts  = 12
)

// picture gathers the drawing from the top down.
type picture struct {
	b    strings.Builder
	s    *story
	x    Extent
	zone *time.Location
	y    int // where the next row begins
}

func draw(w io.Writer, s *story) error {
	zone, err := incident.LoadZone(s.Zone)
	if err != nil {
		return err
	}
	p := &picture{s: s, x: ExtentOf(s.Incident), zone: zone, y: 16}
	for i, line := range headLines(s.Title) {
		p.text("head", pictureEdge, p.row(40-8*i), line)
	}
	if p.x.From.IsZero() {
		p.text("soft", pictureEdge, p.row(rowHeight), "No time of day is known.")
	} else {
		p.scale()
	}
	css, err := files.ReadFile("picture.css")
	if err != nil {
		return fmt.Errorf("read the style of pictures: %w", err)
	}
	height := p.y + 16
	return flush(w, fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" class="debrief-picture" role="img" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d">
<title>%s</title>
<desc>%s</desc>
<style>
%s</style>
<rect class="sheet" width="%[1]d" height="%[2]d" rx="8"/>
%[6]s</svg>
`, pictureWidth, height, inXML(s.Title), inXML(p.words()), css, p.b.String()))
}

// scale draws all that has a time.
func (p *picture) scale() {
	if p.x.Length() <= 0 { // one moment: half an hour around it
		p.x = Extent{p.x.From.Add(-15 * time.Minute), p.x.From.Add(15 * time.Minute)}
	}
	p.text("soft", pictureEdge, p.row(rowHeight), capital(human(p.s.Status))+" · "+incident.Span(p.x.Length())+" drawn to scale")
	p.y += 8
	top := p.y
	later := p.b.String()
	p.b.Reset()
	p.impacts()
	leads := p.milestones()
	impacts := p.b.String()
	p.b.Reset()
	p.b.WriteString(later)
	days := p.days()
	axis := p.y + 14
	for _, d := range days {
		p.line("day", p.at(d), top, axis+10)
	}
	for _, l := range leads {
		p.line("lead", l.x, l.y, axis)
	}
	p.b.WriteString(impacts)
	p.axis(axis)
	p.ends(days)
	p.legend()
}

// row takes the next row of this height, and gives its baseline.
func (p *picture) row(height int) int {
	p.y += height
	return p.y - height/4
}

// at is where a time is along the picture.
func (p *picture) at(t time.Time) float64 {
	const room = pictureWidth - 2*pictureEdge
	return pictureEdge + room*p.x.Share(t)
}

func (p *picture) text(class string, x float64, y int, words string) {
	if class != "" {
		class = fmt.Sprintf(" class=%q", class)
	}
	fmt.Fprintf(&p.b, "<text%s x=\"%.1f\" y=\"%d\">%s</text>\n", class, x, y, inXML(words))
}

func (p *picture) line(class string, x float64, from, to int) {
	fmt.Fprintf(&p.b, "<line class=%q x1=\"%.1f\" y1=\"%d\" x2=\"%.1[2]f\" y2=\"%[4]d\"/>\n", class, x, from, to)
}

// inXML is a text for an element: escaped, on one line, without characters that
// would turn or hide what stands beside it.
func inXML(text string) string {
	var b strings.Builder
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	if err := xml.EscapeText(&b, []byte(inLine(text))); err != nil {
		return "" // memory takes all
	}
	return b.String()
}

// fit cuts a text that is too long for a number of letters.
func fit(text string, most int) string {
	text = inLine(text)
	if letters(text) <= most {
		return text
	}
	kept := ""
	for _, r := range text {
		if letters(kept)+letters(string(r)) >= most {
			break
		}
		kept += string(r)
	}
	return strings.TrimSpace(kept) + "…"
}

// headLines are the title in as many as two lines. Each has room on a phone,
// where letters are 28 high, also in DejaVu Sans, the widest face of a system.
func headLines(title string) []string {
	const most = 46
	rest := inLine(title)
	if letters(rest) <= most {
		return []string{rest}
	}
	first := ""
	for _, w := range strings.Fields(rest) {
		if letters(first)+1+letters(w) > most {
			break
		}
		first = strings.TrimSpace(first + " " + w)
	}
	if first == "" { // no word ends in time
		return []string{fit(rest, most)}
	}
	return []string{first, fit(strings.TrimPrefix(rest, first), most)}
}

// letters is about how many letters wide a text is.
func letters(text string) int {
	n := 0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r >= 0x1100: // most of what follows is as wide as two
			n += 2
		default:
			n++
		}
	}
	return n
}
