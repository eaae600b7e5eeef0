package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/api/edition"
	"github.com/debriefhq/debrief/incident/document"
	"github.com/debriefhq/debrief/incident/status"
)

// mostFed is how many incidents a feed has, as Statuspage's have: those that were told of last.
const mostFed = 50

const (
	atomAddress = "/status/history.atom"
	rssAddress  = "/status/history.rss"
)

// feedRoutes are what outsiders told their readers to watch: Atom (RFC 4287) and RSS 2.0, made of the status page alone.
func (s *site) feedRoutes(r chi.Router) {
	r.Get(atomAddress, s.told(s.statusFeed(atomAddress, "application/atom+xml; charset=utf-8", func(f *feed) any { return f.atom() })))
	r.Get(rssAddress, s.told(s.statusFeed(rssAddress, "application/rss+xml; charset=utf-8", func(f *feed) any { return f.rss() })))
}

func (s *site) statusFeed(path, media string, form func(*feed) any) teller {
	return func(e *edition.Edition, r *http.Request) (*edition.Printed, error) {
		base := edition.Base(s.look.URL, r)
		return e.Keep(base+" "+path, func() (*edition.Printed, error) {
			text, err := writeFeed(form(newFeed(e.Page, s.look.Name, base, s.Store.PageID())))
			if err != nil {
				return nil, err
			}
			return edition.Print(http.StatusOK, media, text, e.Page.At).Foreign(), nil
		})
	}
}

func writeFeed(form any) ([]byte, error) {
	text, err := xml.MarshalIndent(form, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the feed: %w", err)
	}
	return append([]byte(xml.Header), append(text, '\n')...), nil
}

// feed is what both forms say. Its texts hold only what XML may.
type feed struct {
	ID, Name, Title string
	Base            string // of all addresses, without a slash at its end
	Updated         time.Time
	Entries         []feedEntry
}

// feedEntry is an incident. ID is that of the incident in another form: it never changes, wherever we are found.
type feedEntry struct {
	ID, Address, Title, HTML string
	Published, Updated       time.Time
}

func newFeed(p *status.Page, name, base, pageID string) *feed {
	f := &feed{ID: permanent("page", pageID), Name: legible(name), Title: legible(name + ": history"), Base: base, Updated: p.At}
	all := slices.Concat(p.Open, p.Planned, p.Past)
	slices.SortFunc(all, func(a, b *status.Notice) int {
		return cmp.Or(b.Updated().Compare(a.Updated()), strings.Compare(a.Incident.ID, b.Incident.ID))
	})
	if len(all) > 0 {
		f.Updated = all[0].Updated()
	}
	for _, n := range all[:min(len(all), mostFed)] {
		v := newNotice(n)
		f.Entries = append(f.Entries, feedEntry{
			ID: permanent("incident", n.Incident.ID), Address: base + v.Address, Title: legible(v.Title), HTML: legible(v.fed(n, base)),
			Published: n.AnnouncedAt, Updated: n.Updated(),
		})
	}
	return f
}

// permanent is an id as a URN (RFC 9562, version 8): feeds want one of the whole world, and an address may move.
func permanent(kind, id string) string {
	sum := sha256.Sum256([]byte("debrief " + kind + " " + id))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// legible leaves out what XML 1.0 can't hold.
func legible(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r >= 0x20 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000 {
			return r
		}
		return -1
	}, text)
}

// fed is all that was told of an incident, newest first, as HTML that stands by itself.
func (n notice) fed(of *status.Notice, base string) string {
	d := (&pieces{}).drawing()
	if n.Postmortem != "" {
		d.as(`<p>`).fedAt(n.PublishedAt).as(`<strong>Postmortem</strong> – <a href="`).text(base + n.Postmortem).as(`">read what we learned</a></p>` + "\n")
	}
	for _, u := range n.Updates {
		d.as(`<p>`).fedAt(u.At).as(`<strong>`).text(capital(word(cmp.Or(u.Status, "update")))).as("</strong></p>\n").as(document.Illustrated(u.Body))
		if u.Corrected.Known {
			d.as(`<p><small>Corrected `).text(u.Corrected.Words()).as(`: <a href="`).text(base + n.Address).as(`">what it said before</a></small></p>` + "\n")
		}
	}
	if len(n.Updates) == 0 {
		d.as(document.Illustrated(n.Summary))
	}
	return string(document.Illustrate([]byte(d.html()), func(id, alt string) string {
		if !showsImage(of, id) {
			return alt
		}
		return string(d.pieces.drawing().as(`<img src="`).text(base + n.Address + "/images/" + id).as(`" alt="`).as(template.HTML(alt)).as(`">`).html()) //nolint:gosec // alt is escaped
	}))
}

// fedAt draws when something was said, above it.
func (d *drawing) fedAt(s shown) *drawing {
	words := s.Words()
	if words == "" {
		return d
	}
	return d.as(`<small>`).text(words).as(`</small><br>`)
}

// Words are the moment for where there is only text: "18 Jul 2013, 02:42 PDT (09:42 UTC)"; "" when nothing is known.
func (s shown) Words() string {
	if !s.Known {
		return s.Written
	}
	words := s.Date
	if s.Time != "" {
		words += ", " + s.Time + " " + s.Zone
	}
	if s.UTC != "" {
		words += " (" + s.UTC + ")"
	}
	if s.Approximate {
		words = "about " + words
	}
	return words
}
