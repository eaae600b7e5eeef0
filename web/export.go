package web

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

// export is the part of the download menu for one audience.
type export struct {
	Audience incident.Audience
	Links    []exportLink
}

type exportLink struct {
	Name    string // of the format
	Address string
}

// audiences are those that a record is exported for. A private incident is
// told to nobody outside; what is private has a version for those named.
func audiences(in *incident.Incident) []incident.Audience {
	if in.Visibility == incident.VisiblePrivate {
		return []incident.Audience{incident.AudiencePrivate}
	}
	all := []incident.Audience{incident.AudiencePublic, incident.AudienceInternal}
	if hasPrivate(in) {
		all = append(all, incident.AudiencePrivate)
	}
	return all
}

// hasPrivate tells whether the reader sees anything that only those named may see.
func hasPrivate(in *incident.Incident) bool {
	a := in.Analysis
	for _, s := range []*incident.Statement{a.Trigger, a.TechnicalCause, a.ProcessCause} {
		if s != nil && s.Audience == incident.AudiencePrivate {
			return true
		}
	}
	for _, kind := range incident.PartKinds {
		for _, p := range in.Parts(kind) {
			if p.Seen() == incident.AudiencePrivate {
				return true
			}
		}
	}
	return false
}

func exports(in *incident.Incident) []export {
	var all []export
	for _, a := range audiences(in) {
		e := export{Audience: a}
		for _, f := range document.Formats {
			if a == incident.AudiencePublic || f.Write != nil {
				e.Links = append(e.Links, exportLink{f.Name, exportAddress(in.Number, f.Name, a)})
			}
		}
		all = append(all, e)
	}
	return all
}

func exportAddress(n incident.Number, format string, a incident.Audience) string {
	return fmt.Sprintf("/incidents/%d/export?%s", n, url.Values{"audience": {string(a)}, "format": {format}}.Encode())
}

// export sends a document. What the reader may not see was left out by the
// store, what its audience may not see is left out by the document.
func (s *site) export(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	n, err := incident.ReadNumber(chi.URLParam(r, "number"))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	format, err := document.Lookup(q.Get("format"))
	if err != nil {
		return err
	}
	in, err := s.Store.Incident(r.Context(), by, n)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	o := document.Options{Zone: q.Get("zone"), Audience: incident.Audience(q.Get("audience"))}
	o.Image = func(id string) (incident.Image, []byte, bool) {
		m, file, err := s.Store.Image(r.Context(), by, n, id)
		return m, file, err == nil // one that is gone is told in words
	}
	if err := document.Write(&b, format, in, o); err != nil {
		return err
	}
	w.Header().Set("Content-Type", format.MediaType)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": document.FileName(format, in, o)}))
	s.send(w, &b)
	return nil
}
