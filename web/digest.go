package web

import (
	"bytes"
	"fmt"
	"html/template"
	"mime"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

// digest is the page that tells of a month or a quarter.
type digest struct {
	Title, Period string
	Going         bool // it is not over
	Before, After *digestLink
	Other         digestLink // the month's quarter, or the quarter's last month
	Text          template.HTML
}

type digestLink struct{ Address, Title string }

func newDigestLink(from, until time.Time) *digestLink {
	return &digestLink{"/digests/" + incident.PeriodName(from, until), incident.PeriodTitle(from, until)}
}

func (s *site) digestRoutes(r chi.Router) {
	r.Get("/digests", s.member(s.lastDigest))
	r.Get("/digests/{period}", s.member(s.digest))
	r.Get("/digests/{period}/markdown", s.member(s.digestText))
}

// lastDigest leads to that of the last full month.
func (s *site) lastDigest(w http.ResponseWriter, r *http.Request, _ incident.Actor) error {
	from := incident.LastMonth(s.Now())
	http.Redirect(w, r, newDigestLink(from, from.AddDate(0, 1, 0)).Address, http.StatusSeeOther)
	return nil
}

// ofIncident is the address of a record.
func ofIncident(n incident.Number) string { return fmt.Sprintf("/incidents/%d", n) }

func (s *site) digest(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	d, err := s.Store.Digest(r.Context(), by, chi.URLParam(r, "period"))
	if err != nil {
		return err
	}
	text, err := document.DigestHTML(d, ofIncident)
	if err != nil {
		return err
	}
	months := 1
	if !d.From.AddDate(0, 1, 0).Equal(d.Until) {
		months = 3
	}
	page := digest{
		Title: incident.PeriodTitle(d.From, d.Until), Period: d.Period, Going: d.Until.After(s.Now()), Text: text,
		Before: newDigestLink(d.From.AddDate(0, -months, 0), d.From), Other: *newDigestLink(d.Until.AddDate(0, -1, 0), d.Until),
	}
	if months == 1 {
		quarter := d.From.AddDate(0, -(int(d.From.Month())-1)%3, 0)
		page.Other = *newDigestLink(quarter, quarter.AddDate(0, 3, 0))
	}
	if !page.Going {
		page.After = newDigestLink(d.Until, d.Until.AddDate(0, months, 0))
	}
	return s.show(w, http.StatusOK, frame{Name: "digest", Title: page.Title, Here: "insights", By: by, Page: page})
}

// digestText is the digest to be taken elsewhere, with whole addresses.
func (s *site) digestText(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	d, err := s.Store.Digest(r.Context(), by, chi.URLParam(r, "period"))
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := document.WriteDigest(&text, d, func(n incident.Number) string { return origin(r) + ofIncident(n) }); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "digest-" + d.Period + ".md"}))
	s.send(w, &text)
	return nil
}
