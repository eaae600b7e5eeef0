package web

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"slices"

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
		return s.statusNothing(e, r)
	}
	return e.Keep("postmortem "+n.Incident.ID, func() (*edition.Printed, error) {
		var body bytes.Buffer
		if err := document.WriteStory(&body, n.Postmortem, document.Options{}); err != nil {
			return nil, fmt.Errorf("write the postmortem of %s: %w", n.Incident.ID, err)
		}
		page := publishedPage{newNotice(n), template.HTML(body.String())} //nolint:gosec // texts in it are sanitized
		return s.drawn(e, http.StatusOK, outward{Name: "status-postmortem", Title: titleOf(n.Postmortem) + " · " + s.look.Name, Here: page.Incident.Postmortem, Page: page})
	})
}

// illustrated puts images into a page for outsiders: those that what was published names. Of others stands there what the
// text says of them.
func illustrated(page []byte, p *status.Page) []byte {
	if !document.Pictured(page) {
		return page
	}
	of := map[string]string{} // the incident of an image
	for _, n := range slices.Concat(p.Open, p.Planned, p.Past) {
		if n.Postmortem != nil {
			for id := range n.Postmortem.ImagesNamed() {
				of[id] = n.Incident.ID
			}
		}
	}
	return document.Illustrate(page, func(id, alt string) string {
		if of[id] == "" {
			return alt
		}
		return fmt.Sprintf(`<img class="shown" src="/status/incidents/%s/images/%s" alt="%s" loading="lazy">`, of[id], id, alt)
	})
}

// showsImage tells whether outsiders may see an image: what was published of the incident names it.
func showsImage(n *status.Notice, id string) bool {
	return n != nil && n.Postmortem != nil && n.Postmortem.ImagesNamed()[id]
}

// statusImage sends an image that a published postmortem shows.
func (s *site) statusImage(w http.ResponseWriter, r *http.Request) {
	page, _, err := s.Store.StatusPage(r.Context())
	if err != nil {
		s.Log.ErrorContext(r.Context(), "there is no status page yet", "err", err)
		s.statusAway(w, r)
		return
	}
	incidentID, id := chi.URLParam(r, "id"), chi.URLParam(r, "image")
	if !showsImage(page.Find(incidentID), id) {
		s.told(s.statusNothing)(w, r)
		return
	}
	m, file, err := s.Store.PublishedImage(r.Context(), incidentID, id)
	switch {
	case errors.Is(err, incident.NotFound):
		s.told(s.statusNothing)(w, r)
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
