package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

// imagePolicy lets an image that is opened by itself do nothing.
const imagePolicy = "default-src 'none'; sandbox"

// images is the page of an incident's images.
type images struct {
	Number  incident.Number
	Title   string // of the incident
	All     []incident.Image
	Write   bool
	Problem string // why the last one was refused
}

// imageRoutes are those about an incident's images. Who may see which is asked in the store.
func (s *site) imageRoutes(r chi.Router) {
	r.Get("/incidents/{number}/images", s.member(s.images))
	r.Post("/incidents/{number}/images", s.member(s.addImage))
	r.Get("/incidents/{number}/images/{file}", s.member(s.image))
	r.Post("/incidents/{number}/images/{file}", s.member(s.removeImage))
}

// image sends one. Each time it is asked anew whether the reader may see it.
func (s *site) image(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	n, id, err := imageAsked(r)
	if err != nil {
		return err
	}
	m, file, err := s.Store.Image(r.Context(), by, n, id)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Security-Policy", imagePolicy)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Content-Disposition", "inline")
	h.Set("Content-Type", m.MediaType)
	h.Set("ETag", `"`+m.ID+`"`)
	http.ServeContent(w, r, "", m.AddedAt, bytes.NewReader(file))
	return nil
}

// imageAsked reads an address such as /incidents/42/images/k3v9x1m7q2ab.png.
func imageAsked(r *http.Request) (incident.Number, string, error) {
	n, err := incident.ReadNumber(chi.URLParam(r, "number"))
	id := incident.ImageAt("images/" + chi.URLParam(r, "file"))
	if err == nil && id == "" {
		err = incident.Refuse(incident.NotFound, "", "there is no such image")
	}
	return n, id, err
}

func (s *site) images(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	return s.showImages(w, r, http.StatusOK, by, "")
}

func (s *site) showImages(w http.ResponseWriter, r *http.Request, status int, by incident.Actor, problem string) error {
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	all, err := s.Store.Images(r.Context(), by, in.Number)
	if err != nil {
		return err
	}
	return s.show(w, status, frame{Name: "images", Title: "Images · " + in.Number.String(), By: by, Here: "incidents",
		Page: images{in.Number, in.Title, all, mayWrite(by, in), problem}})
}

// addImage takes a form with a file, or from our script the file itself, and
// then answers with the Markdown that shows it, or with a plain refusal.
func (s *site) addImage(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	n, err := incident.ReadNumber(chi.URLParam(r, "number"))
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, incident.LargestImage+formLimit)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	byForm := kind == "multipart/form-data"
	file, err := imageSent(r, byForm)
	var m incident.Image
	if err == nil {
		if byForm {
			kind = "" // browsers tell it from the file's name
		}
		m, err = s.Store.AddImage(r.Context(), by, n, kind, file)
	}
	var refusal *incident.Error
	switch {
	case errors.As(err, &refusal) && refusal.Kind != incident.NotFound && byForm:
		return s.showImages(w, r, answers[refusal.Kind].status, by, sentence(refusal.Detail))
	case errors.As(err, &refusal) && !byForm:
		http.Error(w, sentence(refusal.Detail), answers[refusal.Kind].status)
		return nil
	case err != nil:
		return err
	case byForm:
		http.Redirect(w, r, fmt.Sprintf("/incidents/%d/images#%s", n, m.ID), http.StatusSeeOther)
		return nil
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusCreated)
	s.send(w, bytes.NewBufferString(m.Markdown("")))
	return nil
}

// imageSent reads the file that was sent.
func imageSent(r *http.Request, byForm bool) ([]byte, error) {
	from := io.Reader(r.Body)
	if byForm {
		part, _, err := r.FormFile("file")
		if err != nil {
			return nil, unsent(err)
		}
		defer func() { _ = part.Close() }() // it was only read
		from = part
	}
	file, err := io.ReadAll(from)
	if err != nil {
		return nil, unsent(err)
	}
	return file, nil
}

func unsent(err error) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return incident.Refuse(incident.TooLarge, "", fmt.Sprintf("an image has at most %d MiB: make it smaller, or cut out what matters", incident.LargestImage>>20))
	}
	return incident.Refuse(incident.Malformed, "", "no image came: choose a file and send it again")
}

// removeImage takes one out for good.
func (s *site) removeImage(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	n, id, err := imageAsked(r)
	if err != nil {
		return err
	}
	if err := s.Store.RemoveImage(r.Context(), by, n, id); err != nil {
		return err
	}
	http.Redirect(w, r, fmt.Sprintf("/incidents/%d/images", n), http.StatusSeeOther)
	return nil
}

// pictures are the images that a page about an incident may show.
type pictures struct {
	of  incident.Number
	all func() ([]incident.Image, error) // those that the reader may see; asked when a text names one
}

func (s *site) picturesOf(r *http.Request, by incident.Actor, n incident.Number) *pictures {
	return &pictures{n, func() ([]incident.Image, error) { return s.Store.Images(r.Context(), by, n) }}
}

// illustrate puts the images into a page. In the place of those that its reader
// may not see, or that are gone, stands what the text says of them.
func (p *pictures) illustrate(page []byte) ([]byte, error) {
	if !document.Pictured(page) {
		return page, nil
	}
	shown := map[string]incident.Image{}
	if p != nil {
		all, err := p.all()
		if err != nil {
			return nil, err
		}
		for _, m := range all {
			shown[m.ID] = m
		}
	}
	return document.Illustrate(page, func(id, alt string) string {
		m, may := shown[id]
		if !may {
			return alt
		}
		return fmt.Sprintf(`<img class="shown" src="/incidents/%d/%s" alt="%s" width="%d" height="%d" loading="lazy">`, p.of, m.Path(), alt, m.Width, m.Height)
	}), nil
}
