package web

import (
	"bytes"
	"fmt"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/api/edition"
	"github.com/debriefhq/debrief/incident"
)

// Files that pages for outsiders are made of, beside those of all pages.
const (
	outsidersFile = "page/outsiders.html" // their layout
	noticesFile   = "page/notices.html"   // incidents as outsiders see them
)

// outward is what every page for outsiders is put into. It knows of nobody: a
// page is the same for all who read it, and may be kept.
type outward struct {
	Name  string // of the template
	Title string
	Look  *look
	Here  string // its address, without the host
	AsOf  shown  // when it was true
	Late  bool   // the database is away, and this is the last that is known
	Page  any    // what the template "main" is about
}

// statusRoutes are the pages that everybody may read. They are made from what
// store.StatusPage gives and from nothing else, and ask for no cookie.
func (s *site) statusRoutes(r chi.Router) {
	r.Get("/status", s.told(s.statusNow))
	r.Get("/status/", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/status", http.StatusMovedPermanently)
	})
	r.Get("/status/incidents/{id}", s.told(s.statusIncident))
	r.Get("/status/incidents/{id}/postmortem", s.told(s.statusPostmortem))
	r.Get("/status/incidents/{id}/images/{image}", s.statusImage)
	r.Get("/status/history", s.told(s.statusHistory))
	r.Get("/status/history/{month}", s.told(s.statusMonth))
	r.Get("/status/badge.svg", s.told(s.statusBadge))
	r.Get("/status/*", s.told(s.statusNothing))
}

// teller finds what answers a request in an edition.
type teller func(e *edition.Edition, r *http.Request) (*edition.Printed, error)

// told answers outsiders. While the database is away it is with the last that is known; before anything is, with 503.
func (s *site) told(find teller) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page, late, err := s.Store.StatusPage(r.Context())
		if err != nil {
			s.Log.ErrorContext(r.Context(), "there is no status page yet", "err", err)
			s.statusAway(w, r)
			return
		}
		e, fresh := s.shelf.Of(page, late != nil)
		if fresh && late != nil {
			s.Log.ErrorContext(r.Context(), "the status page is the last one that is known", "of", page.At, "err", late)
		}
		p, err := find(e, r)
		if err != nil {
			s.Log.ErrorContext(r.Context(), "a page for outsiders failed", "path", r.URL.Path, "err", err)
			s.statusAway(w, r)
			return
		}
		p.Serve(w, r)
	}
}

// drawn renders a page for outsiders.
func (s *site) drawn(e *edition.Edition, code int, o outward) (*edition.Printed, error) {
	o.Look, o.Late, o.AsOf = s.look, e.Late, newClock("UTC").instant(e.Page.At)
	text, err := s.draw(o)
	if err != nil {
		return nil, err
	}
	return edition.Print(code, "text/html; charset=utf-8", illustrated(text, e.Page), e.Page.At), nil
}

func (s *site) draw(o outward) ([]byte, error) {
	var b bytes.Buffer
	if err := s.pages[o.Name].ExecuteTemplate(&b, "outsiders", o); err != nil {
		return nil, fmt.Errorf("render page %s: %w", o.Name, err)
	}
	return b.Bytes(), nil
}

// statusNow is what goes on, and how it was.
func (s *site) statusNow(e *edition.Edition, _ *http.Request) (*edition.Printed, error) {
	return e.Keep("now", func() (*edition.Printed, error) {
		return s.drawn(e, http.StatusOK, outward{Name: "status", Title: s.look.Name, Here: "/status", Page: newStanding(e.Page)})
	})
}

// statusIncident is an announced incident at its permanent address.
func (s *site) statusIncident(e *edition.Edition, r *http.Request) (*edition.Printed, error) {
	n := e.Page.Find(chi.URLParam(r, "id"))
	if n == nil {
		return s.statusNothing(e, r)
	}
	return e.Keep("incident "+n.Incident.ID, func() (*edition.Printed, error) {
		page := newNotice(n)
		return s.drawn(e, http.StatusOK, outward{Name: "status-incident", Title: page.Title + " · " + s.look.Name, Here: page.Address, Page: page})
	})
}

// statusNothing says that there is nothing, whatever was asked for.
func (s *site) statusNothing(e *edition.Edition, _ *http.Request) (*edition.Printed, error) {
	return e.Keep("nothing", func() (*edition.Printed, error) {
		return s.drawn(e, http.StatusNotFound, outward{Name: "status-nothing", Title: "Nothing is here · " + s.look.Name, Page: "Nothing is here"})
	})
}

// statusAway is for the time before anything is known.
func (s *site) statusAway(w http.ResponseWriter, r *http.Request) {
	text, err := s.draw(outward{Name: "status-nothing", Title: "Not available · " + s.look.Name, Look: s.look, Page: "This page can’t be shown at the moment"})
	if err != nil {
		s.Log.ErrorContext(r.Context(), "the page about a failure failed", "path", r.URL.Path, "err", err)
		text = []byte("This page can’t be shown at the moment.")
	}
	w.Header().Set("Retry-After", "10")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusServiceUnavailable)
	s.send(w, bytes.NewBuffer(text))
}

// publicAddress is where outsiders read of an incident, "" when they may not know of it.
func publicAddress(in *incident.Incident) string {
	if !in.Announced() {
		return ""
	}
	return "/status/incidents/" + in.ID
}
