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

// export is one row of the download menu; an address is "" where the format is
// not made for that audience.
type export struct {
	Name             string
	Public, Internal string
}

func exports(n incident.Number) []export {
	var all []export
	for _, f := range document.Formats {
		e := export{Name: f.Name, Public: exportAddress(n, f.Name, incident.AudiencePublic)}
		if f.Write != nil {
			e.Internal = exportAddress(n, f.Name, incident.AudienceInternal)
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
	if err := document.Write(&b, format, in, o); err != nil {
		return err
	}
	w.Header().Set("Content-Type", format.MediaType)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": document.FileName(format, in, o)}))
	s.send(w, &b)
	return nil
}
