package web

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"net/url"

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

// usual are the formats that are offered without a preview.
var usual = []string{"markdown", "html"}

func exports(in *incident.Incident) []export {
	var all []export
	for _, a := range audiences(in) {
		e := export{Audience: a}
		for _, name := range usual {
			e.Links = append(e.Links, exportLink{name, exportAddress(in.Number, name, a)})
		}
		all = append(all, e)
	}
	return all
}

func exportAddress(n incident.Number, format string, a incident.Audience) string {
	return fmt.Sprintf("/incidents/%d/export?%s", n, url.Values{"audience": {string(a)}, "format": {format}}.Encode())
}

// export sends a document to be kept.
func (s *site) export(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	d, err := s.written(r, by, in)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", d.Format.MediaType)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": d.File}))
	s.send(w, bytes.NewBuffer(d.Text))
	return nil
}

// sheet is a document as an address asks for it.
type sheet struct {
	Format document.Format
	File   string // its name
	Text   []byte
}

// written makes the document. What the reader may not see was left out by the
// store, what its audience may not see is left out by the document.
func (s *site) written(r *http.Request, by incident.Actor, in *incident.Incident) (sheet, error) {
	q := r.URL.Query()
	format, err := document.Lookup(q.Get("format"))
	if err != nil {
		return sheet{}, err
	}
	o := document.Options{Zone: q.Get("zone"), Audience: incident.Audience(q.Get("audience")), Only: q.Get("only")}
	o.Image = func(id string) (incident.Image, []byte, bool) {
		m, file, err := s.Store.Image(r.Context(), by, in.Number, id)
		return m, file, err == nil // one that is gone is told in words
	}
	var b bytes.Buffer
	err = document.Write(&b, format, in, o)
	return sheet{format, document.FileName(format, in, o), b.Bytes()}, err
}
