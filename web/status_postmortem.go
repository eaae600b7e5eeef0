package web

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/api/edition"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
	"github.com/debriefhq/debrief/incident/status"
)

// publishedPage is a postmortem as it was published.
type publishedPage struct {
	Incident notice
	Body     template.HTML
}

// statusPostmortem is what was published last, at its permanent address.
func (s *site) statusPostmortem(e *edition.Edition, r *http.Request) (*edition.Printed, error) {
	n := e.Page.Find(chi.URLParam(r, "id"))
	if n == nil || n.Postmortem == nil {
		return s.statusNothing(e)
	}
	return e.Keep("postmortem "+n.Incident.ID, func() (*edition.Printed, error) {
		var body bytes.Buffer
		if err := document.WriteStory(&body, n.Postmortem, document.Options{}); err != nil {
			return nil, fmt.Errorf("write the postmortem of %s: %w", n.Incident.ID, err)
		}
		page := publishedPage{newNotice(n), template.HTML(body.String())} //nolint:gosec // texts in it are sanitized
		return s.illustrated(e, n, outward{Name: "status-postmortem", Title: titleOf(n.Postmortem) + " · " + s.look.Name, Here: page.Incident.Postmortem, Page: page})
	})
}

// illustrated renders a page about an incident with the images that what was published of it names.
func (s *site) illustrated(e *edition.Edition, n *status.Notice, o outward) (*edition.Printed, error) {
	o.Look, o.Late, o.AsOf = s.look, e.Late, newClock("UTC").instant(e.Page.At)
	text, err := s.draw(o)
	if err != nil {
		return nil, err
	}
	text = document.Illustrate(text, func(id, alt string) string {
		if !showsImage(n, id) {
			return alt
		}
		return fmt.Sprintf(`<img class="shown" src="/status/incidents/%s/images/%s" alt="%s" loading="lazy">`, n.Incident.ID, id, alt)
	})
	return edition.Print(http.StatusOK, "text/html; charset=utf-8", text, e.Page.At), nil
}

// showsImage tells whether outsiders may see an image: what was published of the incident names it.
func showsImage(n *status.Notice, id string) bool {
	return n != nil && n.Postmortem != nil && n.Postmortem.ImagesNamed()[id]
}

// statusImage sends an image that a published postmortem shows.
func (s *site) statusImage(w http.ResponseWriter, r *http.Request) {
	page, _, err := s.Store.StatusPage(r.Context())
	if err != nil {
		s.statusAway(w, r)
		return
	}
	incidentID, id := chi.URLParam(r, "id"), chi.URLParam(r, "image")
	if !showsImage(page.Find(incidentID), id) {
		s.told(func(e *edition.Edition, _ *http.Request) (*edition.Printed, error) { return s.statusNothing(e) })(w, r)
		return
	}
	m, file, err := s.Store.PublishedImage(r.Context(), incidentID, id)
	switch {
	case errors.Is(err, incident.NotFound):
		s.told(func(e *edition.Edition, _ *http.Request) (*edition.Printed, error) { return s.statusNothing(e) })(w, r)
		return
	case err != nil:
		s.Log.ErrorContext(r.Context(), "an image for outsiders failed", "path", r.URL.Path, "err", err)
		s.statusAway(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", imagePolicy)
	h.Set("Cache-Control", edition.CacheControl)
	h.Set("Content-Type", m.MediaType)
	h.Set("ETag", `"`+m.ID+`"`)
	http.ServeContent(w, r, "", m.AddedAt, bytes.NewReader(file))
}
